/** One walk over the resources of a document: which messages it has, and what the rules of the schema say of them. */
import { messageOf } from '../../index/names/collectNames';
import type { DocumentFacts } from '../../index/documentFacts';
import type { DocumentPart } from '../../model/document/documentPart';
import type { Resource } from '../../model/resources/resource';
import { outermostOf, type ResourceList } from '../../model/resources/resourceList';
import type { ConfigNode } from '../../schema/configNode';
import { messageCollector } from '../../schema/walk/collectMessages';
import type { MessageType } from '../../schema/table/messageType';
import { NO_NODE, type NodeId } from '../../syntax/tree/syntaxTree';
import { memoizeByObject } from '../../text/memoizeByObject';
import { addToGroup } from '../../text/addToGroup';

export interface MessageRoot {
  readonly node: ConfigNode;
  /** Full name of its message. */
  readonly type: string;
  readonly isDelivered: boolean;
  readonly isBootstrap: boolean;
  readonly isAlone: boolean;
}

export type MessageIndex = ReadonlyMap<string, readonly NodeId[]>;

/** Every message that people wrote, by its type. */
export const writtenMessagesByType: (facts: DocumentFacts) => MessageIndex = memoizeByObject((facts) => {
  const byType = new Map<MessageType, NodeId[]>();
  const { found, collect } = messageCollector(facts.tree);
  for (const { node, type } of writtenRoots(facts)) collect(node.id, type);
  found.types.forEach((type, index) => {
    addToGroup(byType, type, found.nodes[index] ?? NO_NODE);
  });
  return new Map([...byType].map(([type, nodes]) => [type.name, nodes]));
});

/** Where the messages begin that people wrote: no running proxy has told them. In document order. */
export const writtenRoots: (facts: DocumentFacts) => readonly MessageRoot[] = memoizeByObject((facts) =>
  facts.parts.flatMap((part) => rootsOf(facts, part)).sort((a, b) => a.node.id - b.node.id),
);

function rootsOf({ tree }: DocumentFacts, part: DocumentPart): MessageRoot[] {
  const isBootstrap = part.kind === 'bootstrap';
  if (!isBootstrap && part.kind !== 'partial') return [];
  return [...checkedResources(part)]
    .flatMap((index) => part.list.at(index) ?? [])
    .filter(({ state }) => isBootstrap || state === 'plain')
    .map((resource) => ({
      node: resource.node,
      type: messageOf(resource),
      isDelivered: isInDiscoveryResponse(resource),
      isBootstrap,
      isAlone: isBootstrap || tree.roots.includes(resource.node.id),
    }));
}

/** The values of patches in Kubernetes resources: pieces of messages, which a control plane puts together and delivers. */
export function patchRoots({ parts }: DocumentFacts): MessageRoot[] {
  return parts
    .filter(({ kind }) => kind === 'istio')
    .flatMap(({ resources }) => resources.filter(({ kind }) => kind === 'fragment'))
    .map((resource) => ({ node: resource.node, type: messageOf(resource), isDelivered: true, isBootstrap: false, isAlone: false }));
}

/**
 * The resources of a part in document order, none inside another, by their places in its list. Of a dump the bootstrap's copies of static
 * resources are left out.
 */
export function checkedResources({ kind, list }: DocumentPart): Int32Array {
  // The values of patches are parts of messages: what they lack stands where they are put.
  if (kind === 'istio') return new Int32Array(0);
  return list.ofKinds(kind === 'dump' ? takenInDump : taken);
}

const taken = (list: ResourceList): Int32Array => outermostOf(list, ({ state }) => state !== 'error');
const takenInDump = (list: ResourceList): Int32Array => outermostOf(list, ({ state, kind }) => state !== 'error' && kind !== 'bootstrap');

/** An item of a list that stands under `resources`. */
function isInDiscoveryResponse({ entry }: Resource): boolean {
  const list = entry.parent?.isObject ? entry.parent.parent : entry.parent;
  return list !== undefined && list.isArray && list.key === 'resources';
}
