/** envoy.filters.http.header_mutation (Envoy: source/extensions/filters/http/header_mutation/header_mutation.cc). */
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { removeHeader, type HttpRequest } from '../../facts/httpRequest';
import type { HopResult } from '../../hop';
import { recordHeaderChange, type HeaderChange } from '../../http/recordHeaderChange';
import { applyHeaderOptions, readHeaderOptions } from '../../http/route/headerOptions';
import { matchContextOf } from '../../matcher/matchContext';
import { readStringMatcher } from '../../matcher/stringMatcher';
import { joinSentences, say, words, type Sentence } from '../../record/sentence';
import { pass, refuseConfig, tell, type FilterCall } from '../filterCall';
import { mutateQuery } from '../mutateQuery';
import { routeConfigsOf } from '../perRouteConfig';

/** The filter's own mutations, then the routes': the most specific first, unless `most_specific_header_mutations_wins`. The route stays the same. */
export function runHeaderMutation(call: FilterCall): HopResult | undefined {
  const perRoute = routeConfigsOf(call.http, call.name).map(({ node }) => node);
  if (call.config.bool('most_specific_header_mutations_wins') === true) perRoute.reverse();
  const refused = [call.config, ...perRoute].map(findPseudoHeader).find((node) => node !== undefined);
  if (refused) return refuseConfig(call, words('pseudo headers and host may not be changed'), refused);
  const changes: Sentence[] = [];
  const answers: HeaderChange[] = [];
  for (const config of [call.config, ...perRoute]) {
    const mutations = config.get('mutations');
    if (!mutations) continue;
    for (const mutation of mutations.list('request_mutations')) changes.push(...mutateRequest(call, mutation));
    for (const mutation of mutations.list('query_parameter_mutations')) changes.push(...mutateQuery(call, mutation));
    for (const mutation of mutations.list('response_mutations')) changes.push(...mutateResponse(call, mutation, answers));
  }
  if (answers.length > 0)
    (call.http.onResponse ??= []).push(() => answers.forEach((change) => recordHeaderChange(call.http.responseHeaders, change)));
  if (changes.length === 0) return pass(call, { because: words('it changes nothing of this request') });
  return tell(call, say`filter ${call.name} changes headers`, { because: joinSentences(changes) });
}

/** header_parser.cc, header_mutation.cc: refused when the filter is loaded. */
const findPseudoHeader: (config: ConfigNode) => ConfigNode | undefined = memoizeByNode((config) => {
  const mutations = config.get('mutations');
  const all = [...(mutations?.list('request_mutations') ?? []), ...(mutations?.list('response_mutations') ?? [])];
  const names = all.map((mutation) => mutation.get('remove') ?? mutation.path('append', 'header', 'key'));
  return names.find((name) => name !== undefined && /^(?::.*|host)$/i.test(name.asString() ?? ''));
});

/** One after the other: a later mutation sees what an earlier one did. */
function mutateRequest({ hop, http: { request } }: FilterCall, mutation: ConfigNode): Sentence[] {
  const removed = mutation.get('remove')?.asString();
  if (removed !== undefined) {
    removeHeader(request, removed);
    return [say`request header ${removed} is removed`];
  }
  const removal = mutation.path('remove_on_match', 'key_matcher');
  if (removal) return removeMatching(request, removal);
  const append = mutation.get('append');
  const options = append ? readHeaderOptions([append], matchContextOf(hop)) : [];
  request.headers = applyHeaderOptions(request.headers, options);
  return options.map(({ name, value }) => say`request header ${name} becomes ${value}`);
}

function removeMatching(request: HttpRequest, matcher: ConfigNode): Sentence[] {
  const { matches, condition } = readStringMatcher(matcher);
  if (!matches) return [];
  request.headers = request.headers.filter(([name]) => !matches(name));
  return [say`request headers whose names ${condition} are removed`];
}

/** Noted in `answers`: the answer comes later. */
function mutateResponse({ hop }: FilterCall, mutation: ConfigNode, answers: HeaderChange[]): Sentence[] {
  const removed = mutation.get('remove')?.asString();
  if (removed !== undefined) {
    answers.push({ kind: 'remove', name: removed.toLowerCase() });
    return [say`response header ${removed} is removed`];
  }
  const append = mutation.get('append');
  return (append ? readHeaderOptions([append], matchContextOf(hop)) : []).map(({ name, value, action }) => {
    answers.push({ kind: 'add', name, value, action });
    return say`response header ${name} becomes ${value}`;
  });
}
