/** One RBAC policy: any of its permissions, any of its principals, and its condition (Envoy: matchers.cc PolicyMatcher). */
import type { ConfigNode } from '../../schema/configNode';
import { testCel } from '../matcher/cel/testCelMatcher';
import { say, words, type Sentence } from '../record/sentence';
import { no, unknown, YES, type Verdict } from '../verdict';
import type { RbacContext } from './evaluateRbac';
import { testPermission } from './testPermission';
import { testPrincipal } from './testPrincipal';

/** As a Verdict, but a yes says what held. */
export type PolicyVerdict =
  Exclude<Verdict, { kind: 'yes' }> | { readonly kind: 'yes'; readonly because: Sentence; readonly at: ConfigNode };

/** A certain no beats an unknown that stands before it. */
export function testPolicy(policy: ConfigNode, context: RbacContext): PolicyVerdict {
  const permission = testAny(policy, 'permissions', (each) => testPermission(each, context));
  if (permission.verdict.kind === 'no') return permission.verdict;
  const principal = testAny(policy, 'principals', (each) => testPrincipal(each, context));
  if (principal.verdict.kind === 'no') return principal.verdict;
  const condition = testCondition(policy, context);
  for (const verdict of [condition, permission.verdict, principal.verdict]) if (verdict.kind !== 'yes') return verdict;
  const at = policy.list('principals')[principal.index] ?? policy;
  return { kind: 'yes', because: say`its permission ${permission.index + 1} and its principal ${principal.index + 1} hold`, at };
}

/** The alternatives in order: the first that holds; else that one could; else the first reason why not. */
function testAny(
  policy: ConfigNode,
  field: 'permissions' | 'principals',
  test: (alternative: ConfigNode) => Verdict,
): { verdict: Verdict; index: number } {
  const alternatives = policy.list(field);
  let open: Verdict | undefined;
  let failed: Verdict | undefined;
  for (const [index, alternative] of alternatives.entries()) {
    const verdict = test(alternative);
    if (verdict.kind === 'yes') return { verdict, index };
    if (verdict.kind === 'unknown') open ??= verdict;
    else failed ??= verdict;
  }
  if (!open && (policy.isIncomplete || policy.get(field)?.isIncomplete))
    open = unknown(say`its ${words(field)}, which the file leaves out`, policy);
  if (open || !failed || failed.kind !== 'no' || alternatives.length === 1)
    return { verdict: open ?? failed ?? no(say`it has no ${words(field)}`, policy), index: 0 };
  return { verdict: no(say`none of its ${alternatives.length} ${words(field)} holds: ${failed.because}`, failed.at ?? policy), index: 0 };
}

/** `condition` (a parsed expression) or `checked_condition`. */
function testCondition(policy: ConfigNode, context: RbacContext): Verdict {
  const condition = policy.get('checked_condition') ?? policy.get('condition');
  return condition ? testCel(condition, context) : YES;
}
