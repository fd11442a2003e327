/** Envoy refuses a configuration: does `lint` refuse it too? */
import { collectDiagnostics } from '../../server/src/features/diagnostics/collectDiagnostics';
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import type { CaseResult } from './report';

/** The part of a diagnostic that is compared. */
export interface FoundDiagnostic {
  readonly severity?: number | string;
  readonly code?: unknown;
  readonly message: string;
  /** The node that it stands at. */
  readonly at?: {
    readonly id: number;
    readonly tree: { pointer(node: number): string; parent(node: number): number; start(node: number): number; end(node: number): number };
  };
}

/**
 * Agrees when some file of the configuration has an error, and one at the place that Envoy's words speak of: an error that names a field,
 * a name or a value of the refusal, or stands at it. What the diagnostics throw is a disagreement of the case. */
export function checkRefusal(files: { uri: string; text: string }[], reason: string): Pick<CaseResult, 'verdict' | 'because'> {
  try {
    return askDiagnostics(files, reason);
  } catch (error) {
    return { verdict: 'disagree', because: `exception: ${oneLine(error instanceof Error ? error.message : String(error))}` };
  }
}

function askDiagnostics(files: { uri: string; text: string }[], reason: string): Pick<CaseResult, 'verdict' | 'because'> {
  const snapshot = buildSnapshot(files);
  const errors = files.flatMap(({ uri }) => collectDiagnostics(snapshot, uri)).filter(isError);
  const words = wordsOf(reason);
  if (errors.some((error) => words.length === 0 || words.some((word) => speaksOf(error, word, files))))
    return { verdict: 'agree', because: errors[0]?.message };
  if (errors.length > 0)
    return {
      verdict: 'disagree',
      because: `Envoy refuses: ${oneLine(reason)}; lint's errors are elsewhere: ${oneLine(errors.map(({ message }) => message).join(' | '))}`,
    };
  return { verdict: 'disagree', because: `Envoy refuses: ${oneLine(reason)}; lint has no error` };
}

/** Fields (`RouteActionValidationError.PrefixRewrite`, `enable_mptcp`), and what stands in quotes; not the listener or route configuration around. */
function wordsOf(reason: string): string[] {
  // A log line quotes the refusal in backticks, before a dump of the configuration.
  const words = (/error `([^`]*)`/u.exec(reason)?.[1] ?? reason)
    .replace(/error adding listener(?: named)? '[^']*':/u, '')
    .replace(/ (?:in|of) route \S+/u, '');
  const validated = [...words.matchAll(/ValidationError\.(\w+)/gu)].map(([, field = '']) =>
    field.replaceAll(/(?<=[a-z0-9])[A-Z]/gu, '_$&').toLowerCase(),
  );
  const fields = [...words.matchAll(/\b[a-z]+(?:_[a-z0-9]+)+\b/gu)].map(([field]) => field);
  const quoted = [...words.matchAll(/(?<=^|[\s(:,])(['"])([^'"]{1,60})\1(?=[\s,.;:)]|$)/gu)].map(([, , text = '']) => text);
  return [...new Set([...validated, ...fields, ...quoted])];
}

/** What is around a place may be so long and still be said to be the place. */
const NEAR = 600;

function speaksOf({ message, at }: FoundDiagnostic, word: string, [file]: { text: string }[]): boolean {
  if (!at || message.includes(word) || at.tree.pointer(at.id).includes(word)) return true;
  const around = [at.id, at.tree.parent(at.id), at.tree.parent(Math.max(0, at.tree.parent(at.id)))].filter((node) => node >= 0);
  return around.some((node, level) => {
    const text = file?.text.slice(at.tree.start(node), at.tree.end(node)) ?? '';
    return (level === 0 || text.length <= NEAR) && text.includes(word);
  });
}

/** LSP's 1, or the word. */
export function isError({ severity }: FoundDiagnostic): boolean {
  return severity === 1 || severity === 'error';
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').slice(0, 240);
}
