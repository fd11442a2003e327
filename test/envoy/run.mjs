// `npm run test:envoy`: bundles the lab and runs it in a network namespace of its own, where every address is local.
// Options: --seed N|random, --pairs N, --area NAME,NAME (beginnings of names), --case N (one case of the seed), --write N, --no-shrink, --verbose, --record FILE.
// Without one of these the meshes of several proxies follow; they alone with --meshes N, --mesh-area NAME or --mesh N (one mesh of the seed).
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { bundleForNode } from '../support/bundleForNode.mjs';

const root = resolve(import.meta.dirname, '../..');
// Runs beside each other must not take each other's bundle away.
const bundle = resolve(root, `.cache/envoy/bundle-${process.pid}`);
const diagnostics = resolve(root, 'server/src/features/diagnostics/collectDiagnostics.ts');
rmSync(bundle, { recursive: true, force: true });
mkdirSync(bundle, { recursive: true });
const options = {
  ...bundleForNode,
  entryNames: '[name]',
  outdir: bundle,
  outExtension: { '.js': '.mjs' },
};
await build({ ...options, entryPoints: [resolve(import.meta.dirname, 'main.ts')] });
const meshFiles = ['main', 'places/placeAgent'].map((name) => resolve(import.meta.dirname, `meshes/${name}.ts`));
await build({ ...options, outdir: resolve(bundle, 'meshes'), entryPoints: meshFiles });
if (existsSync(diagnostics)) {
  // A lint that does not build must not hide what the engine does: refused configurations then count as not checked.
  await build({ ...options, entryPoints: [diagnostics] }).catch(() =>
    console.error('the diagnostics do not build: refused configurations are not checked'),
  );
}

const given = process.argv.slice(2);
const has = (...names) => given.some((each) => names.includes(each));
const onlyMeshes = has('--meshes', '--mesh', '--mesh-area');
const onlyPairs = has('--pairs', '--area', '--case', '--coverage', '--record');
const runs = [...(onlyMeshes ? [] : ['.']), ...(onlyPairs ? [] : ['meshes'])];
const total = { passed: 0, failed: 0, skipped: 0 };
let worst = 0;
for (const folder of runs) worst = Math.max(worst, await runLab(resolve(bundle, folder)));
rmSync(bundle, { recursive: true, force: true });
if (runs.length > 1) console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exit(worst);

/** In a namespace of its own; resolves to the exit status, and adds up what the last line says. */
function runLab(folder) {
  const lab = [process.execPath, '--enable-source-maps', resolve(folder, 'main.mjs'), ...given];
  const separate = process.platform === 'linux' && process.getuid?.() === 0;
  const [command, ...parameters] = separate ? ['unshare', '--net', '--', ...lab] : lab;
  const env = { ...process.env, ENVOY_LENS_ROOT: root, ENVOY_LENS_NETWORK: separate ? 'own' : 'none', ENVOY_LENS_BUNDLE: folder };
  return new Promise((done) => {
    const child = spawn(command, parameters, { stdio: ['inherit', 'pipe', 'inherit'], env });
    let text = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      text += chunk;
    });
    child.on('error', (error) => {
      console.error(error.message);
      done(1);
    });
    child.on('close', (status) => {
      const match = [...text.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1);
      total.passed += Number(match?.[1] ?? 0);
      total.failed += Number(match?.[2] ?? (status === 0 ? 0 : 1));
      total.skipped += Number(match?.[3] ?? 0);
      done(status ?? 1);
    });
  });
}
