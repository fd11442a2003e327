/** Quoted texts of YAML whose further lines stand too far left: Envoy's reader and Kubernetes' take them, the library does not. */
import type { Span } from '../../text/span';
import { closingQuote } from './yamlScalar';

/**
 * The text with the line breaks of such scalars made spaces, so that every offset stays; the text itself where there are none. Looks at
 * scalars that begin behind a key or a dash, and at the one that the library could not read (`at`: where it misses the closing quote).
 */
export function joinQuotedLines(text: string, at: number): string {
  const pieces: string[] = [];
  let done = 0;
  const join = (start: number): void => {
    const end = closingQuote(text, start);
    if (end < 0 || !hasEnd(text, end + 1)) return;
    pieces.push(text.slice(done, start), text.slice(start, end).replace(/[\r\n]/g, ' '));
    done = end;
    OPENING.lastIndex = end + 1;
  };
  const wanted = openingQuote(text, at);
  OPENING.lastIndex = 0;
  for (let match = OPENING.exec(text); match; match = OPENING.exec(text)) {
    const start = OPENING.lastIndex - 1;
    if (wanted >= done && wanted < start) join(wanted);
    if (start >= done && isBroken(text, start, columnOf(match))) join(start);
  }
  if (wanted >= done) join(wanted);
  return pieces.length === 0 ? text : pieces.join('') + text.slice(done);
}

/** The end of a piece of the text, or of the last quoted text that begins in it and could be joined; `at`: where the library misses a closing quote. */
export function endWithQuotes(text: string, piece: Span, at: readonly number[]): number {
  const starts = at.map((each) => openingQuote(text, each));
  OPENING.lastIndex = piece.start;
  for (let match = OPENING.exec(text); match && OPENING.lastIndex <= piece.end; match = OPENING.exec(text)) {
    const start = OPENING.lastIndex - 1;
    starts.push(start);
    OPENING.lastIndex = Math.max(OPENING.lastIndex, closingQuote(text, start) + 1);
  }
  const ends = starts.map((start) => (start < 0 ? -1 : closingQuote(text, start))).filter((end) => end >= 0 && hasEnd(text, end + 1));
  return ends.reduce((last, end) => Math.max(last, end + 1), piece.end);
}

/** Indentation and dashes, a key, and a quote. */
const OPENING = /^( *(?:- +)*)([\w.$/@-]+: +)?["'](?=.)/gm;

/** Further lines must stand to the right of this column: that of the key, else that of the last dash. */
function columnOf([, lead = '', key]: RegExpExecArray): number {
  return key === undefined ? Math.max(lead.lastIndexOf('-'), 0) : lead.length;
}

/** Some line that follows inside the quotes stands too far left. */
function isBroken(text: string, start: number, column: number): boolean {
  const end = closingQuote(text, start);
  for (let feed = text.indexOf('\n', start); feed >= 0 && feed < end; feed = text.indexOf('\n', feed + 1)) {
    let at = feed + 1;
    while (text.charAt(at) === ' ') at++;
    if (at <= end && !'\r\n'.includes(text.charAt(at)) && at - feed - 1 <= column) return true;
  }
  return false;
}

/** Behind the closing quote comes nothing more on the line, or what ends an item of a list. */
function hasEnd(text: string, from: number): boolean {
  let at = from;
  while (text.charAt(at) === ' ' || text.charAt(at) === '\t') at++;
  return at >= text.length || '\r\n,]}#'.includes(text.charAt(at));
}

/** The last quote before a place that is no part of an escape. */
function openingQuote(text: string, before: number): number {
  for (let at = before; at >= 0; at--) {
    const mark = text.charAt(at);
    if (mark === "'" && text.charAt(at - 1) === "'") at--;
    else if (mark === "'" || (mark === '"' && text.charAt(at - 1) !== '\\')) return at;
  }
  return -1;
}
