/** `RBAC.Action` of envoy.config.rbac.v3. */
import type { ConfigNode } from '../../schema/configNode';
import { wordTable } from '../../text/wordTable';

export type RbacAction = 'ALLOW' | 'DENY' | 'LOG';

const ACTIONS: Readonly<Record<string, RbacAction>> = wordTable({
  '': 'ALLOW',
  '0': 'ALLOW',
  ALLOW: 'ALLOW',
  '1': 'DENY',
  DENY: 'DENY',
  '2': 'LOG',
  LOG: 'LOG',
});

/** By name or number; unset is ALLOW; undefined where it is none of them, or the file leaves out what it may be. */
export function readAction(node: ConfigNode): RbacAction | undefined {
  return node.isIncomplete && !node.has('action') ? undefined : ACTIONS[node.enumName('action')];
}
