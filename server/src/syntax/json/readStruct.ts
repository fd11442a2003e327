/** Reads a text as protobuf reads a `google.protobuf.Struct` from JSON (json/internal/lexer.cc, parser.cc, with the legacy syntax that Envoy's libraries leave on). */

/** Levels of objects and lists (ParseOptions.recursion_depth). */
const MOST_LEVELS = 100;

/**
 * The object; undefined where protobuf refuses the text. Single quotes, line ends in strings, keys without quotes and one comma too many are
 * taken; comments, keys that stand twice, and numbers beyond a double's range are not.
 */
export function readStruct(text: string): unknown {
  const reader: Reader = { text, at: 0, depth: 0 };
  const value = readObject(reader);
  skipSpaces(reader);
  return reader.at === text.length ? value : undefined;
}

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
}

const SPACES = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.])/y;
const WORD = /[A-Za-z_]\w*/y;
const ESCAPE = /\\(?:[uU]([0-9a-fA-F]{4})|([^]))/g;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ...['"', '\\', '/', "'"].map((sign) => [sign, sign] as const),
  ...Object.entries({ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }),
]);
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function skipSpaces(reader: Reader): void {
  take(reader, SPACES);
}

/** What stands here, if it is of this form; then it is passed. */
function take(reader: Reader, form: RegExp): RegExpExecArray | undefined {
  form.lastIndex = reader.at;
  const found = form.exec(reader.text);
  if (found) reader.at = form.lastIndex;
  return found ?? undefined;
}

function takeSign(reader: Reader, sign: string): boolean {
  skipSpaces(reader);
  if (reader.text.charAt(reader.at) !== sign) return false;
  reader.at++;
  return true;
}

function readValue(reader: Reader): unknown {
  skipSpaces(reader);
  const sign = reader.text.charAt(reader.at);
  if (sign === '{') return readObject(reader);
  if (sign === '[') return readList(reader);
  if (sign === '"' || sign === "'") return readString(reader);
  const number = take(reader, NUMBER);
  if (number) return Number.isFinite(Number(number[0])) ? Number(number[0]) : undefined;
  return WORDS.get(take(reader, WORD)?.[0] ?? '');
}

function readObject(reader: Reader): unknown {
  const members = new Map<string, unknown>();
  return readItems(reader, '{}', () => {
    const key = readKey(reader);
    if (key === undefined || members.has(key) || !takeSign(reader, ':')) return false;
    const value = readValue(reader);
    members.set(key, value);
    return value !== undefined;
  })
    ? Object.fromEntries(members)
    : undefined;
}

function readList(reader: Reader): unknown[] | undefined {
  const items: unknown[] = [];
  return readItems(reader, '[]', () => items.push(readValue(reader)) > 0 && items.at(-1) !== undefined) ? items : undefined;
}

/** What stands between the brackets; false where something in it cannot be read. */
function readItems(reader: Reader, brackets: string, readItem: () => boolean): boolean {
  const close = brackets.charAt(1);
  if (!takeSign(reader, brackets.charAt(0)) || ++reader.depth > MOST_LEVELS) return false;
  let isClosed = takeSign(reader, close);
  while (!isClosed) {
    if (!readItem()) return false;
    const hasComma = takeSign(reader, ',');
    isClosed = takeSign(reader, close);
    if (!hasComma && !isClosed) return false;
  }
  reader.depth--;
  return true;
}

function readKey(reader: Reader): string | undefined {
  skipSpaces(reader);
  const word = take(reader, WORD)?.[0];
  if (word !== undefined) return WORDS.has(word) ? undefined : word;
  return readString(reader);
}

function readString(reader: Reader): string | undefined {
  const raw = takeQuoted(reader);
  let isBad = false;
  const text = raw?.replace(ESCAPE, (_, hex: string | undefined, sign: string | undefined) => {
    const meant = hex === undefined ? ESCAPES.get(sign ?? '') : String.fromCharCode(parseInt(hex, 16));
    isBad ||= meant === undefined;
    return meant ?? '';
  });
  return isBad || text === undefined || LONE_HALF.test(text) ? undefined : text;
}

/** What stands between two quotes of a kind, in which any other sign may stand. Sign by sign: a pattern would keep a way back for each escape. */
function takeQuoted(reader: Reader): string | undefined {
  const { text, at } = reader;
  const quote = text.charAt(at);
  if (quote !== '"' && quote !== "'") return undefined;
  let end = at + 1;
  while (end < text.length && text.charAt(end) !== quote) end += text.charAt(end) === '\\' ? 2 : 1;
  if (end >= text.length) return undefined;
  reader.at = end + 1;
  return text.slice(at + 1, end);
}

/** Half of a surrogate pair. */
const LONE_HALF = /\p{Surrogate}/u;
