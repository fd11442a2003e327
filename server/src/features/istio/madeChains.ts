/** What became of TLS and TCP: the filter chains of an Istio Gateway's servers, of TLS and TCP routes, and the listeners of a Gateway. */
import { fullHost, namespaceOf, resourceNameOf } from '../../model/istio/istioSpec';
import { connectionManagerOf, filterChainsOf, listenerPort, tcpClustersOf } from '../../model/summary/listenerSummary';
import { parseGatewayRoutesName, parseIstioClusterName } from '../../model/istio/istioNames';
import type { ProxyScope } from '../../index/proxyScope';
import type { ConfigNode } from '../../schema/configNode';
import { serviceOfCluster } from './istioPlaces';
import { placeOf, type MadePlace } from './madePlace';
import { podPortsOf } from './servicePorts';
import { hostCovers, proxiesChosenBy, routersOf } from './workloads';
import type { Snapshot } from '../../index/snapshot';

interface Chain {
  readonly listener: ConfigNode;
  readonly chain: ConfigNode;
  /** Whether it serves a port that a resource speaks of. */
  serves(port: string): boolean;
}

/** A gateway listens on the ports of its pod, where its Service in the workspace tells them; else on the port that is spoken of. */
function chainsOf(snapshot: Snapshot, proxy: ProxyScope): Chain[] {
  const podPorts = proxy.proxyNode.type === 'router' ? podPortsOf(snapshot, proxy) : undefined;
  return proxy.listeners.flatMap(({ node }) =>
    filterChainsOf(node).map(({ chain }): Chain => {
      const own = chain.path('filter_chain_match', 'destination_port')?.asString() ?? listenerPort(node);
      return { listener: node, chain, serves: (port) => (podPorts?.get(port) ?? [port]).includes(own) };
    }),
  );
}

function placeOfChain({ listener, chain }: Chain): MadePlace {
  return placeOf(chain, 'filter chain', chain.string('name') || listener.string('name'));
}

function serverNamesOf(chain: ConfigNode): string[] {
  return (chain.path('filter_chain_match', 'server_names')?.items() ?? []).flatMap((each) => each.asString() ?? []);
}

/**
 * Filter chains of a Gateway's servers: those of HTTPS ask for routes under the server's own name, others send TCP on: with the hosts as
 * server names where the server is TLS (istio: pilot/pkg/networking/core/gateway.go).
 */
export function chainsOfGateway(snapshot: Snapshot, resource: ConfigNode): MadePlace[] {
  const servers = resource.get('spec')?.list('servers') ?? [];
  return routersOf(snapshot, resource).flatMap((proxy) =>
    chainsOf(snapshot, proxy)
      .filter((each) => {
        const routes = connectionManagerOf(each.chain)?.node.path('rds', 'route_config_name')?.asString();
        if (routes !== undefined) return isServerOf(routes, resource);
        return tcpClustersOf(each.chain).length > 0 && servers.some((server) => hasChain(server, each));
      })
      .map(placeOfChain),
  );
}

/** Whether a route configuration has the routes of one of the Gateway's own servers. */
export function isServerOf(routesName: string, resource: ConfigNode): boolean {
  const routes = parseGatewayRoutesName(routesName);
  return routes?.gateway === resourceNameOf(resource) && routes.namespace === namespaceOf(resource);
}

const TLS = new Set(['TLS', 'HTTPS']);

function hasChain(server: ConfigNode, { chain, serves }: Chain): boolean {
  if (!serves(server.path('port', 'number')?.asString() ?? '')) return false;
  const names = serverNamesOf(chain);
  const hosts = server.list('hosts').map((each) => (each.asString() ?? '').replace(/^.*\//, ''));
  if (!TLS.has(server.path('port', 'protocol')?.asString()?.toUpperCase() ?? '')) return names.length === 0;
  return names.length === 0 ? hosts.includes('*') : names.every((name) => hosts.some((host) => hostCovers(host, name)));
}

/** Listeners of the ports of a Gateway of the Gateway API, in the proxies that say that they are its own. */
export function listenersOfGateway(snapshot: Snapshot, resource: ConfigNode): MadePlace[] {
  const ports = new Set((resource.get('spec')?.list('listeners') ?? []).map((each) => each.get('port')?.asString() ?? ''));
  return (proxiesChosenBy(snapshot, resource) ?? []).flatMap(({ listeners }) =>
    listeners.filter(({ node }) => ports.has(listenerPort(node))).map(({ node, name }) => placeOf(node, 'listener', name)),
  );
}

/** A route of TLS or TCP, whoever wrote it. */
interface StreamRoute {
  /** Server names; [] for any. */
  readonly names: readonly string[];
  /** [] for any. */
  readonly ports: readonly string[];
  /** Services, each as the cluster's name tells it; `port` '' for any. */
  readonly services: readonly { readonly host: string; readonly subset: string; readonly port: string }[];
}

/** Chains whose tcp_proxy goes where the `tls` and `tcp` routes of a VirtualService, a TLSRoute or a TCPRoute go. */
export function chainsOfRoutes(snapshot: Snapshot, resource: ConfigNode): MadePlace[] {
  const routes = streamRoutesOf(resource);
  if (routes.length === 0) return [];
  return snapshot.proxies.flatMap((proxy) =>
    chainsOf(snapshot, proxy)
      .filter((each) => routes.some((route) => isOfRoute(each, route)))
      .map(placeOfChain),
  );
}

function streamRoutesOf(resource: ConfigNode): StreamRoute[] {
  const spec = resource.get('spec');
  const namespace = namespaceOf(resource);
  const texts = (list: readonly ConfigNode[]) => list.flatMap((each) => each.asString() ?? []);
  if (resource.string('kind') === 'VirtualService')
    return ['tls', 'tcp'].flatMap((field) =>
      (spec?.list(field) ?? []).map((route): StreamRoute => {
        const matches = route.list('match');
        return {
          names: matches.flatMap((match) => texts(match.list('sniHosts'))),
          ports: matches.flatMap((match) => match.get('port')?.asString() ?? []),
          services: route.list('route').flatMap((each) => {
            const to = each.get('destination');
            const host = fullHost(to?.string('host') ?? '', namespace);
            return to ? [{ host, subset: to.string('subset'), port: to.path('port', 'number')?.asString() ?? '' }] : [];
          }),
        };
      }),
    );
  return (spec?.list('rules') ?? []).map((rule) => ({
    names: texts(spec?.list('hostnames') ?? []),
    ports: [],
    services: rule.list('backendRefs').map((to) => ({
      host: fullHost(to.string('name'), to.string('namespace') || namespace),
      subset: '',
      port: to.get('port')?.asString() ?? '',
    })),
  }));
}

function isOfRoute({ chain, serves }: Chain, { names, ports, services }: StreamRoute): boolean {
  // A chain that says whose it is is told by that.
  if (chain.path('metadata', 'filter_metadata', 'istio', 'config')) return false;
  const isService = tcpClustersOf(chain).some((cluster) => {
    const service = serviceOfCluster(cluster);
    const port = parseIstioClusterName(cluster)?.port ?? '';
    return services.some(
      (each) => each.host === service?.host && each.subset === service.subset && (each.port === '' || each.port === port),
    );
  });
  if (!isService) return false;
  const asked = serverNamesOf(chain);
  const isName = names.length === 0 || asked.length === 0 || asked.some((name) => names.some((each) => hostCovers(each, name)));
  return isName && (ports.length === 0 || ports.some(serves));
}
