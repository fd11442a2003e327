/** What Envoy refuses must have an error of ours: asked of the diagnostics, where run.mjs found them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Snapshot } from '../../server/src/index/buildSnapshot';
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import type { FoundDiagnostic } from '../oracles/checkRefusal';
import { CACHE } from './labFolders';
import type { RefusedCase } from './runCases';

type CollectDiagnostics = (snapshot: Snapshot, uri: string) => readonly FoundDiagnostic[];

export type RefusalVerdict = 'refused by both' | 'refused by Envoy alone' | 'not checked';

/** Loads the diagnostics; undefined while they are not there. */
export async function loadDiagnostics(): Promise<CollectDiagnostics | undefined> {
  const path = join(CACHE, 'bundle/collectDiagnostics.mjs');
  if (!existsSync(path)) return undefined;
  const loaded = (await import(pathToFileURL(path).href)) as { collectDiagnostics: CollectDiagnostics };
  return loaded.collectDiagnostics;
}

export function judgeRefusal({ placed }: RefusedCase, collectDiagnostics: CollectDiagnostics | undefined): RefusalVerdict {
  if (!collectDiagnostics) return 'not checked';
  const uri = 'lab:/bootstrap.json';
  const snapshot = buildSnapshot([{ uri, text: JSON.stringify(placed.bootstrap, null, 1) }]);
  const isError = ({ severity }: FoundDiagnostic): boolean => severity === 1 || severity === 'error';
  return collectDiagnostics(snapshot, uri).some(isError) ? 'refused by both' : 'refused by Envoy alone';
}
