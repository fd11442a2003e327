/** What a value in an Istio or Gateway API resource names, by the field in which it stands. */
import { fullHost, GATEWAY_API, groupOf, ISTIO_NETWORKING, namespaceOf, resourceNameOf } from '../../model/istio/istioSpec';
import type { ConfigNode } from '../../schema/configNode';

export interface IstioNaming {
  /** `host`, `subset`, `section` (a listener of a Gateway), `credential`, or group and kind of a resource. Example: `networking.istio.io/Gateway` */
  readonly kind: string;
  /** In what the name is unique: a namespace, a host (subsets), a gateway (sections); '' where it is unique by itself. */
  readonly scope: string;
  /** Hosts in full. Example: `reviews.default.svc.cluster.local` */
  readonly name: string;
  /** `rule`: speaks of a host as its own subject, as a DestinationRule does; found among definitions and among uses. */
  readonly role: 'definition' | 'rule' | 'use';
  /** How the field writes its names. */
  readonly spelling: 'plain' | 'host' | 'service' | 'gateway' | 'egress_host';
  /** In whose words a short name is to be read. */
  readonly namespace: string;
}

/** Where a value stands. */
export interface NamingPlace {
  readonly resource: ConfigNode;
  /** The message that has the field. */
  readonly owner: ConfigNode;
}

type ReadNaming = (value: string, place: NamingPlace) => IstioNaming | undefined;

/** Undefined where the field names nothing of the kind. `field`: message and proto name. Example: `istio.networking.v1alpha3.Destination.host` */
export function readNaming(field: string, value: string, place: NamingPlace): IstioNaming | undefined {
  return Object.hasOwn(SITES, field) ? SITES[field]?.(value, place) : undefined;
}

/** Whether a field of the message may name something. */
export function isNamingField(field: string): boolean {
  return Object.hasOwn(SITES, field);
}

/** What a resource's own `metadata.name` defines. */
export function namingOfResource(resource: ConfigNode): IstioNaming | undefined {
  const name = resourceNameOf(resource);
  if (name === '') return undefined;
  return { ...resourceNaming(groupOf(resource), resource.string('kind'), name, namespaceOf(resource)), role: 'definition' };
}

/** Equal for what is the same thing. */
export function keyOfNaming({ kind, scope, name }: IstioNaming): string {
  return `${kind}\n${scope}\n${name}`;
}

const ISTIO = 'istio.networking.v1alpha3.';
const GATEWAY = `${GATEWAY_API}.v1.`;
const MESH = 'istio.mesh.v1alpha1.MeshConfig.';
/** Providers of a mesh that are a service. */
const PROVIDERS = [
  'EnvoyExternalAuthorizationHttpProvider',
  'EnvoyExternalAuthorizationGrpcProvider',
  'ZipkinTracingProvider',
  'LightstepTracingProvider',
  'DatadogTracingProvider',
  'SkyWalkingTracingProvider',
  'OpenCensusAgentTracingProvider',
  'OpenTelemetryTracingProvider',
  'EnvoyHttpGrpcV3LogProvider',
  'EnvoyTcpGrpcV3LogProvider',
  'EnvoyOpenTelemetryLogProvider',
];

