/**
 * The hot loop: reads valid JSON from the cursor on and writes its nodes, until something is not as it should be (a comment, an escaped
 * key, a broken token, the end of the outermost value). There it stops with the cursor before the token, and repairJson takes over.
 */
import { Phase, type JsonCursor } from './jsonCursor';
import { plainScalarEnd, plainStringEnd } from './jsonString';
import { internKeyAt } from './keyTable';
import { KIND_MASK, NO_NODE, NodeKind } from './syntaxTree';
import { growTape } from './tape';

/** Advances the cursor over all that is valid JSON. What is hot is a local variable; all are written back at the end. */
export function scanJson(cursor: JsonCursor): void {
  const { text, tape } = cursor;
  let { kinds, starts, ends, parents, nexts, keyIds, keyStarts } = tape;
  let { at, phase, current, openArrays, depth, keyId, keyStart, lastEnd } = cursor;
  let size = tape.size;
  let inObject = ((kinds[current] ?? 0) & KIND_MASK) === NodeKind.object;
  while (current !== NO_NODE) {
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
      const quote = code === 34 ? plainStringEnd(text, at) : -1;
      if (quote < 0) break;
      let colon = quote + 1;
      while (text.charCodeAt(colon) <= 32) colon++;
      if (text.charCodeAt(colon) !== 58) break;
      keyId = internKeyAt(tape.keys, at + 1, quote);
      keyStart = at;
      lastEnd = at = colon + 1;
      phase = Phase.value;
      code = text.charCodeAt(at);
      while (code <= 32) code = text.charCodeAt(++at);
    }
    const end = code === 34 ? plainStringEnd(text, at) + 1 : code === 123 || code === 91 ? at : plainScalarEnd(text, at, code);
    if (end <= 0) break;
    if (size === tape.capacity) {
      tape.size = size;
      growTape(tape, at);
      ({ kinds, starts, ends, parents, nexts, keyIds, keyStarts } = tape);
    }
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
  if (current === NO_NODE) phase = Phase.root;
  Object.assign(cursor, { at, phase, current, openArrays, depth, keyId, keyStart, lastEnd });
}

/** What a value is, by its first character; a digit or a minus begins a number. */
const KIND_OF_FIRST = new Uint8Array(128).fill(NodeKind.number);
KIND_OF_FIRST[34] = NodeKind.string;
KIND_OF_FIRST[91] = NodeKind.array;
KIND_OF_FIRST[102] = NodeKind.boolean;
KIND_OF_FIRST[110] = NodeKind.null;
KIND_OF_FIRST[116] = NodeKind.boolean;
KIND_OF_FIRST[123] = NodeKind.object;
