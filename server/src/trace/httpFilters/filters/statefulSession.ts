/** envoy.filters.http.stateful_session (Envoy: source/extensions/filters/http/stateful_session, http/stateful_session/{cookie,header}). */
import type { ConfigNode } from '../../../schema/configNode';
import { headerValues } from '../../facts/httpRequest';
import type { HopResult } from '../../hop';
import { cookieValue } from '../../http/routeMatch/cookieMatcher';
import { say, words } from '../../record/sentence';
import { leaveOpen, pass, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';

/** Without a session the request goes where the load balancer says; with one it goes to the host that the session names. */
export function runStatefulSession(call: FilterCall): HopResult | undefined {
  const perRoute = routeConfigOf(call.http, call.name);
  if (perRoute?.node.bool('disabled') === true) return pass(call, { because: words('the route turns it off'), at: perRoute.entry });
  const config = perRoute?.node.get('stateful_session') ?? call.config;
  const state = config.get('session_state')?.typed();
  if (!state) return pass(call, { because: words('it keeps no sessions'), at: config });
  const carrier = carrierOf(state.node);
  if (carrier === undefined) return leaveOpen(call, say`which host the session ${state.type} names`, { at: state.node });
  const value = carrier.isCookie ? cookieValue(call.http.request, carrier.name) : headerValues(call.http.request, carrier.name)[0];
  if (!value) return pass(call, { because: say`the request has no session (${carrier.name})`, at: state.node });
  return leaveOpen(call, say`the host that the session ${carrier.name} names: if it is there, the request goes to it`, { at: state.node });
}

function carrierOf(state: ConfigNode): { readonly name: string; readonly isCookie: boolean } | undefined {
  const cookie = state.path('cookie', 'name')?.asString();
  if (cookie !== undefined) return { name: cookie, isCookie: true };
  const header = state.get('name')?.asString();
  return header === undefined ? undefined : { name: header, isCookie: false };
}
