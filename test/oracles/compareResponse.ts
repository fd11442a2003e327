/** Does the answer that the client got have the status, body and reason that the trace says? */
import type { TraceResponse } from '../../server/src/protocol/trace';
import type { Difference } from './compareHop';
import type { Observation, ObservedLog } from './observation';

/** The application's own answer is not the trace's business, but what the proxies make of it is; a tunnel's end says nothing of it. */
export function comparePassedAnswer(observation: Observation, got: TraceResponse | undefined): Difference[] {
  const { code, body } = innermost(observation);
  if (observation.disposition !== 'upstream' || code === undefined || observation.hops.at(-1)?.protocol === 'tcp') return [];
  const found: Difference[] = [];
  const agrees = got?.code === undefined ? APPLICATION_CODES.has(code) : code === got.code;
  if (!agrees) found.push({ field: 'response.code', expected: code, got: got?.code });
  if (got?.body !== undefined && got.body !== body) found.push({ field: 'response.body', expected: body, got: got.body });
  return found;
}

/** What the observer's application answers, the second to an upgrade. */
const APPLICATION_CODES: ReadonlySet<number> = new Set([200, 101]);

/** The answer that Envoy gave itself. */
export function compareResponse(observation: Observation, got: TraceResponse | undefined): Difference[] {
  const found: Difference[] = [];
  const check = (field: string, want: unknown, have: unknown): void => {
    if (want !== undefined && want !== have) found.push({ field: `response.${field}`, expected: want, got: have });
  };
  // Why a Lua script answers is in its text alone.
  if (observation.disposition === 'lua_response') return [];
  const { code, body } = innermost(observation);
  check('code', code, got?.code);
  const location = observation.response?.location;
  if (!isDrawn(location, got?.location)) check('location', location, got?.location);
  if (!got?.unknown?.includes('body')) check('body', body, got?.body);
  if (observation.disposition === 'tls_error' || observation.disposition === 'no_listener') return found;
  const failing = failingLog(observation);
  check('flags', failing.flags, sortFlags(got?.flags ?? []));
  if (failing.details !== undefined && !sameDetails(failing.details, got?.details)) check('details', failing.details, got?.details ?? null);
  return found;
}

/** A `…` of the trace stands for what Envoy has drawn. */
function isDrawn(location: string | undefined, got: string | undefined): boolean {
  const parts = got?.split('…') ?? [];
  if (location === undefined || parts.length < 2) return false;
  let at = 0;
  for (const part of parts) {
    const found = location.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return location.startsWith(parts[0] ?? '') && location.endsWith(parts.at(-1) ?? '');
}

function innermost({ inner, response }: Observation): { code?: number; body?: string } {
  return { code: inner?.status ?? response?.code, body: inner?.body ?? response?.body };
}

/** Flags and details of the hop that failed: the last one. `response` repeats the first hop that logged HTTP. */
function failingLog({ hops, response }: Observation): { flags?: string; details?: string } {
  const logged: ObservedLog | undefined = hops.at(-1)?.logged;
  if (logged) return { flags: sortFlags((logged.flags ?? '').split(',')), details: logged.details };
  if (hops.length !== 1 || !response) return {};
  return { flags: response.flags && sortFlags(response.flags), details: response.details };
}

/** `DC` and `UC` are the observer hanging up, or the neighbour's failure. */
function sortFlags(flags: readonly string[]): string {
  return [...new Set(flags)]
    .filter((flag) => flag !== '' && flag !== 'DC' && flag !== 'UC')
    .sort()
    .join(',');
}

/** Of a reset only its kind is Envoy's decision; the rest is the operating system's text. */
function sameDetails(expected: string, got: string | undefined): boolean {
  if (got === undefined) return false;
  const reset = /^upstream_reset_[a-z_]+\{[a-z_]+/u.exec(expected)?.[0];
  return reset === undefined ? expected === got : got.startsWith(reset);
}
