/** What a file holds that is no configuration: an answer of `kubectl` or a proxy that failed, a table, statistics … */
import { adminAnswer } from '../features/diagnostics/rules/adminAnswer';
import { textTable } from '../features/diagnostics/rules/textTable';
import type { DocumentFacts } from '../index/documentFacts';
import { printable } from '../protocol/printable';
import type { Snapshot } from '../index/snapshot';

/** The rules that know what is pasted. */
const KNOWN = [adminAnswer, textTable];

/** A sentence without its subject's name. Examples: `it is empty`, `it begins with "error: unable to upgrade connection"` */
export function describeForeign(snapshot: Snapshot, facts: DocumentFacts): string {
  const { text } = facts.tree;
  const head = text.slice(0, HEAD);
  if (head.trim() === '') return text.length > HEAD ? 'it begins with nothing but white space' : 'it is empty';
  if (BINARY.test(head)) return 'it is no text in UTF-8 or UTF-16';
  const [known] = KNOWN.flatMap((rule) => rule.check({ snapshot, facts, proxy: undefined, messages: () => [] }));
  return known?.message ?? `it begins with "${firstLine(head)}"`;
}

const HEAD = 4_000;
const SHOWN = 80;

/** NUL, and what was no UTF-8. */
const BINARY = /[\0\ufffd]/;

function firstLine(head: string): string {
  const [line = ''] = head.trim().split(/[\r\n]/, 1);
  const clean = printable(line).trim();
  return clean.length > SHOWN ? `${clean.slice(0, SHOWN)}…` : clean;
}
