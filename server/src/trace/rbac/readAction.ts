/** `RBAC.Action` of envoy.config.rbac.v3. */
import type { ConfigNode } from '../../schema/configNode';

export type RbacAction = 'ALLOW' | 'DENY' | 'LOG';

/** By name or number; unset is ALLOW; undefined where it is none of them, or the file leaves out what it may be. */
export function readAction(node: ConfigNode): RbacAction | undefined {
  return node.isIncomplete && !node.has('action') ? undefined : node.enumValue('action', ['ALLOW', 'DENY', 'LOG']);
}
