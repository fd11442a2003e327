/** Reads JSON, JSON with comments, and what is left of either, into a tree: one pass, no recursion, never an exception. */
import { closeAll, createCursor } from './jsonCursor';
import { decodeString, jsonKeyEnd } from './jsonString';
import { finishRoots, readRoot } from './readRoot';
import { repairJson } from './repairJson';
import { scanJson } from './scanJson';
import { NO_NODE, NodeKind, SyntaxTree, type NodeId, type Scalar } from './syntaxTree';
import { createTape, finishColumns, growTape, type Tape } from './tape';

/** The tree of a JSON text. Broken input gives what is legible, problems, and FLAG_INCOMPLETE where something was lost. */
export function parseJson(uri: string, text: string): SyntaxTree {
  return treeOfTape(uri, text, readJson(text));
}

/** Wraps a finished tape; `text` is what the offsets refer to. */
export function treeOfTape(uri: string, text: string, tape: Tape): SyntaxTree {
  return new SyntaxTree({
    uri,
    text,
    language: 'json',
    columns: finishColumns(tape),
    keyNames: tape.keys.names,
    roots: tape.roots,
    problems: tape.problems,
    decode: decodeJson,
    keyEnd: jsonKeyEnd,
  });
}

/**
 * Stays alive on purpose: the engine drops the compiled hot loop at a collection that finds no object of these shapes,
 * and the next text would be read at half the speed.
 */
const emptyCursor = createCursor(createTape(''));

/** Reads a text into a tape. */
export function readJson(text: string): Tape {
  if (text === '') return emptyCursor.tape;
  const tape = createTape(text);
  const cursor = createCursor(tape);
  for (;;) {
    if (cursor.current === NO_NODE) {
      if (!readRoot(cursor)) break;
    } else {
      if (tape.size === tape.capacity) growTape(tape, cursor.at);
      scanJson(cursor);
      if (tape.size < tape.capacity && cursor.current !== NO_NODE && !repairJson(cursor)) break;
    }
  }
  closeAll(cursor, cursor.proseAfter === cursor.lastEnd || cursor.isImplicit ? cursor.lastEnd : text.length);
  finishRoots(cursor);
  return tape;
}

function decodeJson(tree: SyntaxTree, node: NodeId): Scalar {
  const { text } = tree;
  const start = tree.start(node);
  const end = tree.end(node);
  switch (tree.kind(node)) {
    case NodeKind.number:
      return Number(text.slice(start, end));
    case NodeKind.boolean:
      return text.charCodeAt(start) === 116;
    case NodeKind.string: {
      const code = text.charCodeAt(start);
      return code === 34 || code === 39 ? decodeString(text, start, end) : text.slice(start, end);
    }
    default:
      return null;
  }
}
