/** Decides whether a trace agrees with what a real Envoy did: every outcome among the paths, and a certain path the only outcome. */
import type { Trace, TracePath } from '../../server/src/protocol/trace';
import { compareHop, type Difference } from './compareHop';
import { comparePassedAnswer, compareResponse } from './compareResponse';
import { compareResponseHeaders } from './compareResponseHeaders';
import type { Observation, Outcome } from './observation';

export type Agreement =
  | { readonly kind: 'agree' }
  /** Envoy had a definite answer, the trace says `insufficient_info`: a disagreement, counted apart. */
  | { readonly kind: 'could_not_tell'; readonly missing: readonly string[] }
  | { readonly kind: 'disagree'; readonly because: string; readonly differences: readonly Difference[] }
  /** The observation says nothing about the configuration (Envoy crashed). */
  | { readonly kind: 'not_comparable'; readonly because: string };

/** Below this chance a path that never occurred is said to be missing in reality. */
const NEVER = 1e-6;
const CERTAIN = 1 - 1e-9;

/** Compares all outcomes of one request with its trace. */
export function compareObservation(trace: Trace, outcomes: readonly Outcome[]): Agreement {
  const matched = new Set<TracePath>();
  for (const { observation } of outcomes) {
    if (NOT_COMPARABLE.has(observation.disposition)) return { kind: 'not_comparable', because: observation.disposition };
    const compared = trace.paths.map((path) => ({ path, differences: comparePath(observation, path) }));
    const agreeing = compared.filter(({ differences }) => differences.length === 0);
    if (agreeing.length === 0) return noneAgrees(observation, compared, trace);
    agreeing.forEach(({ path }) => matched.add(path));
  }
  return findCertainty(trace, outcomes, matched) ?? findPhantom(trace, outcomes, matched) ?? { kind: 'agree' };
}

/** One line that a person can act on. */
export function describeAgreement(agreement: Agreement): string {
  switch (agreement.kind) {
    case 'agree':
      return 'agrees';
    case 'could_not_tell':
      return `could not tell: ${agreement.missing.join('; ') || 'nothing is said of what is missing'}`;
    case 'not_comparable':
      return `not comparable: ${agreement.because}`;
    case 'disagree': {
      const told = agreement.differences
        .slice(0, 4)
        .map(({ field, expected, got }) => `${field}: Envoy ${show(without(expected, got))}, trace ${show(without(got, expected))}`);
      return [agreement.because, ...told].filter((part) => part !== '').join('; ');
    }
  }
}

const NOT_COMPARABLE: ReadonlySet<string> = new Set(['crashed', 'restarts']);

type Compared = { readonly path: TracePath; readonly differences: readonly Difference[] };

function noneAgrees(observation: Observation, compared: readonly Compared[], trace: Trace): Agreement {
  const unsure = trace.paths.filter(({ disposition }) => disposition === 'insufficient_info');
  if (unsure.length > 0) return { kind: 'could_not_tell', missing: [...new Set(unsure.flatMap(({ missing }) => missing ?? []))] };
  const [nearest] = [...compared].sort((one, other) => distance(one) - distance(other));
  if (!nearest) return { kind: 'disagree', because: `Envoy: ${observation.disposition}; the trace has no paths`, differences: [] };
  const others = compared.length > 1 ? `none of ${compared.length} paths; nearest` : '';
  return { kind: 'disagree', because: others, differences: nearest.differences };
}

/** A wrong disposition weighs most: then the path is another one. */
function distance({ differences }: Compared): number {
  return differences.reduce((sum, { field }) => sum + (field === 'disposition' || field === 'hops' ? 10 : 1), 0);
}

/** A path with probability 1 must be what every outcome shows. */
function findCertainty(trace: Trace, outcomes: readonly Outcome[], matched: ReadonlySet<TracePath>): Agreement | undefined {
  const certain = [...matched].find(({ probability }) => probability !== null && probability >= CERTAIN);
  if (!certain) return undefined;
  const stranger = outcomes.find(({ observation }) => comparePath(observation, certain).length > 0);
  if (!stranger) return undefined;
  const because = `the trace calls one path certain, Envoy also did another (${trace.paths.length} paths)`;
  return { kind: 'disagree', because, differences: comparePath(stranger.observation, certain) };
}

