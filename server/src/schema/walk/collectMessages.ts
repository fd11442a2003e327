/** Finds every message of a document with its type; of messages that repeat only the first is walked. */
import type { NodeId, SyntaxTree } from '../../syntax/tree/syntaxTree';
import type { MessageType } from '../table/messageType';
import type { Field } from '../table/messageDescription';
import { RepeatedShapes } from './repeatedShapes';
import { isToldByName } from './typeNodes';
import { MANY_LEVELS, MessageWalk } from './walkMessages';

/** Messages in the order in which they were met: their nodes and types in step. */
export interface FoundMessages {
  size: number;
  readonly nodes: NodeId[];
  readonly types: MessageType[];
}

/**
 * For the many messages of a dump, or those of some types: one after another, in document order, none inside another. `except`: messages
 * inside that are left out.
 */
export function messageCollector(
  tree: SyntaxTree,
  isWanted: (type: MessageType) => boolean = () => true,
): { found: FoundMessages; collect(node: NodeId, messageName: string, except?: ReadonlySet<NodeId>): void } {
  const found: FoundMessages = { size: 0, nodes: [], types: [] };
  const shapes = new RepeatedShapes(tree, found);
  const add = (node: NodeId, type: MessageType) => {
    found.nodes.push(node);
    found.types.push(type);
    found.size++;
  };
  let left: ReadonlySet<NodeId> | undefined;
  const walk = new MessageWalk(tree, {
    maxLevels: MANY_LEVELS,
    wants(node: NodeId) {
      if (!left?.has(node)) return true;
      // What is walked in part must not stand for others.
      shapes.except();
      return false;
    },
    knows(node: NodeId, type: MessageType) {
      shapes.closeBefore(node);
      const known = shapes.find(node, type);
      if (known)
        for (let index = known.first; index < known.end; index++) {
          const like = found.types[index];
          if (like) add((found.nodes[index] ?? 0) + node - known.node, like);
        }
      return known !== undefined;
    },
    message(node: NodeId, type: MessageType) {
      shapes.open(node, type);
      if (isWanted(type)) add(node, type);
    },
    emptyItem(node: NodeId, type: MessageType) {
      if (isWanted(type)) add(node, type);
    },
    field(value: NodeId, field: Field) {
      if (isToldByName(tree, value, field)) shapes.except();
    },
  });
  return {
    found,
    collect(node, messageName, except) {
      left = except && except.size > 0 ? except : undefined;
      walk.through(node, messageName);
      shapes.closeBefore(tree.next(node));
    },
  };
}
