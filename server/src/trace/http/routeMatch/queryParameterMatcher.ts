/** QueryParameterMatcher (Envoy: source/common/router/config_utility.cc): on the raw, undecoded query; the first value of a key counts. */
import type { ConfigNode } from '../../../schema/configNode';
import { KEPT_BACK } from '../../../schema/keptBack';
import { readStringMatcher, testString } from '../../matcher/stringMatcher';
import { say, words, type Sentence } from '../../record/sentence';
import { no, unknown, YES, type Verdict } from '../../verdict';

/** Envoy: ConfigUtility::QueryParameterMatcher::matches of source/common/router/config_utility.cc. */
export function testQueryParameter(matcher: ConfigNode, query: QueryValues): Verdict {
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
  return text ? testString(readStringMatcher(text), value, nameQueryParameter(name, query)) : YES;
}

/** A query parameter in words; of several with one name only the first counts. */
export function nameQueryParameter(name: string, { repeated }: QueryValues): Sentence {
  return repeated.has(name) ? say`the first query parameter ${name}` : say`query parameter ${name}`;
}

/** The first value of each key, and the keys that come again. */
export class QueryValues extends Map<string, string> {
  readonly repeated = new Set<string>();
}

/** The first value of each key (QueryParamsMulti::parseQueryString: nothing is decoded). */
export function firstQueryValues(path: string): QueryValues {
  const values = new QueryValues();
  const start = path.indexOf('?');
  if (start < 0) return values;
  const fragment = path.indexOf('#', start);
  for (const part of path.slice(start + 1, fragment < 0 ? undefined : fragment).split('&')) {
    const equals = part.indexOf('=');
    const key = equals < 0 ? part : part.slice(0, equals);
    if (values.has(key)) values.repeated.add(key);
    else values.set(key, equals < 0 ? '' : part.slice(equals + 1));
  }
  return values;
}
