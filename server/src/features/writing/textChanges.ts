/** Small changes of a text, in the style in which it is written: flow (JSON, and YAML in braces) or block YAML. */
import type { Text } from '../../text/text';
import type { ConfigNode } from '../../schema/configNode';
import { FLAG_COPY } from '../../syntax/tree/syntaxTree';
import type { Span } from '../../text/span';

export interface TextChange {
  readonly span: Span;
  readonly text: string;
}

/** A plain object of strings and objects, as it would stand in JSON. */
export type NewValue = string | { readonly [key: string]: NewValue };

/** Another text for a scalar; [] where it stands elsewhere (an alias). */
export function replaceText(node: ConfigNode, text: string): TextChange[] {
  const { tree, id } = node;
  return tree.hasFlag(id, FLAG_COPY) ? [] : [{ span: tree.span(id), text: quoteLike(tree.text.charAt(tree.start(id)), text) }];
}

/** Another key for a value. */
export function replaceKey(node: ConfigNode, key: string): TextChange[] {
  const { tree, id } = node;
  const span = tree.keySpan(id);
  return !span || tree.hasFlag(id, FLAG_COPY) ? [] : [{ span, text: quoteLike(tree.text.charAt(span.start), key) }];
}

/** The same text in quotes: what stood there as a number or a truth value becomes a text. */
export function putInQuotes({ tree, id }: ConfigNode): TextChange[] {
  const span = tree.span(id);
  return tree.hasFlag(id, FLAG_COPY) ? [] : [{ span, text: JSON.stringify(tree.text.slice(span.start, span.end)) }];
}

/** A text in place of a scalar, which may have been none: quoted in JSON, and in YAML where it was. */
export function replaceScalar(node: ConfigNode, text: string): TextChange[] {
  const { tree, id } = node;
  if (tree.hasFlag(id, FLAG_COPY)) return [];
  const quote = tree.language === 'json' ? '"' : tree.text.charAt(tree.start(id));
  return [{ span: tree.span(id), text: quoteLike(quote, text) }];
}

/** Another key, and the value inside an object under a second key: `a: x` becomes `b: { c: x }`. */
export function wrapValue(node: ConfigNode, key: string, inner: string): TextChange[] {
  const { tree, id } = node;
  const renamed = replaceKey(node, key);
  const { start, end } = tree.span(id);
  const text = tree.text.slice(start, end);
  if (renamed.length === 0 || tree.hasFlag(id, FLAG_COPY) || /\n/.test(text) || /^[|>&!]/.test(text)) return [];
  const innerKey = tree.language === 'json' ? JSON.stringify(inner) : inner;
  return [...renamed, { span: { start, end }, text: `{ ${innerKey}: ${text} }` }];
}

/** The item behind all others of its list; those after it move up. Undefined where the text does not allow it. */
export function moveLast(item: ConfigNode): TextChange[] | undefined {
  const list = item.parent;
  const items = list?.isArray ? list.items() : [];
  const at = items.findIndex(({ id }) => id === item.id);
  const from = items.slice(at);
  if (at < 0 || from.some(({ tree, id }) => tree.hasFlag(id, FLAG_COPY))) return undefined;
  // Each stands where the one before it stood: all of them begin at the same column.
  const columns = new Set(from.map(({ tree, id }) => columnOf(tree.text, tree.start(id))));
  if (columns.size > 1 && !from.every(isFlow)) return undefined;
  const texts = from.map(({ tree, id }) => textOf(tree.text.slice(tree.start(id), tree.end(id))));
  return from.map(({ tree, id }, index) => {
    const start = tree.start(id);
    const own = texts[index] ?? '';
    return { span: { start, end: start + own.length }, text: texts[index + 1] ?? texts[0] ?? '' };
  });
}

function columnOf(text: Text, offset: number): number {
  return offset - text.lastIndexOf('\n', offset - 1);
}

/** A block of YAML may end with the lines behind it. */
function textOf(text: string): string {
  return text.trimEnd();
}

function quoteLike(quote: string, text: string): string {
  if (quote === '"') return JSON.stringify(text);
  return quote === "'" ? `'${text.replace(/'/g, "''")}'` : text;
}

/** Adds an item to the list of a field, which may not be there yet; undefined where the text does not allow it. */
export function addToList(owner: ConfigNode, field: string, value: NewValue, place: 'start' | 'end'): TextChange[] | undefined {
  const list = owner.get(field);
  if (list) return list.isArray ? addItem(list, value, place) : undefined;
  return addField(owner, field, [value]);
}

/** Adds an item to a list that has some. */
export function addItem(list: ConfigNode, value: NewValue, place: 'start' | 'end'): TextChange[] | undefined {
  const items = list.items();
  const item = place === 'start' ? items[0] : items.at(-1);
  if (list.tree.hasFlag(list.id, FLAG_COPY) || list.isIncomplete) return undefined;
  if (!item) return isFlow(list) ? [insert(list.tree.start(list.id) + 1, JSON.stringify(value))] : undefined;
  return isFlow(list) ? [addFlowItem(item, value, place)] : addBlockItem(item, value, place);
}

