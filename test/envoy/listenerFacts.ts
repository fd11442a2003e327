/** What the observer has to know of the configuration to read the logs right. */
import { objectsOf, textOf } from './jsonFields';
import type { JsonObject } from './labCase';

export interface ListenerFacts {
  /** Terminal network filters by chain index; null is the default chain. */
  readonly terminals: ReadonlyMap<number | null, string>;
  /** Chains with a transport socket that is not raw. */
  readonly secureChains: ReadonlySet<number | null>;
  /** A tcp_proxy of the listener speaks CONNECT to its cluster. */
  readonly tunnels: boolean;
  /** A route of the listener ends a CONNECT. */
  readonly terminatesTunnels: boolean;
  readonly tlsClusters: ReadonlySet<string>;
  readonly aggregates: ReadonlySet<string>;
}

/** By listener name. */
export function configuredListeners(bootstrap: JsonObject): Map<string, ListenerFacts> {
  const resources = bootstrap['static_resources'] as JsonObject;
  const clusters = objectsOf(resources['clusters']);
  const named = (test: (cluster: JsonObject) => boolean): Set<string> => new Set(clusters.filter(test).map(({ name }) => textOf(name)));
  const tlsClusters = named((cluster) =>
    JSON.stringify(cluster['transport_socket'] ?? cluster['transport_socket_matches'] ?? '').includes('UpstreamTlsContext'),
  );
  const aggregates = named((cluster) => JSON.stringify(cluster['cluster_type'] ?? '').includes('aggregate'));
  return new Map(
    objectsOf(resources['listeners']).map((listener) => [textOf(listener['name']), { ...readListener(listener), tlsClusters, aggregates }]),
  );
}

function readListener(listener: JsonObject): Pick<ListenerFacts, 'terminals' | 'secureChains' | 'tunnels' | 'terminatesTunnels'> {
  const fallback = listener['default_filter_chain'] as JsonObject | undefined;
  const chains: [number | null, JsonObject][] = objectsOf(listener['filter_chains']).map((chain, index) => [index, chain]);
  if (fallback) chains.push([null, fallback]);
  const text = JSON.stringify(listener);
  return {
    terminals: new Map(chains.map(([index, chain]) => [index, textOf(objectsOf(chain['filters']).at(-1)?.['name'])])),
    secureChains: new Set(
      chains
        .filter(([, chain]) => JSON.stringify(chain['transport_socket'] ?? '').includes('DownstreamTlsContext'))
        .map(([index]) => index),
    ),
    tunnels: text.includes('"tunneling_config"'),
    terminatesTunnels: text.includes('"connect_config"'),
  };
}
