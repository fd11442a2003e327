/** Positions as the client counts them. Inside, columns are UTF-16 units; a client that knows UTF-8 only is converted for at this boundary. */
import { PositionEncodingKind, type ClientCapabilities, type Position } from 'vscode-languageserver';

export interface PositionCodec {
  readonly encoding: PositionEncodingKind;
  /** The client's positions in a request's parameters, as ours. */
  read<Params>(params: Params): Params;
  /** Our positions in an answer about the document `uri`, as the client's. */
  write<Result>(result: Result, uri: string): Result;
  /** A position of the client in a text that may be newer than the snapshot. */
  readIn(lineOf: LineOf, position: Position): Position;
}

/** A line's text, without its end or with it. */
export type LineOf = (line: number) => string;

/** LSP: UTF-16 unless the client cannot, which it says by leaving it out. */
export function choosePositionEncoding({ general }: ClientCapabilities): PositionEncodingKind {
  const offered = general?.positionEncodings ?? [];
  const onlyUtf8 = offered.includes(PositionEncodingKind.UTF8) && !offered.includes(PositionEncodingKind.UTF16);
  return onlyUtf8 ? PositionEncodingKind.UTF8 : PositionEncodingKind.UTF16;
}

/** `lineOf`: a line of a known document; '' where there is none. */
export function makePositionCodec(encoding: PositionEncodingKind, lineOf: (uri: string, line: number) => string): PositionCodec {
  if (encoding !== PositionEncodingKind.UTF8)
    return { encoding, read: (params) => params, write: (result) => result, readIn: (_, position) => position };
  const fromClient: Convert = (uri, { line, character }) => ({ line, character: toUnits(lineOf(uri, line), character) });
  const toClient: Convert = (uri, { line, character }) => ({ line, character: toBytes(lineOf(uri, line), character) });
  return {
    encoding,
    read: (params) => mapPositions(params, uriOfParams(params), fromClient),
    write: (result, uri) => mapTokens(mapPositions(result, uri, toClient), uri, lineOf),
    readIn: (line, position) => ({ line: position.line, character: toUnits(line(position.line), position.character) }),
  };
}

type Convert = (uri: string, position: Position) => Position;
type Fields = Readonly<Record<string, unknown>>;

/** The document that a request is about; '' for the whole workspace. */
export function uriOfParams(params: unknown): string {
  if (!isObject(params)) return '';
  for (const holder of [params['textDocument'], params['item'], params['data'], params])
    if (isObject(holder) && typeof holder['uri'] === 'string') return holder['uri'];
  return '';
}

/** A copy in which every `{line, character}` is converted by the line of the document that it belongs to. */
function mapPositions<Value>(value: Value, uri: string, convert: Convert): Value {
  return mapValue(value, uri, convert) as Value;
}

function mapValue(value: unknown, uri: string, convert: Convert): unknown {
  if (Array.isArray(value)) return value.map((item) => mapValue(item, uri, convert));
  if (!isObject(value)) return value;
  if (typeof value['line'] === 'number' && typeof value['character'] === 'number')
    return { ...value, ...convert(uri, { line: value['line'], character: value['character'] }) };
  const own = typeof value['uri'] === 'string' ? value['uri'] : uri;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapMember({ value, own, key }, member, convert)]));
}

/** Most members speak of the document of their object; these have one of their own. */
function mapMember({ value, own, key }: { value: Fields; own: string; key: string }, member: unknown, convert: Convert): unknown {
  switch (key) {
    case 'data':
      return member;
    case 'targetRange':
    case 'targetSelectionRange':
      return mapValue(member, typeof value['targetUri'] === 'string' ? value['targetUri'] : own, convert);
    case 'changes':
      return isObject(member)
        ? Object.fromEntries(Object.entries(member).map(([uri, edits]) => [uri, mapValue(edits, uri, convert)]))
        : member;
    case 'fromRanges':
      return mapValue(member, isObject(value['from']) && typeof value['from']['uri'] === 'string' ? value['from']['uri'] : own, convert);
    case 'arguments':
      return mapValue(member, Array.isArray(member) && typeof member[0] === 'string' ? member[0] : own, convert);
    default:
      return mapValue(member, own, convert);
  }
}

/** Semantic tokens are numbers, five a token: lines down, columns right, length, type, modifiers. */
function mapTokens<Result>(result: Result, uri: string, lineOf: (uri: string, line: number) => string): Result {
  const data: unknown = isObject(result) ? result['data'] : undefined;
  if (!Array.isArray(data) || Object.keys(result as object).length !== 1) return result;
  const numbers = data.map(Number);
  const converted: number[] = [];
  const at = { line: 0, column: 0, bytes: 0 };
  for (let index = 0; index + 4 < numbers.length; index += 5) {
    const [down = 0, right = 0, length = 0, type = 0, modifiers = 0] = numbers.slice(index, index + 5);
    if (down > 0) Object.assign(at, { line: at.line + down, column: 0, bytes: 0 });
    at.column += right;
    const text = lineOf(uri, at.line);
    const bytes = toBytes(text, at.column);
    converted.push(down, bytes - at.bytes, toBytes(text, at.column + length) - bytes, type, modifiers);
    at.bytes = bytes;
  }
  return { data: converted } as Result;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function bytesOf(point: number): number {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/** A column past the end of the line stays as far past it. */
function toUnits(line: string, bytes: number): number {
  let units = 0;
  let left = bytes;
  for (const letter of line) {
    if (left <= 0) break;
    left -= bytesOf(letter.codePointAt(0) ?? 0);
    units += letter.length;
  }
  return units + Math.max(0, left);
}

function toBytes(line: string, units: number): number {
  let bytes = 0;
  let left = units;
  for (const letter of line) {
    if (left <= 0) break;
    left -= letter.length;
    bytes += bytesOf(letter.codePointAt(0) ?? 0);
  }
  return bytes + Math.max(0, left);
}
