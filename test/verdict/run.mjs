// Bundles the verdict lab and runs it. Options: --seed=N|random, --count=N (mutations), --frames=N (of each extension), --show=N, --framed-only, --yaml.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');
const outfile = resolve(root, '.cache/verdict/main.mjs');
await build({
  entryPoints: [resolve(import.meta.dirname, 'main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'error',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
const env = { ...process.env, ENVOY_LENS_ROOT: root };
const { status } = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...process.argv.slice(2)], { stdio: 'inherit', env });
process.exit(status ?? 1);
