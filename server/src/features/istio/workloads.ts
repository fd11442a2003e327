/** Which proxies of the workspace an Istio or Gateway API resource is meant for, by its selector, its targets and its namespace. */
import type { ProxyScope } from '../../index/proxyScope';
import { GATEWAY_API, groupAndKindOf, namespaceOf, resourceNameOf } from '../../model/istio/istioSpec';
import type { ConfigNode } from '../../schema/configNode';
import type { Snapshot } from '../../index/snapshot';

/** The namespace whose resources count for the whole mesh; a mesh may choose another one. */
const ROOT_NAMESPACE = 'istio-system';

/** The label by which a proxy tells of which Gateway it is (Gateway API: GEP-1762). */
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

const SELECTING: ReadonlySet<string> = new Set([
  'networking.istio.io/EnvoyFilter',
  'networking.istio.io/ProxyConfig',
  'networking.istio.io/Sidecar',
  'security.istio.io/AuthorizationPolicy',
  'security.istio.io/PeerAuthentication',
  'security.istio.io/RequestAuthentication',
  'telemetry.istio.io/Telemetry',
  'extensions.istio.io/TrafficExtension',
  'extensions.istio.io/WasmPlugin',
]);

/** Undefined for kinds that choose no proxies. Istio: type/v1beta1/selector.proto; without selector and targets, all of the namespace. */
export function proxiesChosenBy(snapshot: Snapshot, resource: ConfigNode): ProxyScope[] | undefined {
  const kind = groupAndKindOf(resource);
  if (kind === 'networking.istio.io/Gateway') return routersOf(snapshot, resource);
  if (kind === `${GATEWAY_API}/Gateway`) return proxiesOfGateway(snapshot, namespaceOf(resource), resourceNameOf(resource));
  if (!SELECTING.has(kind)) return undefined;
  const targets = targetsOf(resource);
  if (targets.length > 0) {
    const gateways = targets.filter((target) => target.string('kind') === 'Gateway');
    return gateways.length < targets.length
      ? undefined
      : snapshot.proxies.filter((proxy) => gateways.some((target) => isOfGateway(proxy, namespaceOf(resource), target.string('name'))));
  }
  const labels = selectorOf(resource);
  const namespace = namespaceOf(resource);
  return snapshot.proxies.filter(
    (proxy) =>
      proxy.kind === 'dump' &&
      proxy.proxyNode.type !== 'ztunnel' &&
      (namespace === ROOT_NAMESPACE || proxy.proxyNode.namespace === namespace) &&
      hasLabels(proxy, labels),
  );
}

/** Gateways of their own choose proxies of any namespace (istio: PILOT_SCOPE_GATEWAY_TO_NAMESPACE is off by default). */
export function routersOf({ proxies }: Snapshot, gateway: ConfigNode): ProxyScope[] {
  const labels = gateway.get('spec')?.map('selector') ?? [];
  return proxies.filter((proxy) => proxy.proxyNode.type === 'router' && hasLabels(proxy, labels));
}

/** Whether a `Server` of a Gateway listens on the port. */
export function fitsPort(server: ConfigNode, port: string): boolean {
  return server.path('port', 'number')?.asString() === port;
}

/** `*` covers every host, `*.example.com` all below; else the same host. */
export function hostCovers(pattern: string, host: string): boolean {
  return pattern === '*' || pattern === host || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)));
}

function proxiesOfGateway({ proxies }: Snapshot, namespace: string, name: string): ProxyScope[] {
  return proxies.filter((proxy) => isOfGateway(proxy, namespace, name));
}

function isOfGateway({ proxyNode }: ProxyScope, namespace: string, name: string): boolean {
  return proxyNode.namespace === namespace && proxyNode.metadata?.entry('LABELS')?.entry(GATEWAY_NAME)?.asString() === name;
}

function targetsOf(resource: ConfigNode): ConfigNode[] {
  const spec = resource.get('spec');
  const single = spec?.get('targetRef');
  return single ? [single] : (spec?.list('targetRefs') ?? []);
}

function selectorOf(resource: ConfigNode): [key: string, value: ConfigNode][] {
  const spec = resource.get('spec');
  return spec?.path('workloadSelector', 'labels')?.entries() ?? spec?.path('selector', 'matchLabels')?.entries() ?? [];
}

/** Whether a proxy of Istio says of its pod that it has all these labels. */
export function hasLabels({ proxyNode }: ProxyScope, labels: readonly [key: string, value: ConfigNode][]): boolean {
  const own = proxyNode.metadata?.entry('LABELS');
  return labels.every(([key, value]) => own?.entry(key)?.asString() === value.asString());
}
