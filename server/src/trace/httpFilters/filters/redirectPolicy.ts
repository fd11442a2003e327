/** A policy of custom_response that fetches another answer (Envoy: source/extensions/http/custom_response/redirect_policy/redirect_policy.cc). */
import { keepsBack } from '../../../schema/keptBack';
import type { ConfigNode } from '../../../schema/configNode';
import { copyHttpRequest, removeHeader, type HttpRequest } from '../../facts/httpRequest';
import { recordHeaderChange } from '../../http/recordHeaderChange';
import { changeRequestHeaders, readHeaderOptions } from '../../http/route/headerOptions';
import { newLocation } from '../../http/route/newLocation';
import type { FetchedAnswer, StreamAnswer } from '../../httpStream';
import { matchContextOf } from '../../matcher/matchContext';
import { say, words } from '../../record/sentence';
import { tell, type FilterCall } from '../filterCall';

/** In place of the answer the request is made again, to another host and path; the connection manager runs it. */
export function fetchAnother(call: FilterCall, answer: StreamAnswer, policy: ConfigNode): void {
  const { code = 500 } = answer;
  if (call.http.mayFetch !== true) {
    tell(call, say`filter ${call.name} keeps the answer`, { because: words('the request has not come to it'), at: policy });
    return;
  }
  const url = policy.string('uri') || newLocation(call.http, policy.get('redirect_action'));
  const decision = say`filter ${call.name} fetches another answer from ${url}`;
  tell(call, decision, { because: say`its policy for ${code} redirects`, at: policy });
  const request = requestTo(call, policy, url);
  if (!request) answer.doubt = say`the answer that filter ${call.name} fetches from ${url}`;
  else call.http.fetch = { policy, code, request, steps: call.hop.record.steps.length };
}

/** Undefined where nobody can tell what is asked for. */
function requestTo({ hop, http }: FilterCall, policy: ConfigNode, url: string): HttpRequest | undefined {
  const [, scheme, authority, path = ''] = /^(https?):\/\/([^/?#]+)([^#]*)/iu.exec(url) ?? [];
  if (scheme === undefined || authority === undefined || keepsBack(policy) || policy.has('modify_request_headers_action')) return undefined;
  const request: HttpRequest = {
    ...copyHttpRequest(http.request),
    method: 'GET',
    scheme: scheme.toLowerCase() === 'https' ? 'https' : 'http',
    authority,
    path: path.startsWith('/') ? path : `/${path}`,
  };
  changeRequestHeaders(request, readHeaderOptions(policy.list('request_headers_to_add'), matchContextOf(hop)));
  removeHeader(request, 'content-length');
  return request;
}

/** That of the answer which is replaced, unless the policy names one. */
export function codeOfFetched({ policy, code }: FetchedAnswer): number {
  return policy.number('status_code') ?? code;
}

export function changeFetched(call: FilterCall, answer: StreamAnswer, fetched: FetchedAnswer): void {
  const { policy } = fetched;
  const status = codeOfFetched(fetched);
  for (const option of readHeaderOptions(policy.list('response_headers_to_add'), matchContextOf(call.hop)))
    recordHeaderChange(call.http.responseHeaders, { kind: 'add', ...option }, true);
  tell(call, say`filter ${call.name} gives the fetched answer the code ${status}`, {
    because: policy.has('status_code') ? words('its policy says so') : words('the answer that it replaces had it'),
    at: policy,
  });
  if (answer.code !== undefined) answer.code = status;
}
