/**
 * Reads the generated table. A `@package` line opens a package; the lines after it are its messages or enums.
 * Message: `Name<TAB>field field …<TAB>oneof oneof! …` (`!`: one of its fields is required).
 * Field: `name:[*|%key]type[flags][@oneof][~rules][=jsonName]`, numbers in base 36. `*` is repeated, `%s` a map with string keys.
 * Type: `M` + number of a message, `E` + number of an enum (both count lines without `@`), or the letter of a scalar.
 * Flags, also on enum values: `!` deprecated, `^` disallowed by default, `$` sensitive, `-` only in v2.
 * Enum: `Name<TAB>VALUE VALUE=7 …`; without a number it is one more than the value before, beginning at 0.
 */
import { enumLines, messageLines, ruleLines } from '../generated/schemaTable';
import type { EnumValue, Field, FieldRules, MessageDescription, Oneof, ScalarType } from './messageDescription';

interface TableIndex {
  readonly names: readonly string[];
  /** The line without its name, in step with names. */
  readonly bodies: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
}

const SCALARS: ReadonlyMap<string, ScalarType> = new Map<string, ScalarType>([
  ['d', 'double'],
  ['f', 'float'],
  ['i', 'int32'],
  ['l', 'int64'],
  ['u', 'uint32'],
  ['v', 'uint64'],
  ['z', 'sint32'],
  ['Z', 'sint64'],
  ['x', 'fixed32'],
  ['X', 'fixed64'],
  ['p', 'sfixed32'],
  ['P', 'sfixed64'],
  ['b', 'bool'],
  ['s', 'string'],
  ['y', 'bytes'],
]);

const FIELD = /^(\w+):(\*|%\w)?(?:([ME])([0-9a-z]+)|(\w))([!^$-]*)(?:@([0-9a-z]+))?(?:~([0-9a-z]+))?(?:=(\w+))?$/;
const ENUM_VALUE = /^(\w+?)(?:=(-?\d+))?([!^-]*)$/;

let messageIndex: TableIndex | undefined;
let enumIndex: TableIndex | undefined;
let rules: (FieldRules | string)[] | undefined;

/** The fields of a message of the table, undefined where the table has none of that name. */
export function readMessage(fullName: string): MessageDescription | undefined {
  const body = bodyOf(messages(), fullName);
  if (body === undefined) return undefined;
  const [fieldText = '', oneofText = ''] = body.split('\t');
  const oneofs = words(oneofText).map((word): Oneof => ({ name: word.replace('!', ''), required: word.endsWith('!') }));
  return { fields: words(fieldText).map((word) => readField(word, oneofs)), oneofs, complete: true };
}

/** The values of an enum of the table, in the order of the proto. */
export function readEnum(fullName: string): EnumValue[] | undefined {
  const body = bodyOf(enums(), fullName);
  if (body === undefined) return undefined;
  let next = 0;
  return words(body).map((word) => {
    const [, name = word, number, flags = ''] = ENUM_VALUE.exec(word) ?? [];
    const value = number === undefined ? next : Number(number);
    next = value + 1;
    const [deprecated, disallowedByDefault, removed] = [flags.includes('!'), flags.includes('^'), flags.includes('-')];
    return { name, number: value, deprecated, disallowedByDefault, removed };
  });
}

/** All message names of the table, sorted by package. */
export function messageNames(): readonly string[] {
  return messages().names;
}

/** The undecoded fields and oneofs of a message, by its place in messageNames. */
export function messageLine(number: number): string {
  return messages().bodies[number] ?? '';
}

/** True when the table describes a message of that name. */
export function hasMessage(fullName: string): boolean {
  return messages().numbers.has(fullName);
}

/** `route_config` → `routeConfig`, as protobuf makes JSON names. */
export function jsonNameOf(name: string): string {
  return name.replace(/_+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase()).replace(/_+$/, '');
}

function readField(word: string, oneofs: readonly Oneof[]): Field {
  const [, name = '', shape, kind, reference = '', letter = '', flags = '', oneof, rule, jsonName] = FIELD.exec(word) ?? [];
  if (name === '') throw new Error(`the schema table is damaged at "${word}"`);
  const number = Number.parseInt(reference, 36);
  const oneofName = oneof === undefined ? undefined : oneofs[Number.parseInt(oneof, 36)]?.name;
  const mapKey = shape?.startsWith('%') ? SCALARS.get(shape.charAt(1)) : undefined;
  return {
    name,
    jsonName: jsonName ?? jsonNameOf(name),
    type: kind === 'M' ? 'message' : kind === 'E' ? 'enum' : (SCALARS.get(letter) ?? 'string'),
    repeated: shape === '*',
    deprecated: flags.includes('!'),
    disallowedByDefault: flags.includes('^'),
    sensitive: flags.includes('$'),
    removed: flags.includes('-'),
    ...(kind === 'M' && { message: messages().names[number] ?? '' }),
    ...(kind === 'E' && { enumName: enums().names[number] ?? '' }),
    ...(mapKey && { mapKey }),
    ...(oneofName !== undefined && { oneof: oneofName }),
    ...(rule !== undefined && { rules: readRules(Number.parseInt(rule, 36)) }),
  };
}

/** Equal rules are one object. */
function readRules(number: number): FieldRules {
  rules ??= lines(ruleLines);
  const entry = rules[number];
  if (typeof entry !== 'string') return entry ?? {};
  const parsed = JSON.parse(entry) as FieldRules;
  rules[number] = parsed;
  return parsed;
}

function messages(): TableIndex {
  return (messageIndex ??= readIndex(messageLines));
}

function enums(): TableIndex {
  return (enumIndex ??= readIndex(enumLines));
}

function bodyOf(index: TableIndex, name: string): string | undefined {
  const number = index.numbers.get(name);
  return number === undefined ? undefined : index.bodies[number];
}

function readIndex(text: string): TableIndex {
  const names: string[] = [];
  const bodies: string[] = [];
  let prefix = '';
  for (const line of lines(text)) {
    if (line.startsWith('@')) {
      prefix = `${line.slice(1)}.`;
      continue;
    }
    const tab = line.indexOf('\t');
    names.push(prefix + (tab < 0 ? line : line.slice(0, tab)));
    bodies.push(tab < 0 ? '' : line.slice(tab + 1));
  }
  return { names, bodies, numbers: new Map(names.map((name, number) => [name, number])) };
}

/** The generated texts begin with a line break, so that their first line stands at the margin. */
function lines(text: string): string[] {
  return text.slice(1).split('\n');
}

function words(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}
