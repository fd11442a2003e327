/** A filter that closes the connection as soon as it is there comes before what earlier ones, or TLS, decide on bytes. */
import { Choices } from '../choices';
import { addStep, type Hop, type HopResult, type HopState } from '../hop';
import { copyState } from '../hopState';
import { say, words } from '../record/sentence';
import { readEntry, runEntry, type FilterEntry } from './filterEntry';
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
  if (last?.config?.type !== TCP_PROXY) return undefined;
  if (!last.config.node.isEnum('upstream_connect_mode', 'IMMEDIATE', 0)) return undefined;
  const connect = (choices: Choices<HopState>): Connected => {
    const ahead = copyHop(hop, choices);
    for (const entry of writers) if (WRITING.has(entry.config?.type ?? '')) runEntry(ahead, entry);
    addStep(ahead, {
      stage: 'network_filter',
      decision: words('the connection is closed before any of this is read'),
      because: say`${last.filter.string('name')} looks for its cluster and a host as soon as the connection is there`,
      at: last.filter,
    });
    return { ahead, result: runEntry(ahead, last) };
  };
  // Only draws that matter become branches: where every one leads to a host, what is decided on bytes comes after all.
  if (!mayLeadNowhere(connect)) return undefined;
  const { ahead, result } = connect(hop.choices);
  if (lacksCluster({ ahead, result })) return result;
  if (!leadsNowhere(result)) return undefined;
  Object.assign(hop.record, ahead.record);
  return result;
}

/** What comes of looking for the cluster and its host. */
interface Connected {
  readonly ahead: Hop;
  readonly result: HopResult | undefined;
}

/** The same place, to look ahead from: what is written down there is forgotten. */
function copyHop(hop: Hop, choices: Choices<HopState>): Hop {
  return { ...hop, ...copyState(hop), choices };
}

function mayLeadNowhere(connect: (choices: Choices<HopState>) => Connected): boolean {
  for (let choices: Choices<HopState> | undefined = new Choices<HopState>(); choices; choices = choices.next()) {
    const connected = connect(choices);
    if (leadsNowhere(connected.result) || lacksCluster(connected)) return true;
  }
  return false;
}

/** Nobody can tell whether the cluster is there. */
function lacksCluster({ ahead: { proxy, record }, result }: Connected): boolean {
  const isOpen = result?.kind === 'ending' && result.disposition === 'insufficient_info';
  return isOpen && record.cluster !== undefined && !proxy.byName.cluster.has(record.cluster);
}

/** The cluster of the tcp_proxy is not there, has no host that may be used, or names an internal listener that is not there. */
function leadsNowhere(result: HopResult | undefined): boolean {
  return result?.kind === 'ending' && NOWHERE.has(result.disposition);
}

const NOWHERE: ReadonlySet<string> = new Set(['no_cluster', 'no_endpoint', 'no_listener']);

const ON_BYTES: ReadonlySet<string> = new Set([RBAC, EXT_AUTHZ, EXT_PROC]);

/** They decide when the connection is there (onNewConnection). */
const AT_ONCE: ReadonlySet<string> = new Set([DIRECT_RESPONSE, LOCAL_RATE_LIMIT, RATE_LIMIT]);

/** They write filter state when the connection is there, and decide nothing. */
const WRITING: ReadonlySet<string> = new Set([SET_FILTER_STATE, SNI_CLUSTER]);

/** They decide on bytes, or only write something down. */
const WAITING: ReadonlySet<string> = new Set([...ON_BYTES, ...WRITING, CONNECTION_LIMIT, LOCAL_RATE_LIMIT]);
