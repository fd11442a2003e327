// Every check that is not a test: types, lint, format, layers, generated files, bundle and package size. Prints one line each; exit 1 if one fails.
// `node tools/check.mjs types lint` runs only those.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const bin = (name) => path.join(root, 'node_modules/.bin', name);
const projects = [
  'server/tsconfig.json',
  'server/tsconfig.node.json',
  'server/tsconfig.browser.json',
  'server/src/syntax/json/wasm/tsconfig.json',
  'client/tsconfig.json',
  'client/tsconfig.node.json',
  'client/webview/tsconfig.json',
  'test/tsconfig.json',
];

const checks = {
  types: projects.map((project) => [bin('tsc'), '--noEmit', '-p', project]),
  lint: [[bin('eslint'), '.', '--max-warnings', '0']],
  format: [[bin('prettier'), '--check', '--log-level', 'warn', '.']],
  layers: [[bin('depcruise'), '--config', '.dependency-cruiser.cjs', 'server', 'client']],
  generated: [
    [process.execPath, 'tools/schema/generate.mjs', '--check'],
    [process.execPath, 'tools/traceSchema.mjs', '--check'],
    [process.execPath, 'tools/compileScanner.mjs', '--check'],
    [process.execPath, 'tools/extractStrings.mjs', '--check'],
  ],
  package: [['npm', 'run', '--silent', 'package']],
};

const wanted = process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(checks);
let failed = 0;
for (const name of wanted) {
  const started = Date.now();
  const broken = (checks[name] ?? [])
    .map(([command, ...args]) => spawnSync(command, args, { cwd: root, encoding: 'utf8' }))
    .filter(({ status }) => status !== 0);
  if (!(name in checks) || broken.length > 0) failed++;
  console.log(`${broken.length > 0 || !(name in checks) ? 'failed' : 'passed'}  ${name}  ${((Date.now() - started) / 1000).toFixed(1)} s`);
  for (const { stdout, stderr } of broken) console.log(`${stdout ?? ''}${stderr ?? ''}`.trim().split('\n').slice(0, 60).join('\n'));
}
console.log(`checks: ${wanted.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
