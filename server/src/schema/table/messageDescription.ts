/** What is known of a message, its fields and its values: the words of the schema table. */

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
  /** An `Any` whose message is told by the `name` beside it where it is a Struct. */
  readonly structByName?: boolean;
}

/** How a well-known message is written in JSON; absent for messages written as an object of their fields. */
export type WellKnownForm = 'any' | 'struct' | 'value' | 'list_value' | 'duration' | 'timestamp' | 'wrapper' | 'field_mask';

export interface Oneof {
  readonly name: string;
  readonly required: boolean;
}

export interface EnumValue {
  readonly name: string;
  readonly number: number;
  readonly deprecated: boolean;
  readonly disallowedByDefault: boolean;
  readonly removed: boolean;
}

/** A message as the table or the overlay describes it. */
export interface MessageDescription {
  readonly fields: readonly Field[];
  readonly oneofs: readonly Oneof[];
  readonly complete: boolean;
}

/** By proto name: `repeated X`, `map<string, X>` or `X`; X is a scalar or the full name of a message or an enum. */
export type Fields = Readonly<Record<string, string>>;
