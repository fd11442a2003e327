/** envoy.filters.http.header_mutation (Envoy: source/extensions/filters/http/header_mutation/header_mutation.cc). */
import type { HeaderChanges } from '../../../protocol/trace';
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { ANY_HEADER, markUnknownHeader, removeHeader, removeMatchingHeaders, type HttpRequest } from '../../facts/httpRequest';
import type { HopResult } from '../../hop';
import type { StreamAnswer } from '../../httpStream';
import { freshRoute } from '../../http/routeConfiguration/refreshRoute';
import { doubtHeader, recordHeaderChange } from '../../http/recordHeaderChange';
import { changeRequestHeaders, lostHeaders, readHeaderOptions } from '../../http/route/headerOptions';
import { matchContextOf } from '../../matcher/matchContext';
import { readStringMatcher } from '../../matcher/stringMatcher';
import { joinSentences, say, words, type Sentence } from '../../record/sentence';
import { leaveOpen, pass, refuseConfig, tell, type FilterCall } from '../filterCall';
import { mutateQuery } from '../mutateQuery';
import { routeConfigsOf } from '../perRouteConfig';

/** The filter's own mutations, then the routes': the most specific first, unless `most_specific_header_mutations_wins`. The route stays the same. */
export function runHeaderMutation(call: FilterCall): HopResult | undefined {
  const changes: Sentence[] = [];
  const missing = applyConfig(call, call.config, changes);
  if (missing) return leaveOpen(call, missing);
  // Only now it asks for the route, which the changed request may have led elsewhere.
  const lost = freshRoute(call.hop);
  if (lost) return lost;
  const configs = configsOf(call);
  const refused = configs.map(findPseudoHeader).find((node) => node !== undefined);
  if (refused) return refuseConfig(call, words('pseudo headers and host may not be changed'), refused);
  for (const config of configs.slice(1)) {
    const open = applyConfig(call, config, changes);
    if (open) return leaveOpen(call, open);
  }
  if (changes.length === 0) return pass(call, { because: words('it changes nothing of this request') });
  return tell(call, say`filter ${call.name} changes headers`, { because: joinSentences(changes) });
}

/** Adds to `changes` what it does; gives what is missing where the path becomes one that nobody knows. */
function applyConfig(call: FilterCall, config: ConfigNode, changes: Sentence[]): Sentence | undefined {
  const mutations = config.get('mutations');
  if (!mutations) return undefined;
  if (mutations.get('query_parameter_mutations')?.isIncomplete) return words('the query parameters that the file leaves out');
  changes.push(...noteLostNames(call, mutations));
  for (const mutation of mutations.list('request_mutations')) changes.push(...mutateRequest(call, mutation));
  const missing = mutateQuery(call, mutations.list('query_parameter_mutations'), changes);
  changes.push(...mutations.list('response_mutations').flatMap(tellResponse));
  return missing;
}

/** Mutations, or the names of their headers, may be lost: then every header may be another. */
function noteLostNames({ http: { request } }: FilterCall, mutations: ConfigNode): Sentence[] {
  const lost = lostHeaders(mutations, ['request_mutations']);
  if (lost) markUnknownHeader(request, ANY_HEADER, lost);
  return lost ? [lost] : [];
}

/** What it does to the answer, by the request as it is then. */
export function mutateAnswer(call: FilterCall, { isLocal }: StreamAnswer): void {
  const { responseHeaders } = call.http;
  const all = configsOf(call).flatMap((config) => config.get('mutations') ?? []);
  if (all.some((mutations) => lostHeaders(mutations, ['response_mutations']))) doubtHeader(responseHeaders, ANY_HEADER);
  for (const mutation of all.flatMap((mutations) => mutations.list('response_mutations'))) {
    const removed = mutation.get('remove')?.asString();
    if (removed !== undefined) recordHeaderChange(responseHeaders, { kind: 'remove', name: removed.toLowerCase() });
    const removal = mutation.path('remove_on_match', 'key_matcher');
    if (removal) removeMatchingOfAnswer(responseHeaders, removal, isLocal);
    const append = mutation.get('append');
    const options = append ? readHeaderOptions([append], matchContextOf(call.hop)) : [];
    for (const option of options) recordHeaderChange(responseHeaders, { kind: 'add', ...option }, isLocal);
  }
}

/** An exact name is gone for certain. By another pattern those go that the configuration has added, and any that the upstream sends. */
function removeMatchingOfAnswer(changes: HeaderChanges, matcher: ConfigNode, isLocal: boolean): void {
  const { matches } = readStringMatcher(matcher);
  const exact = matcher.bool('ignore_case') === true ? undefined : matcher.get('exact')?.asString();
  const names = new Set([...changes.set, ...changes.append].map(([name]) => name));
  if (exact !== undefined) names.add(exact);
  for (const name of names) if (matches?.(name) === true) recordHeaderChange(changes, { kind: 'remove', name });
  if (exact === undefined && !isLocal) doubtHeader(changes, ANY_HEADER);
}

function configsOf(call: FilterCall): ConfigNode[] {
  const perRoute = routeConfigsOf(call.http, call.name).map(({ node }) => node);
  if (call.config.bool('most_specific_header_mutations_wins') === true) perRoute.reverse();
  return [call.config, ...perRoute];
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
  changeRequestHeaders(request, options);
  return options.map(({ name, value, missing }) =>
    missing ? say`request header ${name} becomes what is not known: ${missing}` : say`request header ${name} becomes ${value}`,
  );
}

function removeMatching(request: HttpRequest, matcher: ConfigNode): Sentence[] {
  const { matches, condition } = readStringMatcher(matcher);
  if (!matches) return [];
  removeMatchingHeaders(request, matches);
  return [say`request headers whose names ${condition} are removed`];
}

function tellResponse(mutation: ConfigNode): Sentence[] {
  const removed = mutation.get('remove')?.asString();
  if (removed !== undefined) return [say`response header ${removed} is removed`];
  const removal = mutation.path('remove_on_match', 'key_matcher');
  if (removal) return [say`response headers whose names ${readStringMatcher(removal).condition} are removed`];
  const header = mutation.path('append', 'header');
  return header ? [say`response header ${header.string('key')} is added`] : [];
}
