/** The messages that enclose a node, by the schema: what it is that the cursor stands in. */
import { findFirst } from '../text/findFirst';
import { ConfigNode } from '../schema/configNode';
import type { MessageType } from '../schema/table/messageType';
import { walkMessages } from '../schema/walk/walkMessages';
import type { NodeId } from '../syntax/tree/syntaxTree';
import type { Resource } from '../model/resources/resource';
import { messageOf } from './names/collectNames';
import type { DocumentFacts } from './documentFacts';
import { memoizeByObject } from '../text/memoizeByObject';
import type { Field } from '../schema/table/messageDescription';

export interface EnclosingMessage {
  readonly node: ConfigNode;
  readonly type: MessageType;
}

export interface Enclosure {
  /** The innermost resource that has the node. */
  readonly resource: Resource;
  /** Outermost first; the innermost message holds the node. */
  readonly messages: readonly EnclosingMessage[];
  /** The field whose value has the node, in the innermost message. */
  readonly field: Field | undefined;
}

/** What encloses a node; undefined outside of resources. */
export function messagesAt(facts: DocumentFacts, id: NodeId): Enclosure | undefined {
  const resource = resourceAt(facts, id);
  if (!resource) return undefined;
  const { tree } = facts;
  const holds = (node: NodeId) => node <= id && id < tree.next(node);
  const messages: EnclosingMessage[] = [];
  let field: Field | undefined;
  walkMessages(tree, resource.node.id, messageOf(resource), {
    wants: (at, end) => at <= id && id < end,
    message(node, type) {
      if (!holds(node)) return;
      messages.push({ node: new ConfigNode(tree, node), type });
      if (node !== id) field = undefined;
    },
    field(value, found) {
      if (holds(value)) field = found;
    },
  });
  return { resource, messages, field };
}

/** The innermost resource: a static cluster rather than its bootstrap. */
export function resourceAt(facts: DocumentFacts, id: NodeId): Resource | undefined {
  const { resources, outer } = nestingOf(facts);
  let at = lastAtOrBefore(resources, id);
  while (at >= 0) {
    const resource = resources[at];
    if (resource && id < facts.tree.next(resource.node.id)) return resource;
    at = outer[at] ?? -1;
  }
  return undefined;
}

/** Resources whose message lies in the subtree of a node, in document order. */
export function resourcesIn(facts: DocumentFacts, id: NodeId): Resource[] {
  const { resources } = nestingOf(facts);
  const end = facts.tree.next(id);
  const found: Resource[] = [];
  for (let at = lastAtOrBefore(resources, id - 1) + 1; at < resources.length; at++) {
    const resource = resources[at];
    if (!resource || resource.node.id >= end) break;
    found.push(resource);
  }
  return found;
}

interface Nesting {
  /** In document order; of several that are one node the first. */
  readonly resources: readonly Resource[];
  /** By the place in `resources`: the place of the resource around it, -1 where there is none. */
  readonly outer: readonly number[];
}

/** Made once for each state of a document: dumps have tens of thousands of resources, and every hover asks. */
const nestingOf = memoizeByObject(readNesting);

function readNesting({ parts, tree }: DocumentFacts): Nesting {
  const resources = parts
    .flatMap((part) => part.resources)
    .sort((a, b) => a.node.id - b.node.id)
    .filter(({ node }, at, all) => at === 0 || all[at - 1]?.node.id !== node.id);
  const outer: number[] = [];
  resources.forEach(({ node }, at) => {
    let around = at - 1;
    while (around >= 0 && tree.next(resources[around]?.node.id ?? 0) <= node.id) around = outer[around] ?? -1;
    outer.push(around);
  });
  return { resources, outer };
}

function lastAtOrBefore(resources: readonly Resource[], id: NodeId): number {
  return findFirst(resources.length, (index) => (resources[index]?.node.id ?? 0) > id) - 1;
}
