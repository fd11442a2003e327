/** envoy.filters.http.cdn_loop (Envoy: source/extensions/filters/http/cdn_loop/filter.cc). */
import { appendHeader, headerValues } from '../../facts/httpRequest';
import type { HopResult } from '../../hop';
import { say, words } from '../../record/sentence';
import { answer, pass, type FilterCall } from '../filterCall';

/** Refuses a request that has passed here too often, as its CDN-Loop header tells. */
export function runCdnLoop(call: FilterCall): HopResult | undefined {
  const { http, config } = call;
  const id = config.string('cdn_id');
  const passes = headerValues(http.request, 'cdn-loop')
    .flatMap((value) => value.split(','))
    .filter((entry) => entry.split(';')[0]?.trim() === id).length;
  const limit = config.number('max_allowed_occurrences') ?? 0;
  if (passes > limit)
    return answer(
      call,
      'denied',
      { code: 502, details: 'cdn_loop_detected', body: 'The server has detected a loop between CDNs.' },
      { because: say`the request has passed ${passes} times, ${limit} are allowed` },
    );
  appendHeader(http.request, 'cdn-loop', id);
  return pass(call, { because: words('the request makes no circle') });
}
