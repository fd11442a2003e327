// Where the time goes when a dump is opened in a real VS Code: node test/bench/showOpening.mjs --vsix=FILE [--host=4.139.1] [--rounds=3] [--megabytes=20]
// One line for each thing that the probe noted in the fastest round: milliseconds from the double click, and the processor time that its process
// had used by then, which other processes on the machine disturb less.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeDump } from '../vscode/largeDump.mjs';
import { openDump, positionOfReference } from './openInEditor.mjs';

const option = (name, fallback) => process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback;
const version = option('host', '4.139.1');
const workspace = fs.mkdtempSync(path.join(os.tmpdir(), 'open-dump-'));
const dump = path.join(workspace, 'dump.json');
await writeDump(dump, Number(option('megabytes', '20')));
const position = positionOfReference(fs.readFileSync(dump, 'utf8'));
const openings = [];
try {
  for (let round = 0; round < Number(option('rounds', '3')); round++)
    openings.push(await openDump({ version, workspace, extensionVsix: path.resolve(option('vsix')) }, position));
} finally {
  fs.rmSync(workspace, { recursive: true, force: true });
}
for (const { shown, document, definition } of openings)
  console.log(`text shown ${Math.round(shown)}, extensions have it ${Math.round(document)}, first definition ${Math.round(definition)}`);
const [fastest] = openings.sort((a, b) => a.definition - b.definition);
const column = (value) => String(Math.round(value)).padStart(7);
const first = new Map();
console.log('     ms    cpu  process');
for (const { what, at, cpu, process: id } of fastest.notes) {
  if (!first.has(id)) first.set(id, cpu);
  console.log(`${column(at - fastest.begin)}${column(cpu - first.get(id))}  ${id} ${what}`);
  if (what === 'definition') break;
}
