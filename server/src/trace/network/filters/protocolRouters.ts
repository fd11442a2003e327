/** Terminal filters of other protocols: followed as far as their route table leaves no choice. */
import type { ConfigNode } from '../../../schema/configNode';
import { forwardToCluster } from '../../cluster/forwardToCluster';
import { addStep, type Hop, type HopResult } from '../../hop';
import { cannotTell } from '../../record/hopRecord';
import { say, words } from '../../record/sentence';
import type { NetworkFilter, NetworkFilterEntry } from '../networkFilters';

const NETWORK = 'envoy.extensions.filters.network';

/** Gives the nodes that hold a cluster's name; undefined where the protocol's routes are not read here. */
type ReadClusters = (config: ConfigNode) => readonly ConfigNode[] | undefined;

const routers: readonly [type: string, read: ReadClusters][] = [
  [`${NETWORK}.redis_proxy.v3.RedisProxy`, readRedis],
  [
    `${NETWORK}.thrift_proxy.v3.ThriftProxy`,
    (config) => (config.has('trds') ? undefined : readRoutes(config.get('route_config')?.list('routes') ?? [])),
  ],
  [
    `${NETWORK}.dubbo_proxy.v3.DubboProxy`,
    (config) => (config.has('drds') ? undefined : readRoutes(config.list('route_config').flatMap((table) => table.list('routes')))),
  ],
  [`${NETWORK}.rocketmq_proxy.v3.RocketmqProxy`, (config) => readRoutes(config.get('route_config')?.list('routes') ?? [])],
  [`${NETWORK}.kafka_mesh.v3alpha.KafkaMesh`, () => undefined],
  [`${NETWORK}.generic_proxy.v3.GenericProxy`, () => undefined],
  [`${NETWORK}.sip_proxy.v3alpha.SipProxy`, () => undefined],
];

export const protocolRouters: readonly [string, NetworkFilter][] = routers.map(([type, read]) => [
  type,
  { terminal: true, run: (hop, entry) => routeBy(hop, entry, read) },
]);

function routeBy(hop: Hop, { filter, config }: NetworkFilterEntry, read: ReadClusters): HopResult {
  hop.record.protocol = 'tcp';
  const nodes = read(config.node) ?? [];
  const names = new Set(nodes.map((node) => node.asString() ?? ''));
  const [at] = nodes;
  const [clusterName] = names;
  if (names.size !== 1 || clusterName === undefined || !at)
    return cannotTell(
      say`which route of ${filter.string('name')} the client's commands take: a trace does not read its protocol${names.size > 1 ? say` (they lead to ${[...names]})` : words('')}`,
    );
  addStep(hop, {
    stage: 'network_filter',
    decision: say`${filter.string('name')} sends everything to cluster ${clusterName}`,
    because: say`all of its routes lead there`,
    at,
  });
  return forwardToCluster(hop, {
    clusterName,
    at,
    protocol: 'tcp',
    layers: hop.connection.layers,
    metadataMatch: undefined,
    clusterNotFound: { flags: ['NC'] },
  });
}

function readRedis(config: ConfigNode): readonly ConfigNode[] | undefined {
  const routes = config.get('prefix_routes');
  const all = [...(routes?.list('routes') ?? []), routes?.get('catch_all_route')].map((route) => route?.get('cluster'));
  const old = routes?.get('catch_all_cluster') ?? config.get('cluster');
  // Without a catch-all, a key that no prefix fits is answered by Envoy itself.
  if (!routes?.has('catch_all_route') && !old) return undefined;
  return [...all, old].filter((node) => node !== undefined);
}

/** Thrift, Dubbo and RocketMQ share the shape `route.cluster`; one route by header or by weights leaves a choice. */
function readRoutes(routes: readonly ConfigNode[]): readonly ConfigNode[] | undefined {
  const clusters = routes.map((route) => route.path('route', 'cluster'));
  return clusters.every((node) => node !== undefined) ? clusters.filter((node) => node !== undefined) : undefined;
}
