/** An entry of a matcher list that is never reached: an earlier one answers whenever its predicate holds. */
import type { ConfigNode } from '../../../../schema/configNode';
import { readStringMatcher } from '../../../../trace/matcher/stringMatcher';
import { adviceRule, type CheckMessage } from '../../messageRule';
import { warningAt } from '../../problem';
import type { Problem } from '../../rule';

const check: CheckMessage = (list) => {
  const seen = new Map<string, ConfigNode>();
  const texts = new Map<string, TextCondition[]>();
  return list.list('matchers').map((matcher): Problem | undefined => {
    const predicate = matcher.get('predicate');
    if (!predicate || matcher.isIncomplete || predicate.isIncomplete) return undefined;
    const key = JSON.stringify(predicate.toValue());
    const text = textCondition(predicate, matcher);
    const others = (text && texts.get(text.input)) ?? [];
    const same = seen.get(key);
    const first = same ?? others.find((other) => text && covers(other, text))?.matcher;
    // A nested matcher may miss and let the list go on; an action never does.
    const answers = matcher.path('on_match', 'action') !== undefined && !matcher.path('on_match')?.bool('keep_matching');
    if (!first && answers) {
      seen.set(key, matcher);
      if (text && others.length < MAX_CONDITIONS) texts.set(text.input, [...others, text]);
    }
    const what = same ? 'has the same predicate' : 'holds whenever this one does';
    return (
      first &&
      warningAt(matcher, `This entry is never reached: an earlier one ${what}.`, {
        tag: 'unnecessary',
        related: [{ message: 'The earlier one', at: first }],
      })
    );
  });
};

export const unreachableMatcherBranch = adviceRule('unreachable-matcher-branch', {
  'xds.type.matcher.v3.Matcher.MatcherList': check,
  'envoy.config.common.matcher.v3.Matcher.MatcherList': check,
});

interface TextCondition {
  /** What is looked at, as text. */
  readonly input: string;
  readonly kind: string;
  readonly text: string;
  readonly ignoresCase: boolean;
  readonly value: ConfigNode;
  readonly matcher: ConfigNode;
}

/** More conditions on one input are not compared: a bound on the work, not on the truth of what is said. */
const MAX_CONDITIONS = 32;

function textCondition(predicate: ConfigNode, matcher: ConfigNode): TextCondition | undefined {
  const single = predicate.get('single_predicate');
  const value = single?.get('value_match');
  const input = single?.path('input', 'typed_config');
  const kind = Object.keys(COVERED).find((name) => value?.has(name));
  if (!value || !input || kind === undefined) return undefined;
  const text = (kind === 'safe_regex' ? value.path('safe_regex', 'regex') : value.get(kind))?.asString() ?? '';
  return { input: JSON.stringify(input.toValue()), kind, text, ignoresCase: value.bool('ignore_case') ?? false, value, matcher };
}

/** By the kind of the earlier condition: the kinds whose text tells that it holds. */
const COVERED: Readonly<Record<string, readonly string[]>> = {
  exact: ['exact'],
  prefix: ['exact', 'prefix'],
  suffix: ['exact', 'suffix'],
  contains: ['exact', 'prefix', 'suffix', 'contains'],
  safe_regex: ['exact'],
};

function covers(earlier: TextCondition, later: TextCondition): boolean {
  if (!COVERED[earlier.kind]?.includes(later.kind) || (later.ignoresCase && !earlier.ignoresCase)) return false;
  return readStringMatcher(earlier.value).matches?.(later.text) ?? false;
}
