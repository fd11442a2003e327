/** `keep_matching` where Envoy 1.40 does not support it: some matchers refuse it, the others lose the action (source/common/matcher/validation_visitor.h). */
import type { ConfigNode } from '../../../../schema/configNode';
import { keptMatches } from '../../../../trace/matcher/matcherNodes';
import { MATCHER_PLACES, type MatcherPlace } from '../../../../trace/matcher/matcherPlaces';
import { LISTENER } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt, warningAt } from '../../problem';
import type { Problem } from '../../rule';

export const keepMatching = refusalRule(
  'keep-matching',
  Object.fromEntries(
    Object.entries(MATCHER_PLACES).map(([type, place]) => [
      type,
      (owner) => place.fields.flatMap((field) => keptMatches(owner.get(field)).flatMap((at) => problemAt(at, type, place) ?? [])),
    ]),
  ),
);

function problemAt(at: ConfigNode, type: string, { keeping }: MatcherPlace): Problem | undefined {
  if (keeping === 'done') return undefined;
  if (keeping === 'refused') return errorAt(at, '"keep_matching" is not supported in this matcher.');
  return warningAt(
    at,
    type === LISTENER
      ? 'Envoy 1.40 crashes on "keep_matching" in a "filter_chain_matcher" at the first connection.'
      : 'Envoy 1.40 does not support "keep_matching" in this matcher: it loses the action here, and those behind it.',
  );
}
