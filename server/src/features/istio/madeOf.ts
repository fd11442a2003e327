/** "What did this become?": the places of the dumps that come of an Istio or Gateway API resource. */
import type { NamedPlace } from '../../index/names/documentNames';
import { routeNameOf } from '../../index/links/resolveName';
import { parsePluginName } from '../../model/istio/generatedNames';
import { GATEWAY_API, groupAndKindOf, namespaceOf, resourceNameOf } from '../../model/istio/istioSpec';
import { endpointsOf } from '../../model/loadAssignment';
import { readZtunnel } from '../../model/ztunnel/readZtunnel';
import { ConfigNode } from '../../schema/configNode';
import { namingOfResource, type IstioNaming } from './istioNaming';
import { dumpedThings, istioPlaceAt } from './istioPlaces';
import { chainsOfGateway, chainsOfRoutes, isServerOf, listenersOfGateway } from './madeChains';
import { ofPeerAuthentication, ofProxyConfig, ofSidecar, ofTelemetry } from './madeForWorkloads';
import { placesOfPatches } from './madeByPatches';
import { ofNamePrefix } from './madeByEnvoyGateway';
import { placeOf, placeOfName, type MadePlace, type MakingRule } from './madePlace';
import { fitsPort, hostCovers, routersOf } from './workloads';
import { inWords } from '../../text/inWords';
import type { Snapshot } from '../../index/snapshot';

/** First what says so itself, then what only its name tells of. */
export function placesMadeOf(snapshot: Snapshot, resource: ConfigNode): MadePlace[] {
  const kind = groupAndKindOf(resource);
  const rule = Object.hasOwn(RULES, kind) ? RULES[kind] : undefined;
  const named = namedPlaces(snapshot, resource);
  const told = new Set(named.map(keyOfPlace));
  return [...named, ...(rule?.(snapshot, resource) ?? []).filter((place) => !told.has(keyOfPlace(place)))];
}

/** The thing that has the place: a cluster that says whose it is need not be told by its name again. */
function keyOfPlace({ node, kind, name }: MadePlace): string {
  return `${node.tree.uri}\n${kind}\n${name}`;
}

/** Places that say it themselves: the path in the metadata of routes and clusters, the names of RBAC policies. */
function namedPlaces(snapshot: Snapshot, resource: ConfigNode): MadePlace[] {
  const isOf = (place: NamedPlace) =>
    place.kind === 'istio_config' && snapshot.istioResources.find(place.name, routeNameOf(place)).some((each) => each.sameAs(resource));
  return [...snapshot.documents.values()].flatMap(({ names }) => names.filter(isOf).map(placeOfName));
}

const RULES: Readonly<Record<string, MakingRule>> = {
  '/Service': ofName,
  '/Secret': ofName,
  'networking.istio.io/ServiceEntry': (snapshot, resource) => ofValues(snapshot, resource.path('spec', 'hosts')),
  'networking.istio.io/DestinationRule': (snapshot, resource) => ofValue(snapshot, resource.path('spec', 'host')),
  'networking.istio.io/WorkloadEntry': ofAddress,
  'networking.istio.io/Gateway': both(ofIstioGateway, chainsOfGateway),
  'networking.istio.io/VirtualService': chainsOfRoutes,
  'networking.istio.io/Sidecar': ofSidecar,
  'networking.istio.io/ProxyConfig': ofProxyConfig,
  'telemetry.istio.io/Telemetry': ofTelemetry,
  'networking.istio.io/EnvoyFilter': placesOfPatches,
  'extensions.istio.io/WasmPlugin': ofPlugin,
  'extensions.istio.io/TrafficExtension': ofPlugin,
  'security.istio.io/AuthorizationPolicy': ofPolicy,
  'security.istio.io/PeerAuthentication': both(ofPolicy, ofPeerAuthentication),
  'security.istio.io/RequestAuthentication': ofIssuers,
  [`${GATEWAY_API}/Gateway`]: both(ofNamePrefix(''), listenersOfGateway),
  [`${GATEWAY_API}/HTTPRoute`]: ofNamePrefix('httproute/'),
  [`${GATEWAY_API}/GRPCRoute`]: ofNamePrefix('grpcroute/'),
  [`${GATEWAY_API}/TLSRoute`]: both(ofNamePrefix('tlsroute/'), chainsOfRoutes),
  [`${GATEWAY_API}/TCPRoute`]: both(ofNamePrefix('tcproute/'), chainsOfRoutes),
  [`${GATEWAY_API}/UDPRoute`]: ofNamePrefix('udproute/'),
};

function both(first: MakingRule, second: MakingRule): MakingRule {
  return (snapshot, resource) => [...first(snapshot, resource), ...second(snapshot, resource)];
}

function ofName(snapshot: Snapshot, resource: ConfigNode): MadePlace[] {
  const naming = namingOfResource(resource);
  return naming ? ofNaming(snapshot, naming) : [];
}

function ofNaming(snapshot: Snapshot, naming: IstioNaming): MadePlace[] {
  return [
    ...dumpedThings(snapshot, naming).map(({ kind, name, node }) => placeOf(node, inWords(kind), name)),
    ...(naming.kind === 'host' ? servicesOfZtunnels(snapshot, naming.name) : []),
  ];
}

