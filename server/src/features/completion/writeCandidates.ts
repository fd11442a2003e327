/** From what could stand at the cursor to the edits that put it there: quotes, colons and commas as the file needs them. */
import { CompletionItemKind, CompletionItemTag, MarkupKind, type CompletionItem } from 'vscode-languageserver-types';
import type { SyntaxTree } from '../../syntax/syntaxTree';
import { rangeOfSpan } from '../place';
import type { CursorToken } from './cursorToken';

export interface Candidate {
  readonly name: string;
  /** `field`: a key of the schema; `key`: a name in the place of a key; the others are values. */
  readonly kind: 'field' | 'key' | 'enum_value' | 'type' | 'name' | 'literal';
  /** Of a key: an object or a list follows. */
  readonly opensBlock?: boolean;
  /** Shown beside the name. */
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  readonly isDeprecated?: boolean;
  /** Lower comes first; 1 without. */
  readonly rank?: number;
}

const KINDS: Readonly<Record<Candidate['kind'], CompletionItemKind>> = {
  field: CompletionItemKind.Field,
  key: CompletionItemKind.Reference,
  enum_value: CompletionItemKind.EnumMember,
  type: CompletionItemKind.Class,
  name: CompletionItemKind.Reference,
  literal: CompletionItemKind.Value,
};

/** Candidates of one name stand once: the first counts. */
export function writeCandidates(tree: SyntaxTree, token: CursorToken, candidates: readonly Candidate[]): CompletionItem[] {
  const byName = new Map<string, Candidate>();
  for (const candidate of candidates) if (!byName.has(candidate.name)) byName.set(candidate.name, candidate);
  return [...byName.values()].map((candidate) => writeItem(tree, token, candidate));
}

function writeItem(tree: SyntaxTree, token: CursorToken, candidate: Candidate): CompletionItem {
  const { name, kind, detail, documentation, isDeprecated, rank = 1 } = candidate;
  const edit = writeEdit(tree.language, token, candidate);
  return {
    label: name,
    kind: KINDS[kind],
    filterText: name,
    sortText: `${isDeprecated ? rank + 5 : rank}${name}`,
    textEdit: { range: rangeOfSpan(tree, edit), newText: edit.text },
    ...(detail !== undefined && { detail }),
    ...(documentation !== undefined && { documentation: { kind: MarkupKind.Markdown, value: documentation } }),
    ...(isDeprecated && { tags: [CompletionItemTag.Deprecated] }),
  };
}

function writeEdit(
  language: 'json' | 'yaml',
  token: CursorToken,
  { name, kind, opensBlock }: Candidate,
): { start: number; end: number; text: string } {
  const isKey = kind === 'field' || kind === 'key';
  const { span, quote, isClosed, hasColon } = token;
  const colon = !isKey || hasColon ? '' : opensBlock && token.isAlone ? ':' : ': ';
  const gap = token.isGlued ? ' ' : '';
  if (quote === '') return { ...span, text: gap + writeWord(name, kind, language) + colon };
  const inside = quote === "'" ? name.replace(/'/g, "''") : JSON.stringify(name).slice(1, -1);
  if (colon === '' && isClosed) return { ...span, text: inside };
  return { start: span.start, end: span.end + (isClosed ? 1 : 0), text: inside + quote + colon };
}

/** Plain scalars that YAML reads as themselves. */
const PLAIN = /^[A-Za-z_./][\w./|@*-]*$/;
const OTHER_SCALAR = /^(?:true|false|null|yes|no|on|off|y|n|\.inf|\.nan)$/i;

function writeWord(name: string, kind: Candidate['kind'], language: 'json' | 'yaml'): string {
  if (kind === 'literal') return name;
  if (language === 'yaml' && PLAIN.test(name) && !OTHER_SCALAR.test(name)) return name;
  return JSON.stringify(name);
}
