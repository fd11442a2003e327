/** Writes the nodes of one YAML document, as the library composed them, into the columns: aliases and merge keys become copies at their use. */
import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Alias,
  type Node,
  type Pair,
  type ParsedNode,
  type Scalar as YamlScalar,
  type YAMLMap,
} from 'yaml';
import { readEmbeddedConfig } from '../embedConfig';
import { graftChildren, graftProblems, type ValueTape } from '../tree/graftTree';
import { internKeyName } from '../tree/keyTable';
import type { Span } from '../../text/span';
import { FLAG_COPY, FLAG_ENCODED, NO_NODE, NodeKind, type NodeId, type Scalar, type SyntaxTree } from '../tree/syntaxTree';
import { addNode, addProblem, closeNode, markIncomplete } from '../tree/tape';
import { resolvePlain } from './yamlScalar';

/** How many nodes aliases and merge keys may add: enough for every honest file, and little for a bomb. */
const MAX_COPIES = 200_000;

/** A node that waits to be written, with its key and place. `copy` is the use that it stands for. */
interface Item {
  readonly node: unknown;
  readonly key: unknown;
  readonly copy: Span | undefined;
  /** The key is no copy: `key: *alias`. */
  readonly hasOwnKey?: boolean;
}

interface Frame {
  readonly id: NodeId;
  readonly source: Node;
  readonly items: readonly Item[];
  readonly isMap: boolean;
  /** Not in flow style: it ends where its last member ends, not where the comments and lines after it do. */
  readonly isBlock: boolean;
  next: number;
  membersEnd: number;
  readonly end: number;
  /** A ConfigMap, or its `data`, whose texts may be configs. */
  readonly embeds: 'below' | 'here' | undefined;
}

/** Reads the YAML of a config that stands inside another; undefined where no further one shall be read. */
export type ReadInner = ((text: string) => SyntaxTree) | undefined;

interface Writer {
  readonly readInner: ReadInner;
  readonly target: ValueTape;
  readonly anchors: Map<string, Node>;
  readonly frames: Frame[];
  copies: number;
  /** How many members merge keys have looked at. */
  merged: number;
  /** The members of the mappings that have anchors. */
  readonly members: Map<YAMLMap, readonly Item[]>;
}

/** Appends the document's nodes; no recursion, so that depth costs nothing. */
export function writeYamlNodes(target: ValueTape, contents: ParsedNode, readInner: ReadInner): void {
  const writer: Writer = { readInner, target, anchors: new Map(), frames: [], copies: 0, merged: 0, members: new Map() };
  writeItem(writer, { node: contents, key: undefined, copy: undefined });
  for (;;) {
    const frame = writer.frames.at(-1);
    if (!frame) break;
    const item = frame.items[frame.next++];
    if (item) writeItem(writer, item);
    else closeFrame(writer, frame);
  }
}

function closeFrame({ target, frames }: Writer, frame: Frame): void {
  frames.pop();
  const end = frame.isBlock && frame.membersEnd > 0 ? frame.membersEnd : Math.max(frame.end, frame.membersEnd);
  closeNode(target.tape, frame.id, end);
  const around = frames.at(-1);
  if (around) around.membersEnd = Math.max(around.membersEnd, end);
}

function writeItem(writer: Writer, item: Item): void {
  const { node, copy } = item;
  if (isAlias(node)) return writeAlias(writer, item, node);
  if (isScalar(node) || isCollection(node)) {
    if (node.anchor) writer.anchors.set(node.anchor, node);
    if (copy && ++writer.copies > MAX_COPIES) return writeExcess(writer, item);
  }
  if (isMap(node)) writeCollection(writer, item, node);
  else if (isSeq(node)) writeCollection(writer, item, node);
  else if (isScalar(node)) writeScalar(writer, item, node);
  else appendNode(writer, item, NodeKind.null, copy ?? emptySpan(writer, item));
}

/** A value that is not written at all stands right after its key. */
function emptySpan({ target, frames }: Writer, { key }: Item): Span {
  const at = rangeOf(key)?.end ?? target.tape.starts[frames.at(-1)?.id ?? 0] ?? 0;
  return { start: at, end: at };
}

function rangeOf(node: unknown): Span | undefined {
  const range = isScalar(node) || isCollection(node) || isAlias(node) ? node.range : undefined;
  return range ? { start: range[0], end: range[1] } : undefined;
}

