/** The lexical side of a line of YAML: where its key and its quoted text end, what begins something rarer than a plain scalar. */
import { lineAfter } from '../../text/lineEnds';

export function behindSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 32) at++;
  return at;
}

export function isBehindDash(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === 32) before--;
  return text.charCodeAt(before) === 45;
}

export interface DeeperLines {
  readonly column: number;
  /** Dashes at the column, too, as a list may stand at the column of its key. */
  readonly takesItems?: boolean;
  /** It is looked no further than this. */
  readonly limit?: number;
}

/** Behind the line, those after it that are indented deeper than the column, and the empty ones among and after them. */
export function endOfDeeper(text: string, line: number, { column, takesItems = false, limit = text.length }: DeeperLines): number {
  let end = lineAfter(text, line);
  while (end < limit) {
    const first = behindSpaces(text, end);
    const code = text.charCodeAt(first);
    const isEmpty = code === 10 || code === 13 || code !== code;
    const isItem = takesItems && first - end === column && isDash(text, first);
    if (!isEmpty && !isItem && first - end <= column) break;
    end = lineAfter(text, first);
  }
  return end;
}

/** A dash that begins an item. */
export function isDash(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 1);
  return text.charCodeAt(at) === 45 && (isSpaceOrEnd(next) || next === 9);
}

/** The end of the key that starts at `at` and has its colon right behind it; 0 when no colon follows; -1 when the text is not plain. */
export function findKeyEnd(text: string, start: number): number {
  const code = text.charCodeAt(start);
  if (code === 34 || code === 39) {
    const end = quotedLineEnd(text, start);
    if (end < 0) return -1;
    return text.charCodeAt(end) !== 58 ? 0 : isSpaceOrEnd(text.charCodeAt(end + 1)) ? end : -1;
  }
  for (let at = start; ; at++) {
    const here = text.charCodeAt(at);
    if (here === 58) {
      if (isSpaceOrEnd(text.charCodeAt(at + 1)))
        return at === start || isUnplainStart(text, start) || text.charCodeAt(at - 1) === 32 ? -1 : at;
    } else if (here === 10 || here === 13 || here !== here) return 0;
    else if (here === 35 && text.charCodeAt(at - 1) === 32) return 0;
    else if (here === 9) return -1;
  }
}

/** The end of a quoted scalar on one line, or -1. */
export function quotedLineEnd(text: string, start: number): number {
  const quote = text.charCodeAt(start);
  for (let at = start + 1; ; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      if (quote === 34 || text.charCodeAt(at + 1) !== 39) return at + 1;
      at++;
    } else if (code === 92 && quote === 34) {
      if (!isEscape(text, at)) return -1;
      at++;
    }
    if (code === 10 || code === 13 || code !== code) return -1;
  }
}

/** Whether a backslash begins an escape that YAML has. */
function isEscape(text: string, at: number): boolean {
  return /^(?:[0abtnvfre "/\\N_LP]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4})/.test(text.slice(at + 1, at + 10));
}

/** Signs that begin something other than a plain scalar. */
const UNPLAIN = new Set(Array.from('&*!|>%@`{}[],#"\'', (sign) => sign.charCodeAt(0)));

export function isUnplainStart(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return UNPLAIN.has(code) || ((code === 45 || code === 63 || code === 58) && isSpaceOrEnd(text.charCodeAt(at + 1)));
}

export function isMarker(text: string, at: number): boolean {
  return (text.startsWith('---', at) || text.startsWith('...', at)) && isSpaceOrEnd(text.charCodeAt(at + 3));
}

export function isSpaceOrEnd(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code !== code;
}
