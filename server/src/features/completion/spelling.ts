/** How the keys around a place are spelled. */
import { NO_NODE, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import { PLACEHOLDER } from './cursorToken';

/** As the object's own keys are spelled; where they do not tell, as those around it; snake_case in the end. */
export function spellsCamel(tree: SyntaxTree, object: NodeId): boolean {
  for (let at = object; at !== NO_NODE; at = tree.parent(at)) {
    // An EnvoyFilter speaks Istio's camelCase around Envoy's own words.
    if (tree.key(at) === 'patch') return false;
    const keys = tree.children(at).flatMap((child) => tree.key(child) ?? []);
    if (keys.some((key) => /^[a-z0-9]+(?:_[a-z0-9]+)+$/.test(key))) return false;
    if (keys.some((key) => key !== PLACEHOLDER && /^[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+$/.test(key))) return true;
  }
  return false;
}
