/** What the observer has to know of the configuration to read the logs right. */
import { objectsOf, textOf } from './jsonFields';
import type { JsonObject, PlacedCase } from './labCase';
import { CLUSTERS_FILE, LISTENERS_FILE } from './placeCase';

export interface ListenerFacts {
  /** Terminal network filters by chain index; null is the default chain. */
  readonly terminals: ReadonlyMap<number | null, string>;
  /** Chains with a transport socket that is not raw. */
  readonly secureChains: ReadonlySet<number | null>;
  /** A filter before the terminal one may close connections and say nothing in the log. */
  readonly closesSilently: boolean;
  /** A tcp_proxy of the listener speaks CONNECT to its cluster. */
  readonly tunnels: boolean;
  /** A route of the listener ends a CONNECT. */
  readonly terminatesTunnels: boolean;
  readonly tlsClusters: ReadonlySet<string>;
  readonly aggregates: ReadonlySet<string>;
  /** Clusters by the address of an endpoint that is theirs alone. */
  readonly owners: ReadonlyMap<string, string>;
  /** Somewhere in the case requests are mirrored. */
  readonly mirrors: boolean;
}

/** By listener name. */
export function configuredListeners(placed: Pick<PlacedCase, 'bootstrap' | 'files'>): Map<string, ListenerFacts> {
  const clusters = resourcesOf(placed, 'clusters');
  const named = (test: (cluster: JsonObject) => boolean): Set<string> => new Set(clusters.filter(test).map(({ name }) => textOf(name)));
  const tlsClusters = named((cluster) =>
    JSON.stringify(cluster['transport_socket'] ?? cluster['transport_socket_matches'] ?? '').includes('UpstreamTlsContext'),
  );
  const aggregates = named((cluster) => JSON.stringify(cluster['cluster_type'] ?? '').includes('aggregate'));
  const owners = ownersOf(clusters);
  const mirrors = JSON.stringify(placed).includes('"request_mirror_policies"');
  return new Map(
    resourcesOf(placed, 'listeners').map((listener) => [
      textOf(listener['name']),
      { ...readListener(listener), tlsClusters, aggregates, owners, mirrors },
    ]),
  );
}

/** Those of the bootstrap and those of the files. */
function resourcesOf({ bootstrap, files }: Pick<PlacedCase, 'bootstrap' | 'files'>, kind: 'listeners' | 'clusters'): JsonObject[] {
  const file = files[kind === 'listeners' ? LISTENERS_FILE : CLUSTERS_FILE];
  return [...objectsOf((bootstrap['static_resources'] as JsonObject)[kind]), ...objectsOf(file?.['resources'])];
}

function readListener(
  listener: JsonObject,
): Pick<ListenerFacts, 'terminals' | 'secureChains' | 'closesSilently' | 'tunnels' | 'terminatesTunnels'> {
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
    closesSilently: /filters\.network\.(?:ratelimit|ext_proc)\.v3\./u.test(text),
    tunnels: text.includes('"tunneling_config"'),
    terminatesTunnels: text.includes('"connect_config"'),
  };
}

function ownersOf(clusters: readonly JsonObject[]): Map<string, string> {
  const owners = new Map<string, string>();
  for (const cluster of clusters) {
    const assignment = cluster['load_assignment'] as JsonObject | undefined;
    for (const host of objectsOf(assignment?.['endpoints']).flatMap((locality) => objectsOf(locality['lb_endpoints']))) {
      const address = ((host['endpoint'] as JsonObject)['address'] as JsonObject)['socket_address'] as JsonObject | undefined;
      if (address) owners.set(`${textOf(address['address'])}:${JSON.stringify(address['port_value'])}`, textOf(cluster['name']));
    }
  }
  return owners;
}