function ofValue(snapshot: Snapshot, value: ConfigNode | undefined): MadePlace[] {
  const facts = value && snapshot.documents.get(value.tree.uri);
  const place = facts && istioPlaceAt(facts, value.id);
  return place ? ofNaming(snapshot, place.naming) : [];
}

function ofValues(snapshot: Snapshot, list: ConfigNode | undefined): MadePlace[] {
  return (list?.items() ?? []).flatMap((value) => ofValue(snapshot, value));
}

function servicesOfZtunnels({ proxies }: Snapshot, host: string): MadePlace[] {
  return proxies.flatMap(({ ztunnel }) =>
    ztunnel
      ? readZtunnel(ztunnel)
          .services.filter(({ hostname }) => hostname === host)
          .map(({ node, name }) => placeOf(node, 'service of ztunnel', name))
      : [],
  );
}

/** A WorkloadEntry is an endpoint wherever its address is one. */
function ofAddress({ proxies }: Snapshot, resource: ConfigNode): MadePlace[] {
  const address = resource.path('spec', 'address')?.asString() ?? '';
  if (address === '') return [];
  return proxies.flatMap(({ byName }) =>
    [...byName.load_assignment.values()].flatMap(({ node, name }) =>
      endpointsOf(node)
        .filter((endpoint) => endpoint.address?.kind === 'ip' && endpoint.address.ip === address)
        .map((endpoint) => placeOf(endpoint.node, 'load assignment', name)),
    ),
  );
}

/** `https.<port>.<port name>.<gateway>.<namespace>` is one server's; plain HTTP servers of a port share `http.<port>` (istio: pilot/pkg/model/gateway.go). */
function ofIstioGateway(snapshot: Snapshot, resource: ConfigNode): MadePlace[] {
  const servers = resource.get('spec')?.list('servers') ?? [];
  return routersOf(snapshot, resource).flatMap(({ byName }) =>
    [...byName.route_configuration.values()].flatMap(({ name, node }) => {
      if (isServerOf(name, resource)) return [placeOf(node, 'route configuration', name)];
      if (!name.startsWith('http.')) return [];
      return node
        .list('virtual_hosts')
        .filter((host) => servers.some((server) => servesHost(server, host.string('name'))))
        .map((host) => placeOf(host, 'virtual host', host.string('name')));
    }),
  );
}

/** A virtual host is called `<host>:<port>`, with the port of the server. */
function servesHost(server: ConfigNode, virtualHost: string): boolean {
  const colon = virtualHost.lastIndexOf(':');
  const host = virtualHost.slice(0, Math.max(colon, 0));
  return (
    host !== 'blackhole' &&
    fitsPort(server, virtualHost.slice(colon + 1)) &&
    server.list('hosts').some((each) => hostCovers((each.asString() ?? '').replace(/^.*\//, ''), host))
  );
}

/** The filters that a WasmPlugin or a TrafficExtension became, and their configurations. */
function ofPlugin({ documents }: Snapshot, resource: ConfigNode): MadePlace[] {
  const isOf = (name: string) => {
    const plugin = parsePluginName(name);
    return (
      plugin?.name === resourceNameOf(resource) && plugin.namespace === namespaceOf(resource) && plugin.kind === resource.string('kind')
    );
  };
  return [...documents.values()].flatMap(({ parts, names }) => [
    ...parts.flatMap(({ resources }) =>
      resources
        .filter((each) => each.kind === 'extension_config' && isOf(each.name))
        .map(({ node, name }) => placeOf(node, 'extension config', name)),
    ),
    ...names.filter((place) => (place.kind === 'http_filter' || place.kind === 'extension_config') && isOf(place.name)).map(placeOfName),
  ]);
}

/** ztunnel keeps policies by namespace and name; those of PeerAuthentication are called `converted_peer_authentication_<name>` (istio: pilot/pkg/serviceregistry/kube/controller/ambient). */
function ofPolicy({ proxies }: Snapshot, resource: ConfigNode): MadePlace[] {
  const name = resourceNameOf(resource);
  const wanted = resource.string('kind') === 'PeerAuthentication' ? `converted_peer_authentication_${name}` : name;
  return proxies.flatMap(({ ztunnel }) =>
    ztunnel
      ? readZtunnel(ztunnel)
          .policies.filter((policy) => policy.name === wanted && policy.namespace === namespaceOf(resource))
          .map(({ node }) => placeOf(node, 'policy of ztunnel', wanted))
      : [],
  );
}

/** JWT providers of the same issuer. */
function ofIssuers({ documents }: Snapshot, resource: ConfigNode): MadePlace[] {
  const issuers = new Set((resource.get('spec')?.list('jwtRules') ?? []).map((rule) => rule.string('issuer')));
  return [...documents.values()].flatMap(({ names }) =>
    names
      .filter(({ kind, site }) => kind === 'jwt_provider' && site.role === 'definition')
      .filter((place) => issuers.has(new ConfigNode(place.resource.node.tree, place.node).string('issuer')))
      .map(placeOfName),
  );
}
