/** The clusters, listeners or routes of the proxy at hand, with details: for the "Jump to …" quick picks. */
import type { ListResourcesParams, ResourceItem } from '../protocol/requests';
import { proxiesOf } from '../index/buildSnapshot';
import type { ProxyScope } from '../index/proxyScope';
import { routeConfigurationsOf } from '../index/routeConfigurations';
import { loadAssignmentOf } from '../index/links/resolveName';
import { summarizeCluster } from '../model/summary/clusterSummary';
import { describeListenerAddress, describeDestination, filterChainsOf } from '../model/summary/listenerSummary';
import { countHealthy, endpointsOf, type Endpoint } from '../model/loadAssignment';
import { describeRouteAction, describeRouteMatch } from '../model/summary/routeSummary';
import type { ConfigNode } from '../schema/configNode';
import { locationOf } from '../trace/record/locationOf';
import { count, firstOf } from './writing/markdown';
import { inWords } from '../text/inWords';
import type { Snapshot } from '../index/snapshot';

/** Of the proxies that the document belongs to; of all when it belongs to none. */
export function listResources(snapshot: Snapshot, { uri, kind }: ListResourcesParams): ResourceItem[] {
  const own = proxiesOf(snapshot, uri);
  const proxies = own.length > 0 ? own : snapshot.proxies;
  return proxies.flatMap((proxy) => {
    switch (kind) {
      case 'cluster':
        return [...proxy.byName.cluster.values()].map(({ node }) => clusterItem(snapshot, proxy, node));
      case 'listener':
        return proxy.listeners.map(({ node }) => listenerItem(node));
      case 'route':
        return routeItems(proxy);
    }
  });
}

function clusterItem(snapshot: Snapshot, proxy: ProxyScope, node: ConfigNode): ResourceItem {
  const name = node.string('name');
  const { discovery, transport } = summarizeCluster(node);
  const assignment = loadAssignmentOf(proxy, node);
  // An ORIGINAL_DST cluster is listed in dumps with the hosts of this moment, or none.
  const counted = assignment && discovery !== 'ORIGINAL_DST' ? ` · ${countEndpoints(endpointsOf(assignment))}` : '';
  const users = [
    ...new Set(
      snapshot
        .namesOf(proxy)
        .uses('cluster', name)
        .filter(({ site }) => !site.back)
        .map(({ resource }) => `${inWords(resource.kind)} ${resource.name}`.trim()),
    ),
  ];
  return {
    name,
    description: `${discovery}${counted} · ${transport}`,
    detail: users.length === 0 ? 'not used' : `used by ${firstOf(users, 2)}`,
    location: locationOf(node.get('name') ?? node),
  };
}

function countEndpoints(endpoints: readonly Endpoint[]): string {
  const healthy = countHealthy(endpoints);
  return `${count(endpoints.length, 'endpoint')}${healthy === undefined ? '' : ` (${healthy} healthy)`}`;
}

function listenerItem(node: ConfigNode): ResourceItem {
  const chains = filterChainsOf(node);
  return {
    name: node.string('name') || '(no name)',
    description: describeListenerAddress(node),
    detail: `${count(chains.length, 'filter chain')}: ${chains
      .slice(0, 2)
      .map(({ chain }) => describeDestination(chain))
      .join('; ')}`,
    location: locationOf(node.get('name') ?? node),
  };
}

/** Routes of the proxy's route configurations and of those inline in its listeners. */
function routeItems(proxy: ProxyScope): ResourceItem[] {
  return routeConfigurationsOf(proxy).flatMap((configuration) =>
    configuration.list('virtual_hosts').flatMap((host) =>
      host.list('routes').map((route, index) => ({
        name: `${configuration.string('name')} › ${host.string('name')} › ${route.string('name') || `#${index}`}`,
        description: describeRouteMatch(route),
        detail: describeRouteAction(route),
        location: locationOf(route),
      })),
    ),
  );
}
