/** Reads JSON, JSON with comments, and what is left of either, into a tree: one pass, no recursion, never an exception. */
import type { Text } from '../../text/text';
import { finish, type Steps } from '../../text/steps';
import { isCutOff, isInWindow, moveWindow } from './byteWindow';
import { closeAll, createCursor, type JsonCursor } from './jsonCursor';
import { decodeString, jsonKeyEnd } from './jsonString';
import { finishRoots, readRoot } from './readRoot';
import { repairJson } from './repairJson';
import { scanJson } from './scanJson';
import { FLAG_ENCODED, NO_NODE, NodeKind, SyntaxTree, type NodeId, type Scalar } from '../tree/syntaxTree';
import { createTape, finishColumns, type Tape } from '../tree/tape';

/** The tree of a JSON text. Broken input gives what is legible, problems, and FLAG_INCOMPLETE where something was lost. */
export function parseJson(uri: string, text: Text): SyntaxTree {
  return finish(parseJsonInSteps(uri, text));
}

/** The same in steps of a millisecond or so: whoever reads a large text may do something else between them, or give up. */
export function* parseJsonInSteps(uri: string, text: Text): Steps<SyntaxTree> {
  return treeOfTape(uri, text, yield* readJson(text));
}

/** Wraps a finished tape; `text` is what the offsets refer to. */
function treeOfTape(uri: string, text: Text, tape: Tape): SyntaxTree {
  return new SyntaxTree({
    uri,
    text,
    language: 'json',
    columns: finishColumns(tape),
    keys: tape.keys,
    types: tape.types,
    roots: tape.roots,
    problems: tape.problems,
    decode: decodeJson,
    keyEnd: jsonKeyEnd,
  });
}

/**
 * Stays alive on purpose: the engine drops compiled code at a collection that finds no object of the shapes that it was compiled for,
 * and the next edit of a large text would take twice as long.
 */
const emptyCursor = createCursor(createTape(''));

/** Reads a text into a tape. */
function* readJson(text: Text): Steps<Tape> {
  if (text.length === 0) return emptyCursor.tape;
  const tape = createTape(text);
  const cursor = createCursor(tape);
  let pause = STEP;
  for (;;) {
    if (cursor.current === NO_NODE) {
      if (!readRoot(cursor)) break;
    } else if (!readOn(cursor)) break;
    if (cursor.at < pause) continue;
    pause = cursor.at + STEP;
    yield cursor.at / text.length;
  }
  closeAll(cursor, cursor.proseAfter === cursor.lastEnd || cursor.isImplicit ? cursor.lastEnd : text.length);
  finishRoots(cursor);
  return tape;
}

/** Characters that are read in about a millisecond. */
const STEP = 1 << 20;

/** One step inside a container: what is right as far as the window goes, else what must be repaired; false at the end of the text. */
export function readOn(cursor: JsonCursor): boolean {
  const { window, text, at } = cursor;
  if (!isInWindow(window, at)) moveWindow(window, text, at);
  scanJson(cursor);
  if (cursor.current === NO_NODE) return true;
  // A token that the window cuts off is read again from its beginning; one that is longer than a window is no matter for the fast scan.
  if (cursor.at > window.base && window.end < text.length && isCutOff(window, cursor.at)) {
    moveWindow(window, text, cursor.at);
    return true;
  }
  return repairJson(cursor);
}

function decodeJson(tree: SyntaxTree, node: NodeId): Scalar {
  const { text } = tree;
  const start = tree.start(node);
  const end = tree.end(node);
  switch (tree.kind(node)) {
    case NodeKind.number:
      return readNumber(text, start, end);
    case NodeKind.boolean:
      return text.charCodeAt(start) === 116;
    case NodeKind.string: {
      if (!tree.hasFlag(node, FLAG_ENCODED)) return text.slice(start + 1, end - 1);
      const code = text.charCodeAt(start);
      return code === 34 || code === 39 ? decodeString(text, start, end) : text.slice(start, end);
    }
    default:
      return null;
  }
}

/** Nearly all numbers of a configuration are short whole ones, which are read without making a text of them. */
function readNumber(text: Text, start: number, end: number): number {
  const LONGEST = 9;
  if (end - start > LONGEST) return Number(text.slice(start, end));
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number(text.slice(start, end));
    value = value * 10 + digit;
  }
  return value;
}
