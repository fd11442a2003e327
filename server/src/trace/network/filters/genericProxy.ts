/** envoy.filters.network.generic_proxy (Envoy: source/extensions/filters/network/generic_proxy/router/router.cc, route_impl.cc; observed with Envoy 1.40). */
import type { ConfigNode } from '../../../schema/configNode';
import { forwardToCluster } from '../../cluster/forwardToCluster';
import type { HttpRequest } from '../../facts/httpRequest';
import { addStep, type Hop, type HopResult } from '../../hop';
import { evaluateMatcher } from '../../matcher/evaluateMatcher';
import { matchContextOf } from '../../matcher/matchContext';
import { cannotTell, ending } from '../../record/hopRecord';
import { say, words, type Sentence } from '../../record/sentence';
import type { NetworkFilterEntry } from '../networkFilter';
import { readGenericInput, testGenericRequest } from './genericRequest';
import { GENERIC_ROUTER, refusalOfGenericProxy } from './refusedGenericProxy';

const ACTION = 'envoy.extensions.filters.network.generic_proxy.action.v3.RouteAction';

/** Routes requests of any protocol by a matcher tree. Those of the HTTP/1 codec are read; of others it is said where they may go. */
export function proxyGeneric(hop: Hop, { filter, config: { node } }: NetworkFilterEntry): HopResult {
  const name = filter.string('name');
  const refused = refusalOfGenericProxy(node);
  if (refused) {
    addStep(hop, { stage: 'network_filter', decision: say`Envoy refuses ${name}`, ...refused });
    return ending('config_rejected');
  }
  const other = node.list('filters').find((each) => each.typed()?.type !== GENERIC_ROUTER);
  if (other) return cannotTell(say`what the filter ${other.string('name')} of ${name} does`);
  const routes = node.get('route_config');
  if (!routes) return cannotTell(say`the routes of ${name}, which come by discovery`);
  const request = requestOf(hop, node);
  hop.record.protocol = request ? 'http1' : 'tcp';
  const tree = chooseTree(routes, request);
  if (tree === 'unknown') return cannotTell(say`which host a request to ${name} names: ${whereTo(routes)}`);
  if (!tree) return noRoute(hop, filter, { because: words('no virtual host takes the request'), isHttp: request !== undefined });
  const result = evaluateMatcher(tree, {
    ...matchContextOf(hop),
    readInput: (input) => readGenericInput(input, request),
    testCustom: (custom) => testGenericRequest(custom, request),
  });
  if (result.kind === 'insufficient')
    return cannotTell(say`which route of ${name} the request takes (${result.missing}): ${whereTo(routes)}`);
  if (result.kind === 'no_match') return noRoute(hop, filter, { because: result.because, isHttp: request !== undefined });
  return forward(hop, { action: result.action, because: result.because, name, isHttp: request !== undefined });
}

/** What an HTTP/1 client says; undefined where the codec is another one. */
function requestOf({ connection }: Hop, config: ConfigNode): HttpRequest | undefined {
  const [top] = connection.layers;
  const isHttp = config.get('codec_config')?.typed()?.type.endsWith('.http1.v3.Http1CodecConfig') === true;
  return isHttp && top?.kind === 'http' && top.request.version === 'http1' ? top.request : undefined;
}

/** The whole host, then the longest `*suffix`, the longest `prefix*`, `*`; `routes` beside the hosts are those of `*`. */
function chooseTree(config: ConfigNode, request: HttpRequest | undefined): ConfigNode | 'unknown' | undefined {
  const hosts = config.list('virtual_hosts').flatMap((host) => host.list('hosts').map((name) => ({ host, name: name.asString() ?? '' })));
  const standard = hosts.find(({ name }) => name === '*')?.host.get('routes') ?? config.get('routes');
  const named = hosts.filter(({ name }) => name !== '*');
  if (!request) return named.length > 0 ? 'unknown' : standard;
  const text = request.authority;
  const longest = (fits: (name: string) => boolean): ConfigNode | undefined =>
    named.filter(({ name }) => fits(name)).sort((one, other) => other.name.length - one.name.length)[0]?.host;
  const chosen =
    named.find(({ name }) => name === text)?.host ??
    longest((name) => name.startsWith('*') && text.endsWith(name.slice(1))) ??
    longest((name) => name.endsWith('*') && !name.startsWith('*') && text.startsWith(name.slice(0, -1)));
  return chosen ? chosen.get('routes') : standard;
}

interface Chosen {
  readonly action: ConfigNode;
  readonly because: Sentence;
  readonly name: string;
  readonly isHttp: boolean;
}

/** Weighted clusters are in the API only: Envoy finds no cluster then. */
function forward(hop: Hop, { action, because, name, isHttp }: Chosen): HopResult {
  const typed = action.typed();
  const at = typed?.type === ACTION ? typed.node.get('cluster') : undefined;
  const clusterName = at?.asString() ?? '';
  addStep(hop, { stage: 'network_filter', decision: say`${name} sends the request to cluster ${clusterName}`, because, at: at ?? action });
  return forwardToCluster(hop, {
    clusterName,
    at: at ?? action,
    protocol: 'tcp',
    layers: hop.connection.layers,
    metadataMatch: undefined,
    clusterNotFound: { ...(isHttp && { code: 404 }), flags: ['NC'], details: 'cluster_not_found' },
  });
}

function noRoute(hop: Hop, filter: ConfigNode, { because, isHttp }: { because: Sentence; isHttp: boolean }): HopResult {
  addStep(hop, { stage: 'network_filter', decision: say`${filter.string('name')} has no route for the request`, because, at: filter });
  return ending('no_route', { ...(isHttp && { code: 404 }), flags: ['NR'], details: 'route_not_found' });
}

const MAX_NODES = 10_000;

/** The clusters that any of the routes names. */
function whereTo(routes: ConfigNode): Sentence {
  const names = new Set<string>();
  const open = [routes];
  for (let count = 0; open.length > 0 && count < MAX_NODES; count++) {
    const node = open.pop();
    if (!node) break;
    const typed = node.typed();
    if (typed?.type === ACTION) names.add(typed.node.string('cluster'));
    else open.push(...(node.isArray ? node.items() : node.entries().map(([, child]) => child)));
  }
  return say`its routes lead to ${[...names].sort()}`;
}
