/** The parts of a dump after an edit inside one of its resources: that one is read anew, all others are moved. */
import { nameOfResource, partOf, type DocumentPart } from '../../model/document/documentPart';
import { innerListOf } from '../../model/resources/innerMessages';
import type { Resource, ResourceKind } from '../../model/resources/resource';
import type { ResourceEdit, ResourceList } from '../../model/resources/resourceList';
import { ConfigNode } from '../../schema/configNode';
import type { EditedTree } from '../../syntax/tree/editedTree';
import { NO_NODE, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';

/** The parts after an edit, and what has changed in them. */
export interface MovedParts {
  readonly parts: readonly DocumentPart[];
  /** Undefined where no resource has changed, nor moved but in the text. */
  readonly touched: TouchedMessage | undefined;
}

/** The message around an edit: a resource, or one of its inner messages. */
export interface TouchedMessage {
  /** The same before and after. */
  readonly node: NodeId;
  /** The place of the part, and of the resource in its list. */
  readonly part: number;
  readonly index: number;
  readonly kind: ResourceKind;
  /** The resource, before and after. */
  readonly before: ConfigNode;
  readonly after: ConfigNode;
  /** Its place among the inner messages of the resource, if it is one. */
  readonly inner: number | undefined;
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
  if (isBlank(edited)) return { parts: parts.map((part) => movePart(part, edited, undefined)), touched: undefined };
  const touched = findTouched(tree, parts, edited);
  return touched && { parts: parts.map((part, at) => movePart(part, edited, at === touched.part ? touched : undefined)), touched };
}

/** Only what stands between the nodes is another. */
function isBlank({ first, end, added }: EditedTree): boolean {
  return first === end && added === 0;
}

function findTouched(tree: SyntaxTree, parts: readonly DocumentPart[], edited: EditedTree): TouchedMessage | undefined {
  const place = placeAround(tree, parts, edited.container);
  const resource = place && parts[place.part]?.list.at(place.index);
  if (!resource || !PLAIN.has(resource.kind) || mayChangeType(tree, resource.node.id, edited)) return undefined;
  const { kind, node } = resource;
  const inner = innerAround(resource, edited.container);
  return { ...place, kind, before: node, after: new ConfigNode(edited.tree, node.id), node: inner?.node ?? node.id, inner: inner?.index };
}

function movePart(part: DocumentPart, { tree, first, end, added }: EditedTree, touched: TouchedMessage | undefined): DocumentPart {
  const { kind, label, hasEndpoints, proxyNode, list } = part;
  const shift = added - (end - first);
  const move = ({ id }: ConfigNode) => new ConfigNode(tree, id < first ? id : id + shift);
  const moved = list.moved({ tree, first, shift }, touched && editOf(list, touched));
  return partOf({ kind, label, hasEndpoints, node: move(part.node), proxyNode: proxyNode && move(proxyNode) }, moved);
}

function editOf(list: ResourceList, { index, kind, after, inner }: TouchedMessage): ResourceEdit {
  // What wraps a resource begins before it, and stays where it is.
  const entry = new ConfigNode(after.tree, list.at(index)?.entry.id ?? after.id);
  const innerNotes = inner === undefined ? undefined : list.innerNotesAt(index);
  return {
    index,
    name: nameOfResource({ kind, node: after, entry }),
    innerNotes: innerNotes && innerNotes.map((noted, at) => (at === inner ? 0 : noted)),
  };
}

/** The one resource that has a node inside. */
function placeAround(tree: SyntaxTree, parts: readonly DocumentPart[], inside: NodeId): { part: number; index: number } | undefined {
  let found: { part: number; index: number } | undefined;
  for (const [part, { list }] of parts.entries()) {
    const { nodes } = list;
    for (let index = 0; index < nodes.length; index++) {
      const node = nodes[index] ?? NO_NODE;
      if (node > inside || inside >= tree.next(node)) continue;
      if (found) return undefined;
      found = { part, index };
    }
  }
  return found;
}

/** The inner message of a resource that has a node inside. There may be thousands of them. */
function innerAround({ kind, node: { tree, id } }: Resource, inside: NodeId): { node: NodeId; index: number } | undefined {
  const list = innerListOf(tree, id, kind);
  if (list === NO_NODE || list >= inside) return undefined;
  const end = tree.next(list);
  for (let node = list + 1, index = 0; node < end && node <= inside; node = tree.next(node), index++)
    if (inside < tree.next(node) && tree.isContainer(node)) return { node, index };
  return undefined;
}

/** The `@type` of the resource itself is among what was edited. */
function mayChangeType(tree: SyntaxTree, resource: NodeId, { container, first, end, added, tree: newTree }: EditedTree): boolean {
  if (container !== resource) return false;
  const hasType = (of: SyntaxTree, stop: NodeId) => {
    for (let at = first; at < stop; at = of.next(at)) if (of.key(at) === '@type') return true;
    return false;
  };
  return hasType(tree, end) || hasType(newTree, first + added);
}
