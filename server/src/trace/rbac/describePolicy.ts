/** Policy names in an operator's words. */
import { say, type Sentence } from '../record/sentence';

const ISTIO_POLICY = /^(?:istio-ext-authz-)?ns\[([^\]]*)\]-policy\[([^\]]*)\]-rule\[(\d+)\]$/;

/** Istio's `ns[NS]-policy[NAME]-rule[N]` names the AuthorizationPolicy that made it. */
export function describePolicy(name: string): Sentence {
  const [, namespace, policy, rule] = ISTIO_POLICY.exec(name) ?? [];
  if (namespace === undefined || policy === undefined) return say`policy ${name}`;
  return say`policy ${name} (rule ${Number(rule)} of AuthorizationPolicy ${policy} in namespace ${namespace})`;
}
