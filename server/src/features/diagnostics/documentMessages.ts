/** One walk over the resources of a document: which messages it has, and what the rules of the schema say of them. */
import { messageOf } from '../../index/collectNames';
import type { DocumentFacts } from '../../index/documentFacts';
import type { DocumentPart } from '../../model/readDocument';
import type { Resource } from '../../model/resource';
import { type ConfigNode } from '../../schema/configNode';
import { messageCollector } from '../../schema/collectMessages';
import type { MessageType } from '../../schema/messageType';
import { NO_NODE, type NodeId } from '../../syntax/syntaxTree';

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
  return facts.parts.flatMap((part) => rootsOf(facts, part)).sort((a, b) => a.node.id - b.node.id);
}

function rootsOf({ tree }: DocumentFacts, part: DocumentPart): MessageRoot[] {
  // The values of patches are parts of messages: what they lack stands where they are put.
  if (part.kind === 'istio') return [];
  const taken = part.resources.filter(({ state }) => state !== 'error');
  const sorted = (part.kind === 'dump' ? taken.filter(({ kind }) => kind !== 'bootstrap') : taken).sort((a, b) => a.node.id - b.node.id);
  const found: MessageRoot[] = [];
  let end = -1;
  for (const resource of sorted) {
    if (resource.node.id < end) continue;
    end = tree.columns.nexts[resource.node.id] ?? end;
    found.push({
      node: resource.node,
      type: messageOf(resource),
      isDelivered: isInDiscoveryResponse(resource),
      isBootstrap: part.kind === 'bootstrap',
      isAlone: part.kind === 'bootstrap' || tree.roots.includes(resource.node.id),
      isWritten: part.kind === 'bootstrap' || (part.kind === 'partial' && resource.state === 'plain'),
    });
  }
  return found;
}

/** An item of a list that stands under `resources`. */
function isInDiscoveryResponse({ entry }: Resource): boolean {
  const list = entry.parent?.isObject ? entry.parent.parent : entry.parent;
  return list !== undefined && list.isArray && list.tree.key(list.id) === 'resources';
}
