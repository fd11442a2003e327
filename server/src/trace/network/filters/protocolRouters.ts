/** Terminal filters of other protocols: followed as far as their route table leaves no choice. */
import type { ConfigNode } from '../../../schema/configNode';
import { forwardToCluster } from '../../cluster/forwardToCluster';
import { addStep, type Hop, type HopResult } from '../../hop';
import { cannotTell, ending } from '../../record/hopRecord';
import { say, words, type Sentence } from '../../record/sentence';
import { chooseByWeight } from './tcpProxy';
import type { NetworkFilter, NetworkFilterEntry } from '../networkFilter';

const NETWORK = 'envoy.extensions.filters.network';

/** Where the client's commands may go. */
interface RouteTable {
  /** The places that name clusters: a name, a `weighted_clusters`, a header that names one. In the order of the routes, the first that takes everything last. */
  readonly targets: readonly ConfigNode[];
  /** Another command than the routes' is answered by the filter itself. */
  readonly isWhole: boolean;
  /** What no route takes is too likely to follow the routes. */
  readonly isOpen?: boolean;
  /** Envoy does not load it. */
  readonly refused?: { readonly because: Sentence; readonly at: ConfigNode | undefined } | undefined;
  /** Who gets copies, where there is one route only. */
  readonly mirrors?: readonly ConfigNode[];
}

/** Undefined where the routes are not in the configuration. */
type ReadTable = (config: ConfigNode) => RouteTable | undefined;

const routers: readonly [type: string, read: ReadTable][] = [
  [`${NETWORK}.redis_proxy.v3.RedisProxy`, readRedis],
  [`${NETWORK}.thrift_proxy.v3.ThriftProxy`, readThrift],
  [`${NETWORK}.dubbo_proxy.v3.DubboProxy`, readDubbo],
  [`${NETWORK}.rocketmq_proxy.v3.RocketmqProxy`, (config) => readRoutes(config.get('route_config')?.list('routes') ?? [], takesEveryTopic)],
  [`${NETWORK}.kafka_mesh.v3alpha.KafkaMesh`, readKafkaMesh],
  [`${NETWORK}.sip_proxy.v3alpha.SipProxy`, (config) => readRoutes(config.get('route_config')?.list('routes') ?? [], takesEveryDomain)],
];

export const protocolRouters: readonly [string, NetworkFilter][] = routers.map(([type, read]) => [
  type,
  { terminal: true, run: (hop, entry) => routeBy(hop, entry, read) },
]);

function routeBy(hop: Hop, { filter, config }: NetworkFilterEntry, read: ReadTable): HopResult {
  hop.record.protocol = 'tcp';
  const table = read(config.node);
  if (table?.refused) {
    const { because, at = filter } = table.refused;
    addStep(hop, { stage: 'network_filter', decision: say`Envoy refuses ${filter.string('name')}`, because, at });
    return ending('config_rejected');
  }
  const targets = table?.targets ?? [];
  const names = new Set(targets.flatMap(namesOf));
  const [first] = targets;
  if (table && first && targets.length === 1 && table.isWhole && first.isObject) return drawCluster(hop, filter, first);
  const [clusterName] = names;
  if (!table || table.isOpen || names.size !== 1 || clusterName === undefined || !first) return cannotTell(whichRoute(filter, [...names]));
  for (const mirror of table.mirrors ?? []) noteMirror(hop, mirror);
  addStep(hop, {
    stage: 'network_filter',
    decision: say`${filter.string('name')} sends everything to cluster ${clusterName}`,
    because: words(
      table.isWhole ? 'all of its routes lead there' : 'all of its routes lead there; what none of them takes it answers itself',
    ),
    at: first,
  });
  return forward(hop, clusterName, first);
}

function drawCluster(hop: Hop, filter: ConfigNode, weighted: ConfigNode): HopResult {
  const drawn = chooseByWeight(hop, weighted);
  if ('disposition' in drawn) return drawn;
  addStep(hop, {
    stage: 'network_filter',
    decision: say`${filter.string('name')} sends everything to cluster ${drawn.name}`,
    because: words('its first route takes everything, and draws by weight'),
    at: drawn.at,
  });
  return forward(hop, drawn.name, drawn.at ?? weighted);
}

function forward(hop: Hop, clusterName: string, at: ConfigNode): HopResult {
  return forwardToCluster(hop, {
    clusterName,
    at,
    protocol: 'tcp',
    layers: hop.connection.layers,
    metadataMatch: undefined,
    clusterNotFound: { flags: ['NC'] },
  });
}

function whichRoute(filter: ConfigNode, names: readonly string[]): ReturnType<typeof say> {
  const leads = names.length > 0 ? say` (they lead to ${[...names]})` : words('');
  return say`which route of ${filter.string('name')} the client's commands take: a trace does not read its protocol${leads}`;
}

/** Of a name, or of all that `weighted_clusters` may draw. */
function namesOf(target: ConfigNode): string[] {
  if (!target.isObject) return [target.asString() ?? ''];
  return target
    .list('clusters')
    .filter((entry) => entry.number('weight') !== 0)
    .map((entry) => entry.string('name'));
}

