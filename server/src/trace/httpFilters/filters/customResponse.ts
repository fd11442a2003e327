/** envoy.filters.http.custom_response: other answers in place of some (Envoy: source/extensions/filters/http/custom_response, source/extensions/http/custom_response). */
import { inlineText } from '../../../model/dataSource';
import type { ConfigNode, TypedConfig } from '../../../schema/configNode';
import { formatReplyBody } from '../../http/localReply/formatReplyBody';
import type { StreamAnswer } from '../../http/httpStream';
import { changeHeadersOfReply, localReply } from '../../http/localReply/localReply';
import { recordHeaderChange } from '../../http/recordHeaderChange';
import { readHeaderOptions } from '../../http/route/headerOptions';
import { evaluateMatcher } from '../../matcher/evaluateMatcher';
import type { InputReading } from '../../matcher/inputs/inputReading';
import { matchContextOf } from '../../matcher/matchContext';
import { say, words } from '../../record/sentence';
import { tell, type FilterCall } from '../filterCall';
import { routeConfigsOf } from '../perRouteConfig';

const LOCAL = 'envoy.extensions.http.custom_response.local_response_policy.v3.LocalResponsePolicy';

/** Replaces an answer of Envoy's own where a policy fits its code; what becomes of the upstream's answers is said. */
export function replaceAnswer(call: FilterCall, answer: StreamAnswer): void {
  if (answer.code === undefined) {
    tell(call, say`filter ${call.name} may replace the answer`, { because: words('it does so by the code, which the upstream gives') });
    return;
  }
  const policy = choosePolicy(call, answer);
  if (policy === 'unknown') {
    tell(call, say`whether filter ${call.name} replaces the answer cannot be known`, {
      because: words('its matcher asks for more than the code'),
    });
    answer.doubt = say`which answer filter ${call.name} gives in place of ${answer.code}`;
    return;
  }
  if (!policy) return;
  if (policy.type === LOCAL) replaceLocally(call, answer, policy.node);
  else {
    tell(call, say`filter ${call.name} fetches another answer`, { because: say`its policy for ${answer.code} redirects`, at: policy.node });
    answer.doubt = say`the answer that filter ${call.name} fetches from ${policy.node.string('uri') || 'elsewhere'}`;
  }
}

/** The route's, the most specific first; then the filter's own. */
function choosePolicy(call: FilterCall, answer: StreamAnswer): TypedConfig | 'unknown' | undefined {
  const configs = [...routeConfigsOf(call.http, call.name).map(({ node }) => node), call.config];
  for (const config of configs) {
    const matcher = config.get('custom_response_matcher');
    if (!matcher) continue;
    const result = evaluateMatcher(matcher, { ...matchContextOf(call.hop), readInput: (input) => readCode(input, answer) });
    if (result.kind === 'insufficient') return 'unknown';
    if (result.kind === 'match') return result.action.typed();
  }
  return undefined;
}

/** `404`, or its class `4xx`. */
function readCode({ type }: TypedConfig, { code = 0 }: StreamAnswer): InputReading | undefined {
  const what = words('the code of the answer');
  if (type.endsWith('.HttpResponseStatusCodeMatchInput')) return { what, value: { kind: 'text', text: String(code) } };
  if (type.endsWith('.HttpResponseStatusCodeClassMatchInput'))
    return { what, value: { kind: 'text', text: `${Math.floor(code / 100)}xx` } };
  if (type.endsWith('.HttpResponseHeaderMatchInput'))
    return { what: words('a header of the answer'), value: { kind: 'unknown', missing: words('the headers of the answer') } };
  return undefined;
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
