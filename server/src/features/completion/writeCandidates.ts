/** From what could stand at the cursor to the edits that put it there: quotes, colons and commas as the file needs them. */
import {
  CompletionItemKind,
  CompletionItemTag,
  InsertTextFormat,
  InsertTextMode,
  MarkupKind,
  type CompletionItem,
  type TextEdit,
} from 'vscode-languageserver-types';
import type { SyntaxTree } from '../../syntax/tree/syntaxTree';
import { rangeOfSpan } from '../place/place';
import type { BlockStyle } from './blockStyle';
import type { CursorToken } from './cursorToken';
import { STOP, type Body } from './writeBody';

export interface Candidate {
  readonly name: string;
  /** Shown instead of the name. */
  readonly label?: string;
  /** `field`: a key of the schema; `key`: a name in the place of a key; the others are values. */
  readonly kind: 'field' | 'key' | 'enum_value' | 'type' | 'name' | 'literal';
  /** Of a key: an object or a list follows. */
  readonly opensBlock?: boolean;
  /** What follows, on lines of its own; for editors that take snippets. */
  readonly body?: Body;
  /** The same inside braces. */
  readonly flowBody?: Body | undefined;
  /** Not where the cursor is, but as an item of a list, on the line below, or on this line behind more spaces and perhaps a dash. */
  readonly placement?: 'item' | 'below' | 'item_below' | { readonly before: string };
  /** Once it is taken, there is more to choose from. */
  readonly suggestsAgain?: boolean;
  /** The same, where its body is written; without, as above. */
  readonly suggestsInBody?: boolean;
  /** Shown beside the name. */
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  readonly isDeprecated?: boolean;
  /** Lower comes first; 1 without. */
  readonly rank?: number;
  /** Among those of one rank; below 1,000. */
  readonly order?: number;
}

const KINDS: Readonly<Record<Candidate['kind'], CompletionItemKind>> = {
  field: CompletionItemKind.Field,
  key: CompletionItemKind.Reference,
  enum_value: CompletionItemKind.EnumMember,
  type: CompletionItemKind.Class,
  name: CompletionItemKind.Reference,
  literal: CompletionItemKind.Value,
};

/** What the editor can, and how the file is written. */
export interface Writing {
  readonly tree: SyntaxTree;
  readonly language: 'json' | 'yaml';
  readonly token: CursorToken;
  readonly style: BlockStyle;
  /** The editor fills in snippets. */
  readonly snippets: boolean;
  /** The editor's own command that asks for suggestions again; undefined where it has none. */
  readonly suggestCommand: string | undefined;
}

/** Candidates of one name stand once: the first counts. What needs several lines is left out for editors without snippets. */
export function writeCandidates(writing: Writing, candidates: readonly Candidate[]): CompletionItem[] {
  const byName = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const { name, placement } = candidate;
    const isPossible = writing.snippets || (placement !== 'below' && placement !== 'item_below');
    // Inside the key above and beside it are two things.
    const key = typeof placement === 'object' ? placement.before + name : name;
    if (isPossible && !byName.has(key)) byName.set(key, candidate);
  }
  return [...byName.values()].map((candidate) => writeItem(writing, candidate));
}

function writeItem(writing: Writing, candidate: Candidate): CompletionItem {
  const { name, label = name, kind, detail, documentation, isDeprecated, rank = 1, order = 0 } = candidate;
  const edit = writeEdit(writing, candidate);
  const isSnippet = edit.text.includes(STOP) || edit.text.includes('\n');
  const { suggestsAgain, suggestsInBody = suggestsAgain } = candidate;
  const command = (edit.text.includes('\n') ? suggestsInBody : suggestsAgain) ? writing.suggestCommand : undefined;
  const comma = kind === 'field' || kind === 'key' ? commaBefore(writing) : undefined;
  return {
    label,
    kind: KINDS[kind],
    filterText: name,
    sortText: `${isDeprecated ? rank + 5 : rank}${String(order).padStart(3, '0')}${name}`,
    textEdit: { range: rangeOfSpan(writing.tree, edit), newText: isSnippet ? numberStops(edit.text) : edit.text },
    ...(comma && { additionalTextEdits: [comma] }),
    ...(isSnippet && { insertTextFormat: InsertTextFormat.Snippet, insertTextMode: InsertTextMode.adjustIndentation }),
    ...(command !== undefined && { command: { title: 'Suggest', command } }),
    ...(detail !== undefined && { detail }),
    ...(documentation !== undefined && { documentation: { kind: MarkupKind.Markdown, value: documentation } }),
    ...(isDeprecated && { tags: [CompletionItemTag.Deprecated] }),
  };
}

