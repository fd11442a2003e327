/**
 * Completion on a line that is not indented far enough, as VS Code leaves it: it does not indent YAML by itself. The keys that belong into
 * the empty key above, or into the list's item above, come with the indentation that they need.
 */
import { findFieldOfKey } from '../../schema/table/messageType';
import { NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import { blocksOf, fieldsOf } from './completeFields';
import type { Cursor } from './cursor';
import { blockMessage } from './writeBody';
import type { Candidate } from './writeCandidates';
import type { Field } from '../../schema/table/messageDescription';

/** [] where the line above is complete. */
export function completeInside(cursor: Cursor): Candidate[] {
  const { facts, node, parent, isAlone, around } = cursor;
  const { tree } = facts;
  const above = tree.children(parent).findLast((each) => each < node);
  if (!isAlone || above === undefined || isFlow(tree, parent)) return [];
  const key = tree.key(above) ?? '';
  // What is empty says nothing (proto3 JSON: null), so that the schema is asked for the key alone.
  const field = around?.message && findFieldOfKey(around.message, key);
  if (!field) return [];
  if (isEmpty(tree, above)) return inKey(cursor, key, field);
  return tree.kind(above) === NodeKind.array && !isFlow(tree, above) ? inLastItem(cursor, above, field) : [];
}

function isFlow(tree: SyntaxTree, id: NodeId): boolean {
  return /[{[]/.test(tree.text.charAt(tree.start(id)));
}

/** `key:` and nothing behind it. */
function isEmpty(tree: SyntaxTree, id: NodeId): boolean {
  return tree.scalar(id) === null && tree.text.slice(tree.start(id), tree.end(id)).trim() === '';
}

function inKey(cursor: Cursor, key: string, field: Field): Candidate[] {
  const { step, dash } = cursor.style;
  return blocksOf(cursor, field, { holder: cursor.parent, isItem: false }).map(({ candidate, isItem }) => ({
    ...candidate,
    ...(isItem && { label: `- ${candidate.name}` }),
    placement: { before: isItem ? `${dash}- ` : step },
    detail: `in ${key} · ${candidate.detail ?? ''}`,
    rank: 0,
  }));
}

/** More keys of the item, and what the next item has to begin with. */
function inLastItem(cursor: Cursor, list: NodeId, field: Field): Candidate[] {
  const { tree } = cursor.facts;
  const item = tree.children(list).at(-1);
  const type = item === undefined ? undefined : cursor.schemaOf(item)?.message;
  if (item === undefined || type === undefined || tree.kind(item) !== NodeKind.object || isFlow(tree, item)) return [];
  const room = columnOf(tree, tree.start(item)) - columnOf(tree, tree.keySpan(cursor.node)?.start ?? 0);
  if (room < DASH.length) return [];
  const more = fieldsOf(cursor, type, item).map((each): Candidate => ({
    ...each,
    placement: { before: ' '.repeat(room) },
    detail: `in the item above · ${each.detail ?? ''}`,
    rank: 0,
  }));
  const fresh = blockMessage(field);
  const keys = fresh ? fieldsOf(cursor, fresh, NO_NODE) : [];
  const first = keys.some(({ rank }) => rank === 0) ? keys.filter(({ rank }) => rank === 0) : keys.slice(0, 1);
  const next = first.map((each): Candidate => ({
    ...each,
    label: `- ${each.name}`,
    placement: { before: ' '.repeat(room - DASH.length) + DASH },
  }));
  return [...more, ...next];
}

const DASH = '- ';

function columnOf(tree: SyntaxTree, offset: number): number {
  return tree.lines.lineColumnAt(offset).column;
}
