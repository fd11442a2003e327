/** One run on one Node: everything in one process, written as JSON. Options: --small, --only=index,yaml,…, --out=file. Started by run.mjs. */
import fs from 'node:fs';
import os from 'node:os';
import { generateDump } from './generate/generateDump';
import type { DumpKind } from './generate/dumps';
import type { WritingStyle } from './generate/outline';
import { indexText, measureIndex } from './measure/measureIndex';
import { measureEdits, measurePlaces, measureSymbols } from './measure/measureQueries';
import { measureTraces } from './measure/measureTraces';
import { measureYaml } from './measure/measureYaml';
import { makeReport } from './measure/report';

const args = process.argv.slice(2);
const option = (name: string) => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
const isSmall = args.includes('--small');
const only = option('only')?.split(',');
const report = makeReport();
// A small snapshot that stays, as a server has one.
indexText(generateDump({ kind: 'sidecar', megabytes: 0.1, style: { format: 'json' } }));

interface Plan {
  readonly kind: DumpKind;
  readonly megabytes: number;
  readonly style?: WritingStyle;
  readonly peers?: boolean;
  readonly rounds?: number;
}

const FULL: readonly Plan[] = [
  { kind: 'sidecar', megabytes: 0.5, peers: true, rounds: 15 },
  { kind: 'sidecar', megabytes: 5, peers: true },
  { kind: 'sidecar', megabytes: 25 },
  { kind: 'sidecar', megabytes: 50, peers: true },
  { kind: 'sidecar', megabytes: 200 },
  { kind: 'sidecar', megabytes: 5, style: { format: 'minified' } },
  { kind: 'sidecar', megabytes: 25, style: { format: 'minified' } },
  { kind: 'sidecar', megabytes: 5, style: { format: 'json', isCamel: true } },
  { kind: 'sidecar', megabytes: 5, style: { format: 'json', isForeign: true } },
  { kind: 'gateway', megabytes: 5 },
  { kind: 'waypoint', megabytes: 5 },
  { kind: 'ztunnel', megabytes: 5 },
  { kind: 'waypoint', megabytes: 50 },
];
const SMALL: readonly Plan[] = [
  { kind: 'sidecar', megabytes: 0.5, peers: true },
  { kind: 'sidecar', megabytes: 5 },
  { kind: 'sidecar', megabytes: 5, style: { format: 'minified' } },
];

const PRETTY: WritingStyle = { format: 'json' };

function nameOf({ kind, megabytes, style = PRETTY }: Plan): string {
  const format = style.format === 'json' ? [] : [style.format];
  return [kind, `${megabytes} MB`, ...format, ...(style.isCamel ? ['camelCase'] : []), ...(style.isForeign ? ['beyond ASCII'] : [])].join(
    ' ',
  );
}

function textOf({ kind, megabytes, style = PRETTY }: Plan): string {
  return generateDump({ kind, megabytes, style });
}

const parts: Readonly<Record<string, () => void>> = {
  index() {
    for (const plan of isSmall ? SMALL : FULL) {
      const { rounds = 9, peers = false } = plan;
      measureIndex(report, { name: nameOf(plan), text: textOf(plan), rounds, peers, ...limitsOf(plan) });
      say(nameOf(plan));
    }
  },
  places: () => onDump(isSmall ? 5 : 50, (subject) => measurePlaces(report, subject)),
  symbols: () => onDump(isSmall ? 5 : 50, (subject) => measureSymbols(report, subject)),
  edits() {
    for (const megabytes of isSmall ? [5] : [5, 50]) onDump(megabytes, (subject) => measureEdits(report, subject));
  },
  traces() {
    const curve = isSmall ? [] : [50, 200, 500, 1000, 2000, 5000, 10000];
    measureTraces(report, { small: isSmall ? 100 : 500, large: isSmall ? 1000 : 5000, curve, traces: isSmall ? 2000 : 10000, rounds: 9 });
  },
  yaml() {
    for (const megabytes of isSmall ? [0.2] : [0.5, 5]) {
      const plan: Plan = { kind: 'sidecar', megabytes, style: { format: 'yaml' } };
      measureYaml(report, { name: nameOf(plan), text: textOf(plan), rounds: 9 });
    }
  },
};

/**
 * The large dumps have the stricter floor: tables that are made once no longer weigh there. Of small ones, which take milliseconds, and of
 * letters beyond ASCII, which no loop over bytes reads as they are, the ratio is only told.
 */
function limitsOf({ megabytes, style }: Plan): { floor: number; aim: number } {
  if (megabytes < 5 || style?.isForeign) return { floor: Infinity, aim: 1 };
  return megabytes >= 25 && style === undefined ? { floor: 1.2, aim: 0.8 } : { floor: 1.4, aim: 1 };
}

function onDump(megabytes: number, measure: (subject: { name: string; text: string; rounds: number }) => void): void {
  const plan: Plan = { kind: 'sidecar', megabytes };
  measure({ name: nameOf(plan), text: textOf(plan), rounds: 9 });
}

function say(done: string): void {
  process.stderr.write(`  ${done}\n`);
}

for (const [name, run] of Object.entries(parts)) {
  if (only && !only.includes(name)) continue;
  run();
  say(`${name} done`);
}
const cpu = os.cpus()[0]?.model ?? 'unknown';
const environment = { node: process.version, v8: process.versions.v8, cpu, cores: os.cpus().length, memory: os.totalmem(), isSmall };
fs.writeFileSync(option('out') ?? 'bench.json', JSON.stringify({ environment, ...report }, undefined, 1));