function noteMirror(hop: Hop, policy: ConfigNode): void {
  const isForSome = policy.has('runtime_fraction') || policy.bool('exclude_read_commands') === true;
  const fraction = isForSome ? null : 1;
  (hop.record.mirrors ??= []).push({ cluster: policy.string('cluster'), probability: fraction });
}

/** A prefix of nothing fits every key, and comes before the route for the rest (redis_proxy/router_impl.cc; observed with Envoy 1.40). */
function readRedis(config: ConfigNode): RouteTable | undefined {
  const routes = config.get('prefix_routes');
  const listed = routes?.list('routes') ?? [];
  const forAll = listed.find((route) => route.string('prefix') === '') ?? routes?.get('catch_all_route');
  const all = [...listed.filter((route) => route !== forAll), ...(forAll ? [forAll] : [])];
  const old = forAll ? undefined : (routes?.get('catch_all_cluster') ?? config.get('cluster'));
  const targets = [...all.flatMap(clustersOfRedis), ...(old ? [old] : [])];
  const refused = refusalOfRedis(listed, targets);
  if (refused && !config.isIncomplete && !routes?.isIncomplete) return { targets, isWhole: false, refused };
  // Without a catch-all, a key that no prefix fits is answered by Envoy itself: the clusters are told, none is taken.
  if (!forAll && !old) return { targets, isWhole: false, isOpen: true };
  return { targets, isWhole: true, ...(all.length === 1 && forAll && { mirrors: forAll.list('request_mirror_policy') }) };
}

/** Commands that only read may go elsewhere. */
function clustersOfRedis(route: ConfigNode): ConfigNode[] {
  return [route.get('cluster'), route.path('read_command_policy', 'cluster')].filter((node) => node !== undefined);
}

function refusalOfRedis(routes: readonly ConfigNode[], targets: readonly ConfigNode[]): RouteTable['refused'] {
  const prefixes = routes.map((route) => route.string('prefix'));
  const twice = routes.find((_, index) => prefixes.indexOf(prefixes[index] ?? '') < index);
  if (twice) return { because: say`the prefix ${twice.string('prefix')} stands twice`, at: twice };
  return targets.length === 0 ? { because: words('it has neither routes nor one for all keys'), at: undefined } : undefined;
}

/** The first route without a name of a method or service, headers or inversion takes every call (thrift_proxy/router/router_impl.cc). */
function readThrift(config: ConfigNode): RouteTable | undefined {
  if (config.has('trds')) return undefined;
  return readRoutes(config.get('route_config')?.list('routes') ?? [], (match) => {
    const name = match?.string('method_name') || match?.string('service_name');
    return !name && match?.bool('invert') !== true && (match?.list('headers').length ?? 0) === 0;
  });
}

/** contrib/rocketmq_proxy/filters/network/source/router/route_matcher.cc */
function takesEveryTopic(match: ConfigNode | undefined): boolean {
  const isOpen = match?.path('topic', 'safe_regex', 'regex')?.asString() === '.*';
  return isOpen && match.list('headers').length === 0;
}

/** A Route header that is not there is made up for by the request's own line (contrib/sip_proxy/filters/network/source/router/router_impl.cc). */
function takesEveryDomain(match: ConfigNode | undefined): boolean {
  return match?.string('domain') === '*' && ['', 'Route', 'TopLine'].includes(match.string('header'));
}

/** Its clusters are Kafka's own (`upstream_clusters`), which the filter dials by itself; topics choose among them. */
function readKafkaMesh(config: ConfigNode): RouteTable {
  const targets = config.list('forwarding_rules').flatMap((rule) => rule.get('target_cluster') ?? []);
  return { targets, isWhole: false, isOpen: true };
}

/** Interfaces and versions are said by the calls. */
function readDubbo(config: ConfigNode): RouteTable | undefined {
  if (config.has('drds')) return undefined;
  const tables = config.get('multiple_route_config')?.list('route_config') ?? config.list('route_config');
  return readRoutes(
    tables.flatMap((table) => table.list('routes')),
    () => false,
  );
}

/** Thrift, Dubbo, SIP and RocketMQ share the shape `{match, route: {cluster | weighted_clusters}}`; a cluster by header leaves everything open. */
function readRoutes(routes: readonly ConfigNode[], takesAll: (match: ConfigNode | undefined) => boolean): RouteTable | undefined {
  const last = routes.findIndex((route) => takesAll(route.get('match')));
  const reachable = last < 0 ? routes : routes.slice(0, last + 1);
  const targets = reachable.map((route) => route.path('route', 'cluster') ?? route.path('route', 'weighted_clusters'));
  if (!targets.every((node) => node !== undefined)) return undefined;
  const [only] = reachable.length === 1 ? reachable : [];
  return { targets, isWhole: last >= 0, mirrors: only?.get('route')?.list('request_mirror_policies') ?? [] };
}
