/** What an RBAC filter leaves in dynamic metadata for later filters (Envoy: common/rbac/utility.h DynamicMetadataKeys). Istio's CUSTOM policies ask it. */
import type { ConfigNode } from '../../schema/configNode';
import type { RbacDecision } from './evaluateRbac';

/** Policy and result under the keys of `shadow` or `enforced` rules, with the prefix of the configuration; undefined where they are not known. */
export function rbacMetadata(
  config: ConfigNode,
  kind: 'shadow' | 'enforced',
  decision: RbacDecision,
): Readonly<Record<string, string>> | undefined {
  if (decision.kind === 'unknown' || decision.kind === 'refused' || decision.policy === undefined) return undefined;
  const prefix = config.string(kind === 'shadow' ? 'shadow_rules_stat_prefix' : 'rules_stat_prefix');
  return {
    ...(decision.policy !== '' && { [`${prefix}${kind}_effective_policy_id`]: decision.policy }),
    [`${prefix}${kind}_engine_result`]: decision.kind === 'allow' ? 'allowed' : 'denied',
  };
}

/** Adds the fields to a namespace of dynamic metadata; what is there stays. */
export function writeRbacMetadata(
  metadata: Map<string, unknown>,
  namespace: string,
  fields: Readonly<Record<string, string>> | undefined,
): void {
  if (!fields) return;
  const before = metadata.get(namespace);
  metadata.set(namespace, { ...(typeof before === 'object' ? before : {}), ...fields });
}
