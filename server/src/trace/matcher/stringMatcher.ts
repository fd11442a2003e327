/** StringMatcher of envoy.type.matcher.v3 and xds.type.matcher.v3 (Envoy: source/common/common/matchers.h). */
import { readTextComparison, type TextComparison } from '../../model/summary/textComparison';
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { KEPT_BACK } from '../../schema/keptBack';
import { say, type Sentence } from '../record/sentence';
import { no, unknown, YES, type Verdict } from '../verdict';
import { readLuaMatch } from './luaStringMatcher';
import { compileRegex, fullMatch } from './regex';

export interface StringMatcher {
  /** Null: the matcher has no kind that is understood (custom extension). */
  readonly matches: ((value: string) => boolean) | null;
  /** The condition in words, to follow "must". Example: be `jason` */
  readonly condition: Sentence;
  readonly node: ConfigNode;
}

/** Reads a StringMatcher once per node. */
export const readStringMatcher: (node: ConfigNode) => StringMatcher = memoizeByNode((node) => {
  const comparison = readTextComparison(node);
  if (!comparison) return { node, matches: readLuaMatch(node) ?? null, condition: say`pass a custom matcher` };
  if (comparison.text === KEPT_BACK) return { node, matches: null, condition: say`fit a text that the dump keeps back` };
  const { kind, text } = comparison;
  // A regular expression says by itself whether it looks at the case.
  if (kind === 'regex' || node.bool('ignore_case') !== true) return { node, ...testOf(comparison) };
  const { matches } = testOf({ kind, text: text.toLowerCase() });
  return { node, matches: (value) => matches(value.toLowerCase()), condition: testOf(comparison).condition };
});

/** What a comparison tests, and the words that follow "must". */
export function testOf({ kind, text }: TextComparison): { matches: (value: string) => boolean; condition: Sentence } {
  switch (kind) {
    case 'exact':
      return { matches: (value) => value === text, condition: say`be ${text}` };
    case 'prefix':
      return { matches: (value) => value.startsWith(text), condition: say`begin with ${text}` };
    case 'suffix':
      return { matches: (value) => value.endsWith(text), condition: say`end with ${text}` };
    case 'contains':
      return { matches: (value) => value.includes(text), condition: say`contain ${text}` };
    case 'regex': {
      const regex = compileRegex(text);
      return { matches: (value) => fullMatch(regex, value), condition: say`match the regular expression ${text}` };
    }
  }
}

/** Tests a value; `what` names it in the reason. Example: say`header ${'x-user'}` */
export function testString(matcher: StringMatcher, value: string, what: Sentence): Verdict {
  if (matcher.matches === null) return unknown(say`what the custom string matcher says of ${what}`, matcher.node);
  return matcher.matches(value) ? YES : no(say`${what} is ${value}, must ${matcher.condition}`, matcher.node);
}
