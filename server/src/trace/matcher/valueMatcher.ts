/** ValueMatcher of envoy.type.matcher.v3 (Envoy: source/common/common/matchers.cc). */
import type { ConfigNode } from '../../schema/configNode';
import { NotKnown } from '../facts/notKnown';
import { say, type Sentence } from '../record/sentence';
import { anyOf, no, unknown, YES, type Verdict } from '../verdict';
import { readStringMatcher, testString } from './stringMatcher';

/** Tests a google.protobuf.Value; undefined: the path leads nowhere, and every matcher fails. `what` names the value. */
export function testValue(matcher: ConfigNode | undefined, value: unknown, what: Sentence, depth = 0): Verdict {
  if (!matcher || depth > 100) return unknown(say`what ${what} is compared with`);
  if (matcher.isObject && matcher.entries().length === 0 && matcher.isIncomplete)
    return unknown(say`what ${what} is compared with`, matcher);
  if (value instanceof NotKnown) return unknown(value.missing, matcher);
  // `null_match: {}` is a message without fields.
  if (matcher.has('null_match')) return value === null ? YES : no(say`${what} is ${textOf(value)}, must be null`, matcher);
  const double = matcher.get('double_match');
  if (double) return testDouble(double, value, what);
  const text = matcher.get('string_match');
  if (text)
    return typeof value === 'string'
      ? testString(readStringMatcher(text), value, what)
      : no(say`${what} is ${textOf(value)}, must be a text`, text);
  const bool = matcher.get('bool_match');
  if (bool) return value === bool.asBoolean() ? YES : no(say`${what} is ${textOf(value)}, must be ${bool.asBoolean()}`, bool);
  const present = matcher.get('present_match');
  // A null that is there is present (PresentMatcher::match; tried on 1.40).
  if (present) return value !== undefined && present.asBoolean() === true ? YES : no(say`${what} is ${textOf(value)}`, present);
  const list = matcher.path('list_match', 'one_of');
  if (list) return testList(list, value, { what, depth });
  const or = matcher.get('or_match');
  if (or) return anyOf(or.list('value_matchers'), (each) => testValue(each, value, what, depth + 1));
  return unknown(say`what ${what} is compared with`, matcher);
}

function testDouble(matcher: ConfigNode, value: unknown, what: Sentence): Verdict {
  if (typeof value !== 'number') return no(say`${what} is ${textOf(value)}, must be a number`, matcher);
  const exact = matcher.number('exact');
  if (exact !== undefined) return value === exact ? YES : no(say`${what} is ${value}, must be ${exact}`, matcher);
  const start = matcher.get('range')?.number('start') ?? 0;
  const end = matcher.get('range')?.number('end') ?? 0;
  return start <= value && value < end ? YES : no(say`${what} is ${value}, must be in ${start} to under ${end}`, matcher);
}

function testList(matcher: ConfigNode, value: unknown, { what, depth }: { what: Sentence; depth: number }): Verdict {
  if (!Array.isArray(value)) return no(say`${what} is ${textOf(value)}, must be a list`, matcher);
  const items: readonly unknown[] = value;
  if (items.length === 0) return no(say`${what} is an empty list`, matcher);
  return anyOf(items, (item) => testValue(matcher, item, say`an item of ${what}`, depth + 1));
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
