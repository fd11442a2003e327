/** What the schema says of one place in a document: for hovers, completion and everything else that begins at a cursor. */
import { NO_NODE, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import type { MessageType } from '../table/messageType';
import { walkMessages } from './walkMessages';
import type { Field } from '../table/messageDescription';

export interface NodeSchema {
  /** The message that the node itself is (behind Any or TypedStruct: the one inside). */
  readonly message?: MessageType;
  /** The innermost message that the node lies in. */
  readonly enclosing?: MessageType;
  readonly enclosingNode: NodeId;
  /** The field that the node is a value of; for items of a list and values of a map, of the whole list or map. */
  readonly field?: Field;
  /** The message that has the field. */
  readonly owner?: MessageType;
  /** The node is an item of a list or a value of a map. */
  readonly isItem: boolean;
  /** The `@type` next to or above the node that nobody described; what lies below it is not known. */
  readonly unknownType?: string;
}

/**
 * The schema of `node`, which lies in the `messageName` at `root` (see walkMessages). Takes the way from the root to the node, not the
 * whole document. Undefined where nothing is known of the place: in unknown types, Structs and unknown fields.
 */
export function schemaAt(tree: SyntaxTree, root: NodeId, messageName: string, node: NodeId): NodeSchema | undefined {
  let message: MessageType | undefined;
  let enclosing: { node: NodeId; type: MessageType } | undefined;
  let field: { value: NodeId; field: Field; owner: MessageType } | undefined;
  let unknownType: string | undefined;
  walkMessages(tree, root, messageName, {
    wants: (at, end) => at <= node && node < end,
    message: (at, type) => {
      unknownType = undefined;
      if (at === node) message = type;
      else enclosing = { node: at, type };
    },
    field: (value, described, owner) => (field = { value, field: described, owner }),
    unknownType: (_, name) => (unknownType = name),
  });
  const isItem = field !== undefined && isItemOf(tree, node, field.value, field.field);
  const isOfField = field !== undefined && (field.value === node || isItem);
  if (!message && !isOfField && unknownType === undefined && !isOwnKey(tree, node, enclosing?.node)) return undefined;
  return {
    enclosingNode: enclosing?.node ?? NO_NODE,
    isItem,
    ...(message && { message }),
    ...(enclosing && { enclosing: enclosing.type }),
    ...(isOfField && field && { field: field.field, owner: field.owner }),
    ...(unknownType !== undefined && { unknownType }),
  };
}

function isItemOf(tree: SyntaxTree, node: NodeId, value: NodeId, field: Field): boolean {
  return tree.parent(node) === value && (field.repeated || field.mapKey !== undefined);
}

/** A key right in the message that is no field of it: `@type`, or a field that is not there. */
function isOwnKey(tree: SyntaxTree, node: NodeId, enclosing: NodeId | undefined): boolean {
  return enclosing !== undefined && tree.parent(node) === enclosing;
}
