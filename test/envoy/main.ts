/** The differential suite: generated configurations and requests, a real Envoy 1.40, and our trace. None may disagree. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { caseSeed } from './caseSeed';
import { reportCoverage } from './coverage';
import { prepareNetwork } from './envoyNetwork';
import { findEnvoy } from './findEnvoy';
import { areas } from './generators/index';
import type { PlacedCase } from './labCase';
import { judgeRefusal, loadDiagnostics } from './lintRefused';
import { OUTPUT } from './labFolders';
import { readOptions, type LabOptions } from './options';
import { placeCase, SLOTS } from './placeCase';
import { recordScenarios } from './recordScenarios';
import { startRecorder, type Recorder } from './recorder';
import { emptyTally, reportTally, tallyPairs, tallyRefused, type Tally } from './tally';
import { runBatch, type PairResult } from './runCases';
import { shrinkCase } from './shrinkCase';

// Node's HTTP/2 throws on its own tick when a peer closes in the middle of the setup (node:internal/http2/core); the request then has no answer.
process.on('uncaughtException', (error) => {
  if (error.stack?.includes('node:internal/http2')) return;
  console.error(error);
  process.exit(2);
});

/** Envoy refuses every case of an area: it must not go on for ever. */
const FRUITLESS_ROUNDS = 3;

process.exit(await main(readOptions(process.argv.slice(2))));

async function main(options: LabOptions): Promise<number> {
  if (options.coverage) return reportCoverage(options);
  const envoy = findEnvoy();
  if (!envoy) return skip('there is no Envoy: run `npm run setup:envoy`');
  const network = prepareNetwork();
  if (typeof network === 'string') return skip(network);
  const recorder = await startRecorder();
  rmSync(OUTPUT, { recursive: true, force: true });
  mkdirSync(OUTPUT, { recursive: true });
  const tally = emptyTally();
  const diagnostics = await loadDiagnostics();
  const recorded: PairResult[] = [];
  const begin = Date.now();
  const names = Object.keys(areas).filter(
    (name) =>
      (!options.area || options.area.split(',').some((area) => name.startsWith(area))) &&
      (network.intercepts || !name.startsWith('intercepted')),
  );
  for (let round = 0; tally.pairs < options.pairs && (round < FRUITLESS_ROUNDS || tally.pairs > 0); round++) {
    const cases = sampleBatch(names, options, round);
    if (cases.length === 0) break;
    const { pairs, refused } = await runBatch(envoy, recorder, cases);
    tallyPairs(tally, pairs);
    for (const each of refused) tallyRefused(tally, each, judgeRefusal(each, diagnostics));
    if (options.record !== undefined) recorded.push(...pairs);
    await writeDisagreements({ envoy, recorder, options, tally }, pairs);
    if (options.onlyCase !== undefined) break;
  }
  recorder.close();
  if (options.record !== undefined) recordScenarios(options.record, recorded);
  return reportTally(tally, { options, seconds: (Date.now() - begin) / 1000 });
}

/** In CI a suite that does not run is a failure. */
function skip(reason: string): number {
  console.log(`test:envoy is ${process.env['CI'] ? 'required in CI but cannot run' : 'skipped'}: ${reason}`);
  console.log(process.env['CI'] ? '0 passed, 1 failed' : '0 passed, 0 failed, 1 skipped');
  return process.env['CI'] ? 1 : 0;
}

/** Cases take turns over the areas; the same seed gives the same cases. */
function sampleBatch(names: readonly string[], { seed, onlyCase }: LabOptions, round: number): PlacedCase[] {
  return Array.from({ length: SLOTS }, (_, slot) => ({ slot, index: round * SLOTS + slot })).flatMap(({ slot, index }) => {
    if (onlyCase !== undefined && (index !== onlyCase % SLOTS || round !== 0)) return [];
    const whole = onlyCase ?? index;
    const generator = names[whole % names.length] ?? '';
    const arbitrary = areas[generator];
    const [given] = arbitrary ? fc.sample(fc.noBias(arbitrary), { seed: caseSeed(seed, whole), numRuns: 1 }) : [];
    return given ? [placeCase(given, { slot, index: whole, generator })] : [];
  });
}

interface Running {
  readonly envoy: string;
  readonly recorder: Recorder;
  readonly options: LabOptions;
  readonly tally: Tally;
}

/** The smallest case of each kind of disagreement, for a person to read: shrinking takes seconds, and most lines are of one kind. Without shrinking all of them. */
async function writeDisagreements(running: Running, pairs: readonly PairResult[]): Promise<void> {
  const { options, tally } = running;
  const bad = pairs.filter(({ verdict }) => verdict !== 'agree');
  for (const pair of bad) {
    const kind = `${pair.placed.area} ${pair.verdict} ${pair.because.replaceAll(/: Envoy [^;]*/gu, '')}`;
    if ((options.shrink && tally.kinds.has(kind)) || tally.written >= options.write) continue;
    tally.kinds.add(kind);
    tally.written++;
    const arbitrary = areas[pair.placed.generator];
    const small = options.shrink && arbitrary ? await shrinkCase(running, arbitrary, pair) : pair;
    const { placed, request, outcomes, because } = small;
    const content = {
      area: placed.area,
      because,
      seed: options.seed,
      case: placed.index,
      request: request.request,
      repeat: request.repeat,
      outcomes,
      config: placed.bootstrap,
      files: placed.files,
    };
    writeFileSync(
      join(OUTPUT, `${placed.area}-${options.seed}-${placed.index}-${tally.written}.json`),
      `${JSON.stringify(content, null, 1)}\n`,
    );
  }
}
