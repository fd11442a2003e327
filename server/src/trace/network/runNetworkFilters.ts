/** The chain's network filters in order, until one ends the connection or sends it on (Envoy: source/common/network/filter_manager_impl.cc). */
import type { ConfigNode, TypedConfig } from '../../schema/configNode';
import { isWithoutHosts } from '../cluster/clusterHosts';
import { isMissingCluster } from '../cluster/findCluster';
import { addStep, type Hop, type HopResult } from '../hop';
import { cannotTell, ending } from '../record/hopRecord';
import { say, words } from '../record/sentence';
import { networkFilters, type NetworkFilter } from './networkFilters';
import { readFilterConfig } from './readFilterConfig';

export function runNetworkFilters(hop: Hop): HopResult | undefined {
  const list = hop.filterChain?.get('filters');
  const filters = list?.items() ?? [];
  const incomplete = list?.isIncomplete || hop.filterChain?.isIncomplete;
  if (filters.length === 0) {
    if (incomplete) return cannotTell(words('the network filters of the chain, which the file leaves out'));
    addStep(hop, {
      stage: 'network_filter',
      decision: words('Envoy closes the connection'),
      because: words('the filter chain has no network filters'),
      ...(hop.filterChain && { at: hop.filterChain }),
    });
    return ending('closed');
  }
  const entries = filters.map((filter) => readEntry(hop, filter));
  const refused = incomplete ? undefined : findRefusal(entries);
  if (refused) {
    addStep(hop, { stage: 'network_filter', decision: words('Envoy refuses the filter chain'), ...refused });
    return ending('config_rejected');
  }
  // A filter before the last one may end the connection: it is a TCP connection then, unless HTTP was to come.
  if (entries.at(-1)?.config?.type.endsWith('.HttpConnectionManager') !== true) hop.record.protocol = 'tcp';
  for (const [index, entry] of entries.entries()) {
    const result = runEntry(hop, entry);
    if (result) return closedBefore(hop, { result, entry, later: entries.slice(index + 1) }) ?? result;
  }
  return cannotTell(words('the network filters after the last one in the file'));
}

/**
 * What a connection ends by that TLS refuses: a tcp_proxy behind nothing that ends connections before, without its cluster or a host, has closed it before the
 * handshake (observed with Envoy 1.40).
 */
export function closedBeforeTls(hop: Hop, result: HopResult): HopResult | undefined {
  if (result.kind !== 'ending' || result.disposition !== 'tls_error') return undefined;
  const entries = (hop.filterChain?.get('filters')?.items() ?? []).map((filter) => readEntry(hop, filter));
  const others = entries.slice(0, -1);
  if (others.some(({ config }) => !WAITING.has(config?.type ?? ''))) return undefined;
  // Filter state may name another cluster, as it does where TLS is not refused.
  for (const entry of others) if (entry.config?.type === SET_FILTER_STATE) runEntry(hop, entry);
  return closedAtOnce(hop, entries.at(-1));
}

/** What is decided on the first bytes, or cannot be known, comes too late for a connection that a later filter closes before. */
function closedBefore(
  hop: Hop,
  { result, entry, later }: { result: HopResult; entry: Entry; later: readonly Entry[] },
): HopResult | undefined {
  const isLate = result.kind === 'ending' && result.disposition !== 'config_rejected' && ON_BYTES.has(entry.config?.type ?? '');
  if (!isLate) return undefined;
  for (const each of later) {
    const closed = AT_ONCE.has(each.config?.type ?? '') ? runEntry(hop, each) : undefined;
    if (closed) return closed;
  }
  return closedAtOnce(hop, later.at(-1));
}

/** A tcp_proxy looks for its cluster and a host as soon as the connection is there, before any byte is read (tcp_proxy.cc onNewConnection). */
function closedAtOnce(hop: Hop, last: Entry | undefined): HopResult | undefined {
  if (last?.config?.type !== TCP_PROXY || last.config.node.has('weighted_clusters')) return undefined;
  if (!['', '0', 'IMMEDIATE'].includes(last.config.node.enumName('upstream_connect_mode'))) return undefined;
  const named = hop.connection.filterState.get('envoy.tcp_proxy.cluster');
  const cluster = named?.unknown === true ? '' : (named?.value ?? last.config.node.string('cluster'));
  if (cluster === '') return undefined;
  const found = hop.proxy.byName.cluster.get(cluster)?.node;
  const isClosed = found ? isWithoutHosts(hop.proxy, found) : isMissingCluster(hop, cluster);
  if (!isClosed) return undefined;
  hop.record.protocol = 'tcp';
  addStep(hop, {
    stage: 'network_filter',
    decision: words('the connection is closed before any of this is read'),
    because: say`${last.filter.string('name')} looks for its cluster and a host as soon as the connection is there`,
    at: last.filter,
  });
  return runEntry(hop, last);
}

const SET_FILTER_STATE = 'envoy.extensions.filters.network.set_filter_state.v3.Config';

const TCP_PROXY = 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';

const ON_BYTES: ReadonlySet<string> = new Set([
  'envoy.extensions.filters.network.rbac.v3.RBAC',
  'envoy.extensions.filters.network.ext_authz.v3.ExtAuthz',
  'envoy.extensions.filters.network.ext_proc.v3.NetworkExternalProcessor',
]);

/** They decide when the connection is there (onNewConnection). */
const AT_ONCE: ReadonlySet<string> = new Set([
  'envoy.extensions.filters.network.direct_response.v3.Config',
  'envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit',
  'envoy.extensions.filters.network.ratelimit.v3.RateLimit',
]);

/** They decide on bytes, or only write something down. */
const WAITING: ReadonlySet<string> = new Set([
  ...ON_BYTES,
  SET_FILTER_STATE,
  'envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit',
  'envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit',
]);

interface Entry {
  readonly filter: ConfigNode;
  /** Undefined: to come by ECDS, and not in the files. */
  readonly config: TypedConfig | undefined;
  /** Undefined: a filter that nobody knows here. */
  readonly known: NetworkFilter | undefined;
}

function readEntry(hop: Hop, filter: ConfigNode): Entry {
  const found = readFilterConfig(filter, hop.proxy);
  const config = found.kind === 'config' ? found.config : undefined;
  return { filter, config, known: config && networkFilters.get(config.type) };
}

/** configuration_impl.cc validateTerminalFilters. */
function findRefusal(entries: readonly Entry[]): { because: ReturnType<typeof say>; at: ConfigNode } | undefined {
  const last = entries.at(-1);
  for (const { filter, known } of entries) {
    const isLast = filter === last?.filter;
    if (known?.terminal === true && !isLast)
      return { because: say`the terminal filter ${filter.string('name')} must be the last one`, at: filter };
    if (known?.terminal === false && isLast)
      return { because: say`the last filter ${filter.string('name')} is not a terminal one`, at: filter };
  }
  return undefined;
}

function runEntry(hop: Hop, { filter, config, known }: Entry): HopResult | undefined {
  const name = filter.string('name');
  if (!config) return cannotTell(say`the configuration of the network filter ${name}, which is delivered by ECDS: no open file has it`);
  // "Trace from here" inside the routes takes what stands before them for granted.
  if (known?.terminal === false && (hop.assumed?.virtualHost || hop.assumed?.route)) {
    addStep(hop, {
      stage: 'network_filter',
      decision: say`${name} lets the connection pass`,
      because: words('the trace begins further down'),
      at: filter,
      assumed: true,
    });
    return undefined;
  }
  if (known) return known.run(hop, { filter, config });
  return cannotTell(say`what the network filter ${config.type || name} does`);
}