/** In the syntax of LSP's snippets; the last stop is where the cursor ends. */
function numberStops(text: string): string {
  const parts = text.replace(/[\\$]/g, '\\$&').split(STOP);
  return parts.map((part, index) => (index === 0 ? part : `$${index === parts.length - 1 ? 0 : index}${part}`)).join('');
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function writeEdit(writing: Writing, candidate: Candidate): Edit {
  const { token, language } = writing;
  const { name, kind } = candidate;
  const isKey = kind === 'field' || kind === 'key';
  const { span, quote, isClosed, hasColon } = token;
  const colon = !isKey || hasColon ? '' : ':';
  const { before, after } = surround(writing, candidate);
  if (quote === '') {
    const gap = token.isGlued && !before.startsWith('\n') ? ' ' : '';
    return { ...span, text: gap + before + writeWord(name, kind, language) + colon + after };
  }
  const inside = quote === "'" ? name.replace(/'/g, "''") : JSON.stringify(name).slice(1, -1);
  if (colon === '' && isClosed) return { ...span, text: inside };
  return { start: span.start, end: span.end + (isClosed ? 1 : 0), text: inside + quote + colon + after };
}

/** What stands around the word and its colon: line breaks, dashes, and the body as far as the editor can fill it in. */
function surround({ tree, language, token, style, snippets }: Writing, candidate: Candidate): { before: string; after: string } {
  const { kind, opensBlock, placement, body } = candidate;
  const isKey = kind === 'field' || kind === 'key';
  const pad = ' '.repeat(token.keyOffset);
  if (isKey && token.hasColon) return { before: '', after: '' };
  if (language === 'json') return { before: '', after: isKey ? ` ${snippets ? joinLines(body, '') + commaAfter(tree, token) : ''}` : '' };
  const [before, indent] = placed(placement, pad, style);
  const hasRoom = token.isAlone || token.endsLine;
  if (!isKey) return { before, after: snippets && token.endsLine ? joinLines(body, pad) : '' };
  if (!hasRoom) return { before, after: ` ${snippets ? joinLines(candidate.flowBody, '') : ''}` };
  if (token.hasBlock && opensBlock && token.isAlone) return { before, after: '' };
  if (snippets && body) return { before, after: joinLines(body, indent) };
  return { before, after: opensBlock ? '' : ' ' };
}

/** What stands before the key, and how far its own lines are indented. */
function placed(placement: Candidate['placement'], pad: string, { step, dash }: BlockStyle): [string, string] {
  switch (placement) {
    case undefined:
      return ['', pad];
    case 'item':
      return ['- ', `${pad}  `];
    case 'below':
      return [`\n${pad}${step}`, pad + step];
    case 'item_below':
      return [`\n${pad}${dash}- `, `${pad}${dash}  `];
    default:
      return [placement.before, pad + ' '.repeat(placement.before.length)];
  }
}

function joinLines(body: Body | undefined, indent: string): string {
  return body ? [body.sameLine, ...body.lines.map((line) => indent + line)].join('\n') : '';
}

/** JSON: another member follows. */
function commaAfter({ text }: SyntaxTree, { span, isClosed }: CursorToken): string {
  return /^\s*"/.test(text.slice(span.end + (isClosed ? 1 : 0), span.end + 2_000)) ? ',' : '';
}

/** JSON: the member above ends without its comma. Where its line may end in a comment, nothing is touched. */
function commaBefore({ language, tree, token: { span, quote } }: Writing): TextEdit | undefined {
  if (language !== 'json') return undefined;
  const end = span.start - quote.length;
  const start = Math.max(0, end - 2_000);
  const above = tree.text.slice(start, end).trimEnd();
  const line = above.slice(above.lastIndexOf('\n') + 1);
  if (!/["\w\]}]$/.test(line) || /\/[/*]/.test(line)) return undefined;
  const at = start + above.length;
  return { range: rangeOfSpan(tree, { start: at, end: at }), newText: ',' };
}

/** Plain scalars that YAML reads as themselves. */
const PLAIN = /^[A-Za-z_./][\w./|@*-]*$/;
const OTHER_SCALAR = /^(?:true|false|null|yes|no|on|off|y|n|\.inf|\.nan)$/i;

function writeWord(name: string, kind: Candidate['kind'], language: 'json' | 'yaml'): string {
  if (kind === 'literal') return name;
  if (language === 'yaml' && PLAIN.test(name) && !OTHER_SCALAR.test(name)) return name;
  return JSON.stringify(name);
}
