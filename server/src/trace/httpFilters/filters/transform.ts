/** envoy.filters.http.transform (Envoy: source/extensions/filters/http/transform). */
import { knownHeader } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { HopResult } from '../../hop';
import { announcedLength } from '../../http/codec/announcedBody';
import { say, words } from '../../record/sentence';
import { leaveOpen, pass, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';

/** Only requests with a JSON body are transformed, by what the body holds. */
export function runTransform(call: FilterCall): HopResult | undefined {
  const { http } = call;
  const config = routeConfigOf(http, call.name)?.node ?? call.config;
  if (!config.has('request_transformation')) return pass(call, { because: words('it changes answers only'), at: config });
  const types = knownHeader(http.request, 'content-type');
  if (types instanceof NotKnown) return leaveOpen(call, say`whether the body is JSON: ${types.missing}`, { at: config });
  const [type = ''] = types;
  if (!type.toLowerCase().startsWith('application/json') || announcedLength(http.request) === 0)
    return pass(call, { because: words('the request has no JSON body'), at: config });
  return leaveOpen(call, words('the JSON body, by which it changes headers and perhaps the route'), { at: config });
}
