/** Reads a literal block scalar of the plain kind: `|`, `|-` or `|+` without an indentation digit. */
import { lineEndAt } from '../../text/lineEnds';
import { behindSpaces } from './yamlLine';

export interface LiteralBlock {
  readonly value: string;
  /** After the last line that counts, its line end included. */
  readonly end: number;
  /** Where the next line begins. */
  readonly next: number;
}

/** The block whose `|` stands at `start`, in a container at column `parent`; undefined when it is not of the plain kind. */
export function readLiteralBlock(text: string, start: number, parent: number): LiteralBlock | undefined {
  const header = /^\|([-+]?) *\r?\n/.exec(text.slice(start, start + 40));
  if (!header || header[1] === '+') return undefined;
  const lines: string[] = [];
  let at = start + header[0].length;
  let end = at;
  let indent = -1;
  let kept = 0;
  while (at < text.length) {
    const first = behindSpaces(text, at);
    const lineEnd = lineEndAt(text, first);
    const next = Math.min(lineEnd + 1, text.length);
    const isBlank = first >= lineEnd || (first === lineEnd - 1 && text.charCodeAt(first) === 13);
    if (isBlank) {
      if (first - at > Math.max(indent, 0)) return undefined;
      lines.push('');
    } else {
      if (indent < 0 && first - at > parent) indent = first - at;
      if (indent < 0 || first - at < indent) break;
      if (text.charCodeAt(first) === 9) return undefined;
      lines.push(text.slice(at + indent, lineEnd).replace(/\r$/, ''));
      end = next;
      kept = lines.length;
    }
    at = next;
  }
  if (kept === 0 || text.charCodeAt(end - 1) !== 10) return undefined;
  const body = lines.slice(0, kept).join('\n');
  return { value: header[1] === '-' ? body : `${body}\n`, end, next: end };
}
