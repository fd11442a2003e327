/** What the predicate of a matcher asks for, whatever it would come to. */
import { ConfigNode } from '../../schema/configNode';

/** Whether it has an input, at any depth, whose message is not among these. */
export function asksForMore(predicate: ConfigNode | undefined, inputs: ReadonlySet<string>): boolean {
  if (!predicate) return false;
  const { tree, id } = predicate;
  for (let node = id; node < tree.next(id); node++)
    if (tree.key(node) === 'input' && !inputs.has(new ConfigNode(tree, node).typed()?.type ?? '')) return true;
  return false;
}
