// Runs every suite and adds up: unit and oracle tests, the differential suites against a real Envoy, end to end in a real VS Code.
// A suite whose environment is missing is skipped with the command that brings it; with CI=true missing is failing (the suites see to that).
// Ends with `N passed, N failed` (and `, N skipped`) on a line of its own.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const report = path.join(root, 'test-output/unit.json');

const suites = [
  { name: 'unit, golden, LSP and oracle tests', command: [path.join(root, 'node_modules/.bin/vitest'), 'run'], count: countVitest },
  { name: 'against a real Envoy', command: [process.execPath, 'test/envoy/run.mjs'], count: countClosingLine },
  { name: 'lint beside envoy --mode validate', command: [process.execPath, 'test/verdict/run.mjs'], count: countClosingLine },
  { name: 'in a real VS Code', command: [process.execPath, 'test/vscode/run.mjs'], count: countClosingLine },
];

const total = { passed: 0, failed: 0, skipped: 0 };
const lines = [];
fs.rmSync(report, { force: true });
await run(process.execPath, ['tools/build.mjs']);
for (const { name, command, count } of suites) {
  console.log(`\n=== ${name}`);
  const started = Date.now();
  const { status, output } = await run(command[0], command.slice(1));
  const counted = count(output) ?? { passed: 0, failed: 1, skipped: 0 };
  // A suite that breaks off without a failed test has failed all the same.
  if (status !== 0 && counted.failed === 0) counted.failed = 1;
  for (const key of Object.keys(total)) total[key] += counted[key];
  lines.push(`${counted.failed > 0 ? 'failed' : 'passed'}  ${name}: ${format(counted)}  (${Math.round((Date.now() - started) / 1000)} s)`);
}
console.log(`\n${lines.join('\n')}\n\n${format(total)}`);
process.exitCode = total.failed > 0 ? 1 : 0;

function run(command, args) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
      process.stdout.write(data);
    });
    child.on('error', (error) => done({ status: 1, output: String(error) }));
    child.on('close', (status) => done({ status, output }));
  });
}

function countVitest() {
  if (!fs.existsSync(report)) return undefined;
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites } = JSON.parse(
    fs.readFileSync(report, 'utf8'),
  );
  return {
    passed: numPassedTests,
    failed: Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0),
    skipped: numPendingTests + numTodoTests,
  };
}

function countClosingLine(output) {
  const match = [...output.matchAll(/^(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1);
  return match && { passed: Number(match[1]), failed: Number(match[2]), skipped: Number(match[3] ?? 0) };
}

function format({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
