/** Judges a text by its first lines: JSON, YAML, or prose that may hold pieces of either. */
import type { Text } from '../text/text';
import { isWideSpace } from './json/jsonCursor';
import { linesOf, type KeptLine } from './lineMap';
import { looksLikeOpening } from './json/repairJson';

export type TextShape = 'json' | 'yaml' | 'prose';

const SAMPLE_LINES = 200;
const SAMPLE_LENGTH = 1 << 16;

/** What a text is, by its first 200 lines. */
export function sniffText(text: Text, languageId: string | undefined): TextShape {
  const first = firstSignificant(text);
  const code = text.charCodeAt(first);
  if (code !== code) return languageId === 'yaml' ? 'yaml' : 'json';
  if (isJsonStart(text, first)) return 'json';
  if (languageId === 'yaml' && /^(?:\{\s*[\w.-]+\s*:\s|\[\s*[\w.-]+\s*[,\]])/.test(text.slice(first, first + 200))) return 'yaml';
  const share = shareOfYamlLines(text);
  const wanted = languageId === 'yaml' ? 0.5 : languageId === 'json' || languageId === 'jsonc' ? 0.95 : 0.8;
  // Members of a JSON object begin with a quote, too.
  if (share >= wanted && (code !== 34 || languageId === 'yaml')) return 'yaml';
  if (share >= 0.95 && !/^"[^"\n]*"\s*:\s*[[{]/.test(text.slice(first, first + 400))) return 'yaml';
  return 'prose';
}

/** An opening bracket with what JSON has after it, or a comment of JavaScript's kind. */
function isJsonStart(text: Text, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === 123 || code === 91) return looksLikeOpening(text, at) || isLiteralArray(text, at);
  const next = text.charCodeAt(at + 1);
  return code === 47 && (next === 47 || next === 42);
}

function isLiteralArray(text: Text, at: number): boolean {
  return /^\[\s*(?:-?\d|true\b|false\b|null\b)/.test(text.slice(at, at + 200));
}

function firstSignificant(text: Text): number {
  let at = 0;
  while (at < text.length && (text.charCodeAt(at) <= 32 || isWideSpace(text.charCodeAt(at)))) at++;
  return at;
}

/** How much of the first lines is YAML: keys, items, markers, and what is indented below them. */
function shareOfYamlLines(text: Text): number {
  let seen = 0;
  let good = 0;
  let keyIndent = -1;
  for (const line of linesOf(text, 0, Math.min(text.length, SAMPLE_LENGTH))) {
    if (seen >= SAMPLE_LINES) break;
    const indent = indentOf(text, line);
    if (indent < 0 || text.charCodeAt(line.start + indent) === 35) continue;
    seen++;
    if (isYamlLine(text, line, indent)) {
      good++;
      keyIndent = indent;
    } else if (keyIndent >= 0 && indent > keyIndent) good++;
  }
  return seen === 0 ? 1 : good / seen;
}

/** Columns before the first character of a line; -1 for an empty line. */
export function indentOf(text: Text, line: KeptLine): number {
  let at = line.start;
  while (at < line.end && (text.charCodeAt(at) <= 32 || isWideSpace(text.charCodeAt(at)))) at++;
  return at === line.end ? -1 : at - line.start;
}

const YAML_LINE =
  /^(?:---(?:\s|$)|\.\.\.\s*$|%YAML|- |-$|(?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w@$/*.][^\s:#{}"',]*(?: [^\s:#{}"',]+)?)\s*:(?:\s|$)|\? )/;

/** Whether a line is a key with its colon, a list item or a document marker. */
export function isYamlLine(text: Text, line: KeptLine, indent: number): boolean {
  const start = line.start + indent;
  return YAML_LINE.test(text.slice(start, Math.min(line.end, start + 300)));
}