function appendNode(writer: Writer, item: Item, kind: number, span: Span): NodeId {
  const { tape } = writer.target;
  const frame = writer.frames.at(-1);
  const hasKey = frame?.isMap === true;
  // Of broken text the library may give members out of order; copies stand at their use, several at one place.
  const isCopy = item.copy !== undefined && item.hasOwnKey !== true;
  const least = isCopy || !frame ? 0 : Math.max(frame.membersEnd, tape.starts[frame.id] ?? 0);
  const keyStart = hasKey ? Math.max(least, (isCopy ? item.copy : rangeOf(item.key))?.start ?? span.start) : -1;
  const start = Math.max(least, span.start);
  const end = Math.max(start, span.end);
  if (frame && kind !== NodeKind.object && kind !== NodeKind.array) frame.membersEnd = Math.max(frame.membersEnd, end);
  const keyId = hasKey ? internKeyName(tape.keys, keyText(item.key)) : -1;
  return addNode(tape, { kind: item.copy ? kind | FLAG_COPY : kind, start, end, parent: frame?.id ?? NO_NODE, keyId, keyStart });
}

/** Keys are strings to Envoy, whatever they look like. */
function keyText(key: unknown): string {
  if (isScalar(key)) return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
  if (isAlias(key)) return `*${key.source}`;
  return key === null || key === undefined ? '' : '?';
}

function writeScalar(writer: Writer, item: Item, scalar: YamlScalar): void {
  const text = String(writer.target.tape.text);
  const span = item.copy ?? trimmed(text, rangeOf(scalar) ?? emptySpan(writer, item), scalar);
  const { kind, value } = valueOf(scalar);
  const isSpelled =
    !item.copy && scalar.type === 'PLAIN' && scalar.tag === undefined && (kind !== NodeKind.string || spells(text, span, value));
  const id = appendNode(writer, item, isSpelled || kind === NodeKind.null ? kind : kind | FLAG_ENCODED, span);
  if (!isSpelled && value !== null) writer.target.values.set(id, value);
  if (typeof value === 'string' && writer.frames.at(-1)?.embeds === 'here') embedConfig(writer, item, { id, span, value });
}

function embedConfig({ target, readInner }: Writer, item: Item, { id, span, value }: { id: NodeId; span: Span; value: string }): void {
  if (!readInner) return;
  const { tape } = target;
  const graft = readEmbeddedConfig({ text: item.copy ? '' : String(tape.text), span, value }, readInner);
  if (!graft) return;
  target.values.delete(id);
  tape.kinds[id] = (graft.inner.columns.kinds[graft.root] ?? 0) | (item.copy ? FLAG_COPY : 0);
  graftChildren(target, graft, id);
  graftProblems(target, graft);
}

/** Where configs may stand: in the texts under the `data` of a ConfigMap. */
function embedsOf(writer: Writer, item: Item, node: Node): Frame['embeds'] {
  if (!writer.readInner || !isMap(node)) return undefined;
  if (writer.frames.at(-1)?.embeds === 'below') return keyText(item.key) === 'data' ? 'here' : undefined;
  return node.items.some((pair) => keyText(pair.key) === 'kind' && isScalar(pair.value) && pair.value.value === 'ConfigMap')
    ? 'below'
    : undefined;
}

/** The library takes the carriage return into a plain scalar when spaces stand before it. */
function trimmed(text: string, { start, end }: Span, scalar: YamlScalar): Span {
  let last = end;
  if (scalar.type === 'PLAIN') while (last > start && text.charCodeAt(last - 1) <= 32) last--;
  return { start, end: last };
}

function spells(text: string, span: Span, value: Scalar): boolean {
  return typeof value === 'string' && value.length === span.end - span.start && text.startsWith(value, span.start);
}

function valueOf(scalar: YamlScalar): { kind: NodeKind; value: Scalar } {
  const { value } = scalar;
  if ((scalar.type === 'PLAIN' || scalar.type === undefined) && scalar.tag === undefined)
    return resolvePlain((scalar.source ?? '').replace(/[ \t\r\n]+$/, ''));
  if (typeof value === 'string') return { kind: NodeKind.string, value };
  if (typeof value === 'number' || typeof value === 'bigint') return { kind: NodeKind.number, value: Number(value) };
  if (typeof value === 'boolean') return { kind: NodeKind.boolean, value };
  return value === null ? { kind: NodeKind.null, value } : { kind: NodeKind.string, value: scalar.source ?? '' };
}

