/** Role-based access control for connections and requests (Envoy: source/extensions/filters/common/rbac/engine_impl.cc, utility.h createEngine). */
import type { ConfigNode } from '../../schema/configNode';
import type { MatchContext } from '../matcher/matchContext';
import type { RejectedList } from '../record/hopRecord';
import { words, type Sentence } from '../record/sentence';
import { evaluateRbacMatcher } from './evaluateRbacMatcher';
import { evaluatePolicies } from './evaluatePolicies';
import { findRefusedRule } from './findRefusedRule';

/** Made by `matchContextOf(hop)`: with `http` for the HTTP filter, without it for the network filter (no headers, no path). */
export type RbacContext = MatchContext;

/** What the rules of a filter say. */
export interface RbacOutcome {
  /** Undefined: the filter has neither rules nor a matcher, so it lets everything pass. */
  readonly enforced: RbacDecision | undefined;
  /** What the shadow rules would say; they never change the outcome. */
  readonly shadow: RbacDecision | undefined;
}

export type RbacDecision = RbacVerdict & {
  /** The policies (or matcher actions) that did not match, each with its first condition that failed. */
  readonly rejected: RejectedList;
};

export type RbacVerdict =
  | (Decided & { readonly kind: 'allow' })
  | (Decided & { readonly kind: 'deny'; readonly details: string | undefined })
  | { readonly kind: 'unknown'; readonly missing: Sentence; readonly at: ConfigNode }
  /** Envoy does not load it: a header rule in a network filter, an empty range of ports. */
  | { readonly kind: 'refused'; readonly because: Sentence; readonly at: ConfigNode };

interface Decided {
  readonly because: Sentence;
  readonly at: ConfigNode;
  /** The policy (or the matcher's action) that matched first; '' for none; undefined where it is not known which. */
  readonly policy: string | undefined;
}

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
