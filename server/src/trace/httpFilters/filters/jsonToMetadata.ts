/** envoy.filters.http.json_to_metadata (Envoy: source/extensions/filters/http/json_to_metadata/filter.cc). */
import { headerValues } from '../../facts/httpRequest';
import type { HopResult } from '../../hop';
import { say, words } from '../../record/sentence';
import { leaveOpen, pass, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';

/** Reads the body, which a trace does not have: it matters only where a JSON body is announced. */
export function runJsonToMetadata(call: FilterCall): HopResult | undefined {
  const config = routeConfigOf(call.http, call.name)?.node ?? call.config;
  const rules = config.get('request_rules');
  if (!rules || rules.list('rules').length === 0) return pass(call, { because: words('it reads answers only'), at: config });
  const type = headerValues(call.http.request, 'content-type')[0]?.split(';')[0]?.trim() ?? '';
  const allowed = rules.list('allow_content_types').map((each) => each.asString() ?? '');
  const fits =
    type === '' ? rules.bool('allow_empty_content_type') === true : (allowed.length > 0 ? allowed : ['application/json']).includes(type);
  if (!fits) return pass(call, { because: say`the content type ${type} is none that it reads`, at: rules });
  return leaveOpen(call, words('the JSON body of the request: its values become metadata, and the route is looked up again'), {
    at: rules,
  });
}
