/** Where a key has its place that stands in a message without such a field: most often it is indented wrongly. */
import { readTyped, type ConfigNode } from '../../../schema/configNode';
import { messageType, type MessageType } from '../../../schema/table/messageType';
import type { Field } from '../../../schema/table/messageDescription';
import type { NodeId } from '../../../syntax/tree/syntaxTree';

/** The types of the messages of a document. */
export type TypesOfMessages = ReadonlyMap<NodeId, MessageType>;

/** A sentence; undefined where no message around has such a field that is not set yet, and no field of the owner is a message that has it. */
export function findHome(value: ConfigNode, owner: MessageType, types: TypesOfMessages): string | undefined {
  const message = value.parent;
  if (!message) return undefined;
  return homeBeside(message, value, owner) ?? homeAround(message, value.key, types) ?? homeNotYetThere(message, value.key, owner);
}

/** What stands nearest above it counts first. */
function homeBeside(message: ConfigNode, value: ConfigNode, owner: MessageType): string | undefined {
  const beside = message.entries().map(([, each]) => each);
  const at = beside.findIndex(({ id }) => id === value.id);
  for (const each of [...beside.slice(0, at).reverse(), ...beside.slice(at + 1)]) {
    const field = owner.fields.get(each.key);
    if (!field || field.mapKey !== undefined || !hasField(typeOfValue(message, field), value.key)) continue;
    return field.repeated ? `It is a field of what stands in "${field.name}".` : `It is a field of "${field.name}".`;
  }
  return undefined;
}

function homeAround(message: ConfigNode, key: string, types: TypesOfMessages): string | undefined {
  for (let at = message.parent; at; at = at.parent) {
    const type = types.get(at.id);
    const field = type && fieldOf(type, key);
    if (field) return at.has(field.name) ? undefined : `It is a field of the ${lastName(type)} around this: look at the indentation.`;
  }
  return undefined;
}

function homeNotYetThere(message: ConfigNode, key: string, owner: MessageType): string | undefined {
  const fields = owner.fieldList.filter((field) => !field.removed && field.mapKey === undefined);
  const [only, ...others] = fields.filter((field) => hasField(messageType(field.message ?? ''), key));
  return only && others.length === 0 && !message.has(only.name) ? `It is a field of "${only.name}", which is missing.` : undefined;
}

/** Of a list the type of its first item. */
function typeOfValue(message: ConfigNode, { name, message: declared }: Field): MessageType | undefined {
  const [first] = message.list(name);
  const named = first && readTyped(first).type;
  return messageType(named === undefined || named === '' ? (declared ?? '') : named);
}

function hasField(type: MessageType | undefined, key: string): boolean {
  return type !== undefined && fieldOf(type, key) !== undefined;
}

function fieldOf(type: MessageType, key: string): Field | undefined {
  const field = type.wellKnown === undefined ? type.fields.get(key) : undefined;
  return field?.removed ? undefined : field;
}

function lastName({ name }: MessageType): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
