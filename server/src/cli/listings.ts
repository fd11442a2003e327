/** What `list` shows of a proxy: one table a kind. */
import type { ProxyScope } from '../index/proxyScope';
import { routeConfigurationsOf } from '../index/routeConfigurations';
import { loadAssignmentOf } from '../index/links/resolveName';
import { formatAddress } from '../model/address';
import { describeTransport, summarizeCluster } from '../model/summary/clusterSummary';
import { describeChainConditions } from '../model/summary/filterChainConditions';
import { describeDestination, describeListenerAddress, filterChainsOf, isBound } from '../model/summary/listenerSummary';
import { endpointsOf, isHealthy, readLoadAssignment } from '../model/loadAssignment';
import { describeRouteAction, describeRouteMatch } from '../model/summary/routeSummary';
import { firstOf } from '../features/writing/markdown';
import { inWords } from '../text/inWords';
import type { Listing } from './listing';
import { policies, services, workloads } from './ztunnelListings';

const OF_ENVOY = ['listeners', 'chains', 'routes', 'clusters', 'endpoints', 'secrets'] as const;
const OF_ZTUNNEL = ['workloads', 'services', 'policies'] as const;

export type ListingName = (typeof OF_ENVOY)[number] | (typeof OF_ZTUNNEL)[number];

/** All that a proxy of its kind has. */
export function listingsOf({ ztunnel }: ProxyScope): readonly ListingName[] {
  return ztunnel ? OF_ZTUNNEL : OF_ENVOY;
}

export const LISTINGS: Readonly<Record<ListingName, (proxy: ProxyScope) => Listing>> = {
  listeners,
  chains,
  routes,
  clusters,
  endpoints,
  secrets,
  workloads,
  services,
  policies,
};

function listeners(proxy: ProxyScope): Listing {
  const all = proxy.resources.filter(({ kind }) => kind === 'listener');
  return {
    head: ['listener', 'address', 'state', 'bound', 'chains', 'destination'],
    rows: all.map(({ node, state }) => {
      const found = filterChainsOf(node);
      const targets = [...new Set(found.map(({ chain }) => describeDestination(chain)))];
      return [
        node.string('name'),
        describeListenerAddress(node),
        state,
        node.has('internal_listener') ? 'internal' : isBound(node) ? 'yes' : 'no (hand-over)',
        String(found.length),
        firstOf(targets, 1),
      ];
    }),
  };
}

function chains(proxy: ProxyScope): Listing {
  return {
    head: ['listener', 'chain', 'conditions', 'transport', 'destination'],
    rows: proxy.listeners.flatMap(({ node }) =>
      filterChainsOf(node).map(({ chain, index }) => [
        node.string('name'),
        chain.string('name') || (index === null ? '(default)' : `#${index}`),
        index === null ? 'no other chain fits' : describeChainConditions(node, chain) || 'any',
        describeTransport(chain.get('transport_socket')?.typed()),
        describeDestination(chain),
      ]),
    ),
  };
}

function routes(proxy: ProxyScope): Listing {
  return {
    head: ['routes', 'virtual host', 'domains', 'route', 'match', 'destination'],
    rows: routeConfigurationsOf(proxy).flatMap((configuration) =>
      configuration.list('virtual_hosts').flatMap((host) => {
        const domains = host.list('domains').map((domain) => domain.asString() ?? '');
        return host
          .list('routes')
          .map((route, index) => [
            configuration.string('name'),
            host.string('name'),
            firstOf(domains, 3),
            route.string('name') || `#${index}`,
            describeRouteMatch(route),
            describeRouteAction(route),
          ]);
      }),
    ),
  };
}

function clusters(proxy: ProxyScope): Listing {
  const all = proxy.resources.filter(({ kind }) => kind === 'cluster');
  return {
    head: ['cluster', 'state', 'type', 'balancing', 'endpoints', 'transport'],
    rows: all.map(({ node, state }) => {
      const { discovery, balancing, transport } = summarizeCluster(node);
      const assignment = loadAssignmentOf(proxy, node);
      const found = assignment ? endpointsOf(assignment) : undefined;
      return [
        node.string('name'),
        state,
        discovery,
        balancing,
        found ? `${found.filter(isHealthy).length}/${found.length} healthy` : '',
        transport,
      ];
    }),
  };
}

function endpoints(proxy: ProxyScope): Listing {
  return {
    head: ['cluster', 'address', 'health', 'weight', 'priority', 'locality'],
    rows: [...proxy.byName.cluster.values()].flatMap(({ node }) => {
      const assignment = loadAssignmentOf(proxy, node);
      return (assignment ? readLoadAssignment(assignment) : []).flatMap(({ locality, priority, endpoints: found }) =>
        found.map(({ address, health, weight }) => [
          node.string('name'),
          address ? formatAddress(address) : '',
          health,
          String(weight),
          String(priority),
          locality,
        ]),
      );
    }),
  };
}

const SECRET_KINDS = ['tls_certificate', 'validation_context', 'session_ticket_keys', 'generic_secret'];

function secrets(proxy: ProxyScope): Listing {
  const all = proxy.resources.filter(({ kind }) => kind === 'secret');
  return {
    head: ['secret', 'state', 'kind'],
    rows: all.map(({ name, state, node }) => [name, state, inWords(SECRET_KINDS.find((field) => node.has(field)) ?? 'not in the file')]),
  };
}
