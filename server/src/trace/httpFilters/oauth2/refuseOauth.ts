/** A login that fails (Envoy: source/extensions/filters/http/oauth2/filter.cc, sendUnauthorizedResponse). */
import type { HopResult } from '../../hop';
import { answer, type FilterCall, type Grounds } from '../filterCall';

export function refuseOauth(call: FilterCall, details: string, grounds: Grounds): HopResult {
  return answer(call, 'denied', { code: 401, details: details.replace(/\s/g, '_'), body: 'OAuth flow failed.' }, grounds);
}
