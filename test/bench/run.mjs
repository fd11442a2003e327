// Measures speed and memory against other parsers, and prints one table. Options: --small (a minute, for CI), --only=index,places,symbols,edits,traces,yaml,process,
// --node=current (not the Node of a VS Code host beside it), --record (adds a line to history/, draws the pictures of docs/performance.md).
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { drawCurves } from './drawCurves.mjs';
import { findNodes } from './findNodes.mjs';
import { measureProcesses } from './measureProcesses.mjs';
import { judge, printReport } from './printReport.mjs';

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

const runs = [];
for (const { node, origin } of findNodes(args.includes('--node=current') || isSmall)) {
  const file = path.join(out, `report-${runs.length}.json`);
  console.error(`${node} (${origin})`);
  const { status } = spawnSync(node, ['--expose-gc', '--max-old-space-size=6000', bundle, ...args, `--out=${file}`], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
  const report = JSON.parse(fs.readFileSync(file, 'utf8'));
  if (!isSmall && (!only || only.includes('process'))) measureProcesses(report, { node, out });
  runs.push({ ...report, environment: { ...report.environment, origin } });
}
fs.writeFileSync(path.join(root, 'test-output', 'bench.json'), `${JSON.stringify({ runs }, undefined, 1)}\n`);
runs.forEach(printReport);
if (args.includes('--record')) {
  drawCurves(runs[0], path.join(root, 'docs', 'images'));
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const figures = Object.fromEntries(runs[0].figures.map(({ work, on, value }) => [`${work} · ${on}`, Number(value.toPrecision(3))]));
  fs.writeFileSync(
    path.join(import.meta.dirname, 'history', `${version}.json`),
    `${JSON.stringify({ version, node: runs[0].environment.node, cpu: runs[0].environment.cpu, figures }, undefined, 1)}\n`,
  );
}
// Times vary from machine to machine and from minute to minute: only what is far behind is an error.
process.exitCode = runs.flatMap(judge).length > 0 ? 1 : 0;
