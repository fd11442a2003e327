/** QueryParameterMatcher (Envoy: source/common/router/config_utility.cc): on the raw, undecoded query; the first value of a key counts. */
import type { ConfigNode } from '../../../schema/configNode';
import { KEPT_BACK } from '../../../schema/keptBack';
import { readStringMatcher, testString } from '../../matcher/stringMatcher';
import { say, words } from '../../record/sentence';
import { no, unknown, YES, type Verdict } from '../../verdict';

/** Envoy: ConfigUtility::QueryParameterMatcher::matches of source/common/router/config_utility.cc. */
export function testQueryParameter(matcher: ConfigNode, query: ReadonlyMap<string, string>): Verdict {
  const name = matcher.string('name');
  if (matcher.isIncomplete || name === KEPT_BACK)
    return unknown(words('what a matcher of query parameters asks for: the file leaves a part of it out'), matcher);
  const value = query.get(name);
  const present = matcher.bool('present_match');
  if (present !== undefined) {
    if ((value !== undefined) === present) return YES;
    return no(present ? say`query parameter ${name} is not there` : say`query parameter ${name} is there, and must not be`, matcher);
  }
  if (value === undefined) return no(say`query parameter ${name} is not there`, matcher);
  const text = matcher.get('string_match');
  return text ? testString(readStringMatcher(text), value, say`query parameter ${name}`) : YES;
}

/** The first value of each key (QueryParamsMulti::parseQueryString: nothing is decoded). */
export function firstQueryValues(path: string): Map<string, string> {
  const values = new Map<string, string>();
  const start = path.indexOf('?');
  if (start < 0) return values;
  const fragment = path.indexOf('#', start);
  for (const part of path.slice(start + 1, fragment < 0 ? undefined : fragment).split('&')) {
    const equals = part.indexOf('=');
    const key = equals < 0 ? part : part.slice(0, equals);
    if (!values.has(key)) values.set(key, equals < 0 ? '' : part.slice(equals + 1));
  }
  return values;
}
