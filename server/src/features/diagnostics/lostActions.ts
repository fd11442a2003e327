/** Actions that Envoy 1.40 never looks at, because their matcher keeps matching where that is not supported (source/common/matcher/matcher.h createOnMatchBase). */
import type { ConfigNode } from '../../schema/configNode';
import { keptMatches } from '../../trace/matcher/matcherNodes';

/** Whether a place lies in an extension below what a matcher does on a match that is lost, or may be: the children of a map are made in any order. */
export function isInLostAction(at: ConfigNode): boolean {
  let isInExtension = false;
  for (let node: ConfigNode | undefined = at; node; node = node.parent) {
    if (isInExtension && isLost(node)) return node.enclosing('bucket_matchers') === undefined;
    isInExtension ||= node.isField('typed_config');
  }
  return false;
}

/** What is done on a match: lost where it keeps matching, or something before it. */
function isLost(onMatch: ConfigNode): boolean {
  const { parent } = onMatch;
  if (!parent || !(onMatch.has('action') || onMatch.has('matcher'))) return false;
  if (onMatch.bool('keep_matching') === true) return true;
  if (onMatch.isField('on_match')) return itemsBefore(parent).some(keeps);
  if (onMatch.isField('on_no_match')) return ['matcher_list', 'matcher_tree'].some((field) => keeps(parent.get(field)));
  return parent.isField('map') && keeps(parent);
}

function keeps(node: ConfigNode | undefined): boolean {
  return keptMatches(node).length > 0;
}

function itemsBefore(item: ConfigNode): ConfigNode[] {
  return item.parent?.isArray ? item.parent.items().filter(({ id }) => id < item.id) : [];
}