function isFlow({ tree, id }: ConfigNode): boolean {
  return /[[{]/.test(tree.text.charAt(tree.start(id)));
}

function insert(at: number, text: string): TextChange {
  return { span: { start: at, end: at }, text };
}

/** Items on lines of their own stay so. */
function addFlowItem({ tree, id }: ConfigNode, value: NewValue, place: 'start' | 'end'): TextChange {
  const { start, end } = tree.span(id);
  const indent = lineStart(tree.text, start);
  const gap = indent === undefined ? ' ' : `\n${indent}`;
  const text = JSON.stringify(value, null, indent === undefined ? 0 : 2).replace(/\n/g, `\n${indent ?? ''}`);
  return place === 'start' ? insert(start, `${text},${gap}`) : insert(end, `,${gap}${text}`);
}

/** The white space before an offset, when nothing else stands before it on its line. */
function lineStart(text: Text, offset: number): string | undefined {
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*$/.test(before) ? before : undefined;
}

function addBlockItem({ tree, id }: ConfigNode, value: NewValue, place: 'start' | 'end'): TextChange[] | undefined {
  const { start, end } = tree.span(id);
  const before = tree.text.slice(tree.text.lastIndexOf('\n', start - 1) + 1, start);
  const indent = /^( *)- +$/.exec(before)?.[1];
  if (indent === undefined) return undefined;
  const lines = `- ${blockLines(value).join(`\n${indent}  `)}`;
  if (place === 'start') return [insert(start - before.length + indent.length, `${lines}\n${indent}`)];
  const last = end - (/\s*$/.exec(tree.text.slice(start, end))?.[0].length ?? 0);
  const lineEnd = tree.text.indexOf('\n', last);
  // A comment behind the last item stays with it.
  return [insert(lineEnd < 0 ? tree.text.length : lineEnd, `\n${indent}${lines}`)];
}

/** `{ a: { b: c } }` as block YAML. */
function blockLines(value: NewValue): string[] {
  if (typeof value === 'string') return [scalar(value)];
  return Object.entries(value).flatMap(([key, child]) =>
    typeof child === 'string' ? [`${scalar(key)}: ${scalar(child)}`] : [`${scalar(key)}:`, ...blockLines(child).map((line) => `  ${line}`)],
  );
}

function scalar(text: string): string {
  return /^[A-Za-z][\w./-]*$/.test(text) ? text : JSON.stringify(text);
}

/** Adds a field to an object that has some; undefined where the text does not allow it. */
export function addMember(owner: ConfigNode, field: string, value: NewValue): TextChange[] | undefined {
  return addField(owner, field, value);
}

/** A new field, before the first field of the object, but behind the name or the type that it begins with. */
function addField(owner: ConfigNode, field: string, value: NewValue | readonly [NewValue]): TextChange[] | undefined {
  const { tree, id } = owner;
  const first = tree.keySpan(tree.firstChild(id));
  if (!first || tree.hasFlag(id, FLAG_COPY)) return undefined;
  const before = keyBehindName(owner, first) ?? first;
  const indent = lineStart(tree.text, before.start);
  if (isFlow(owner)) {
    const gap = indent === undefined ? ' ' : `\n${indent}`;
    const key = tree.language === 'json' ? JSON.stringify(field) : field;
    const text = JSON.stringify(value, null, indent === undefined ? 0 : 2).replace(/\n/g, `\n${indent ?? ''}`);
    return [insert(before.start, `${key}: ${text},${gap}`)];
  }
  const spaces = ' '.repeat(columnOf(tree.text, before.start) - 1);
  return [insert(before.start, `${blockField(field, value, spaces)}\n${spaces}`)];
}

/** The key behind a name or a type; undefined where none is written there. */
function keyBehindName({ tree, id }: ConfigNode, first: Span): Span | undefined {
  const [named, second] = tree.children(id);
  if (named === undefined || second === undefined || !NAMES.has(tree.key(named) ?? '') || tree.hasFlag(second, FLAG_COPY)) return undefined;
  const key = tree.keySpan(second);
  return key && key.start > first.end ? key : undefined;
}

const NAMES: ReadonlySet<string> = new Set(['name', '@type']);

function blockField(field: string, value: NewValue | readonly [NewValue], spaces: string): string {
  if (typeof value === 'string') return `${field}: ${scalar(value)}`;
  if (isListOfOne(value)) return `${field}:\n${spaces}- ${blockLines(value[0]).join(`\n${spaces}  `)}`;
  return `${field}:\n${spaces}  ${blockLines(value).join(`\n${spaces}  `)}`;
}

function isListOfOne(value: NewValue | readonly [NewValue]): value is readonly [NewValue] {
  return Array.isArray(value);
}
