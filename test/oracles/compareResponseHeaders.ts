/** Are the headers that the client got those that the upstream sent, changed as the trace says? */
import type { TraceResponse } from '../../server/src/protocol/trace';
import type { Difference } from './compareHop';
import type { ObservedResponse } from './observation';

/** Headers of Envoy and of the connection, and those that change with time. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'date',
  'server',
  'connection',
  'content-length',
  'transfer-encoding',
  'x-envoy-upstream-service-time',
]);

export function isCompared(name: string): boolean {
  return !OWN_HEADERS.has(name) && !name.startsWith(':');
}

/** Compares only where the observation tells what the upstream sent. */
export function compareResponseHeaders({ headers, sent: upstreamSent }: ObservedResponse, got: TraceResponse | undefined): Difference[] {
  if (!headers || !upstreamSent) return [];
  // An answer of Envoy's own may stand in the upstream's place.
  const sent = got?.code === undefined ? upstreamSent : [];
  const changes = got?.headers ?? { set: [], append: [], remove: [] };
  if (changes.uncertain?.includes('*') === true) return [];
  const replaced = new Set([...changes.remove, ...changes.set.map(([name]) => name)]);
  // What depends on the answer itself, or is known at run time only, is said to be so.
  const tellsType = changes.set.some(([name]) => name === 'content-type');
  // The type of an own answer's body is told where a filter changes it only.
  const isCertain = ([name]: readonly [string, string]): boolean =>
    changes.uncertain?.includes(name) !== true &&
    (name !== 'content-type' || sent.length > 0 || tellsType) &&
    // Of an own answer it is compared by itself, joined to one line.
    (name !== 'location' || sent.length > 0);
  const expected = show(headers.filter(isCertain));
  const made = show([...sent.filter(([name]) => !replaced.has(name)), ...changes.set, ...changes.append].filter(isCertain));
  return expected.join('; ') === made.join('; ') ? [] : [{ field: 'response.headers', expected, got: made }];
}

/** Several values of a name are one list. */
function show(headers: readonly (readonly [string, string])[]): string[] {
  const values = new Map<string, string[]>();
  for (const [name, value] of headers) if (isCompared(name)) values.set(name, [...(values.get(name) ?? []), value]);
  return [...values].map(([name, list]) => `${name}: ${list.join(', ')}`).sort();
}
