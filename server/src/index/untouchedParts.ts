/** The parts of a dump after an edit inside one of its resources: that one is read anew, all others are moved. */
import { nameOfResource, type DocumentPart } from '../model/documentPart';
import { newContent, type Resource, type ResourceContent, type ResourceKind } from '../model/resource';
import { ConfigNode, findField } from '../schema/configNode';
import type { EditedTree } from '../syntax/editJson';
import { NO_NODE, type NodeId, type SyntaxTree } from '../syntax/syntaxTree';

/** The parts after an edit, and the resource in which it is, before and after. */
export interface MovedParts {
  readonly parts: readonly DocumentPart[];
  readonly before: Resource;
  readonly after: Resource;
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
  const before = resourceAround(tree, parts, edited.container);
  if (!before || mayChangeType(tree, before, edited)) return undefined;
  const node = new ConfigNode(edited.tree, before.node.id);
  const entry = new ConfigNode(edited.tree, before.entry.id);
  const name = nameOfResource({ kind: before.kind, node, entry });
  const after: Resource = { ...before, node, entry, name, content: contentAfter(before, edited.container) };
  const replaced = (resource: Resource) => (resource === before ? after : undefined);
  return { parts: parts.map((part) => movePart(part, edited, replaced)), before, after };
}

/** Another one, in which all virtual hosts but the edited one are as they were. */
function contentAfter({ kind, node: { tree, id }, content }: Resource, inside: NodeId): ResourceContent {
  const after = newContent();
  const hosts = kind === 'route_configuration' ? findField(tree, id, 'virtual_hosts') : NO_NODE;
  if (hosts === NO_NODE) return after;
  const edited = tree.children(hosts).findIndex((host) => host <= inside && inside < (tree.columns.nexts[host] ?? 0));
  if (edited < 0) return after;
  after.virtualHosts.push(...content.virtualHosts);
  after.virtualHosts[edited] = 0;
  return after;
}

/** The one plain resource that has a node inside. */
function resourceAround(tree: SyntaxTree, parts: readonly DocumentPart[], inside: NodeId): Resource | undefined {
  const { nexts } = tree.columns;
  const around: Resource[] = [];
  for (const { resources } of parts)
    for (const resource of resources) {
      const { id } = resource.node;
      if (id <= inside && inside < (nexts[id] ?? 0)) around.push(resource);
    }
  const [only, another] = around;
  return only && !another && PLAIN.has(only.kind) ? only : undefined;
}

/** The `@type` of the resource itself is among what was edited. */
function mayChangeType(tree: SyntaxTree, { node }: Resource, { container, first, end, added, tree: newTree }: EditedTree): boolean {
  if (container !== node.id) return false;
  const hasType = (of: SyntaxTree, stop: NodeId) => {
    for (let at = first; at < stop; at = of.columns.nexts[at] ?? stop) if (of.key(at) === '@type') return true;
    return false;
  };
  return hasType(tree, end) || hasType(newTree, first + added);
}

function movePart(part: DocumentPart, edited: EditedTree, replaced: (resource: Resource) => Resource | undefined): DocumentPart {
  const shift = edited.added - (edited.end - edited.first);
  const move = ({ id }: ConfigNode) => new ConfigNode(edited.tree, id < edited.first ? id : id + shift);
  const resources = part.resources.map((resource): Resource => {
    const node = move(resource.node);
    const entry = resource.entry === resource.node ? node : move(resource.entry);
    return replaced(resource) ?? { ...resource, node, entry };
  });
  return { ...part, node: move(part.node), proxyNode: part.proxyNode && move(part.proxyNode), resources };
}
