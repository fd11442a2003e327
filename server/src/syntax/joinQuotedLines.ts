/** Quoted texts of YAML whose further lines stand too far left: Envoy's reader and Kubernetes' take them, the library does not. */

/**
 * The text with the line breaks of one such scalar made spaces, so that every offset stays. `at`: where the library misses the closing
 * quote. Undefined where the quote is really missing.
 */
export function joinQuotedLines(text: string, at: number): string | undefined {
  const start = openingQuote(text, at);
  const end = start < 0 ? -1 : closingQuote(text, start);
  if (end < 0 || !/^\s*(?:[,\]}#]|\n|$)|^[ \t]*\r?\n/.test(text.slice(end + 1, end + 1 + LOOK_AHEAD))) return undefined;
  return `${text.slice(0, start)}${text.slice(start, end).replace(/[\r\n]/g, ' ')}${text.slice(end)}`;
}

const LOOK_AHEAD = 100;

/** The last quote before a place that is no part of an escape. */
function openingQuote(text: string, before: number): number {
  for (let at = before; at >= 0; at--) {
    const mark = text.charAt(at);
    if (mark === "'" && text.charAt(at - 1) === "'") at--;
    else if (mark === "'" || (mark === '"' && text.charAt(at - 1) !== '\\')) return at;
  }
  return -1;
}

function closingQuote(text: string, start: number): number {
  const mark = text.charAt(start);
  for (let at = start + 1; at < text.length; at++) {
    if (text.charAt(at) === '\\' && mark === '"') at++;
    else if (text.charAt(at) !== mark) continue;
    else if (mark === "'" && text.charAt(at + 1) === "'") at++;
    else return at;
  }
  return -1;
}