/** Paths that the trace calls likely and that never occurred in many tries. */
function findPhantom(trace: Trace, outcomes: readonly Outcome[], matched: ReadonlySet<TracePath>): Agreement | undefined {
  const tries = outcomes.reduce((sum, { count }) => sum + count, 0);
  const unseen = trace.paths.filter((path) => !matched.has(path) && path.probability !== null);
  const share = unseen.reduce((sum, { probability }) => sum + (probability ?? 0), 0);
  if (Math.pow(1 - Math.min(share, 1), tries) >= NEVER) return undefined;
  const told = unseen.slice(0, 3).map(({ branches, disposition }) => [...branches.map(({ value }) => value), disposition].join(' → '));
  return {
    kind: 'disagree',
    because: `paths with a share of ${share.toFixed(3)} never occurred in ${tries} tries: ${told.join(' | ')}`,
    differences: [],
  };
}

/** All differences between an observation and one path; none: they agree. */
function comparePath(observation: Observation, path: TracePath): Difference[] {
  const found: Difference[] = [];
  const allowed = allowedDispositions(observation);
  if (!allowed.includes(path.disposition)) found.push({ field: 'disposition', expected: allowed.join('|'), got: path.disposition });
  found.push(...compareHops(observation, path));
  found.push(
    ...(leavesTheProxies(observation) ? comparePassedAnswer(observation, path.response) : compareResponse(observation, path.response)),
  );
  if (observation.response) found.push(...compareResponseHeaders(observation.response, path.response));
  const connectCode = observation.response?.connectCode;
  if (connectCode !== undefined && !path.hops.some(({ response }) => response?.code === connectCode))
    found.push({ field: 'hops[].response.code', expected: connectCode, got: path.hops.map(({ response }) => response?.code) });
  return found;
}

function compareHops(observation: Observation, path: TracePath): Difference[] {
  const expected = observation.hops;
  // Nothing was logged where nobody listened; the trace may show the hop that was tried.
  const open = observation.disposition === 'no_listener' && path.hops.length >= expected.length;
  if (!open && expected.length !== path.hops.length)
    return [
      { field: 'hops', expected: expected.map(({ listener }) => listener), got: path.hops.map(({ listener }) => listener) },
      ...compareCommonHops(observation, path),
    ];
  return compareCommonHops(observation, path);
}

function compareCommonHops(observation: Observation, path: TracePath): Difference[] {
  const last = observation.hops.length - 1;
  return observation.hops.flatMap((hop, index) => {
    const got = path.hops[index];
    return got ? compareHop(hop, got, { prefix: `hops[${index}]`, refused: index === last && isRefusal(observation) }) : [];
  });
}

/** Where a filter answered, the cluster of the route was known already, but nothing depends on it. */
const REFUSALS: ReadonlySet<string> = new Set(['denied', 'closed', 'direct_response', 'lua_response', 'tls_error']);

function isRefusal({ disposition, hops }: Observation): boolean {
  const details = hops.at(-1)?.logged?.details ?? '';
  if (disposition === 'redirect') return details.startsWith('oauth.');
  // The transcoder refuses what does not fit its method.
  if (disposition === 'bad_request') return details.includes('grpc_json_transcode_failure');
  return REFUSALS.has(disposition) || disposition.startsWith('local_reply');
}

/** The application answered, or refused. */
function leavesTheProxies({ disposition }: Observation): boolean {
  return disposition === 'upstream' || disposition === 'upstream_failure';
}

/** The contract's words for what the observer called otherwise (README of `envoy_observed`). */
function allowedDispositions(observation: Observation): readonly string[] {
  const { disposition, response } = observation;
  const details = response?.details ?? '';
  if (disposition === 'lua_response') return ['insufficient_info', 'local_reply'];
  if (disposition === 'upstream_failure') return ['upstream', 'no_endpoint', 'tls_error', 'no_listener'];
  if (disposition.startsWith('local_reply')) return ['local_reply'];
  if (disposition === 'denied' && LOCAL_REPLIES.some((start) => details.startsWith(start))) return ['local_reply'];
  if (disposition === 'direct_response' && details.startsWith('health_check')) return ['local_reply'];
  return [disposition];
}

const LOCAL_REPLIES = [
  'upgrade_failed',
  'fault_filter_abort',
  'drop_overload',
  'unconditional_drop_overload',
  'local_rate_limited',
  'request_rate_limited',
];

/** Of two lists only what differs is told. */
function without(value: unknown, other: unknown): unknown {
  if (!Array.isArray(value) || !Array.isArray(other)) return value;
  const common = new Set(other.map((each) => JSON.stringify(each)));
  const own = value.filter((each) => !common.has(JSON.stringify(each))) as unknown[];
  return own.length > 0 || value.length !== other.length ? own : value;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === '' ? "''" : text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
