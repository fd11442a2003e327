/** What a message of the Envoy and Istio APIs looks like: fields under both spellings, decoded from the generated table when first asked for. */
import { overlayAnyTypes, overlayEnums, overlayMessages } from './overlay';
import { readEnum, readMessage } from './readTable';
import type { Field, WellKnownForm, Oneof, EnumValue, MessageDescription } from './messageDescription';

export interface MessageType {
  /** Example: `envoy.config.cluster.v3.Cluster`. */
  readonly name: string;
  /** Keyed by the proto name and by the JSON name. */
  readonly fields: ReadonlyMap<string, Field>;
  /** Each field once, in the order of the proto. */
  readonly fieldList: readonly Field[];
  readonly oneofs: readonly Oneof[];
  readonly wellKnown?: WellKnownForm;
  /** False for messages of the overlay, whose fields may be incomplete: an unknown field there proves nothing. */
  readonly complete: boolean;
}

export interface EnumType {
  readonly name: string;
  /** In the order of the proto. */
  readonly values: readonly EnumValue[];
  readonly byName: ReadonlyMap<string, EnumValue>;
}

const messages = new Map<string, MessageType | undefined>();
const enums = new Map<string, EnumType | undefined>();

/** The message of a full name without leading dot (v3 names: see upgradeMessageName); undefined where nobody described it. */
export function messageType(fullName: string): MessageType | undefined {
  if (messages.has(fullName)) return messages.get(fullName);
  const described = readMessage(fullName) ?? overlayMessages.get(fullName);
  const type = described && buildMessage(fullName, described);
  // Unknown names come from documents and are without limit: only known ones are kept.
  if (type) messages.set(fullName, type);
  return type;
}

const OLD_PREFIXES = ['hidden_envoy_deprecated_', 'hiddenEnvoyDeprecated'];

/** The field that a key of a document means: either spelling, also behind the prefix that Envoy put before fields about to go. */
export function findFieldOfKey(type: MessageType, key: string): Field | undefined {
  const field = type.fields.get(key);
  if (field) return field;
  const prefix = OLD_PREFIXES.find((candidate) => key.startsWith(candidate));
  if (prefix === undefined) return undefined;
  const name = key.slice(prefix.length);
  return type.fields.get(name.charAt(0).toLowerCase() + name.slice(1));
}

/** The enum of a full name, undefined where unknown. */
export function enumType(fullName: string): EnumType | undefined {
  if (enums.has(fullName)) return enums.get(fullName);
  const values = readEnum(fullName) ?? overlayEnums.get(fullName);
  const type = values && { name: fullName, values, byName: new Map(values.map((value) => [value.name, value])) };
  if (type) enums.set(fullName, type);
  return type;
}

/** The value of a name, which Envoy reads without regard to case (source/common/protobuf/yaml_utility.cc, case_insensitive_enum_parsing). */
export function enumValueNamed(type: EnumType | undefined, name: string): EnumValue | undefined {
  return type?.byName.get(name) ?? type?.values.find((value) => value.name.toUpperCase() === name.toUpperCase());
}

/** The value that a scalar gives by its name or its number. */
export function enumValueGiven(type: EnumType | undefined, given: string | number): EnumValue | undefined {
  const number = /^\s*[-+]?\d+\s*$/.test(String(given)) ? Number(given) : undefined;
  return number === undefined ? enumValueNamed(type, String(given)) : type?.values.find((value) => value.number === number);
}

function buildMessage(name: string, described: MessageDescription): MessageType {
  const fieldList = described.fields.map((field) => withOverlay(name, field));
  const fields = new Map<string, Field>();
  for (const field of fieldList) {
    fields.set(field.jsonName, field);
    fields.set(field.name, field);
  }
  const wellKnown = WELL_KNOWN.get(name);
  return { name, fields, fieldList, oneofs: described.oneofs, complete: described.complete, ...(wellKnown && { wellKnown }) };
}

function withOverlay(message: string, field: Field): Field {
  const anyType = overlayAnyTypes.get(`${message}.${field.name}`);
  if (anyType !== undefined) return { ...field, anyType };
  if (message === 'envoy.config.cluster.v3.Cluster.CustomClusterType' && field.name === 'typed_config')
    return { ...field, structByName: true };
  return isUntypedConfig(field) ? { ...field, typedByName: true } : field;
}

/** v2 messages that configure an extension had `name` and `config`, a Struct. */
function isUntypedConfig(field: Field): boolean {
  return field.name === 'config' && field.removed && field.message === 'google.protobuf.Struct';
}

const WELL_KNOWN: ReadonlyMap<string, WellKnownForm> = new Map([
  ['google.protobuf.Any', 'any'],
  ['google.protobuf.Struct', 'struct'],
  ['google.protobuf.Value', 'value'],
  ['google.protobuf.ListValue', 'list_value'],
  ['google.protobuf.Duration', 'duration'],
  ['google.protobuf.Timestamp', 'timestamp'],
  ['google.protobuf.FieldMask', 'field_mask'],
  ...['Double', 'Float', 'Int64', 'UInt64', 'Int32', 'UInt32', 'Bool', 'String', 'Bytes'].map((kind): [string, WellKnownForm] => [
    `google.protobuf.${kind}Value`,
    'wrapper',
  ]),
]);
