/** What a message of the Envoy and Istio APIs looks like: fields under both spellings, decoded from the generated table when first asked for. */
import { overlayAnyTypes, overlayEnums, overlayMessages } from './overlay';
import { readEnum, readMessage } from './readTable';

export type ScalarType =
  | 'string'
  | 'bytes'
  | 'bool'
  | 'double'
  | 'float'
  | 'int32'
  | 'int64'
  | 'uint32'
  | 'uint64'
  | 'sint32'
  | 'sint64'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed32'
  | 'sfixed64';
export type FieldType = 'message' | 'enum' | ScalarType;

/**
 * What protoc-gen-validate demands of a field (`validate.rules`), flat: the field's own type says which kind of rule it is.
 * Lengths count Unicode characters, `…Bytes` count bytes; durations are seconds; on a repeated field `items` holds the rules of one
 * item, on a map `keys` and `values`. int64 bounds beyond 2^53 are strings. `pattern` is an RE2 expression.
 * An unset scalar is checked as its default, unless `ignoreEmpty`. Where a lower bound lies above the upper one, the value must lie outside.
 */
export interface FieldRules {
  readonly required?: boolean;
  /** The message below is not validated. */
  readonly skip?: boolean;
  readonly const?: unknown;
  readonly in?: readonly unknown[];
  readonly notIn?: readonly unknown[];
  readonly lt?: number | string;
  readonly lte?: number | string;
  readonly gt?: number | string;
  readonly gte?: number | string;
  readonly len?: number;
  readonly minLen?: number;
  readonly maxLen?: number;
  readonly lenBytes?: number;
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly pattern?: string;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly contains?: string;
  readonly notContains?: string;
  readonly email?: boolean;
  readonly hostname?: boolean;
  readonly address?: boolean;
  readonly ip?: boolean;
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  readonly uri?: boolean;
  readonly uriRef?: boolean;
  readonly uuid?: boolean;
  readonly wellKnownRegex?: 'HTTP_HEADER_NAME' | 'HTTP_HEADER_VALUE' | '';
  /** For wellKnownRegex; true when absent. */
  readonly strict?: boolean;
  readonly definedOnly?: boolean;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly unique?: boolean;
  readonly items?: FieldRules;
  readonly minPairs?: number;
  readonly maxPairs?: number;
  readonly noSparse?: boolean;
  readonly keys?: FieldRules;
  readonly values?: FieldRules;
  readonly ignoreEmpty?: boolean;
  readonly ltNow?: boolean;
  readonly gtNow?: boolean;
}

export interface Field {
  /** Example: `route_config`. */
  readonly name: string;
  /** Example: `routeConfig`. */
  readonly jsonName: string;
  /** Of a map: the type of its values. */
  readonly type: FieldType;
  /** Full name where type is `message`. Example: `envoy.config.cluster.v3.Cluster`. */
  readonly message?: string;
  /** Full name where type is `enum`. */
  readonly enumName?: string;
  /** False for maps. */
  readonly repeated: boolean;
  /** The key's type, where the field is a map. */
  readonly mapKey?: ScalarType;
  /** The oneof that the field belongs to. Example: `route_specifier`. */
  readonly oneof?: string;
  readonly deprecated: boolean;
  /** Deprecated and refused by Envoy unless a runtime key allows it (`envoy.annotations.disallowed_by_default`). */
  readonly disallowedByDefault: boolean;
  /** Known from v2 only: no field of today's message. */
  readonly removed: boolean;
  /** Envoy redacts it in dumps (`udpa.annotations.sensitive`). */
  readonly sensitive: boolean;
  readonly rules?: FieldRules;
  /** For an `Any` that always holds one message: that message. Example: `envoy.config.listener.v3.Listener` in `ListenersConfigDump`. */
  readonly anyType?: string;
  /** An old, untyped `config` (Struct): the extension's message is told by the `name` beside it. */
  readonly typedByName?: boolean;
}

/** How a well-known message is written in JSON; absent for messages written as an object of their fields. */
export type WellKnownForm = 'any' | 'struct' | 'value' | 'list_value' | 'duration' | 'timestamp' | 'wrapper' | 'field_mask';

export interface Oneof {
  readonly name: string;
  readonly required: boolean;
}

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

export interface EnumValue {
  readonly name: string;
  readonly number: number;
  readonly deprecated: boolean;
  readonly disallowedByDefault: boolean;
  readonly removed: boolean;
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

/** A message as the table or the overlay describes it. */
export interface MessageDescription {
  readonly fields: readonly Field[];
  readonly oneofs: readonly Oneof[];
  readonly complete: boolean;
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
