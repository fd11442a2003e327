/** The messages that enclose a node, by the schema: what it is that the cursor stands in. */
import { ConfigNode } from '../schema/configNode';
import type { Field, MessageType } from '../schema/messageType';
import { walkMessages } from '../schema/walkMessages';
import type { NodeId } from '../syntax/syntaxTree';
import type { Resource } from '../model/resource';
import { messageOfKind } from './collectNames';
import type { DocumentFacts } from './documentFacts';

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
  const nexts = tree.columns.nexts;
  const holds = (node: NodeId) => node <= id && id < (nexts[node] ?? 0);
  const messages: EnclosingMessage[] = [];
  let field: Field | undefined;
  walkMessages(tree, resource.node.id, messageOfKind(resource.kind), {
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
  let found: Resource | undefined;
  for (const part of facts.parts)
    for (const resource of part.resources) {
      const { node } = resource;
      if (node.id <= id && id < (facts.tree.columns.nexts[node.id] ?? 0) && (!found || node.id > found.node.id)) found = resource;
    }
  return found;
}
