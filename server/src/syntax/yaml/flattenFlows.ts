/** Flow collections of YAML as Envoy's reader (yaml-cpp) takes them: indentation, tabs and line breaks in them mean nothing. */
import { lineAfter, lineEndAt } from '../../text/lineEnds';
import { closingQuote } from './yamlScalar';

/**
 * The text with the line breaks, tabs and comments inside of flow collections made spaces, so that every offset stays; the text itself
 * where there are none. Linear: what is never closed ends the search.
 */
export function flattenFlows(text: string): string {
  const pieces: string[] = [];
  let done = 0;
  let afterKey = -1;
  for (let line = 0; line < text.length; line = lineAfter(text, line)) {
    const match = openingAt(text, line);
    if (match.literal) line = lastLineOfLiteral(text, line);
    if (match.open < 0) {
      afterKey = endOfEmptyKey(text, line, afterKey);
      continue;
    }
    const flow = readFlow(text, match.open);
    if (!flow) break;
    // A collection may stand below its key at the key's own column.
    const from = afterKey >= done && text.slice(line, match.open).trim() === '' ? afterKey : match.open;
    pieces.push(text.slice(done, from), ' '.repeat(match.open - from), flow);
    done = match.open + flow.length;
    afterKey = -1;
    line = Math.max(line, done - 1);
  }
  return pieces.length === 0 ? text : pieces.join('') + text.slice(done);
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

/** The collection on one line, as long as it was; undefined where it is not closed. */
function readFlow(text: string, open: number): string | undefined {
  let flat = '';
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const sign = text.charAt(at);
    const isBehindMark = ' \t\r\n,[]{}"\''.includes(text.charAt(at - 1));
    if (sign === '#' && isBehindMark) {
      const end = lineEndAt(text, at);
      flat += ' '.repeat(end - at);
      at = end - 1;
    } else if ((sign === '"' || sign === "'") && (isBehindMark || text.charAt(at - 1) === ':')) {
      const end = closingQuote(text, at);
      if (end < 0) return undefined;
      flat += text.slice(at, end + 1).replace(/[\t\r\n]/g, ' ');
      at = end;
    } else {
      flat += '\t\r\n'.includes(sign) ? ' ' : sign;
      if (sign === '{' || sign === '[') depth++;
      else if ((sign === '}' || sign === ']') && --depth === 0) return flat;
    }
  }
  return undefined;
}
