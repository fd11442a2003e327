/** An entry of a matcher list whose predicate an earlier entry has already: the earlier one always answers. */
import type { ConfigNode } from '../../../../schema/configNode';
import { adviceRule, type CheckMessage } from '../../messageRule';
import { warningAt } from '../../problem';
import type { Problem } from '../../rule';

const check: CheckMessage = (list) => {
  const seen = new Map<string, ConfigNode>();
  return list.list('matchers').map((matcher): Problem | undefined => {
    const predicate = matcher.get('predicate');
    if (!predicate || matcher.isIncomplete || predicate.isIncomplete) return undefined;
    const text = JSON.stringify(predicate.toValue());
    const first = seen.get(text);
    // A nested matcher may miss and let the list go on; an action never does.
    const answers = matcher.path('on_match', 'action') !== undefined && !matcher.path('on_match')?.bool('keep_matching');
    if (!first && answers) seen.set(text, matcher);
    return (
      first &&
      warningAt(matcher, 'This entry is never reached: an earlier one has the same predicate.', {
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