const SITES: Readonly<Record<string, ReadNaming>> = {
  [`${ISTIO}Destination.host`]: hostAs('use'),
  [`${ISTIO}Destination.subset`]: (name, { resource, owner }) => subset(name, owner.string('host'), resource, 'use'),
  [`${ISTIO}DestinationRule.host`]: hostAs('rule'),
  [`${ISTIO}Subset.name`]: (name, { resource }) => subset(name, resource.path('spec', 'host')?.asString() ?? '', resource, 'definition'),
  [`${ISTIO}VirtualService.hosts`]: hostAs('use'),
  [`${ISTIO}ServiceEntry.hosts`]: hostAs('definition'),
  [`${ISTIO}EnvoyFilter.ClusterMatch.service`]: hostAs('use'),
  [`${ISTIO}EnvoyFilter.ClusterMatch.name`]: dumped('cluster'),
  [`${ISTIO}EnvoyFilter.ListenerMatch.name`]: dumped('listener'),
  [`${ISTIO}EnvoyFilter.RouteConfigurationMatch.name`]: dumped('route_configuration'),
  [`${ISTIO}EnvoyFilter.RouteConfigurationMatch.gateway`]: readGateway,
  [`${ISTIO}IstioEgressListener.hosts`]: readEgressHost,
  [`${ISTIO}VirtualService.gateways`]: readGateway,
  [`${ISTIO}HTTPMatchRequest.gateways`]: readGateway,
  [`${ISTIO}L4MatchAttributes.gateways`]: readGateway,
  [`${ISTIO}TLSMatchAttributes.gateways`]: readGateway,
  [`${ISTIO}Delegate.name`]: referenceTo({ group: ISTIO_NETWORKING, kind: 'VirtualService' }),
  [`${ISTIO}ServerTLSSettings.credential_name`]: (name) => credential(name),
  [`${ISTIO}ClientTLSSettings.credential_name`]: (name) => credential(name),
  'istio.telemetry.v1alpha1.ProviderRef.name': (name) => provider(name, 'use'),
  'istio.security.v1beta1.AuthorizationPolicy.ExtensionProvider.name': (name) => provider(name, 'use'),
  [`${MESH}DefaultProviders.tracing`]: (name) => provider(name, 'use'),
  [`${MESH}DefaultProviders.metrics`]: (name) => provider(name, 'use'),
  [`${MESH}DefaultProviders.access_logging`]: (name) => provider(name, 'use'),
  [`${MESH}ExtensionProvider.name`]: (name) => provider(name, 'definition'),
  ...Object.fromEntries(PROVIDERS.map((type) => [`${MESH}ExtensionProvider.${type}.service`, readEgressHost])),
  'istio.type.v1beta1.PolicyTargetReference.name': referenceTo({ group: '', kind: '' }),
  [`${GATEWAY}ParentReference.name`]: referenceTo({ group: GATEWAY_API, kind: 'Gateway' }),
  [`${GATEWAY}ParentReference.sectionName`]: readSectionOfReference,
  [`${GATEWAY}ParentGatewayReference.name`]: referenceTo({ group: GATEWAY_API, kind: 'Gateway' }),
  [`${GATEWAY}Listener.name`]: (name, { resource }) => section(name, `${namespaceOf(resource)}/${resourceNameOf(resource)}`, 'definition'),
  [`${GATEWAY}GatewaySpec.gatewayClassName`]: (name) => resourceNaming(GATEWAY_API, 'GatewayClass', name, ''),
  ...Object.fromEntries(
    ['BackendRef', 'HTTPBackendRef', 'GRPCBackendRef', 'BackendObjectReference'].map((type) => [
      `${GATEWAY}${type}.name`,
      referenceTo({ group: '', kind: 'Service' }),
    ]),
  ),
  [`${GATEWAY}SecretObjectReference.name`]: referenceTo({ group: '', kind: 'Secret' }),
  ...Object.fromEntries(
    ['ObjectReference', 'ParametersReference', 'LocalObjectReference', 'LocalParametersReference', 'ReferenceGrantTo'].map((type) => [
      `${GATEWAY}${type}.name`,
      referenceTo({ group: '', kind: '' }),
    ]),
  ),
  [`${GATEWAY}LocalPolicyTargetReferenceWithSectionName.name`]: referenceTo({ group: '', kind: '' }),
  [`${GATEWAY}LocalPolicyTargetReferenceWithSectionName.sectionName`]: readSectionOfReference,
};

function hostAs(role: IstioNaming['role']): ReadNaming {
  return (value, { resource }) => {
    const namespace = namespaceOf(resource);
    return { kind: 'host', scope: '', name: fullHost(value, namespace), role, spelling: 'host', namespace };
  };
}

function subset(name: string, host: string, resource: ConfigNode, role: IstioNaming['role']): IstioNaming {
  const namespace = namespaceOf(resource);
  return { kind: 'subset', scope: fullHost(host, namespace), name, role, spelling: 'plain', namespace };
}

