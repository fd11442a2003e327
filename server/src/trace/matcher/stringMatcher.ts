/** StringMatcher of envoy.type.matcher.v3 and xds.type.matcher.v3 (Envoy: source/common/common/matchers.h). */
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { KEPT_BACK } from '../../schema/keptBack';
import { say, type Sentence } from '../record/sentence';
import { no, unknown, YES, type Verdict } from '../verdict';
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
  const fold = node.bool('ignore_case') === true ? (text: string) => text.toLowerCase() : (text: string) => text;
  const kinds: [string, (value: string, wanted: string) => boolean, (wanted: string) => Sentence][] = [
    ['exact', (value, wanted) => value === wanted, (wanted) => say`be ${wanted}`],
    ['prefix', (value, wanted) => value.startsWith(wanted), (wanted) => say`begin with ${wanted}`],
    ['suffix', (value, wanted) => value.endsWith(wanted), (wanted) => say`end with ${wanted}`],
    ['contains', (value, wanted) => value.includes(wanted), (wanted) => say`contain ${wanted}`],
  ];
  for (const [field, test, words] of kinds) {
    const given = node.get(field);
    if (!given) continue;
    const wanted = given.asString() ?? '';
    if (wanted === KEPT_BACK) return { node, matches: null, condition: say`fit a text that the dump keeps back` };
    const folded = fold(wanted);
    return { node, matches: (value) => test(fold(value), folded), condition: words(wanted) };
  }
  const regexText = node.path('safe_regex', 'regex')?.asString() ?? node.get('regex')?.asString();
  if (regexText === KEPT_BACK) return { node, matches: null, condition: say`fit a text that the dump keeps back` };
  if (regexText !== undefined) {
    const regex = compileRegex(regexText);
    return { node, matches: (value) => fullMatch(regex, value), condition: say`match the regular expression ${regexText}` };
  }
  return { node, matches: null, condition: say`pass a custom matcher` };
});

/** Tests a value; `what` names it in the reason. Example: say`header ${'x-user'}` */
export function testString(matcher: StringMatcher, value: string, what: Sentence): Verdict {
  if (matcher.matches === null) return unknown(say`what the custom string matcher says of ${what}`, matcher.node);
  return matcher.matches(value) ? YES : no(say`${what} is ${value}, must ${matcher.condition}`, matcher.node);
}
