/** envoy.filters.http.custom_response: other answers in place of some (Envoy: source/extensions/filters/http/custom_response, source/extensions/http/custom_response). */
import { inlineText } from '../../../model/dataSource';
import type { ConfigNode, TypedConfig } from '../../../schema/configNode';
import { ANY_HEADER } from '../../facts/httpRequest';
import { formatReplyBody } from '../../http/localReply/formatReplyBody';
import type { StreamAnswer } from '../../httpStream';
import { changeHeadersOfReply, localReply } from '../../http/localReply/localReply';
import { doubtHeader, recordHeaderChange } from '../../http/recordHeaderChange';
import { readHeaderOptions } from '../../http/route/headerOptions';
import { evaluateLossy } from '../../matcher/evaluateMatcher';
import { findLostActions } from '../../matcher/lostActions';
import type { InputReading } from '../../matcher/inputs/inputReading';
import { matchContextOf } from '../../matcher/matchContext';
import { say, words } from '../../record/sentence';
import { pass, tell, type FilterCall } from '../filterCall';
import { routeConfigsOf } from '../perRouteConfig';
import { changeFetched, fetchAnother } from './redirectPolicy';

const LOCAL = 'envoy.extensions.http.custom_response.local_response_policy.v3.LocalResponsePolicy';

export function runCustomResponse(call: FilterCall): undefined {
  call.http.mayFetch = true;
  return pass(call, { because: words('it changes answers only') });
}

/** Replaces an answer of Envoy's own where a policy fits it; what becomes of the upstream's answers is said. */
export function replaceAnswer(call: FilterCall, answer: StreamAnswer): void {
  const { fetched } = call.http;
  if (fetched) {
    changeFetched(call, answer, fetched);
    return;
  }
  const policy = choosePolicy(call, answer);
  if (answer.code === undefined) {
    tellOfUpstream(call, policy);
    return;
  }
  if (policy === 'unknown') {
    tell(call, say`whether filter ${call.name} replaces the answer cannot be known`, {
      because: words('its matcher asks for more than the code'),
    });
    answer.doubt = say`which answer filter ${call.name} gives in place of ${answer.code}`;
    return;
  }
  if (!policy) return;
  if (policy.type === LOCAL) replaceLocally(call, answer, policy.node);
  else fetchAnother(call, answer, policy.node);
}

/** The upstream's answer stands in no file, nor does what takes its place. */
function tellOfUpstream(call: FilterCall, policy: ReturnType<typeof choosePolicy>): void {
  if (!policy) return;
  doubtHeader(call.http.responseHeaders, ANY_HEADER);
  if (policy === 'unknown') {
    tell(call, say`filter ${call.name} may replace the answer`, { because: words('it does so by the code, which the upstream gives') });
    return;
  }
  tell(call, say`filter ${call.name} replaces the answer`, {
    because: words('its policy fits whatever the upstream answers'),
    at: policy.node,
  });
}

const findLost = findLostActions();

/** The route's, the most specific first; then the filter's own. */
function choosePolicy(call: FilterCall, answer: StreamAnswer): TypedConfig | 'unknown' | undefined {
  const configs = [...routeConfigsOf(call.http, call.name).map(({ node }) => node), call.config];
  for (const config of configs) {
    const matcher = config.get('custom_response_matcher');
    if (!matcher) continue;
    const result = evaluateLossy(matcher, { ...matchContextOf(call.hop), readInput: (input) => readAnswer(input, answer) }, findLost);
    if (result.kind === 'insufficient') return 'unknown';
    if (result.kind === 'match') return result.action.typed();
  }
  return undefined;
}

/** `404`, its class `4xx`, or whether it is Envoy's own (Envoy: source/common/http/matching/status_code_input.h). */
function readAnswer({ type }: TypedConfig, { code, isLocal }: StreamAnswer): InputReading | undefined {
  if (type.endsWith('.HttpResponseLocalReplyMatchInput'))
    return { what: words("whether the answer is Envoy's own"), value: { kind: 'text', text: String(isLocal) } };
  if (type.endsWith('.HttpResponseHeaderMatchInput'))
    return { what: words('a header of the answer'), value: { kind: 'unknown', missing: words('the headers of the answer') } };
  const isClass = type.endsWith('.HttpResponseStatusCodeClassMatchInput');
  if (!isClass && !type.endsWith('.HttpResponseStatusCodeMatchInput')) return undefined;
  const what = words('the code of the answer');
  if (code === undefined) return { what, value: { kind: 'unknown', missing: what } };
  return { what, value: { kind: 'text', text: isClass ? `${Math.floor(code / 100)}xx` : String(code) } };
}

/** A local reply anew: whatever was done to the first one is gone. */
function replaceLocally(call: FilterCall, answer: StreamAnswer, policy: ConfigNode): void {
  const { hop, http } = call;
  const { code = 500, details = '', flags = [] } = answer;
  const status = policy.number('status_code') ?? code;
  const own = inlineText(policy.get('body'));
  const format = policy.get('body_format');
  const facts = { code, details, flags, body: own ?? answer.body ?? '' };
  const body = format ? formatReplyBody(hop, format, facts) : (own ?? '');
  const kept = policy.bool('preserve_response_code_details') === true ? details : policy.string('response_code_details');
  Object.assign(http.responseHeaders, { set: [], append: [], remove: [] });
  delete http.responseHeaders.uncertain;
  http.hasRouteHeaders = false;
  http.answer = { isLocal: true, code, details: kept, flags, hasCode: true, isComplete: true };
  changeHeadersOfReply(hop, http);
  for (const option of readHeaderOptions(policy.list('response_headers_to_add'), matchContextOf(hop)))
    recordHeaderChange(http.responseHeaders, { kind: 'add', ...option }, true);
  tell(call, say`filter ${call.name} answers with ${status} instead`, { because: say`its policy for ${code} says so`, at: policy });
  const reply = localReply(hop, 'local_reply', {
    code: status,
    ...(flags.length > 0 && { flags }),
    details: kept,
    ...(body !== undefined && { body }),
  });
  answer.replacement = reply.response ?? {};
}
