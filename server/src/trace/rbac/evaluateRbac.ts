/** Role-based access control for connections and requests (Envoy: source/extensions/filters/common/rbac/engine_impl.cc, utility.h createEngine). */
import type { ConfigNode } from '../../schema/configNode';
import { words } from '../record/sentence';
import { evaluateRbacMatcher } from './evaluateRbacMatcher';
import { evaluatePolicies } from './evaluatePolicies';
import { findRefusedRule } from './findRefusedRule';
import type { RbacContext, RbacOutcome, RbacDecision } from './rbacDecision';

/**
 * Evaluates the `rules`, `matcher`, `shadow_rules` and `shadow_matcher` of a filter's configuration (extensions.filters.{network,http}.rbac.v3.RBAC).
 * `details` of a denial are Envoy's response code details; undefined where the policy that matched first cannot be known.
 */
export function evaluateRbac(config: ConfigNode, context: RbacContext): RbacOutcome {
  const refused = findRefusedRule(config, context.http ? 'http' : 'network');
  if (refused) return { enforced: { ...refused, rejected: [] }, shadow: undefined };
  return {
    enforced: lostRules(config) ?? evaluate(config.get('matcher'), config.get('rules'), context),
    shadow: evaluate(config.get('shadow_matcher'), config.get('shadow_rules'), context),
  };
}

/** A filter of which the file has lost a part is none without rules. */
function lostRules(config: ConfigNode): RbacDecision | undefined {
  if (!config.isIncomplete || config.has('matcher')) return undefined;
  return { kind: 'unknown', missing: words('the RBAC rules that the file leaves out'), at: config, rejected: [] };
}

/** A matcher wins over rules. */
function evaluate(matcher: ConfigNode | undefined, rules: ConfigNode | undefined, context: RbacContext): RbacDecision | undefined {
  if (matcher) return evaluateRbacMatcher(matcher, context);
  return rules && evaluatePolicies(rules, context);
}
