/** Where a key has its place that stands in a message without such a field: most often it is indented wrongly. */
import { ConfigNode, readTyped } from '../../../schema/configNode';
import { messageType, type MessageType } from '../../../schema/table/messageType';
import type { Field } from '../../../schema/table/messageDescription';
import type { NodeId } from '../../../syntax/tree/syntaxTree';
import type { SetField } from '../rule';

/** A message of a document: its type, and the fields that are set. */
export interface SeenMessage {
  readonly type: MessageType;
  readonly fields: readonly SetField[];
}

/** A sentence; undefined where no message around has such a field that is not set yet, and no field of the owner is a message that has it. */
export function findHome(value: ConfigNode, seen: ReadonlyMap<NodeId, SeenMessage>): string | undefined {
  const message = value.parent;
  const owner = message && seen.get(message.id);
  if (!owner) return undefined;
  return homeBeside(value, owner) ?? homeAround(message, value.key, seen) ?? homeNotYetThere(value.key, owner);
}

/** What stands nearest above it counts first. */
function homeBeside({ tree, id, key }: ConfigNode, { fields }: SeenMessage): string | undefined {
  const few = fields.slice(0, MAX_FIELDS);
  const nearest = [...few.filter((each) => each.value < id).reverse(), ...few.filter((each) => each.value > id)];
  const home = nearest.find(
    ({ field, value }) => field.mapKey === undefined && hasField(typeOfValue(new ConfigNode(tree, value), field), key),
  );
  if (!home) return undefined;
  return home.field.repeated ? `It is a field of what stands in "${home.field.name}".` : `It is a field of "${home.field.name}".`;
}

/** No message has as many; a text may repeat them. */
const MAX_FIELDS = 100;

function homeAround(message: ConfigNode, key: string, seen: ReadonlyMap<NodeId, SeenMessage>): string | undefined {
  for (let at = message.parent; at; at = at.parent) {
    const around = seen.get(at.id);
    const field = around && fieldOf(around.type, key);
    if (field)
      return isSet(around, field) ? undefined : `It is a field of the ${lastName(around.type)} around this: look at the indentation.`;
  }
  return undefined;
}

function homeNotYetThere(key: string, owner: SeenMessage): string | undefined {
  const fields = owner.type.fieldList.filter((field) => !field.removed && field.mapKey === undefined);
  const [only, ...others] = fields.filter((field) => hasField(messageType(field.message ?? ''), key));
  return only && others.length === 0 && !isSet(owner, only) ? `It is a field of "${only.name}", which is missing.` : undefined;
}

function isSet({ fields }: SeenMessage, { name }: Field): boolean {
  return fields.some(({ field }) => field.name === name);
}

/** Of a list the type of its first item. */
function typeOfValue(value: ConfigNode, { message: declared }: Field): MessageType | undefined {
  const item = value.isArray ? value.tree.listItems(value.id, 1)[0] : value.id;
  const named = item === undefined ? '' : readTyped(new ConfigNode(value.tree, item)).type;
  return messageType(named === '' ? (declared ?? '') : named);
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
