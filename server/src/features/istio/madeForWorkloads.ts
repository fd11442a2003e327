/** What became of resources that choose workloads and have no name in their dumps: seen in the listeners and the bootstrap of these. */
import { connectionManagerOf, filterChainsOf, listenerPort } from '../../model/summary/listenerSummary';
import type { Resource } from '../../model/resources/resource';
import type { ConfigNode } from '../../schema/configNode';
import { placeOf, type MadePlace } from './madePlace';
import { proxiesChosenBy } from './workloads';
import type { Snapshot } from '../../index/snapshot';

/** Inbound traffic of a sidecar (istio: pilot/pkg/networking/core/listener.go). */
const INBOUND = 'virtualInbound';

/** PeerAuthentication: the chains by which traffic comes in, of the ports that it names where it names some. */
export function ofPeerAuthentication(snapshot: Snapshot, resource: ConfigNode): MadePlace[] {
  const ports = new Set((resource.get('spec')?.map('portLevelMtls') ?? []).map(([port]) => port));
  return listenersOf(snapshot, resource)
    .filter(({ name }) => name === INBOUND)
    .flatMap(({ node, name }) => {
      const chains = filterChainsOf(node).filter(({ chain }) =>
        ports.has(chain.path('filter_chain_match', 'destination_port')?.asString() ?? ''),
      );
      return [placeOf(node, 'listener', name), ...chains.map(({ chain }) => placeOf(chain, 'filter chain', chain.string('name') || name))];
    });
}

/** Telemetry: the access logs, tracing and the filter of statistics in each connection manager. */
export function ofTelemetry(snapshot: Snapshot, resource: ConfigNode): MadePlace[] {
  const spec = resource.get('spec');
  return listenersOf(snapshot, resource).flatMap(({ node, name }) => {
    const managers = filterChainsOf(node).flatMap(({ chain }) => connectionManagerOf(chain)?.node ?? []);
    const fields = (field: string, what: string) =>
      [node, ...managers].flatMap((each) => {
        const found = each.get(field);
        return found ? [placeOf(found, what, name)] : [];
      });
    const filters = managers.flatMap((manager) => manager.list('http_filters').filter((filter) => filter.string('name') === 'istio.stats'));
    return [
      ...(spec?.has('accessLogging') ? fields('access_log', 'access log') : []),
      ...(spec?.has('tracing') ? fields('tracing', 'tracing') : []),
      ...(spec?.has('metrics') ? filters.map((filter) => placeOf(filter, 'http filter', name)) : []),
    ];
  });
}

/** Sidecar: the listeners of the ports that it lists, and the clusters of its own endpoints. */
export function ofSidecar(snapshot: Snapshot, resource: ConfigNode): MadePlace[] {
  const spec = resource.get('spec');
  const portsOf = (field: string) => (spec?.list(field) ?? []).flatMap((each) => each.path('port', 'number')?.asString() ?? []);
  const egress = new Set(portsOf('egress'));
  const listeners = listenersOf(snapshot, resource).filter(({ node }) => egress.has(listenerPort(node)));
  const clusters = (proxiesChosenBy(snapshot, resource) ?? []).flatMap(({ byName }) =>
    portsOf('ingress').flatMap((port) => byName.cluster.get(`inbound|${port}||`) ?? []),
  );
  return [...listeners, ...clusters].map(({ node, kind, name }) => placeOf(node, kind, name));
}

/** ProxyConfig: what the bootstrap carries of it (istio: `PROXY_CONFIG` of the node's metadata). */
export function ofProxyConfig(snapshot: Snapshot, resource: ConfigNode): MadePlace[] {
  return (proxiesChosenBy(snapshot, resource) ?? []).flatMap(({ id, proxyNode }) => {
    const found = proxyNode.metadata?.entry('PROXY_CONFIG');
    return found ? [placeOf(found, 'bootstrap', id)] : [];
  });
}

function listenersOf(snapshot: Snapshot, resource: ConfigNode): Resource[] {
  return (proxiesChosenBy(snapshot, resource) ?? []).flatMap(({ listeners }) => listeners);
}
