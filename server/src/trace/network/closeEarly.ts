/** A filter that closes the connection as soon as it is there comes before what earlier ones, or TLS, decide on bytes. */
import type { ConfigNode } from '../../schema/configNode';
import { isWithoutHosts } from '../cluster/clusterHosts';
import { isMissingCluster } from '../cluster/findCluster';
import { addStep, type Hop, type HopResult } from '../hop';
import { say, words } from '../record/sentence';
import { readEntry, runEntry, type FilterEntry } from './filterEntry';
import { TCP_PROXY_CLUSTER } from './filters/sniCluster';
import {
  CONNECTION_LIMIT,
  DIRECT_RESPONSE,
  EXT_AUTHZ,
  EXT_PROC,
  LOCAL_RATE_LIMIT,
  RATE_LIMIT,
  RBAC,
  SET_FILTER_STATE,
  SNI_CLUSTER,
  TCP_PROXY,
} from './filterTypes';

/**
 * What a connection ends by that TLS refuses: a tcp_proxy behind nothing that ends connections before, without its cluster or a host, has closed it before the
 * handshake (observed with Envoy 1.40).
 */
export function closedBeforeTls(hop: Hop, result: HopResult): HopResult | undefined {
  if (result.kind !== 'ending' || result.disposition !== 'tls_error') return undefined;
  const entries = (hop.filterChain?.get('filters')?.items() ?? []).map((filter) => readEntry(hop, filter));
  const others = entries.slice(0, -1);
  if (others.some(({ config }) => !WAITING.has(config?.type ?? ''))) return undefined;
  return closedAtOnce(hop, { last: entries.at(-1), writers: others });
}

/** What is decided on the first bytes, or cannot be known, comes too late for a connection that a later filter closes before. */
export function closedBefore(
  hop: Hop,
  { result, entry, later }: { result: HopResult; entry: FilterEntry; later: readonly FilterEntry[] },
): HopResult | undefined {
  const isLate = result.kind === 'ending' && result.disposition !== 'config_rejected' && ON_BYTES.has(entry.config?.type ?? '');
  if (!isLate) return undefined;
  for (const each of later) {
    const closed = AT_ONCE.has(each.config?.type ?? '') ? runEntry(hop, each) : undefined;
    if (closed) return closed;
  }
  return closedAtOnce(hop, { last: later.at(-1), writers: later.slice(0, -1) });
}

/**
 * A tcp_proxy looks for its cluster and a host as soon as the connection is there, before any byte is read (tcp_proxy.cc onNewConnection). By then the
 * filters before it, among them those of `writers` that have not run, have written which cluster it shall be.
 */
function closedAtOnce(
  hop: Hop,
  { last, writers }: { last: FilterEntry | undefined; writers: readonly FilterEntry[] },
): HopResult | undefined {
  if (last?.config?.type !== TCP_PROXY || last.config.node.has('weighted_clusters')) return undefined;
  if (!['', '0', 'IMMEDIATE'].includes(last.config.node.enumName('upstream_connect_mode'))) return undefined;
  const told = hop.record.steps.length;
  for (const entry of writers) if (WRITING.has(entry.config?.type ?? '')) runEntry(hop, entry);
  if (!hasNowhereToGo(hop, last.config.node)) {
    // What is decided on bytes comes after all, and has been told.
    hop.record.steps.length = told;
    return undefined;
  }
  hop.record.protocol = 'tcp';
  addStep(hop, {
    stage: 'network_filter',
    decision: words('the connection is closed before any of this is read'),
    because: say`${last.filter.string('name')} looks for its cluster and a host as soon as the connection is there`,
    at: last.filter,
  });
  return runEntry(hop, last);
}

/** The cluster of the tcp_proxy is not there, or has no host. */
function hasNowhereToGo(hop: Hop, config: ConfigNode): boolean {
  const named = hop.connection.filterState.get(TCP_PROXY_CLUSTER);
  const cluster = named?.unknown === true ? '' : (named?.value ?? config.string('cluster'));
  if (cluster === '') return false;
  const found = hop.proxy.byName.cluster.get(cluster)?.node;
  return found ? isWithoutHosts(hop.proxy, found) : isMissingCluster(hop, cluster);
}

const ON_BYTES: ReadonlySet<string> = new Set([RBAC, EXT_AUTHZ, EXT_PROC]);

/** They decide when the connection is there (onNewConnection). */
const AT_ONCE: ReadonlySet<string> = new Set([DIRECT_RESPONSE, LOCAL_RATE_LIMIT, RATE_LIMIT]);

/** They write filter state when the connection is there, and decide nothing. */
const WRITING: ReadonlySet<string> = new Set([SET_FILTER_STATE, SNI_CLUSTER]);

/** They decide on bytes, or only write something down. */
const WAITING: ReadonlySet<string> = new Set([...ON_BYTES, ...WRITING, CONNECTION_LIMIT, LOCAL_RATE_LIMIT]);
