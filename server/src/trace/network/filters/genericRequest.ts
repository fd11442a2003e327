/** What the matchers of generic_proxy read of a request (Envoy: source/extensions/filters/network/generic_proxy/match.cc; observed with Envoy 1.40). */
import type { ConfigNode, TypedConfig } from '../../../schema/configNode';
import { headerValues, type HttpRequest } from '../../facts/httpRequest';
import { textOrAbsent, type InputReading } from '../../matcher/inputs/inputReading';
import type { PredicateResult } from '../../matcher/predicateResult';
import { readStringMatcher, testString } from '../../matcher/stringMatcher';
import { joinSentences, say, words, type Sentence } from '../../record/sentence';

const MATCHER = 'envoy.extensions.filters.network.generic_proxy.matcher.v3.';

/** Undefined: not its business. */
export function readGenericInput({ type, node }: TypedConfig, request: HttpRequest | undefined): InputReading | undefined {
  if (!type.startsWith(MATCHER)) return undefined;
  const kind = type.slice(MATCHER.length);
  const what = say`the ${words(kind.replace('MatchInput', '').toLowerCase())} of the request`;
  if (!request) return { what, value: { kind: 'unknown', missing: what } };
  switch (kind) {
    case 'HostMatchInput':
    case 'ServiceMatchInput':
      return { what, value: textOrAbsent(request.authority) };
    case 'PathMatchInput':
      return { what, value: textOrAbsent(request.path) };
    case 'MethodMatchInput':
      return { what, value: textOrAbsent(request.method) };
    case 'PropertyMatchInput':
      return {
        what: say`header ${node.string('property_name')}`,
        value: textOrAbsent(headerValues(request, node.string('property_name'))[0]),
      };
    default:
      return { what, value: { kind: 'unknown', missing: what } };
  }
}

/** `RequestMatcher`: host, path, method and each of its properties must fit. Undefined: another matcher. */
export function testGenericRequest(custom: ConfigNode, request: HttpRequest | undefined): PredicateResult | undefined {
  const typed = custom.typed();
  if (typed?.type !== `${MATCHER}RequestMatcher`) return undefined;
  if (!request) return { kind: 'unknown', missing: words('the request') };
  const held: Sentence[] = [];
  for (const { what, matcher, text } of conditionsOf(typed.node, request)) {
    const at = matcher ?? typed.node;
    if (text === undefined) return { kind: 'no', because: say`${what} is not there`, at };
    if (!matcher) return { kind: 'unknown', missing: say`what ${what} is compared with` };
    const verdict = testString(readStringMatcher(matcher), text, what);
    if (verdict.kind !== 'yes') return verdict;
    held.push(say`${what} is ${text}`);
  }
  return { kind: 'yes', because: held.length > 0 ? joinSentences(held) : words('it fits every request') };
}

interface Condition {
  readonly what: Sentence;
  readonly matcher: ConfigNode | undefined;
  readonly text: string | undefined;
}

function conditionsOf(matcher: ConfigNode, request: HttpRequest): Condition[] {
  const parts: readonly (readonly [string, string])[] = [
    ['host', request.authority],
    ['path', request.path],
    ['method', request.method],
  ];
  const plain = parts
    .filter(([field]) => matcher.has(field))
    .map(([field, text]) => ({ what: words(field), matcher: matcher.get(field), text }));
  const properties = matcher.list('properties').map((property) => {
    const name = property.string('name');
    return { what: say`header ${name}`, matcher: property.get('string_match'), text: headerValues(request, name)[0] };
  });
  return [...plain, ...properties];
}
