/** FilterStateMatcher of envoy.type.matcher.v3 (Envoy: source/common/common/matchers.cc FilterStateMatcher). */
import { cidrContains, parseIpPort, readCidr } from '../../model/address';
import type { ConfigNode } from '../../schema/configNode';
import { keepsBack, KEPT_BACK } from '../../schema/keptBack';
import type { FilterStateValue } from '../facts/connection';
import { plainState } from '../facts/filterStateObject';
import { say, words } from '../record/sentence';
import { invert, no, unknown, YES, type Verdict } from '../verdict';
import { readStringMatcher, testString } from './stringMatcher';

/** Tests the object under `key`: by its text, or its IP by ranges. An object that is not there fails. */
export function testFilterState(matcher: ConfigNode, filterState: ReadonlyMap<string, FilterStateValue>): Verdict {
  const key = matcher.string('key');
  if (key === KEPT_BACK) return unknown(words('which filter state is asked for: the dump keeps it back'), matcher);
  const found = filterState.get(key);
  if (!found) return no(say`there is no filter state ${key}`, matcher);
  if (found.unknown) return unknown(say`the filter state ${key}, which an opaque filter sets`, matcher);
  const text = matcher.get('string_match');
  const value = plainState(key, found);
  if (text)
    return value === undefined
      ? no(say`filter state ${key} has no text`, text)
      : testString(readStringMatcher(text), value, say`filter state ${key}`);
  const address = matcher.get('address_match');
  if (!address) return unknown(say`what filter state ${key} is compared with`, matcher);
  if (keepsBack(address)) return unknown(say`the ranges that filter state ${key} must be in, of which the file leaves out a part`, address);
  const ranges = address.list('ranges').flatMap((range) => readCidr(range) ?? []);
  const ip = parseIpPort(found.value)?.ip ?? found.value;
  const verdict = ranges.some((range) => cidrContains(range, ip))
    ? YES
    : no(say`filter state ${key} is ${found.value}, must be in ${ranges.map((range) => range.text)}`, address);
  return address.bool('invert_match') === true ? invert(verdict, say`filter state ${key} is in a range, and must not`, address) : verdict;
}
