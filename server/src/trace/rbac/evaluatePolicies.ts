/** RBAC by policies (Envoy: engine_impl.cc RoleBasedAccessControlEngineImpl): in the order of their names, the first that matches counts. */
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import type { Rejected } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import { describePolicy } from './describePolicy';
import { readAction, type RbacAction } from './readAction';
import { rbacDetails } from './rbacDetails';
import { testPolicy } from './testPolicy';
import type { RbacContext, RbacDecision, RbacVerdict } from './rbacDecision';

/** Evaluates `config.rbac.v3.RBAC`. */
export function evaluatePolicies(rules: ConfigNode, context: RbacContext): RbacDecision {
  const action = readAction(rules);
  if (!action) return { kind: 'unknown', missing: words('the action of the RBAC rules'), at: rules, rejected: [] };
  const found = findPolicy(rules, context);
  const { rejected } = found;
  if (action === 'LOG') return { ...decideToLog(rules, found), rejected };
  if (!found.match && found.open) return { kind: 'unknown', ...found.open, rejected };
  return { ...(found.match ? decideByMatch(action, found.match, found) : decideByMiss(action, rules)), rejected };
}

interface Policy {
  readonly name: string;
  readonly node: ConfigNode;
  readonly description: Sentence;
}

interface FoundPolicy {
  readonly match: { readonly policy: Policy; readonly because: Sentence; readonly at: ConfigNode } | undefined;
  /** A policy before the match, or any without one, that nobody can decide. */
  readonly open: { readonly missing: Sentence; readonly at: ConfigNode } | undefined;
  readonly rejected: readonly Rejected[];
}

function findPolicy(rules: ConfigNode, context: RbacContext): FoundPolicy {
  const rejected: Rejected[] = [];
  let open: FoundPolicy['open'];
  for (const policy of policiesOf(rules)) {
    const result = testPolicy(policy.node, context);
    if (result.kind === 'yes') return { match: { policy, because: result.because, at: result.at }, open, rejected };
    if (result.kind === 'no') {
      rejected.push({ candidate: policy.description, because: result.because, at: result.at ?? policy.node });
      continue;
    }
    open ??= { missing: say`${policy.description}: ${result.missing}`, at: result.at ?? policy.node };
  }
  if (rules.isIncomplete || rules.get('policies')?.isIncomplete)
    open ??= { missing: words('the RBAC policies that the file leaves out'), at: rules };
  return { match: undefined, open, rejected };
}

/** Sorted by the bytes of their names, as std::map sorts them. */
const policiesOf: (rules: ConfigNode) => readonly Policy[] = memoizeByNode((rules) => {
  const byName = new Map(rules.map('policies'));
  return [...byName].map(([name, node]) => ({ name, node, description: describePolicy(name) })).sort((a, b) => compareText(a.name, b.name));
});

/** UTF-8 byte order is the order of code points; at the first difference they decide. */
function compareText(a: string, b: string): number {
  for (let index = 0; index < a.length && index < b.length; index++) {
    const difference = (a.codePointAt(index) ?? 0) - (b.codePointAt(index) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function policyName({ match, open }: FoundPolicy): string | undefined {
  return open ? undefined : (match?.policy.name ?? '');
}

function decideToLog(rules: ConfigNode, found: FoundPolicy): RbacVerdict {
  const because = words('the action LOG lets everything pass');
  return { kind: 'allow', because, at: found.match?.at ?? rules, policy: policyName(found) };
}

/** Where an earlier policy may match as well, only the outcome is certain, not the name. */
function decideByMatch(action: RbacAction, match: NonNullable<FoundPolicy['match']>, found: FoundPolicy): RbacVerdict {
  const policy = policyName(found);
  const shared = { because: say`${match.policy.description} matches: ${match.because}`, at: match.at, policy };
  if (action === 'ALLOW') return { kind: 'allow', ...shared };
  return { kind: 'deny', details: policy === undefined ? undefined : rbacDetails(policy), ...shared };
}

function describeMiss(action: RbacAction, count: number): Sentence {
  if (count === 0) return say`there are no policies, and the action is ${action}`;
  if (count === 1) return say`its only policy, with the action ${action}, does not match`;
  return say`none of ${count} policies with the action ${action} matches`;
}

function decideByMiss(action: RbacAction, rules: ConfigNode): RbacVerdict {
  const count = policiesOf(rules).length;
  const because = describeMiss(action, count);
  const shared = { because, at: rules, policy: '' };
  return action === 'ALLOW' ? { kind: 'deny', details: rbacDetails(''), ...shared } : { kind: 'allow', ...shared };
}
