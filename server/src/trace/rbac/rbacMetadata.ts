/** What an RBAC filter leaves in dynamic metadata for later filters (Envoy: common/rbac/utility.h DynamicMetadataKeys). Istio's CUSTOM policies ask it. */
import type { ConfigNode } from '../../schema/configNode';
import { NotKnown } from '../facts/notKnown';
import { say, words } from '../record/sentence';
import type { RbacDecision } from './rbacDecision';

/** Policy and result under the keys of `shadow` or `enforced` rules, with the prefix of the configuration; undefined for refused rules. */
export function rbacMetadata(
  config: ConfigNode,
  kind: 'shadow' | 'enforced',
  decision: RbacDecision,
): Readonly<Record<string, string | NotKnown>> | undefined {
  if (decision.kind === 'refused') return undefined;
  const prefix = config.string(kind === 'shadow' ? 'shadow_rules_stat_prefix' : 'rules_stat_prefix');
  const [policy, result] = [`${prefix}${kind}_effective_policy_id`, `${prefix}${kind}_engine_result`];
  if (decision.kind === 'unknown') {
    const open = new NotKnown(say`what the ${words(kind)} rules say: ${decision.missing}`);
    return { [policy]: open, [result]: open };
  }
  const name = decision.policy ?? new NotKnown(words('which of the RBAC policies matched first'));
  return { ...(name !== '' && { [policy]: name }), [result]: decision.kind === 'allow' ? 'allowed' : 'denied' };
}

/** Adds the fields to a namespace of dynamic metadata; what is there stays. */
export function writeRbacMetadata(
  metadata: Map<string, unknown>,
  namespace: string,
  fields: Readonly<Record<string, string | NotKnown>> | undefined,
): void {
  if (!fields) return;
  const before = metadata.get(namespace);
  metadata.set(namespace, { ...(typeof before === 'object' ? before : {}), ...fields });
}
