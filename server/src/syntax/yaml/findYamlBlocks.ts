/** Finds pieces of YAML among prose: runs of lines with keys and items, with some depth to them. */
import { linesOf, type KeptLine } from '../lineMap';
import { indentOf, isYamlLine } from '../sniffText';
import type { Span } from '../../text/span';

export interface YamlBlock {
  readonly lines: readonly KeptLine[];
  /** Lines such as `......` were left out. */
  readonly isIncomplete: boolean;
}

interface OpenBlock {
  lines: KeptLine[];
  baseIndent: number;
  keyLines: number;
  hasDepth: boolean;
  isIncomplete: boolean;
}

/** All blocks outside of the taken spans, which are in order. */
export function findYamlBlocks(text: string, taken: readonly Span[]): YamlBlock[] {
  const found: YamlBlock[] = [];
  let open: OpenBlock | undefined;
  let nextTaken = 0;
  for (const line of linesOf(text)) {
    while ((taken[nextTaken]?.end ?? Infinity) <= line.start) nextTaken++;
    const isTaken = (taken[nextTaken]?.start ?? Infinity) < line.end;
    const indent = isTaken ? -1 : indentOf(text, line);
    if (indent < 0 && !isTaken) continue;
    if (open && !isTaken && continues(text, open, line, indent)) continue;
    finishBlock(open, found);
    open = !isTaken && isYamlLine(text, line, indent) ? startBlock(text, line, indent) : undefined;
  }
  finishBlock(open, found);
  return found;
}

function startBlock(text: string, line: KeptLine, indent: number): OpenBlock {
  return { lines: [line], baseIndent: indent, keyLines: hasKey(text, line) ? 1 : 0, hasDepth: false, isIncomplete: false };
}

/** Takes the line into the block, unless the block ends before it. */
function continues(text: string, open: OpenBlock, line: KeptLine, indent: number): boolean {
  if (/^(?:\.{3,}|…+)$/.test(text.slice(line.start + indent, Math.min(line.end, line.start + indent + 40)).trim())) {
    open.isIncomplete = true;
    return true;
  }
  const isKey = isYamlLine(text, line, indent);
  const isComment = text.charCodeAt(line.start + indent) === 35;
  if (indent < open.baseIndent || (!isKey && !isComment && indent <= open.baseIndent)) return false;
  open.lines.push(line);
  if (isKey && hasKey(text, line)) open.keyLines++;
  if (isKey && (indent > open.baseIndent || text.startsWith('- ', line.start + indent))) open.hasDepth = true;
  return true;
}

/** A key as configs have it, at the start of the line or behind the dash of an item. */
function hasKey(text: string, line: KeptLine): boolean {
  return /^\s*(?:- +)*(?:[\w@$][\w.@/$-]*|"[^"]*"|'[^']*'):(?:\s|$)/.test(text.slice(line.start, Math.min(line.end, line.start + 300)));
}

/** Headers and lists of words look like YAML too: a block needs two keys, and some depth or the indentation of a listing. */
function finishBlock(open: OpenBlock | undefined, found: YamlBlock[]): void {
  if (open && open.keyLines > 1 && (open.hasDepth || open.baseIndent > 1))
    found.push({ lines: open.lines, isIncomplete: open.isIncomplete });
}
