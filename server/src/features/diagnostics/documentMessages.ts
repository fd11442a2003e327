/** One walk over the resources of a document: which messages it has, and what the rules of the schema say of them. */
import { messageOfKind } from '../../index/collectNames';
import type { DocumentFacts } from '../../index/documentFacts';
import type { DocumentPart } from '../../model/readDocument';
import type { Resource } from '../../model/resource';
import { ConfigNode } from '../../schema/configNode';
import { messageCollector } from '../../schema/collectMessages';
import type { MessageType } from '../../schema/messageType';
import { walkMessages } from '../../schema/walkMessages';
import { NO_NODE, NodeKind, type NodeId } from '../../syntax/syntaxTree';
import { guessFragment } from './guessFragment';

export interface MessageRoot {
  readonly node: ConfigNode;
  /** Full name of its message. */
  readonly type: string;
  readonly isDelivered: boolean;
  readonly isBootstrap: boolean;
  readonly isAlone: boolean;
  /** People wrote it: no running proxy has told it. */
  readonly isWritten: boolean;
}

export type MessageIndex = ReadonlyMap<string, readonly NodeId[]>;

/** Every message of the document by its type. Of a dump the bootstrap's copies of static resources are left out. */
export function messagesByType(facts: DocumentFacts): MessageIndex {
  return remember(allIndexes, facts, () => indexMessages(facts, messageRoots(facts)));
}

/** Only those that people wrote. */
export function writtenMessagesByType(facts: DocumentFacts): MessageIndex {
  const roots = messageRoots(facts);
  if (roots.every(({ isWritten }) => isWritten)) return messagesByType(facts);
  return remember(writtenIndexes, facts, () =>
    indexMessages(
      facts,
      roots.filter(({ isWritten }) => isWritten),
    ),
  );
}

const allIndexes = new WeakMap<DocumentFacts, MessageIndex>();
const writtenIndexes = new WeakMap<DocumentFacts, MessageIndex>();
const knownRoots = new WeakMap<DocumentFacts, MessageRoot[]>();

function remember<Value>(known: WeakMap<DocumentFacts, Value>, facts: DocumentFacts, make: () => Value): Value {
  let value = known.get(facts);
  if (value === undefined) known.set(facts, (value = make()));
  return value;
}

function indexMessages(facts: DocumentFacts, roots: readonly MessageRoot[]): MessageIndex {
  const byType = new Map<MessageType, NodeId[]>();
  const { found, collect } = messageCollector(facts.tree);
  for (const { node, type } of roots) collect(node.id, type);
  found.types.forEach((type, index) => {
    const node = found.nodes[index] ?? NO_NODE;
    const nodes = byType.get(type);
    if (nodes) nodes.push(node);
    else byType.set(type, [node]);
  });
  return new Map([...byType].map(([type, nodes]) => [type.name, nodes]));
}

/** Where the messages of a document begin, in document order. */
export function messageRoots(facts: DocumentFacts): MessageRoot[] {
  return remember(knownRoots, facts, () => findRoots(facts));
}

function findRoots(facts: DocumentFacts): MessageRoot[] {
  const roots = facts.parts.flatMap((part) => rootsOf(facts, part));
  return facts.parts.length > 0 ? roots.sort((a, b) => a.node.id - b.node.id) : fragmentRoots(facts);
}

function rootsOf({ tree }: DocumentFacts, part: DocumentPart): MessageRoot[] {
  const taken = part.resources.filter(({ kind, state }) => kind !== 'istio_resource' && state !== 'error');
  const sorted = (part.kind === 'dump' ? taken.filter(({ kind }) => kind !== 'bootstrap') : taken).sort((a, b) => a.node.id - b.node.id);
  const found: MessageRoot[] = [];
  let end = -1;
  for (const resource of sorted) {
    if (resource.node.id < end || !isPlausible(resource)) continue;
    end = tree.columns.nexts[resource.node.id] ?? end;
    found.push({
      node: resource.node,
      type: messageOfKind(resource.kind),
      isDelivered: isInDiscoveryResponse(resource),
      isBootstrap: part.kind === 'bootstrap',
      isAlone: part.kind === 'bootstrap' || tree.roots.includes(resource.node.id),
      isWritten: part.kind === 'bootstrap' || (part.kind === 'partial' && resource.state === 'plain'),
    });
  }
  return found;
}

/** A file that names no type is a resource only by its keys: most of them must be known. */
function isPlausible({ node, entry, kind, state }: Resource): boolean {
  if (state !== 'plain' || entry.entry('@type')) return true;
  const { tree } = node;
  const keys = node.entries();
  const message = messageOfKind(kind);
  let unknown = 0;
  walkMessages(tree, node.id, message, {
    wants: (child) => tree.parent(child) === node.id,
    unknownField: (child) => {
      if (tree.parent(child) === node.id) unknown++;
    },
  });
  return unknown * 2 <= keys.length;
}

/** An item of a list that stands under `resources`. */
function isInDiscoveryResponse({ entry }: Resource): boolean {
  const list = entry.parent?.isObject ? entry.parent.parent : entry.parent;
  return list !== undefined && list.isArray && list.tree.key(list.id) === 'resources';
}

/** A pasted piece that is no resource: a health check, a connection manager … */
function fragmentRoots({ tree }: DocumentFacts): MessageRoot[] {
  return tree.roots.flatMap((root): MessageRoot[] => {
    if (tree.kind(root) !== NodeKind.object) return [];
    const node = new ConfigNode(tree, root);
    const type = guessFragment(node);
    return type === undefined ? [] : [{ node, type, isDelivered: false, isBootstrap: false, isAlone: true, isWritten: true }];
  });
}
