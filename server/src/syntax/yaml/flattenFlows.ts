/** Flow collections of YAML as Envoy's reader (yaml-cpp) takes them: indentation, tabs and line breaks in them mean nothing. */
import { lineAfter, lineEndAt } from '../../text/lineEnds';
import type { Span } from '../../text/span';
import { closingQuote } from './yamlScalar';

/**
 * The text with the line breaks, tabs and comments inside of flow collections made spaces, so that every offset stays; the text itself
 * where there are none. Linear: what is never closed ends the search.
 */
export function flattenFlows(text: string): string {
  const pieces: string[] = [];
  let done = 0;
  for (const flow of flowsIn(text, { start: 0, end: text.length })) {
    pieces.push(text.slice(done, flow.from), ' '.repeat(flow.start - flow.from), flatten(text, flow));
    done = flow.end;
  }
  return pieces.length === 0 ? text : pieces.join('') + text.slice(done);
}

/** The end of a piece of the text, or of the last flow collection that begins in it and is closed behind it. */
export function endWithFlows(text: string, piece: Span): number {
  return [...flowsIn(text, piece)].reduce((last, { end }) => Math.max(last, end), piece.end);
}

interface Flow extends Span {
  /** A collection may stand below its key at the key's own column: where that key ends; else its start. */
  readonly from: number;
  readonly remarks: readonly Span[];
}

/** The collections that begin on the lines of a piece, up to the first that is not closed. */
function* flowsIn(text: string, piece: Span): Generator<Flow, void> {
  let done = piece.start;
  let afterKey = -1;
  for (let line = piece.start; line < piece.end; line = lineAfter(text, line)) {
    const { open: start, literal } = openingAt(text, line);
    if (literal) line = lastLineOfLiteral(text, line);
    if (start < 0) {
      afterKey = endOfEmptyKey(text, line, afterKey);
      continue;
    }
    const remarks: Span[] = [];
    const end = endOfFlow(text, start, remarks);
    if (end < 0) return;
    const from = afterKey >= done && text.slice(line, start).trim() === '' ? afterKey : start;
    yield { start, end, from, remarks };
    done = end;
    afterKey = -1;
    line = Math.max(line, done - 1);
  }
}

const EMPTY_KEY = /[^\n]*:(?=[ \t]*(?:#[^\n]*)?\r?(?:\n|$))/y;
const NOTHING = /[ \t]*(?:#[^\n]*)?\r?(?:\n|$)/y;

/** Behind the colon of a line that is a key alone; what it was where the line is empty or a remark; else -1. */
function endOfEmptyKey(text: string, line: number, before: number): number {
  NOTHING.lastIndex = EMPTY_KEY.lastIndex = line;
  if (NOTHING.test(text)) return before;
  return EMPTY_KEY.test(text) ? EMPTY_KEY.lastIndex : -1;
}

const OPENING =
  /[ ]*(?:- +)*(?:[^\s"'#{}[\],&*!|>%@`-][^\s#]*: +|"[^"\n]*": +|'[^'\n]*': +)?(?:[&!]\S* +)*([{[]|[|>][-+\d]* *(?:#[^\n]*)?\r?$)?/my;

/** What the value of a line begins with: a bracket, or a literal whose lines follow. */
function openingAt(text: string, line: number): { open: number; literal: boolean } {
  OPENING.lastIndex = line;
  const sign = OPENING.exec(text)?.[1] ?? '';
  const isBracket = sign === '{' || sign === '[';
  return { open: isBracket ? OPENING.lastIndex - 1 : -1, literal: sign !== '' && !isBracket };
}

/** The start of the last line that stands to the right of the line's own text. */
function lastLineOfLiteral(text: string, line: number): number {
  const indent = indentOf(text, line);
  let last = line;
  for (let at = lineAfter(text, line); at < text.length; at = lineAfter(text, at)) {
    const own = indentOf(text, at);
    if (own >= 0 && own <= indent) break;
    last = at;
  }
  return last;
}

/** Spaces before the text of a line; -1 for an empty one. */
function indentOf(text: string, line: number): number {
  let at = line;
  while (text.charAt(at) === ' ') at++;
  return at >= text.length || '\r\n'.includes(text.charAt(at)) ? -1 : at - line;
}

/** The collection on one line, as long as it was. */
function flatten(text: string, { start, end, remarks }: Flow): string {
  let flat = '';
  let done = start;
  for (const remark of remarks) {
    flat += text.slice(done, remark.start) + ' '.repeat(remark.end - remark.start);
    done = remark.end;
  }
  return (flat + text.slice(done, end)).replace(/[\t\r\n]/g, ' ');
}

/** Behind the bracket that closes the collection, -1 where none does; adds the remarks in it. */
function endOfFlow(text: string, open: number, remarks: Span[]): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === 123 || sign === 91) depth++;
    else if (sign === 125 || sign === 93) {
      if (--depth === 0) return at + 1;
    } else if (sign === 35 && isBehindMark(text, at)) {
      const end = lineEndAt(text, at);
      remarks.push({ start: at, end });
      at = end - 1;
    } else if ((sign === 34 || sign === 39) && (isBehindMark(text, at) || text.charCodeAt(at - 1) === 58)) {
      at = closingQuote(text, at);
      if (at < 0) return -1;
    }
  }
  return -1;
}

function isBehindMark(text: string, at: number): boolean {
  return ' \t\r\n,[]{}"\''.includes(text.charAt(at - 1));
}
