// `npm run test:envoy`: bundles the lab and runs it in a network namespace of its own, where every address is local.
// Options: --seed N|random, --pairs N, --area NAME,NAME (beginnings of names), --case N (one case of the seed), --write N, --no-shrink, --verbose, --record FILE.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');
// Runs beside each other must not take each other's bundle away.
const bundle = resolve(root, `.cache/envoy/bundle-${process.pid}`);
const diagnostics = resolve(root, 'server/src/features/diagnostics/collectDiagnostics.ts');
rmSync(bundle, { recursive: true, force: true });
mkdirSync(bundle, { recursive: true });
const options = {
  entryNames: '[name]',
  outdir: bundle,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'error',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
};
await build({ ...options, entryPoints: [resolve(import.meta.dirname, 'main.ts')] });
if (existsSync(diagnostics)) {
  // A lint that does not build must not hide what the engine does: refused configurations then count as not checked.
  await build({ ...options, entryPoints: [diagnostics] }).catch(() =>
    console.error('the diagnostics do not build: refused configurations are not checked'),
  );
}

const lab = [process.execPath, '--enable-source-maps', resolve(bundle, 'main.mjs'), ...process.argv.slice(2)];
const separate = process.platform === 'linux' && process.getuid?.() === 0;
const [command, ...parameters] = separate ? ['unshare', '--net', '--', ...lab] : lab;
const env = { ...process.env, ENVOY_LENS_ROOT: root, ENVOY_LENS_NETWORK: separate ? 'own' : 'none', ENVOY_LENS_BUNDLE: bundle };
const { status, error } = spawnSync(command, parameters, { stdio: 'inherit', env });
rmSync(bundle, { recursive: true, force: true });
if (error) console.error(error.message);
process.exit(status ?? 1);
