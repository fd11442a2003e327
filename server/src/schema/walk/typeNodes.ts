/** Where an object tells which message it is. */
import { NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import { ConfigNode } from '../configNode';
import type { Field } from '../table/messageDescription';
import type { PlanBook } from './messagePlan';

/** The `type_url` of a TypedStruct. */
export function urlOfTypedStruct(tree: SyntaxTree, at: NodeId): string | undefined {
  const snake = tree.child(at, 'type_url');
  const urlNode = snake === NO_NODE ? tree.child(at, 'typeUrl') : snake;
  const url = urlNode === NO_NODE ? undefined : tree.scalar(urlNode);
  return typeof url === 'string' ? url : undefined;
}

/** Whether a TypedStruct, or a Struct, has something in it. */
export function hasValue(tree: SyntaxTree, { valueKey }: PlanBook, at: NodeId): boolean {
  const value = valueKey < 0 ? NO_NODE : tree.childByKeyId(at, valueKey);
  return value !== NO_NODE && tree.kind(value) !== NodeKind.null;
}

/** The `name` beside a field; undefined where there is none. */
export function nameBeside(tree: SyntaxTree, at: NodeId): string | undefined {
  const nameNode = tree.child(tree.parent(at), 'name');
  const name = nameNode === NO_NODE ? undefined : tree.scalar(nameNode);
  return typeof name === 'string' ? name : undefined;
}

/** Whether the name beside the value of a field tells its message, so that messages of one shape may hold different ones. */
export function isToldByName(tree: SyntaxTree, value: NodeId, field: Field): boolean {
  if (field.typedByName || !field.structByName) return field.typedByName === true;
  return new ConfigNode(tree, value).entry('@type')?.asString()?.endsWith('/google.protobuf.Struct') === true;
}
