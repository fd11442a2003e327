/** The server as a process, bundled for the tests of one file. */
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');

/** The bundle of the command line; `name` is the test file's own, since files run beside each other. */
export async function buildServer(name: string): Promise<string> {
  const outfile = path.join(root, `test-output/lsp/${name}.cjs`);
  await build({
    entryPoints: [path.join(root, 'server/src/main.cli.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    outfile,
    logLevel: 'error',
  });
  return outfile;
}
