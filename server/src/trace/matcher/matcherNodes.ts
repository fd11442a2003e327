/** The parts of a unified matcher. */
import type { ConfigNode } from '../../schema/configNode';

/** Every message of a matcher, nested matchers and predicates included, in document order; actions are not entered. */
export function matcherNodes(matcher: ConfigNode | undefined): ConfigNode[] {
  const found: ConfigNode[] = [];
  const pending = matcher ? [matcher] : [];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.isObject) found.push(next);
    const children = next.isArray ? next.items() : next.entries().flatMap(([key, child]) => (key === 'action' ? [] : [child]));
    pending.push(...children.filter((child) => child.isObject || child.isArray).reverse());
  }
  return found;
}

/** Each `keep_matching: true` of a matcher. */
export function keptMatches(matcher: ConfigNode | undefined): ConfigNode[] {
  return matcherNodes(matcher).flatMap((node) => {
    const keep = node.get('keep_matching');
    return keep?.asBoolean() ? [keep] : [];
  });
}
