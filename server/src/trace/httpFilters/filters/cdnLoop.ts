/** envoy.filters.http.cdn_loop (Envoy: source/extensions/filters/http/cdn_loop/filter.cc). */
import { knownHeader, setHeader } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { HopResult } from '../../hop';
import { say, words } from '../../record/sentence';
import { answer, leaveOpen, pass, type FilterCall } from '../filterCall';

const PARAMETER = /[ \t]*;[ \t]*[!#$%&'*+.^_`|~\w-]+=(?:[!#$%&'*+.^_`|~\w-]+|"[^"\\]*")/y;
const CDN_ID = /(?:\[[0-9a-fA-F:.]+\]|[!#$%&'*+.^_`|~\w-]+)(?::\d*)?/y;

/** Refuses a request that has passed here too often, as its CDN-Loop header tells, or one whose header is malformed. */
export function runCdnLoop(call: FilterCall): HopResult | undefined {
  const { http, config } = call;
  const id = config.string('cdn_id');
  const values = knownHeader(http.request, 'cdn-loop');
  if (values instanceof NotKnown) return leaveOpen(call, values.missing);
  const ids = readIds(values.join(','));
  if (!ids)
    return answer(
      call,
      'denied',
      { code: 400, details: 'invalid_cdn_loop_header', body: 'Invalid CDN-Loop header in request.' },
      { because: words('the CDN-Loop header is malformed') },
    );
  const passes = ids.filter((each) => each === id).length;
  const limit = config.number('max_allowed_occurrences') ?? 0;
  if (passes > limit)
    return answer(
      call,
      'denied',
      { code: 502, details: 'cdn_loop_detected', body: 'The server has detected a loop between CDNs.' },
      { because: say`the request has passed ${passes} times, ${limit} are allowed` },
    );
  // Nothing is appended to an empty line.
  const before = values.filter((value) => value !== '');
  setHeader(http.request, 'cdn-loop', [...before, id].join(','));
  return pass(call, { because: words('the request makes no circle') });
}

/** The CDNs of the header (RFC 8586), without their parameters; undefined where it is malformed. Empty entries are fine. */
function readIds(header: string): string[] | undefined {
  const ids: string[] = [];
  for (let at = 0; at < header.length;) {
    at = skipBlanks(header, at);
    CDN_ID.lastIndex = at;
    const id = CDN_ID.exec(header)?.[0];
    if (id !== undefined) {
      ids.push(id);
      at = skipParameters(header, at + id.length);
    }
    at = skipBlanks(header, at);
    if (at < header.length && header.charAt(at++) !== ',') return undefined;
  }
  return ids;
}

function skipParameters(header: string, start: number): number {
  let at = start;
  for (PARAMETER.lastIndex = at; PARAMETER.test(header);) at = PARAMETER.lastIndex;
  return at;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (text.charAt(at) === ' ' || text.charAt(at) === '\t') at++;
  return at;
}
