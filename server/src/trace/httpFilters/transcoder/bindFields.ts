/** Variables of the path and parameters of the query as fields of the request's message (grpc-httpjson-transcoding: type_helper.cc, request_weaver.cc). */
import { percentDecode } from '../../matcher/inputs/httpInputs';
import type { DescriptorSet, MessageField } from '../../../model/descriptorSet';
import type { Binding } from './methodTable';

/** Parameters without a name, or without `=`, are none. */
export function queryBindings(query: string, ignored: readonly string[]): Binding[] {
  return query.split('&').flatMap((parameter) => {
    const equals = parameter.indexOf('=');
    const name = parameter.slice(0, Math.max(equals, 0));
    return name === '' || ignored.includes(name) ? [] : [{ fieldPath: name.split('.'), value: percentDecode(parameter.slice(equals + 1)) }];
  });
}

export type FoundField = { readonly field: MessageField } | { readonly error: string };

/** The field that a path of names leads to, or what Envoy says where there is none. */
export function findField(set: DescriptorSet, message: string, path: readonly string[]): FoundField {
  let within = message;
  let found: MessageField | undefined;
  for (const name of path) {
    if (found && found.type !== MESSAGE)
      return { error: `Encountered a non-leaf field "${found.names[0] ?? ''}" that is not a message while parsing a field path` };
    found = set.messages.get(within)?.find(({ names }) => names.includes(name));
    if (!found) return { error: `Could not find field "${name}" in the type "${within}".` };
    within = found.typeName;
  }
  return found ? { field: found } : { error: '' };
}

/** Whether the field takes that text: undefined where it cannot be told. */
export function takesText(set: DescriptorSet, { type, typeName }: MessageField, text: string): boolean | undefined {
  if (type === BOOL) return text === 'true' || text === 'false';
  if (INTEGERS.has(type) || type === DOUBLE || type === FLOAT) return isNumber(type, text);
  if (type === ENUM) return set.enums.get(typeName)?.includes(text) === true || undefined;
  // The messages of protobuf itself, such as Timestamp, have texts of their own.
  if (type === MESSAGE) return typeName.startsWith('google.protobuf.') ? undefined : false;
  return true;
}

/** As protobuf names a type in its messages. Example: `TYPE_INT32` */
export function typeText({ type, typeName }: MessageField): string {
  return type === MESSAGE ? `type.googleapis.com/${typeName}` : `TYPE_${TYPES[type] ?? ''}`;
}

function isNumber(type: number, text: string): boolean | undefined {
  if (/^-?\d{1,9}$/.test(text)) return true;
  return type !== DOUBLE && type !== FLOAT && /^[^\d.\s]*$/.test(text) ? false : undefined;
}

/** `FieldDescriptorProto.Type`, from 1 on. */
const TYPES =
  '- DOUBLE FLOAT INT64 UINT64 INT32 FIXED64 FIXED32 BOOL STRING GROUP MESSAGE BYTES UINT32 ENUM SFIXED32 SFIXED64 SINT32 SINT64'.split(
    ' ',
  );
const DOUBLE = TYPES.indexOf('DOUBLE');
const FLOAT = TYPES.indexOf('FLOAT');
const BOOL = TYPES.indexOf('BOOL');
const MESSAGE = TYPES.indexOf('MESSAGE');
const ENUM = TYPES.indexOf('ENUM');
const INTEGERS: ReadonlySet<number> = new Set(TYPES.flatMap((name, type) => (/INT|FIXED/.test(name) ? [type] : [])));
