/** A document in outline: its large lists are streams, so that 200 MB can be written without the objects of 200 MB. */
import { dump } from 'js-yaml';

export type Outline =
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Outline>> }
  | { readonly kind: 'list'; readonly items: Iterable<Outline> }
  | { readonly kind: 'value'; readonly value: unknown };

export interface WritingStyle {
  readonly format: 'json' | 'minified' | 'yaml';
  /** Field names in lowerCamelCase. */
  readonly isCamel?: boolean;
  /** Names of services in letters beyond ASCII, one of them with an escape. */
  readonly isForeign?: boolean;
}

export const value = (of: unknown): Outline => ({ kind: 'value', value: of });
export const object = (fields: Readonly<Record<string, Outline>>): Outline => ({ kind: 'object', fields });
export const list = (items: Iterable<unknown>): Outline => ({ kind: 'list', items: mapItems(items) });

function* mapItems(items: Iterable<unknown>): Generator<Outline> {
  for (const item of items) yield value(item);
}

/** The whole text, ASCII but for foreign names; pretty JSON is indented by one space, as Envoy's admin interface does. */
export function writeOutline(outline: Outline, style: WritingStyle): string {
  const chunks: Buffer[] = [];
  for (const chunk of style.format === 'yaml' ? yamlChunks(outline, '', style) : jsonChunks(outline, '', style))
    chunks.push(Buffer.from(chunk));
  // A text that was read from a file is flat and, if it is ASCII, one byte a character; a joined one would be neither.
  return Buffer.concat(chunks).toString(style.isForeign ? 'utf8' : 'latin1');
}

function* jsonChunks(outline: Outline, indent: string, style: WritingStyle): Generator<string> {
  const isPretty = style.format === 'json';
  const inner = `${indent} `;
  const lineBreak = isPretty ? `\n${inner}` : '';
  if (outline.kind === 'value') {
    const text = JSON.stringify(cased(outline.value, style), undefined, isPretty ? 1 : undefined);
    yield inLetters(isPretty ? text.replaceAll('\n', `\n${indent}`) : text, style);
    return;
  }
  const isList = outline.kind === 'list';
  let separator = isList ? '[' : '{';
  for (const [key, item] of isList ? listEntries(outline.items) : Object.entries(outline.fields)) {
    yield separator + lineBreak + (isList ? '' : `"${camelKey(key, style)}":${isPretty ? ' ' : ''}`);
    yield* jsonChunks(item, inner, style);
    separator = ',';
  }
  yield (separator === ',' ? (isPretty ? `\n${indent}` : '') : separator) + (isList ? ']' : '}');
}

function* listEntries(items: Iterable<Outline>): Generator<[string, Outline]> {
  for (const item of items) yield ['', item];
}

/** Lists stand at the indentation of their key, as the Kubernetes tools print them. */
function* yamlChunks(outline: Outline, indent: string, style: WritingStyle): Generator<string> {
  if (outline.kind === 'value') {
    const text = dump(cased(outline.value, style), { seqNoIndent: true, lineWidth: -1, noRefs: true });
    yield text.replace(/^(?=.)/gm, indent);
  } else if (outline.kind === 'object') {
    for (const [key, item] of Object.entries(outline.fields)) {
      const isScalar = item.kind === 'value' && (typeof item.value !== 'object' || item.value === null);
      const name = key.startsWith('@') ? `'${key}'` : camelKey(key, style);
      if (isScalar) yield `${indent}${name}: ${JSON.stringify(item.value)}\n`;
      else {
        yield `${indent}${name}:\n`;
        yield* yamlChunks(item, item.kind === 'list' ? indent : `${indent}  `, style);
      }
    }
  } else {
    for (const item of outline.items) {
      let isFirst = true;
      for (const chunk of yamlChunks(item, `${indent}  `, style)) {
        yield isFirst ? `${indent}- ${chunk.slice(indent.length + 2)}` : chunk;
        isFirst = false;
      }
    }
  }
}

/** Only what looks like a proto field's name changes: keys of maps (labels, metadata) have dots or hyphens. */
function camelKey(key: string, { isCamel }: WritingStyle): string {
  return isCamel && /^[a-z][a-z0-9_]*$/.test(key) ? key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : key;
}

const FOREIGN: Readonly<Record<string, string>> = {
  catalog: 'каталог',
  orders: 'bestellungen-für',
  payments: '支払い',
  accounts: '帳戶',
  stock: String.raw`stock\u003eall`,
  media: 'média',
};

/** The same everywhere, so that names still lead to what they name. */
function inLetters(text: string, { isForeign }: WritingStyle): string {
  return isForeign ? text.replace(/(?:catalog|orders|payments|accounts|stock|media)(?=-\d)/g, (word) => FOREIGN[word] ?? word) : text;
}

function cased(of: unknown, style: WritingStyle): unknown {
  if (!style.isCamel || typeof of !== 'object' || of === null) return of;
  if (Array.isArray(of)) return of.map((item) => cased(item, style));
  return Object.fromEntries(Object.entries(of).map(([key, item]) => [camelKey(key, style), cased(item, style)]));
}