function writeCollection(writer: Writer, item: Item, node: Node): void {
  const span = item.copy ?? rangeOf(node) ?? emptySpan(writer, item);
  const id = appendNode(writer, item, isMap(node) ? NodeKind.object : NodeKind.array, span);
  const items = isMap(node)
    ? itemsOfMap(writer, node, item.copy)
    : isSeq(node)
      ? node.items.map((value) => itemOfSequence(value, item.copy))
      : [];
  const embeds = embedsOf(writer, item, node);
  writer.frames.push({
    id,
    embeds,
    source: node,
    items,
    isMap: isMap(node),
    isBlock: isCollection(node) && node.flow !== true,
    next: 0,
    membersEnd: 0,
    end: span.end,
  });
}

function itemOfSequence(value: unknown, copy: Span | undefined): Item {
  return { node: isPair(value) ? value.value : value, key: undefined, copy };
}

/** The alias's target, copied to the place of its use; a loop and an unknown name give an empty value. */
function writeAlias(writer: Writer, item: Item, alias: Alias): void {
  const use = item.copy ?? rangeOf(alias) ?? emptySpan(writer, item);
  const node = writer.anchors.get(alias.source);
  const used: Item = { ...item, copy: use, hasOwnKey: item.copy === undefined };
  if (node && !writer.frames.some((frame) => frame.source === node)) return writeItem(writer, { ...used, node });
  appendNode(writer, used, NodeKind.null, use);
  markIncomplete(writer.target.tape, writer.frames.at(-1)?.id ?? NO_NODE);
  // A lone `*` is told by the library.
  if (alias.source === '') return;
  const message = node ? 'This alias stands inside of what it names.' : `No anchor has the name ${alias.source}.`;
  addProblem(writer.target.tape, { span: use, message, severity: 'error' });
}

function writeExcess(writer: Writer, item: Item): void {
  const { tape } = writer.target;
  const span = item.copy ?? { start: 0, end: 0 };
  if (writer.copies === MAX_COPIES + 1)
    addProblem(tape, { span, message: 'Aliases repeat too much here; the rest is left out.', severity: 'error' });
  appendNode(writer, item, NodeKind.null, span);
  const frame = writer.frames.at(-1);
  if (!frame) return;
  frame.next = frame.items.length;
  markIncomplete(tape, frame.id);
}

/** The members of a mapping, those of its merge keys where they stand; what the mapping says itself wins. */
function itemsOfMap(writer: Writer, map: YAMLMap, copy: Span | undefined): readonly Item[] {
  const members = writer.members.get(map) ?? membersOf(writer, map);
  return copy ? members.map((item) => ({ ...item, copy })) : members;
}

/** Found once for each mapping, since merge keys that merge merged mappings would double the work at each level. */
function membersOf(writer: Writer, map: YAMLMap): readonly Item[] {
  if (map.anchor !== undefined) writer.members.set(map, []);
  const hasMerge = map.items.some(isMergeKey);
  const taken = new Set(hasMerge ? map.items.map((pair) => keyText(pair.key)) : []);
  const items: Item[] = [];
  for (const pair of map.items) {
    if (isMergeKey(pair)) mergeInto(writer, items, { pair, taken });
    else items.push({ node: pair.value, key: pair.key, copy: undefined });
  }
  if (map.anchor !== undefined) writer.members.set(map, items);
  return items;
}

function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.value === '<<' && (pair.key.type === 'PLAIN' || pair.key.type === undefined);
}

function mergeInto(writer: Writer, items: Item[], { pair, taken }: { pair: Pair; taken: Set<string> }): void {
  const sources = isSeq(pair.value) ? pair.value.items : [pair.value];
  const use = rangeOf(pair.value) ?? rangeOf(pair.key) ?? { start: 0, end: 0 };
  for (const source of sources) {
    const map = isAlias(source) ? writer.anchors.get(source.source) : source;
    const copy = rangeOf(source) ?? use;
    if (!isMap(map) || writer.frames.some((frame) => frame.source === map)) {
      addProblem(writer.target.tape, { span: copy, message: 'Only mappings can be merged.', severity: 'error' });
      continue;
    }
    const members = itemsOfMap(writer, map, undefined);
    writer.merged += members.length;
    if (writer.merged > MAX_COPIES) return;
    for (const { node, key } of members) {
      const name = keyText(key);
      if (taken.has(name)) continue;
      taken.add(name);
      items.push({ node, key, copy });
    }
  }
}
