/** What stands at the cursor of an unfinished text: the token that a completion replaces, and how the text reads with a whole word there. */
import { lineEndAt } from '../../text/lineEnds';
import type { Span } from '../../text/span';

/** Stands for the word that is being typed when the text is parsed. No name of any API. */
export const PLACEHOLDER = 'EnvoyLensCursor';

export interface CursorToken {
  /** What is replaced: the text between the quotes, or the bare word. On one line. */
  readonly span: Span;
  /** The quote before the token; '' where there is none. */
  readonly quote: '"' | "'" | '';
  readonly isClosed: boolean;
  /** A colon follows: the token is a key already. */
  readonly hasColon: boolean;
  /** YAML: the token follows `key:` without the space that makes it a value. */
  readonly isGlued: boolean;
  /** YAML: nothing but indentation and dashes stands before it, nothing but a comment after it. */
  readonly isAlone: boolean;
  /** YAML: the value of a key in block style, the only one on its line: what is inserted may go on below. */
  readonly endsLine: boolean;
  /** YAML: a block that belongs to the line's key stands below already. */
  readonly hasBlock: boolean;
  /** Spaces from the line's indentation to its key, which dashes may stand between. */
  readonly keyOffset: number;
}

const WORD = /[^\s"',:[\]{}#]/;

/** Undefined inside comments. */
export function readCursorToken(text: string, offset: number, language: 'json' | 'yaml'): CursorToken | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = lineEndAt(text, offset);
  const opened = findOpenQuote(text.slice(lineStart, offset), language);
  if (opened === 'comment') return undefined;
  const quote = opened < 0 ? '' : text[lineStart + opened] === "'" ? "'" : '"';
  const start = opened < 0 ? wordStart(text, lineStart, offset) : lineStart + opened + 1;
  const closing = quote === '' ? -1 : findClosingQuote(text.slice(offset, lineEnd), quote);
  const end = closing >= 0 ? offset + closing : wordEnd(text, offset, lineEnd);
  const isClosed = closing >= 0;
  const rest = text.slice(end + (isClosed ? 1 : 0), lineEnd);
  const before = text.slice(lineStart, quote === '' ? start : start - 1);
  const isLast = /^\s*(?:#.*)?$/.test(rest.replace('\r', ''));
  return {
    span: { start, end },
    quote,
    isClosed,
    hasColon: /^\s*:/.test(rest),
    isGlued: language === 'yaml' && quote === '' && before.endsWith(':') && /[\w"']:$/.test(before),
    isAlone: language === 'yaml' && /^\s*(?:-\s+)*$/.test(before) && isLast,
    endsLine: language === 'yaml' && quote === '' && /^\s*(?:- +)*["']?[\w.@-]+["']?:\s*$/.test(before) && isLast,
    hasBlock: language === 'yaml' && isBlockBelow(text, lineStart, lineEnd),
    keyOffset: /^\s*((?:- +)*)/.exec(text.slice(lineStart, lineEnd))?.[1]?.length ?? 0,
  };
}

/** Whether the next line that says something is indented deeper than the key of this one. */
function isBlockBelow(text: string, lineStart: number, lineEnd: number): boolean {
  const column = /^\s*(?:- +)*/.exec(text.slice(lineStart, lineEnd))?.[0].length ?? 0;
  const next = /^(?:[ \t]*(?:#.*)?\r?\n)*( *)(?=\S)/.exec(text.slice(lineEnd + 1, lineEnd + 4_000));
  return next !== null && (next[1]?.length ?? 0) > column;
}

/** The index of the quote that is open at the end of the line's beginning, -1 where none is. */
function findOpenQuote(line: string, language: 'json' | 'yaml'): number | 'comment' {
  let open = -1;
  for (let at = 0; at < line.length; at++) {
    const letter = line[at] ?? '';
    if (open >= 0) {
      if (letter === '\\' && line[open] === '"') at++;
      else if (letter === line[open]) open = -1;
      continue;
    }
    const isFirst = at === 0 || /[\s[{,:]/.test(line[at - 1] ?? '');
    if (letter === '"' || (letter === "'" && language === 'yaml')) open = language === 'json' || isFirst ? at : -1;
    else if (isFirst && language === 'yaml' && letter === '#') return 'comment';
    else if (letter === '/' && line[at + 1] === '/' && language === 'json') return 'comment';
  }
  return open;
}

function findClosingQuote(line: string, quote: string): number {
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '\\' && quote === '"') at++;
    else if (line[at] === quote) return at;
  }
  return -1;
}

function wordStart(text: string, lineStart: number, offset: number): number {
  let at = offset;
  while (at > lineStart && WORD.test(text[at - 1] ?? '')) at--;
  return text.slice(lineStart, at).trim() === '' && text[at] === '-' ? offset : at;
}

function wordEnd(text: string, offset: number, lineEnd: number): number {
  let at = offset;
  while (at < lineEnd && WORD.test(text[at] ?? '')) at++;
  return at;
}

interface PatchedText {
  readonly text: string;
  /** Lies inside the placeholder. */
  readonly offset: number;
}

/** The text with the placeholder for the token. `asKey`: a word alone on its line in YAML becomes a key. */
export function putPlaceholder(text: string, token: CursorToken, language: 'json' | 'yaml', asKey: boolean): PatchedText {
  return language === 'yaml' ? patchYaml(text, token, asKey) : patchJson(text, token);
}

function patchYaml(text: string, { span, quote, isClosed, hasColon, isGlued, isAlone }: CursorToken, asKey: boolean): PatchedText {
  const colon = asKey && isAlone && !hasColon ? ':' : '';
  const head = text.slice(0, span.start) + (isGlued ? ' ' : '');
  return { text: head + PLACEHOLDER + quote + colon + text.slice(span.end + (isClosed ? 1 : 0)), offset: head.length + 1 };
}

function patchJson(text: string, { span, quote, isClosed, hasColon }: CursorToken): PatchedText {
  const start = quote === '' ? span.start : span.start - 1;
  const end = span.end + (isClosed ? 1 : 0);
  const place = readJsonPlace(text, start);
  const value = place.isKey && !hasColon ? ': null' : '';
  const goesOn = !hasColon && /^\s*["{[\w]/.test(text.slice(end, end + 2_000));
  const head = `${text.slice(0, start)}${place.needsComma ? ',' : ''}"`;
  return { text: `${head}${PLACEHOLDER}"${value}${goesOn ? ',' : ''}${text.slice(end)}`, offset: head.length + 1 };
}

interface JsonPlace {
  readonly isKey: boolean;
  readonly needsComma: boolean;
}

/** Whether a token that begins at `end` is a key, told by the brackets and marks before it. Linear in the text. */
function readJsonPlace(text: string, end: number): JsonPlace {
  const stack: string[] = [];
  let last = '';
  for (let at = 0; at < end; at++) {
    const letter = text[at] ?? '';
    if (letter === '"') at = skipString(text, at);
    if (letter === '{' || letter === '[') stack.push(letter);
    else if (letter === '}' || letter === ']') stack.pop();
    if (!/\s/.test(letter)) last = letter;
  }
  const inObject = stack.at(-1) === '{';
  return { isKey: inObject && last !== ':', needsComma: last !== '' && !'{[,:'.includes(last) };
}

/** The closing quote, or the end of the line where there is none. */
function skipString(text: string, opening: number): number {
  let at = opening + 1;
  for (; at < text.length && text[at] !== '\n' && text[at] !== '"'; at++) if (text[at] === '\\') at++;
  return at;
}
