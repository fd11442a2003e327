/** RBAC by a unified matcher (Envoy: engine_impl.cc RoleBasedAccessControlMatcherEngineImpl). */
import type { ConfigNode } from '../../schema/configNode';
import { evaluateMatcher } from '../matcher/evaluateMatcher';
import { say, words } from '../record/sentence';
import { describePolicy } from './describePolicy';
import { readAction } from './readAction';
import { rbacDetails } from './rbacDetails';
import type { RbacContext, RbacDecision } from './rbacDecision';

/** The action (config.rbac.v3.Action) that the matcher leads to; none denies. */
export function evaluateRbacMatcher(matcher: ConfigNode, context: RbacContext): RbacDecision {
  const result = evaluateMatcher(matcher, context);
  const { rejected } = result;
  switch (result.kind) {
    case 'insufficient':
      return { kind: 'unknown', missing: result.missing, at: matcher, rejected };
    case 'no_match':
      return {
        kind: 'deny',
        because: say`${result.because}; without a match RBAC denies`,
        at: matcher,
        details: rbacDetails(''),
        policy: '',
        rejected,
      };
    case 'match': {
      const config = result.action.typed()?.node;
      const name = config?.string('name') ?? '';
      const shared = {
        because: say`${describePolicy(name)} matches: ${result.because}`,
        at: config ?? result.action,
        policy: name,
        rejected,
      };
      const action = config && readAction(config);
      if (!action) return { kind: 'unknown', missing: words('the action of the RBAC matcher'), at: result.action, rejected };
      return action === 'DENY' ? { kind: 'deny', details: rbacDetails(name), ...shared } : { kind: 'allow', ...shared };
    }
  }
}
