// Measures speed and memory against other parsers, and prints one table. Options: --small (a minute, for CI), --only=index,places,symbols,edits,traces,yaml,process,editor,
// --node=current (only the Node that runs the script; otherwise that of a VS Code host, and this one beside it on the small set), --record (adds a line to history/, draws the pictures of docs/performance.md).
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { drawCurves } from './drawCurves.mjs';
import { findNodes } from './findNodes.mjs';
import { measureProcesses } from './measureProcesses.mjs';
import { findFarBehind, openHistory } from './history.mjs';
import { printReport } from './printReport.mjs';
import { updatePage } from './updatePage.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const out = path.join(root, 'test-output', 'bench');
const args = process.argv.slice(2);
const isSmall = args.includes('--small');
const only = args
  .find((arg) => arg.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');

fs.mkdirSync(out, { recursive: true });
const bundle = path.join(out, 'benchmark.cjs');
await build({
  absWorkingDir: root,
  entryPoints: { benchmark: 'test/bench/benchmark.ts', writeDump: 'test/bench/writeDump.ts', cli: 'server/src/main.cli.ts' },
  outdir: out,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  logLevel: 'warning',
});

// Collections between the tasks must not make the engine forget what it has compiled: the interpreter is to be warm.
const FLAGS = ['--expose-gc', '--no-flush-bytecode', '--max-old-space-size=6000'];
const runs = [];
for (const { node, origin } of findNodes(args.includes('--node=current') || isSmall)) {
  const file = path.join(out, `report-${runs.length}.json`);
  console.error(`${node} (${origin})`);
  const { status } = spawnSync(node, [...FLAGS, bundle, ...args, ...(runs.length > 0 ? ['--small'] : []), `--out=${file}`], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
  const report = JSON.parse(fs.readFileSync(file, 'utf8'));
  if (!isSmall && runs.length === 0 && (!only || only.includes('process'))) measureProcesses(report, { node, out });
  if (!isSmall && runs.length === 0 && (!only || only.includes('editor'))) measureEditor(report);
  runs.push({ ...report, environment: { ...report.environment, origin } });
}
/** A process of its own: it packages the extension and drives a browser. */
function measureEditor(report) {
  const file = path.join(out, 'editor.json');
  const { status } = spawnSync(process.execPath, [path.join(import.meta.dirname, 'measureEditor.mjs'), `--out=${file}`], {
    stdio: 'inherit',
  });
  if (status !== 0) {
    console.error('the real editor was not measured (npm run setup:vscode brings its host)');
    return;
  }
  const { subjects, figures } = JSON.parse(fs.readFileSync(file, 'utf8'));
  report.subjects.push(...subjects);
  report.figures.push(...figures);
}

fs.writeFileSync(path.join(root, 'test-output', 'bench.json'), `${JSON.stringify({ runs }, undefined, 1)}\n`);
runs.forEach((run) => printReport(run));
const history = openHistory(path.join(import.meta.dirname, 'history'), path.join(root, 'package.json'));
if (args.includes('--record')) {
  history.record(runs[0], isSmall);
  if (!isSmall) {
    drawCurves(runs[0], path.join(root, 'docs', 'images'));
    updatePage(path.join(root, 'docs', 'performance.md'), runs);
  }
}
// Times vary from machine to machine and from minute to minute: only what is far behind the release before is an error.
process.exitCode = findFarBehind(runs[0], history.latest(isSmall)).length > 0 ? 1 : 0;
