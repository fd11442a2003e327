/** CelMatcher (Envoy: source/extensions/matching/input_matchers/cel_matcher/matcher.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { words } from '../../record/sentence';
import type { MatchContext } from '../matchContext';
import type { PredicateResult } from '../testPredicate';

export function testCelMatcher(config: ConfigNode, context: MatchContext): PredicateResult {
  void config;
  void context;
  return { kind: 'unknown', missing: words('what the CEL expression says') };
}
