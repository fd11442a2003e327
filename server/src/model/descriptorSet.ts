/** A `google.protobuf.FileDescriptorSet`: the methods of its services with their HTTP rules, and the fields of its messages. */
import { messageFields, numberField, readWireFields, textField, textFields, type WireField } from '../text/wireFields';

export interface ServiceMethod {
  /** Example: `shop.v1.Items` */
  readonly service: string;
  readonly name: string;
  /** Full name of the request's message. */
  readonly input: string;
  /** Of `google.api.http`; undefined without the option. */
  readonly rules: readonly HttpRule[] | undefined;
}

/** `google.api.HttpRule`, or one of its additional bindings. */
export interface HttpRule {
  readonly verb: string;
  /** Example: `/v1/items/{id}:cancel` */
  readonly template: string;
}

export interface MessageField {
  readonly names: readonly string[];
  /** `FieldDescriptorProto.Type` */
  readonly type: number;
  /** Full name of the message or enum. */
  readonly typeName: string;
}

export interface DescriptorSet {
  readonly services: ReadonlyMap<string, readonly ServiceMethod[]>;
  readonly messages: ReadonlyMap<string, readonly MessageField[]>;
  /** Names of an enum's values. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
  /** An import that no earlier file of the set is. */
  readonly missingImport: string | undefined;
}

/** Undefined: the bytes are no descriptor set. */
export function readDescriptorSet(bytes: Uint8Array): DescriptorSet | undefined {
  const set = readWireFields(bytes);
  if (!set) return undefined;
  const services = new Map<string, ServiceMethod[]>();
  const types: Types = { messages: new Map(), enums: new Map() };
  const names = new Set<string>();
  let missingImport: string | undefined;
  for (const { bytes: content } of set.filter(({ number }) => number === FILE)) {
    const file = readWireFields(content);
    if (!file) return undefined;
    missingImport ??= textFields(file, FILE_DEPENDENCY).find((name) => !names.has(name));
    names.add(textField(file, NAME));
    const scope = textField(file, FILE_PACKAGE);
    for (const service of messageFields(file, FILE_SERVICE)) {
      const name = join(scope, textField(service, NAME));
      services.set(
        name,
        messageFields(service, SERVICE_METHOD).map((method) => readMethod(name, method)),
      );
    }
    for (const message of messageFields(file, FILE_MESSAGE)) readMessage(scope, message, types);
    readEnums(scope, messageFields(file, FILE_ENUM), types);
  }
  return { services, ...types, missingImport };
}

// Numbers of fields in google/protobuf/descriptor.proto and google/api/http.proto.
const NAME = 1;
const FILE = 1;
const FILE_PACKAGE = 2;
const FILE_DEPENDENCY = 3;
const FILE_MESSAGE = 4;
const FILE_ENUM = 5;
const FILE_SERVICE = 6;
const SERVICE_METHOD = 2;
const METHOD_INPUT = 2;
const METHOD_OPTIONS = 4;
const HTTP_OPTION = 72_295_728;
const VERBS: readonly [number, string][] = [
  [2, 'GET'],
  [3, 'PUT'],
  [4, 'POST'],
  [5, 'DELETE'],
  [6, 'PATCH'],
];
const CUSTOM_PATTERN = 8;
const CUSTOM_PATH = 2;
const ADDITIONAL_BINDINGS = 11;
const MESSAGE_FIELD = 2;
const NESTED_MESSAGE = 3;
const NESTED_ENUM = 4;
const ENUM_VALUE = 2;
const FIELD_TYPE = 5;
const FIELD_TYPE_NAME = 6;
const FIELD_JSON_NAME = 10;

function readMethod(service: string, method: readonly WireField[]): ServiceMethod {
  const options = messageFields(method, METHOD_OPTIONS).flatMap((each) => messageFields(each, HTTP_OPTION));
  return {
    service,
    name: textField(method, NAME),
    input: textField(method, METHOD_INPUT).replace(/^\./, ''),
    rules: options.length === 0 ? undefined : options.flatMap(readRule),
  };
}

function readRule(rule: readonly WireField[]): HttpRule[] {
  const own = VERBS.map(([number, verb]) => ({ verb, template: textField(rule, number) }));
  const custom = messageFields(rule, CUSTOM_PATTERN).map((each) => ({
    verb: textField(each, NAME),
    template: textField(each, CUSTOM_PATH),
  }));
  const given = [...own, ...custom].filter(({ template }) => template !== '');
  return [...given, ...messageFields(rule, ADDITIONAL_BINDINGS).flatMap(readRule)];
}

interface Types {
  readonly messages: Map<string, MessageField[]>;
  readonly enums: Map<string, string[]>;
}

function readMessage(scope: string, message: readonly WireField[], types: Types): void {
  const name = join(scope, textField(message, NAME));
  const fields = messageFields(message, MESSAGE_FIELD).map((field) => ({
    names: [textField(field, NAME), textField(field, FIELD_JSON_NAME)],
    type: numberField(field, FIELD_TYPE),
    typeName: textField(field, FIELD_TYPE_NAME).replace(/^\./, ''),
  }));
  types.messages.set(name, fields);
  readEnums(name, messageFields(message, NESTED_ENUM), types);
  for (const nested of messageFields(message, NESTED_MESSAGE)) readMessage(name, nested, types);
}

function readEnums(scope: string, enums: readonly (readonly WireField[])[], types: Types): void {
  for (const each of enums) {
    const values = messageFields(each, ENUM_VALUE).map((value) => textField(value, NAME));
    types.enums.set(join(scope, textField(each, NAME)), values);
  }
}

function join(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`;
}
