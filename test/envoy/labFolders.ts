/** Where the lab finds the repository and keeps what it makes. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const REPOSITORY = resolve(process.env['ENVOY_LENS_ROOT'] ?? process.cwd());
/** Kept between runs: Envoy, certificates. */
export const CACHE = join(REPOSITORY, '.cache/envoy');
/** The bundles of this run. */
export const BUNDLE = process.env['ENVOY_LENS_BUNDLE'] ?? join(CACHE, 'bundle');
/** What a person reads afterwards: disagreements, the summary. Runs beside each other need folders of their own. */
export const OUTPUT = process.env['ENVOY_LENS_OUTPUT'] ?? join(REPOSITORY, 'test-output/envoy');

/** Makes a folder below the cache. */
export function makeFolder(...names: string[]): string {
  const path = join(CACHE, ...names);
  mkdirSync(path, { recursive: true });
  return path;
}
