/** The parts of a dump after an edit inside one of its resources: that one is read anew, all others are moved. */
import { nameOfResource, partOf, type DocumentPart } from '../model/documentPart';
import type { ResourceKind } from '../model/resource';
import { ConfigNode, findField } from '../schema/configNode';
import type { EditedTree } from '../syntax/editJson';
import { NO_NODE, type NodeId, type SyntaxTree } from '../syntax/syntaxTree';

/** The parts after an edit, and where it is: one message, before and after. */
export interface MovedParts {
  readonly parts: readonly DocumentPart[];
  /** The place of the part, and of the resource in its list. */
  readonly part: number;
  readonly index: number;
  /** The resource, before and after. */
  readonly before: ConfigNode;
  readonly after: ConfigNode;
  readonly kind: ResourceKind;
  /** What encloses the edit: the resource, or one of its virtual hosts. The same node before and after. */
  readonly touched: NodeId;
}

/** What they are does not depend on what stands in them, and no other resource does. */
const PLAIN: ReadonlySet<ResourceKind> = new Set([
  'listener',
  'cluster',
  'route_configuration',
  'load_assignment',
  'secret',
  'extension_config',
]);

/** Undefined where the edit is elsewhere, or may change more than one resource. */
export function moveParts(tree: SyntaxTree, parts: readonly DocumentPart[], edited: EditedTree): MovedParts | undefined {
  if (parts.some(({ kind }) => kind !== 'dump')) return undefined;
  const place = placeAround(tree, parts, edited.container);
  const list = place && parts[place.part]?.list;
  const before = list?.at(place?.index ?? 0);
  if (!place || !list || !before || !PLAIN.has(before.kind) || mayChangeType(tree, before.node.id, edited)) return undefined;
  const { part, index } = place;
  const { kind } = before;
  const node = new ConfigNode(edited.tree, before.node.id);
  const name = nameOfResource({ kind, node, entry: new ConfigNode(edited.tree, before.entry.id) });
  const host = kind === 'route_configuration' ? hostAround(tree, before.node.id, edited.container) : undefined;
  const shift = edited.added - (edited.end - edited.first);
  const move = (at: ConfigNode) => new ConfigNode(edited.tree, at.id < edited.first ? at.id : at.id + shift);
  const moved = parts.map((each, at): DocumentPart => {
    const edit = at === part ? { index, name, hostNotes: host && without(each.list.hostNotesAt(index), host.index) } : undefined;
    const listAfter = each.list.moved({ tree: edited.tree, first: edited.first, shift }, edit);
    return partOf({ ...each, node: move(each.node), proxyNode: each.proxyNode && move(each.proxyNode) }, listAfter);
  });
  return { parts: moved, part, index, before: before.node, after: node, kind, touched: host?.node ?? before.node.id };
}

/** The one resource that has a node inside. */
function placeAround(tree: SyntaxTree, parts: readonly DocumentPart[], inside: NodeId): { part: number; index: number } | undefined {
  const { nexts } = tree.columns;
  let found: { part: number; index: number } | undefined;
  for (const [part, { list }] of parts.entries()) {
    const { nodes } = list;
    for (let index = 0; index < nodes.length; index++) {
      const node = nodes[index] ?? NO_NODE;
      if (node > inside || inside >= (nexts[node] ?? 0)) continue;
      if (found) return undefined;
      found = { part, index };
    }
  }
  return found;
}

/** The virtual host of a route configuration that has a node inside. There may be thousands of them. */
function hostAround(tree: SyntaxTree, routes: NodeId, inside: NodeId): { node: NodeId; index: number } | undefined {
  const hosts = findField(tree, routes, 'virtual_hosts');
  if (hosts === NO_NODE || hosts >= inside) return undefined;
  const { nexts } = tree.columns;
  const end = nexts[hosts] ?? 0;
  for (let node = hosts + 1, index = 0; node < end && node <= inside; node = nexts[node] ?? end, index++)
    if (inside < (nexts[node] ?? 0) && tree.isContainer(node)) return { node, index };
  return undefined;
}

function without(notes: readonly number[], index: number): number[] {
  return notes.length === 0 ? [] : notes.with(index, 0);
}

/** The `@type` of the resource itself is among what was edited. */
function mayChangeType(tree: SyntaxTree, resource: NodeId, { container, first, end, added, tree: newTree }: EditedTree): boolean {
  if (container !== resource) return false;
  const hasType = (of: SyntaxTree, stop: NodeId) => {
    for (let at = first; at < stop; at = of.columns.nexts[at] ?? stop) if (of.key(at) === '@type') return true;
    return false;
  };
  return hasType(tree, end) || hasType(newTree, first + added);
}
