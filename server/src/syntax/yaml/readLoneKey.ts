/** Reads a line of a mapping that has no colon: a key that is just being written. The library would take the next key for a part of it. */
import { lineAfter, lineEndAt } from '../../text/lineEnds';
import { internKeyName } from '../tree/keyTable';
import { addProblem, markIncomplete } from '../tree/tape';
import { NodeKind } from '../tree/syntaxTree';
import { isOpenAt, openContainer, type Scan } from './scanState';
import { MISSING_COLON } from './yamlErrors';
import { behindSpaces, findKeyEnd } from './yamlLine';

/** Letters first: what begins with a sign may be meant otherwise. */
const TEXT = /[A-Za-z_](?:[^\s#]|[ ]+(?=[^\s#])|#)*/y;

/** Empty lines and remarks, and a colon at last. */
const BELOW = /(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*:/y;

/** False where the line is none; what is indented below it is its value. */
export function readLoneKey(scan: Scan, line: number): boolean {
  const { text, tape, target, nodes } = scan;
  const start = behindSpaces(text, line);
  TEXT.lastIndex = start;
  if (!TEXT.test(text) || findKeyEnd(text, start) !== 0) return false;
  const end = TEXT.lastIndex;
  if (!/^\s*(?:#|$)/.test(text.slice(end, lineEndAt(text, end))) || hasColonBelow(text, end)) return false;
  const column = start - line;
  if (
    !isOpenAt(scan, column, NodeKind.object) &&
    !(keyColumnBelow(text, end) >= column && openContainer(scan, NodeKind.object, { start, column }))
  )
    return false;
  const top = nodes.length - 1;
  scan.pieces.push({ start, problems: tape.problems.length });
  addProblem(tape, { span: { start, end }, message: MISSING_COLON, severity: 'error' });
  for (const node of nodes) markIncomplete(tape, node);
  target.keyEnds.set(start, end);
  scan.memberStarts[top] = scan.keyStart = start;
  scan.keyId = internKeyName(tape.keys, text.slice(start, end));
  scan.pending = 'property';
  scan.emptyAt = end;
  scan.at = lineAfter(text, end);
  return true;
}

/** The column of the next line where that is a key; else -1. */
function keyColumnBelow(text: string, end: number): number {
  const line = lineAfter(text, end);
  const start = behindSpaces(text, line);
  return findKeyEnd(text, start) > 0 ? start - line : -1;
}

function hasColonBelow(text: string, end: number): boolean {
  BELOW.lastIndex = lineAfter(text, end);
  return BELOW.test(text);
}
