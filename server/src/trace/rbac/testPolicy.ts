/** One RBAC policy: any of its permissions, any of its principals, and its condition (Envoy: matchers.cc PolicyMatcher). */
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { testCel } from '../matcher/cel/testCelMatcher';
import { say, words, type Sentence } from '../record/sentence';
import { no, unknown, YES, type Verdict } from '../verdict';
import { readPermission } from './readPermission';
import { readPrincipal } from './readPrincipal';
import type { RuleTest } from './ruleReader';
import type { RbacContext } from './rbacDecision';

/** As a Verdict, but a yes says what held. */
export type PolicyVerdict =
  Exclude<Verdict, { kind: 'yes' }> | { readonly kind: 'yes'; readonly because: Sentence; readonly at: ConfigNode };

/** A certain no beats an unknown that stands before it. */
export function testPolicy(policy: ConfigNode, context: RbacContext): PolicyVerdict {
  const { permissions, principals, condition } = readPolicy(policy);
  const permission = testAny(permissions, context);
  if (permission.verdict.kind === 'no') return permission.verdict;
  const principal = testAny(principals, context);
  if (principal.verdict.kind === 'no') return principal.verdict;
  const holds = condition ? testCel(condition, context, policy.get('cel_config')) : YES;
  for (const verdict of [holds, permission.verdict, principal.verdict]) if (verdict.kind !== 'yes') return verdict;
  const because = say`its permission ${permission.index + 1} and its principal ${principal.index + 1} hold`;
  return { kind: 'yes', because, at: policy.list('principals')[principal.index] ?? policy };
}

interface Alternatives {
  readonly what: string;
  readonly tests: readonly RuleTest[];
  readonly isIncomplete: boolean;
  readonly policy: ConfigNode;
}

interface Policy {
  readonly permissions: Alternatives;
  readonly principals: Alternatives;
  /** Envoy reads no `checked_condition` (rbac/matchers.h PolicyMatcher; tried on 1.40). */
  readonly condition: ConfigNode | undefined;
}

const readPolicy: (policy: ConfigNode) => Policy = memoizeByNode((policy) => {
  const alternatives = (what: string, read: (rule: ConfigNode) => RuleTest): Alternatives => {
    const isIncomplete = policy.isIncomplete || policy.get(what)?.isIncomplete === true;
    return { what, tests: policy.list(what).map(read), isIncomplete, policy };
  };
  return {
    permissions: alternatives('permissions', readPermission),
    principals: alternatives('principals', readPrincipal),
    condition: policy.get('condition'),
  };
});

/** The alternatives in order: the first that holds; else that one could; else the first reason why not. */
function testAny({ what, tests, isIncomplete, policy }: Alternatives, context: RbacContext): { verdict: Verdict; index: number } {
  let open: Verdict | undefined;
  let failed: Verdict | undefined;
  for (const [index, test] of tests.entries()) {
    const verdict = test(context);
    if (verdict.kind === 'yes') return { verdict, index };
    if (verdict.kind === 'unknown') open ??= verdict;
    else failed ??= verdict;
  }
  if (!open && isIncomplete) open = unknown(say`its ${words(what)}, which the file leaves out`, policy);
  if (open || failed?.kind !== 'no' || tests.length === 1)
    return { verdict: open ?? failed ?? no(say`it has no ${words(what)}`, policy), index: 0 };
  return { verdict: no(say`none of its ${tests.length} ${words(what)} holds: ${failed.because}`, failed.at ?? policy), index: 0 };
}
