/** envoy.filters.http.stateful_session (Envoy: source/extensions/filters/http/stateful_session/stateful_session.cc). */
import { formatAddress } from '../../../model/address';
import { onAnswer, type HopResult } from '../../hop';
import { say, words } from '../../record/sentence';
import { setHeader, unknownHeader } from '../../facts/httpRequest';
import { doubtHeader } from '../../http/recordHeaderChange';
import { leaveOpen, pass, tell, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';
import { readSession, sessionHeader, sessionStateOf, type SessionState } from '../sessionState';

/** Without a session the request goes where the load balancer says; with one it goes to the host that the session names. */
export function runStatefulSession(call: FilterCall): HopResult | undefined {
  const perRoute = routeConfigOf(call.http, call.name);
  if (perRoute?.node.bool('disabled') === true) return pass(call, { because: words('the route turns it off'), at: perRoute.entry });
  const config = perRoute?.node.get('stateful_session') ?? call.config;
  const extension = config.get('session_state');
  if (!extension) return pass(call, { because: words('it keeps no sessions'), at: config });
  const state = sessionStateOf(extension);
  if (!state) return leaveOpen(call, say`which host the session ${extension.typed()?.type ?? ''} names`, { at: extension });
  const missing = unknownHeader(call.http.request, state.kind === 'cookie' ? 'cookie' : state.name);
  if (missing) return leaveOpen(call, say`the session ${state.name}: ${missing}`, { at: state.node });
  const session = readSession(state, call.http.request);
  if (session.kind === 'off') return pass(call, { because: say`the cookie is for paths below ${state.path} only`, at: state.node });
  if (session.kind === 'expires')
    return leaveOpen(call, say`whether the session ${state.name} has expired: its cookie carries a time of the proxy's own clock`, {
      at: state.node,
    });
  if (session.content !== undefined) setHeader(call.http.request, state.name, session.content);
  noteSession(call, state, session.address);
  if (session.address === undefined) return pass(call, { because: say`the request has no session (${state.name})`, at: state.node });
  const failure = config.number('status_on_strict_destination_not_found') ?? 0;
  call.hop.sessionHost = {
    address: session.address,
    isStrict: config.bool('strict') === true,
    ...(failure !== 0 && { failure }),
    at: state.node,
  };
  return tell(call, say`filter ${call.name} asks for host ${session.address}`, {
    because: say`the session ${state.name} of the request names it`,
    at: state.node,
  });
}

/** The answer names the host, where the request did not. A cookie with a ttl depends on the clock, an envelope on the upstream: they are not shown. */
function noteSession(call: FilterCall, state: SessionState, asked: string | undefined): void {
  onAnswer(call.hop, (_, { hop, http }) => {
    const address: string | undefined = hop.record.endpoint && formatAddress(hop.record.endpoint.address);
    if (address === undefined || (address === asked && state.kind !== 'envelope')) return;
    if (state.isTimed || state.kind === 'envelope') {
      doubtHeader(http.responseHeaders, state.kind === 'cookie' ? 'set-cookie' : state.name);
      return;
    }
    const [name, value] = sessionHeader(state, address);
    if (state.kind === 'header') http.responseHeaders.set.push([name, value]);
    else http.responseHeaders.append.push([name, value]);
  });
}
