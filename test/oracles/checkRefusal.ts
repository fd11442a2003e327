/** Envoy refuses a configuration: does `lint` refuse it too? Only where the diagnostics are there to ask. */
import type { Snapshot } from '../../server/src/index/buildSnapshot';
import { loadModule } from './loadModule';
import type { CaseResult } from './report';

/** The part of a diagnostic that is compared: LSP data, whatever else it carries. */
export interface FoundDiagnostic {
  readonly severity?: number | string;
  readonly code?: unknown;
  readonly message: string;
}

type CollectDiagnostics = (snapshot: Snapshot, uri: string) => readonly FoundDiagnostic[];

/** Agrees when some file of the configuration has an error. What the diagnostics throw is a disagreement of the case. */
export async function checkRefusal(
  files: { uri: string; text: string }[],
  reason: string,
): Promise<Pick<CaseResult, 'verdict' | 'because'>> {
  try {
    return await askDiagnostics(files, reason);
  } catch (error) {
    return { verdict: 'disagree', because: `exception: ${oneLine(error instanceof Error ? error.message : String(error))}` };
  }
}

async function askDiagnostics(files: { uri: string; text: string }[], reason: string): Promise<Pick<CaseResult, 'verdict' | 'because'>> {
  const diagnostics = await loadModule<{ collectDiagnostics: CollectDiagnostics }>('features/diagnostics/collectDiagnostics.ts');
  const index = await loadModule<{ buildSnapshot: (files: { uri: string; text: string }[]) => Snapshot }>('index/buildSnapshot.ts');
  if (!diagnostics || !index) return { verdict: 'not_checked', because: 'there are no diagnostics yet' };
  const snapshot = index.buildSnapshot(files);
  const errors = files.flatMap(({ uri }) => diagnostics.collectDiagnostics(snapshot, uri)).filter(isError);
  if (errors.length > 0) return { verdict: 'agree', because: errors[0]?.message };
  return { verdict: 'disagree', because: `Envoy refuses: ${oneLine(reason)}; lint has no error` };
}

/** LSP's 1, or the word. */
export function isError({ severity }: FoundDiagnostic): boolean {
  return severity === 1 || severity === 'error';
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').slice(0, 240);
}
