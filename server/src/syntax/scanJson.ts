/**
 * The hot loop: reads valid JSON from the cursor on and writes its nodes, until something is not as it should be (a comment, an escaped
 * key, a broken token, the end of the outermost value). There, and where the
 * columns are full, it stops with the cursor before the token.
 */
import { Phase, type JsonCursor } from './jsonCursor';
import { plainScalarEnd, plainStringEnd } from './jsonString';
import { internKeyAt } from './keyTable';
import { KIND_MASK, NO_NODE, NodeKind } from './syntaxTree';

/** Advances the cursor over all that is valid JSON. What is hot is a local variable; all are written back at the end. */
export function scanJson(cursor: JsonCursor): void {
  const { text, tape, stops } = cursor;
  const { kinds, starts, ends, parents, nexts, keyIds, keyStarts, capacity, keys } = tape;
  let { at, phase, current, openArrays, depth, keyId, keyStart, lastEnd } = cursor;
  let size = tape.size;
  let inObject = ((kinds[current] ?? 0) & KIND_MASK) === NodeKind.object;
  while (current !== NO_NODE && size < capacity) {
    let code = text.charCodeAt(at);
    while (code <= 32) code = text.charCodeAt(++at);
    if (phase === Phase.after && code === 44) {
      phase = inObject ? Phase.key : Phase.item;
      code = text.charCodeAt(++at);
      while (code <= 32) code = text.charCodeAt(++at);
    } else if (phase === Phase.after || code === 125 || code === 93) {
      if (code !== (inObject ? 125 : 93) || phase === Phase.key || phase === Phase.item || phase === Phase.value) break;
      lastEnd = ends[current] = ++at;
      nexts[current] = size;
      depth--;
      if (!inObject) openArrays--;
      current = parents[current] ?? NO_NODE;
      inObject = ((kinds[current] ?? 0) & KIND_MASK) === NodeKind.object;
      phase = Phase.after;
      continue;
    }
    if (phase === Phase.key || phase === Phase.firstKey) {
      const quote = code === 34 ? plainStringEnd(stops, at) : -1;
      if (quote < 0) break;
      const colon = skipBlanks(text, quote + 1);
      if (text.charCodeAt(colon) !== 58) break;
      keyId = internKeyAt(keys, at + 1, quote);
      keyStart = at;
      lastEnd = at = colon + 1;
      phase = Phase.value;
      code = text.charCodeAt(at);
      while (code <= 32) code = text.charCodeAt(++at);
    }
    const end = code === 34 ? plainStringEnd(stops, at) + 1 : code === 123 || code === 91 ? at : plainScalarEnd(text, at, code);
    if (end <= 0) break;
    kinds[size] = KIND_OF_FIRST[code] ?? NodeKind.number;
    starts[size] = at;
    parents[size] = current;
    keyIds[size] = keyId;
    keyStarts[size] = keyStart;
    keyId = keyStart = -1;
    if (end > at) {
      lastEnd = at = ends[size] = end;
      nexts[size] = ++size;
      phase = Phase.after;
    } else {
      lastEnd = ++at;
      current = size++;
      depth++;
      inObject = code === 123;
      if (!inObject) openArrays++;
      phase = inObject ? Phase.firstKey : Phase.firstItem;
    }
  }
  tape.size = size;
  Object.assign(cursor, { at, phase: current === NO_NODE ? Phase.root : phase, current, openArrays, depth, keyId, keyStart, lastEnd });
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) <= 32) at++;
  return at;
}

/** What a value is, by its first character; a digit or a minus begins a number. */
const KIND_OF_FIRST = new Uint8Array(128).fill(NodeKind.number);
KIND_OF_FIRST[34] = NodeKind.string;
KIND_OF_FIRST[91] = NodeKind.array;
KIND_OF_FIRST[102] = NodeKind.boolean;
KIND_OF_FIRST[110] = NodeKind.null;
KIND_OF_FIRST[116] = NodeKind.boolean;
KIND_OF_FIRST[123] = NodeKind.object;
