/** CookieMatcher of envoy.config.route.v3 (API of 2026; Envoy: source/common/router/config_utility.cc). An absent cookie fails before inversion. */
import type { ConfigNode } from '../../../schema/configNode';
import { KEPT_BACK } from '../../../schema/keptBack';
import { headerValues, unknownHeader, type HttpRequest } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import { readStringMatcher, testString } from '../../matcher/stringMatcher';
import { say, words } from '../../record/sentence';
import { invert, no, unknown, YES, type Verdict } from '../../verdict';

/** `config.route.v3.CookieMatcher`; without `string_match` the cookie has to be there. */
export function testCookie(matcher: ConfigNode, request: HttpRequest): Verdict {
  const name = matcher.string('name');
  if (matcher.isIncomplete || name === KEPT_BACK)
    return unknown(words('what a matcher of cookies asks for: the file leaves a part of it out'), matcher);
  const value = knownCookie(request, name);
  if (value instanceof NotKnown) return unknown(value.missing, matcher);
  const text = matcher.get('string_match');
  const verdict =
    value === undefined
      ? no(say`cookie ${name} is not there`, matcher)
      : text
        ? testString(readStringMatcher(text), value, say`cookie ${name}`)
        : YES;
  return matcher.bool('invert_match') === true ? invert(verdict, say`cookie ${name} fits, and must not`, matcher) : verdict;
}

/** A cookie by which something is decided; or what is missing to know it. */
export function knownCookie(request: HttpRequest, name: string): string | NotKnown | undefined {
  const missing = unknownHeader(request, 'cookie');
  return missing ? new NotKnown(missing) : cookieValue(request, name);
}

/** The first cookie of that name in any Cookie header; quotes around the value are taken off (Envoy: Utility::parseCookieValue). */
export function cookieValue(request: HttpRequest, name: string): string | undefined {
  for (const header of headerValues(request, 'cookie'))
    for (const part of header.split(';')) {
      const pair = part.trim();
      const equals = pair.indexOf('=');
      if (equals < 0 || pair.slice(0, equals) !== name) continue;
      const value = pair.slice(equals + 1);
      return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
    }
  return undefined;
}
