/** What an editor writes behind a key that was chosen: the block, list or quotes that its value takes, with what Envoy demands in it. */
import { messageType, type MessageType } from '../../schema/table/messageType';
import type { BlockStyle } from './blockStyle';
import type { Field } from '../../schema/table/messageDescription';

/** Where the cursor stops, in the text of a body. No character of any configuration. */
export const STOP = '\uE000';

export interface Body {
  /** Behind the colon. */
  readonly sameLine: string;
  /** Below, indented from the column of the key. */
  readonly lines: readonly string[];
  /** The field whose value is asked for first; undefined where it is that of the key itself, or a key. */
  readonly asksFor?: AskedField | undefined;
}

export interface AskedField {
  readonly field: Field;
  readonly owner: MessageType;
}

/** Nested messages with required fields are written out so deep. */
const MAX_DEPTH = 3;

export interface BodyStyle extends BlockStyle {
  /** Keys are written in camelCase. */
  readonly isCamel: boolean;
}

/** In block style; undefined for scalars, which go on the same line. */
export function yamlBody(field: Field, style: BodyStyle): Body | undefined {
  const lines = valueLines(field, style, MAX_DEPTH);
  return lines && { sameLine: '', lines, asksFor: askedFirst(field, MAX_DEPTH) };
}

/** The value at the first stop of a block: that of the first field that Envoy demands, of all messages in one another. */
function askedFirst(field: Field, depth: number): AskedField | undefined {
  const type = field.mapKey === undefined && depth > 0 ? blockMessage(field) : undefined;
  const first = type?.wellKnown === undefined ? type?.fieldList.find(isExpected) : undefined;
  if (!type || !first) return undefined;
  return blockMessage(first) ? askedFirst(first, depth - 1) : { field: first, owner: type };
}

function valueLines(field: Field, style: BodyStyle, depth: number): string[] | undefined {
  if (field.mapKey !== undefined) return [style.step + STOP];
  const item = messageLines(field, style, depth);
  if (field.repeated) return (item ?? [STOP]).map((line, index) => `${style.dash}${index === 0 ? '- ' : '  '}${line}`);
  return item?.map((line) => style.step + line);
}

/** What stands in the message that the field holds; undefined where it is written as a scalar. */
function messageLines(field: Field, style: BodyStyle, depth: number): string[] | undefined {
  const type = blockMessage(field);
  if (!type) return undefined;
  if (type.wellKnown === 'any') return [`"@type": ${STOP}`];
  return expectedLines(type, style, depth);
}

/** The fields that Envoy demands, and room for those that one chooses. */
function expectedLines(type: MessageType, style: BodyStyle, depth: number): string[] {
  const lines = depth > 0 ? type.fieldList.filter(isExpected).flatMap((each) => fieldLines(each, style, depth - 1)) : [];
  return lines.length === 0 || type.oneofs.some(({ required }) => required) ? [...lines, STOP] : lines;
}

/** What an `Any` holds: its type, and the fields that the message wants. */
export function typedLines(url: string, type: MessageType | undefined, style: BodyStyle): string[] {
  return [`"@type": ${url}`, ...(type && type.fieldList.length > 0 ? expectedLines(type, style, MAX_DEPTH) : [])];
}

function fieldLines(field: Field, style: BodyStyle, depth: number): string[] {
  const below = valueLines(field, style, depth);
  const key = style.isCamel ? field.jsonName : field.name;
  return below ? [`${key}:`, ...below] : [`${key}: ${STOP}`];
}

/** Envoy refuses the message without it. */
function isExpected(field: Field): boolean {
  return isRequired(field) && !field.deprecated && !field.removed && field.oneof === undefined;
}

export function isRequired({ rules }: Field): boolean {
  return rules?.required === true || (rules?.minLen ?? rules?.minItems ?? rules?.minBytes ?? 0) > 0;
}

/** The message of a field that is written as an object; undefined for scalars and what is written like one. */
export function blockMessage(field: Field): MessageType | undefined {
  if (field.message === undefined) return undefined;
  const type = messageType(field.message);
  return type?.wellKnown === undefined || type.wellKnown === 'any' || type.wellKnown === 'struct' ? type : undefined;
}

/** In braces and brackets, as flow style in YAML has it on one line. */
export function flowBody(field: Field): Body | undefined {
  const isBlock = blockMessage(field) !== undefined || field.mapKey !== undefined;
  const item = isBlock ? `{ ${STOP} }` : STOP;
  if (field.repeated) return { sameLine: `[${item}]`, lines: [] };
  return isBlock ? { sameLine: item, lines: [] } : undefined;
}

/** Tabs stand for what the editor indents with. */
export function jsonBody(field: Field): Body {
  const type = blockMessage(field);
  const inside = type?.wellKnown === 'any' ? `"@type": "${STOP}"` : STOP;
  if (field.mapKey !== undefined) return { sameLine: '{', lines: [`\t${STOP}`, '}'] };
  if (type && field.repeated) return { sameLine: '[', lines: ['\t{', `\t\t${inside}`, '\t}', ']'] };
  if (type) return { sameLine: '{', lines: [`\t${inside}`, '}'] };
  const scalar = isQuoted(field) ? `"${STOP}"` : STOP;
  return { sameLine: field.repeated ? `[${scalar}]` : scalar, lines: [] };
}

const QUOTED_MESSAGES = /^google\.protobuf\.(?:StringValue|BytesValue|Duration|Timestamp|FieldMask)$/;

function isQuoted({ type, message }: Field): boolean {
  return type === 'string' || type === 'bytes' || type === 'enum' || (message !== undefined && QUOTED_MESSAGES.test(message));
}
