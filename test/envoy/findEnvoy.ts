/** Finds the Envoy that `npm run setup:envoy` brought, or the one that ENVOY names. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './labFolders';

/** The path of the binary, or undefined. */
export function findEnvoy(): string | undefined {
  const given = process.env['ENVOY'];
  if (given) return existsSync(given) ? given : undefined;
  const lib = join(CACHE, 'venv/lib');
  if (!existsSync(lib)) return undefined;
  return readdirSync(lib)
    .map((python) => join(lib, python, 'site-packages/envoy/_bin/envoy'))
    .find((path) => existsSync(path));
}
