/** Walks a document along the schema: every message and field is told to a visitor with its type, through `Any` and TypedStruct. */
import { NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import { nextOf } from '../../syntax/tree/treeColumns';
import { ConfigNode, findTypeNode, readTyped } from '../configNode';
import type { MessageType } from '../table/messageType';
import { messageNameOfTypeUrl } from '../table/typeUrl';
import { LEAF, UNKNOWN, messageOfExtensionName, plansOf } from './messagePlan';
import { hasValue, nameBeside, urlOfTypedStruct } from './typeNodes';
import type { ReferenceSite } from '../references/referenceSite';
import type { AnyShape, FieldSlot, MessagePlan, PlanBook, Shape, TypedStructPlan } from './messagePlan';
import type { Field } from '../table/messageDescription';

/** Told in document order, a message before its fields. */
export interface MessageVisitor {
  /** An object that is a message; for `Any` and TypedStruct the message inside (`node` holds its fields). */
  message?(node: NodeId, type: MessageType): void;
  /** Asked before `message`; true: all that is in it is known already, and left out. */
  knows?(node: NodeId, type: MessageType): boolean;
  /** False leaves the node and all below it out; `end` is the node after its subtree. Asked for every node but the first. */
  wants?(node: NodeId, end: NodeId): boolean;
  /** A null in a list of messages, which protobuf reads as an empty one. */
  emptyItem?(node: NodeId, type: MessageType): void;
  /** A field that is set (null counts as unset); of repeated and map fields `value` is the whole array or object. */
  field?(value: NodeId, field: Field, owner: MessageType, sites: readonly ReferenceSite[]): void;
  /** Leaves out what can name nothing by the schema. */
  readonly namesOnly?: boolean;
  /** How many levels down it is told of; all where it does not say. */
  readonly maxLevels?: number;
  /** A key that the message has not; silent where the message is not fully described. */
  unknownField?(value: NodeId, owner: MessageType): void;
  /** An object whose `@type` nobody described; messages with their own `@type` inside it are still found. */
  unknownType?(node: NodeId, messageName: string): void;
}

/** For those who look at all that is around what they are told of: protobuf's own readers take a hundred levels. */
export const MANY_LEVELS = 1000;

type Frame = MessagePlan | FieldSlot | TypedStructPlan | typeof UNKNOWN;

/**
 * Walks the message at `node`, which is a `messageName` (its v3 name; '' or an unknown name: only what carries an `@type` is found).
 * Linear in the size of the subtree, without recursion: depth does not matter.
 */
export function walkMessages(tree: SyntaxTree, node: NodeId, messageName: string, visitor: MessageVisitor): void {
  new MessageWalk(tree, visitor).through(node, messageName);
}

/** For the many messages of one document. */
export class MessageWalk {
  readonly plans: PlanBook;
  readonly frames: Frame[] = [];
  /** Where each frame's node ends, in step with frames. */
  readonly ends: number[] = [];

  constructor(
    readonly tree: SyntaxTree,
    readonly visitor: MessageVisitor,
  ) {
    this.plans = plansOf(tree);
  }

  through(node: NodeId, messageName: string): void {
    if (enter(this, node, messageName === '' ? UNKNOWN : this.plans.shapeOf(messageName))) walkBelow(this, node);
  }
}

function walkBelow(walk: MessageWalk, node: NodeId): void {
  const { visitor, frames, ends, tree } = walk;
  const { columns } = tree;
  const end = nextOf(columns, node);
  for (let at = node + 1; at < end;) {
    while (at >= (ends.at(-1) ?? end)) {
      frames.pop();
      ends.pop();
    }
    const next = nextOf(columns, at);
    const isWanted = visitor.wants?.(at, next) ?? true;
    at = isWanted && visitChild(walk, frames.at(-1) ?? UNKNOWN, at) ? at + 1 : next;
  }
  frames.length = ends.length = 0;
}

/** True when the child's own children are to be visited: a frame was pushed for it. */
function visitChild(walk: MessageWalk, frame: Frame, at: NodeId): boolean {
  switch (frame.kind) {
    case 'message':
      return visitKey(walk, frame, at);
    case 'items':
      return frame.field.repeated ? visitItem(walk, frame, at) : enter(walk, at, frame.shape);
    case 'typed_struct':
      return walk.tree.columns.keyIds[at] === walk.plans.valueKey && enter(walk, at, frame.shape);
    case 'unknown':
      return enter(walk, at, UNKNOWN);
  }
}

function visitItem(walk: MessageWalk, slot: FieldSlot, at: NodeId): boolean {
  const kind = walk.tree.kind(at);
  // Lists in a list are read as one, as protobuf's reader does.
  if (kind === NodeKind.array) return push(walk, slot, at);
  if (kind === NodeKind.null && slot.shape.kind === 'message') walk.visitor.emptyItem?.(at, slot.shape.type);
  return enter(walk, at, slot.shape);
}

function visitKey(walk: MessageWalk, plan: MessagePlan, at: NodeId): boolean {
  const { tree, plans, visitor } = walk;
  const keyId = tree.columns.keyIds[at] ?? -1;
  if (keyId === plans.typeKey) return false;
  const slot = plan.slots.get(keyId) ?? plans.slotOf(plan, keyId);
  if (slot === null) {
    if (plan.type.complete) visitor.unknownField?.(at, plan.type);
    return enter(walk, at, UNKNOWN);
  }
  const kind = tree.kind(at);
  if (kind === NodeKind.null || kind === NodeKind.missing) return false;
  if (!slot.holdsNames && visitor.namesOnly === true) return false;
  visitor.field?.(at, slot.field, plan.type, slot.sites);
  return enterField(walk, slot, at);
}

function enterField(walk: MessageWalk, slot: FieldSlot, at: NodeId): boolean {
  const { field, shape } = slot;
  if (field.typedByName) return enterUntyped(walk, at);
  if (shape === LEAF) return false;
  const kind = walk.tree.kind(at);
  // A single value in place of a list is read as a list of one.
  const isCollection = field.repeated ? kind === NodeKind.array : field.mapKey !== undefined && kind === NodeKind.object;
  return isCollection ? push(walk, slot, at) : enter(walk, at, shape);
}

function enter(walk: MessageWalk, at: NodeId, shape: Shape): boolean {
  const kind = walk.tree.kind(at);
  if (kind !== NodeKind.object) return shape === UNKNOWN && kind === NodeKind.array && push(walk, UNKNOWN, at);
  switch (shape.kind) {
    case 'leaf':
      return false;
    case 'message':
      if (walk.visitor.knows?.(at, shape.type)) return false;
      walk.visitor.message?.(at, shape.type);
      return push(walk, shape, at);
    case 'any':
    case 'unknown':
      return enterAny(walk, at, shape);
  }
}

function enterAny(walk: MessageWalk, at: NodeId, shape: AnyShape | typeof UNKNOWN): boolean {
  const { tree, plans } = walk;
  const typeNode = findTypeNode(tree, at, plans.typeKey);
  const url = typeNode === NO_NODE ? undefined : tree.scalar(typeNode);
  if (typeof url !== 'string') {
    const expected = shape.kind === 'any' && shape.expected !== '' ? plans.shapeOf(shape.expected) : UNKNOWN;
    return expected.kind === 'message' ? enter(walk, at, expected) : push(walk, UNKNOWN, at);
  }
  const promised = plans.planOfUrl(url);
  if (promised === 'typed_struct') return enterTypedStruct(walk, at);
  if (promised === LEAF) return enterStruct(walk, at);
  if (promised.kind === 'any' || promised === UNKNOWN) return enterUnknownType(walk, at, url);
  return enter(walk, at, promised);
}

function enterTypedStruct(walk: MessageWalk, at: NodeId): boolean {
  const url = urlOfTypedStruct(walk.tree, at);
  return url === undefined ? push(walk, UNKNOWN, at) : enterValue(walk, at, url);
}

/** A Struct beside a name that tells its message; else there is nothing to be told of a well-known type. */
function enterStruct(walk: MessageWalk, at: NodeId): boolean {
  const { type } = readTyped(new ConfigNode(walk.tree, at));
  return walk.plans.shapeOf(type) !== LEAF && enterValue(walk, at, type);
}

function enterValue(walk: MessageWalk, at: NodeId, url: string): boolean {
  const plan = walk.plans.typedStruct(url);
  if (plan.shape === UNKNOWN) return enterUnknownType(walk, at, url);
  // Without a `value` the message is there, and empty.
  if (plan.shape.kind === 'message' && !hasValue(walk.tree, walk.plans, at)) walk.visitor.message?.(at, plan.shape.type);
  return push(walk, plan, at);
}

function enterUnknownType(walk: MessageWalk, at: NodeId, url: string): boolean {
  walk.visitor.unknownType?.(at, messageNameOfTypeUrl(url));
  return push(walk, UNKNOWN, at);
}

/** Old `config: {…}`: Envoy told the message by the extension's name beside it. */
function enterUntyped(walk: MessageWalk, at: NodeId): boolean {
  const message = messageOfExtensionName(nameBeside(walk.tree, at) ?? '');
  return enter(walk, at, message === '' ? UNKNOWN : walk.plans.shapeOf(message));
}

function push(walk: MessageWalk, frame: Frame, at: NodeId): boolean {
  if (walk.frames.length >= (walk.visitor.maxLevels ?? Infinity)) return false;
  walk.frames.push(frame);
  walk.ends.push(walk.tree.next(at));
  return true;
}