/** `namespace/host`, where `.` is the own namespace and `*` every one (istio: networking/v1alpha3/sidecar.proto). */
function readEgressHost(value: string, { resource }: NamingPlace): IstioNaming | undefined {
  const slash = value.indexOf('/');
  const written = value.slice(0, Math.max(slash, 0));
  const own = namespaceOf(resource);
  const namespace = written === '' || written === '.' || written === '*' ? own : written;
  const host = value.slice(slash + 1);
  return host.includes('*')
    ? undefined
    : { kind: 'host', scope: '', name: fullHost(host, namespace), role: 'use', spelling: 'egress_host', namespace };
}

/** `name` in the own namespace or `namespace/name`; `mesh` is no gateway (istio: pilot/pkg/model/virtualservice.go). */
function readGateway(value: string, { resource }: NamingPlace): IstioNaming | undefined {
  if (value === 'mesh') return undefined;
  const slash = value.indexOf('/');
  const namespace = namespaceOf(resource);
  const scope = slash < 0 ? namespace : value.slice(0, slash);
  return { kind: `${ISTIO_NETWORKING}/Gateway`, scope, name: value.slice(slash + 1), role: 'use', spelling: 'gateway', namespace };
}

/** An object reference: group and kind beside the name say what it is, or the field's own defaults do. */
function referenceTo(defaults: { group: string; kind: string }): ReadNaming {
  return (value, { resource, owner }) => {
    const kind = owner.string('kind') || defaults.kind;
    // A kind that is written out without its group has that group's default (Gateway API: `group` "" is the core group).
    const group = owner.entry('group') ? owner.string('group') : defaults.group;
    return kind === '' ? undefined : resourceNaming(group, kind, value, owner.string('namespace') || namespaceOf(resource));
  };
}

function readSectionOfReference(value: string, place: NamingPlace): IstioNaming | undefined {
  const { resource, owner } = place;
  if ((owner.string('kind') || 'Gateway') !== 'Gateway') return undefined;
  return section(value, `${owner.string('namespace') || namespaceOf(resource)}/${owner.string('name')}`, 'use');
}

function section(name: string, gateway: string, role: IstioNaming['role']): IstioNaming {
  return { kind: 'section', scope: gateway, name, role, spelling: 'plain', namespace: '' };
}

/** A resource of a proxy, by its own name. */
function dumped(kind: string): ReadNaming {
  return (name) => ({ kind, scope: '', name, role: 'use', spelling: 'plain', namespace: '' });
}

/** Of the mesh's `extensionProviders` (istio: mesh/v1alpha1/config.proto). */
function provider(name: string, role: IstioNaming['role']): IstioNaming {
  return { kind: 'extension_provider', scope: '', name, role, spelling: 'plain', namespace: '' };
}

/** A secret by its name alone: which namespace counts is the gateway workload's affair. */
function credential(name: string): IstioNaming {
  const { secret } = /^(?:kubernetes(?:-gateway)?:\/\/)?(?:[^/]+\/)?(?<secret>.*?)(?:-cacert)?$/.exec(name)?.groups ?? {};
  return { kind: 'credential', scope: '', name: secret ?? name, role: 'use', spelling: 'plain', namespace: '' };
}

/** Services are known by their host, secrets by their name; classes belong to no namespace. */
function resourceNaming(group: string, kind: string, name: string, namespace: string): IstioNaming {
  const use = { role: 'use', spelling: 'plain', namespace } as const;
  if (group === '' && kind === 'Service') return { ...use, kind: 'host', scope: '', name: fullHost(name, namespace), spelling: 'service' };
  if (group === ISTIO_NETWORKING && kind === 'Hostname') return { ...use, kind: 'host', scope: '', name, spelling: 'host' };
  if (group === '' && kind === 'Secret') return credential(name);
  return { ...use, kind: `${group}/${kind}`, scope: kind === 'GatewayClass' ? '' : namespace, name };
}
