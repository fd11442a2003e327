/** Loads a module of the server that may not be there yet: a suite then says "not yet checked", never "passed". */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const SERVER = resolve(import.meta.dirname, '../../server/src');

/** The module at a path below server/src, or undefined where there is no such file. Throws what the module itself throws. */
export async function loadModule<Module>(path: string): Promise<Module | undefined> {
  const file = resolve(SERVER, path);
  if (!existsSync(file)) return undefined;
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Module;
}
