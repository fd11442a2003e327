// The real editor: node test/bench/measureEditor.mjs [--host=4.139.1] [--vsix=FILE] [--rounds=3] [--megabytes=20] [--out=FILE.json]
// Opening a dump until the first definition works, beside the time until VS Code without us shows its text; activation in a window
// without our files; the server's start. Needs a VS Code host (npm run setup:vscode). Figures are as in a report of the bench.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver-protocol/node';
import { extractZip } from '../../tools/listZip.mjs';
import { poll } from '../vscode/host.mjs';
import { writeDump } from '../vscode/largeDump.mjs';
import { inWindow, openDump, positionOfReference } from './openInEditor.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const out = path.join(root, 'test-output/bench');
const option = (name, fallback) => process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback;
const version = option('host', '4.139.1');
const rounds = Number(option('rounds', '3'));
const megabytes = Number(option('megabytes', '20'));

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const summarize = (task, values) => ({
  task,
  median: median(values),
  low: Math.min(...values),
  high: Math.max(...values),
  rounds: values.length,
});

fs.mkdirSync(out, { recursive: true });
const vsix = path.resolve(option('vsix', packageExtension()));
const opening = await measureOpening();
const activation = await repeat(2 * rounds, measureActivation);
const start = await measureServerStart();
const host = `VS Code host ${version}`;
const report = {
  environment: { cpu: os.cpus()[0]?.model, cores: os.cpus().length, host },
  subjects: [
    {
      name: `open a dump in ${host}`,
      bytes: megabytes * 1e6,
      timings: Object.entries(opening).map(([task, values]) => summarize(task, values)),
    },
    {
      name: host,
      bytes: 0,
      timings: [
        summarize('activation in a window without our files', activation),
        summarize('server start to initialized', start.later),
        summarize('the very first start of the server', start.first),
      ],
    },
  ],
  figures: [
    {
      work: `open ${megabytes} MB dump → first definition`,
      on: host,
      value: median(opening['first definition']) / median(opening['text is shown, without the extension']),
      unit: 'ratio',
      reference: 'the text is shown',
      floor: 2,
      aim: 1.2,
    },
    {
      work: `open ${megabytes} MB dump → first definition, as soon as any extension can`,
      on: host,
      value: median(opening['first definition']) / median(opening['first definition of an extension that has nothing to do']),
      unit: 'ratio',
      reference: 'one that has nothing to do',
      floor: 1.5,
      aim: 1.1,
    },
    {
      work: `open ${megabytes} MB dump → first definition, of an extension that has nothing to do`,
      on: host,
      value:
        median(opening['first definition of an extension that has nothing to do']) /
        median(opening['text is shown, without the extension']),
      unit: 'ratio',
      reference: 'the text is shown',
      floor: Infinity,
      aim: 1.2,
    },
    { work: 'activation', on: 'window without our files', value: median(activation), unit: 'ms', reference: '', floor: Infinity, aim: 50 },
    {
      work: 'server start to initialized',
      on: 'its Node',
      value: median(start.later),
      unit: 'ms',
      reference: '',
      floor: Infinity,
      aim: 150,
    },
  ],
};
fs.writeFileSync(option('out', path.join(out, 'editor.json')), `${JSON.stringify(report, undefined, 1)}\n`);
for (const { timings } of report.subjects)
  for (const { task, median: middle, low, high } of timings)
    console.log(`${task}: ${Math.round(middle)} ms (${Math.round(low)}–${Math.round(high)})`);
for (const { work, value, unit, aim } of report.figures) console.log(`${work}: ${value.toFixed(2)} ${unit}, aim ${aim}`);

function packageExtension() {
  const file = path.join(out, 'envoy-lens.vsix');
  execFileSync(process.execPath, ['tools/package.mjs', file], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  return file;
}

/** As many values as are wanted; null is none, and comes up to three times as often. */
async function repeat(count, measure) {
  const values = [];
  for (let round = 0; round < 4 * count && values.length < count; round++) {
    const value = await measure();
    if (value !== null) values.push(value);
  }
  return values;
}

/** Milliseconds from the double click, by what was waited for; windows with and without the extension take turns. */
async function measureOpening() {
  const workspace = fs.mkdtempSync(path.join(os.tmpdir(), 'open-dump-'));
  const file = path.join(workspace, 'dump.json');
  await writeDump(file, megabytes);
  const position = positionOfReference(fs.readFileSync(file, 'utf8'));
  const times = {
    'text is shown, without the extension': [],
    'text is shown': [],
    'extensions have the text': [],
    'first definition': [],
    'first definition of an extension that has nothing to do': [],
  };
  try {
    for (let round = 0; round < rounds; round++) {
      times['text is shown, without the extension'].push((await openDump({ version, workspace })).shown);
      const { shown, document, definition } = await openDump({ version, workspace, extensionVsix: vsix }, position);
      const floor = await openDump({ version, workspace }, position, 'floor');
      times['first definition of an extension that has nothing to do'].push(floor.definition);
      times['text is shown'].push(shown);
      times['extensions have the text'].push(document);
      times['first definition'].push(definition);
    }
  } finally {
    fs.rmSync(workspace, { recursive: true, force: true });
  }
  return times;
}

/** With a file that is not ours, as most windows are; null where something else had activated it before. */
async function measureActivation() {
  const workspace = fs.mkdtempSync(path.join(os.tmpdir(), 'foreign-'));
  fs.writeFileSync(path.join(workspace, 'foreign.json'), '{ "name": "foreign" }\n');
  try {
    return await inWindow({ version, workspace, extensionVsix: vsix }, { PROBE_TASK: 'activation' }, async ({ notes, run }) => {
      const { milliseconds } = await poll('activation', () => notes().find(({ what }) => what === 'activated'));
      const processes = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
      assert.deepEqual(
        processes.filter((line) => line.includes(run) && /dist\/server\.js/.test(line)),
        [],
        'no server runs',
      );
      return milliseconds;
    });
  } finally {
    fs.rmSync(workspace, { recursive: true, force: true });
  }
}

/**
 * Milliseconds from the start of the process to the answer to `initialize`, with the host's own Node, as VS Code starts it: with a folder for
 * compiled code, which is empty at the very first start.
 */
async function measureServerStart() {
  const folder = path.join(out, 'server');
  fs.rmSync(folder, { recursive: true, force: true });
  extractZip(vsix, 'extension/', folder);
  const node = path.join(os.homedir(), '.cache/vscode-host', version, 'node/bin/node');
  const env = { ...process.env, NODE_COMPILE_CACHE: path.join(folder, 'compiled') };
  const startOnce = async () => {
    const begin = performance.now();
    const child = spawn(node, [path.join(folder, 'dist/server.js'), '--stdio'], { env });
    const ended = new Promise((done) => child.once('exit', done));
    const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    connection.listen();
    await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
    const spent = performance.now() - begin;
    await connection.sendRequest('shutdown');
    await connection.sendNotification('exit');
    await ended;
    connection.dispose();
    return spent;
  };
  return { first: [await startOnce()], later: await repeat(11, startOnce) };
}
