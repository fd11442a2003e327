/** What Envoy refuses must have an error of ours: asked of the diagnostics, where run.mjs found them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import type { FoundDiagnostic } from '../oracles/checkRefusal';
import { BUNDLE } from './labFolders';
import { sourcesOf } from './placeCase';
import type { RefusedCase } from './runCases';
import type { Snapshot } from '../../server/src/index/snapshot';

type CollectDiagnostics = (snapshot: Snapshot, uri: string) => readonly FoundDiagnostic[];

export type RefusalVerdict = 'refused by both' | 'refused by Envoy alone' | 'not checked';

/** Loads the diagnostics; undefined while they are not there. */
export async function loadDiagnostics(): Promise<CollectDiagnostics | undefined> {
  const path = join(BUNDLE, 'collectDiagnostics.mjs');
  if (!existsSync(path)) return undefined;
  const loaded = (await import(pathToFileURL(path).href)) as { collectDiagnostics: CollectDiagnostics };
  return loaded.collectDiagnostics;
}

export function judgeRefusal({ placed }: RefusedCase, collectDiagnostics: CollectDiagnostics | undefined): RefusalVerdict {
  if (!collectDiagnostics) return 'not checked';
  const sources = sourcesOf(placed);
  const snapshot = buildSnapshot(sources);
  const isError = ({ severity }: FoundDiagnostic): boolean => severity === 1 || severity === 'error';
  return sources.some(({ uri }) => collectDiagnostics(snapshot, uri).some(isError)) ? 'refused by both' : 'refused by Envoy alone';
}
