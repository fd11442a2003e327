/** An entry of a matcher list that is never reached: an earlier one answers whenever its predicate holds. */
import type { ConfigNode } from '../../../../schema/configNode';
import { adviceRule } from '../../messageRule';
import { warningAt } from '../../problem';
import type { AdviceRule, Problem } from '../../rule';
import { coversText, readTextCondition, type TextCondition } from '../../textConditions';

const check: AdviceRule['checks'][string] = (list) => {
  const seen = new Map<string, ConfigNode>();
  const answered: Answered[] = [];
  return list.list('matchers').map((matcher): Problem | undefined => {
    const node = matcher.get('predicate');
    if (!node || matcher.isIncomplete || node.isIncomplete) return undefined;
    const predicate = readPredicate(node);
    const same = seen.get(predicate.says);
    const first = same ?? answered.find((earlier) => covers(earlier.predicate, predicate))?.matcher;
    // A nested matcher may miss and let the list go on; an action never does.
    const answers = matcher.path('on_match', 'action') !== undefined && !matcher.path('on_match')?.bool('keep_matching');
    if (!first && answers) {
      seen.set(predicate.says, matcher);
      if (answered.length < MAX_ENTRIES) answered.push({ predicate, matcher });
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

interface InputCondition {
  /** What is looked at, as text. */
  readonly input: string;
  readonly text: TextCondition;
}

/** A predicate as far as it is compared. */
interface Predicate {
  readonly says: string;
  readonly single: InputCondition | undefined;
  readonly all: readonly Predicate[];
  readonly any: readonly Predicate[];
}

interface Answered {
  readonly predicate: Predicate;
  readonly matcher: ConfigNode;
}

/** More entries of one list, and more levels, are not compared: a bound on the work, not on the truth of what is said. */
const MAX_ENTRIES = 32;
const MAX_LEVELS = 4;
const MAX_PARTS = 8;

function readPredicate(node: ConfigNode, level = 0): Predicate {
  const parts = (name: string): Predicate[] => {
    const list = level < MAX_LEVELS ? (node.get(name)?.list('predicate') ?? []) : [];
    return list.length <= MAX_PARTS ? list.map((part) => readPredicate(part, level + 1)) : [];
  };
  const single = node.get('single_predicate');
  const input = single?.path('input', 'typed_config');
  const text = readTextCondition(single?.get('value_match'));
  return {
    says: JSON.stringify(node.toValue()),
    single: input && text && { input: JSON.stringify(input.toValue()), text },
    all: parts('and_matcher'),
    any: parts('or_matcher'),
  };
}

/** Does `wide` hold whenever `narrow` does? False where that is not proved. */
function covers(wide: Predicate, narrow: Predicate): boolean {
  if (wide.says === narrow.says) return true;
  if (narrow.any.length > 0) return narrow.any.every((part) => covers(wide, part));
  if (wide.all.length > 0) return wide.all.every((part) => covers(part, narrow));
  if (wide.any.some((part) => covers(part, narrow))) return true;
  if (narrow.all.some((part) => covers(wide, part))) return true;
  return wide.single !== undefined && wide.single.input === narrow.single?.input && coversText(wide.single.text, narrow.single.text);
}
