/** The verdict lab: mutated bootstraps, `envoy --mode validate`, and lint. What Envoy refuses is an error at its place, what it takes is none. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findEnvoy } from '../envoy/findEnvoy';
import { REPOSITORY } from '../envoy/labFolders';
import { allCases } from './cases/allCases';
import { findLies } from './checkFixes';
import { framedSeeds } from './frames';
import { givenSeeds, writtenSeeds } from './givenSeeds';
import { judge, type FoundError, type Judgement, type Spelling } from './judge';
import type { JsonObject } from './json';
import { mutate } from './mutate';
import { notChecked } from './notChecked';
import { makeRandom, type Random } from './random';
import { spellYaml } from './spellYaml';
import { validateAll } from './validate';

const options = new Map(process.argv.slice(2).map((word): [string, string] => [word.replace(/=.*$/u, ''), word.replace(/^[^=]*=?/u, '')]));
const number = (name: string, fallback: number): number => Number(options.get(name) ?? fallback);
const OUTPUT = join(REPOSITORY, 'test-output/verdict');

interface Case {
  readonly name: string;
  readonly kind: string;
  readonly subject: string;
  readonly pointer: string;
  readonly config: JsonObject;
}

/** What hangs on files and machines that a configuration does not hold. */
const ENVIRONMENT =
  /Invalid path: |paths must refer to an existing path|unable to open file|Unable to open file|from path: |failed to retrieve from environment|unable to read file|does not exist in the file system|invalid file path|file \S+ does not exist|unable to parse proto descriptor from file|cannot determine size of file|Environment variable doesn't exist|DataSource cannot be empty from|not a directory/iu;

interface Judged extends Case {
  readonly reason: string;
  readonly judgement: Judgement;
}

/** Shares of disagreements that fail the lab. */
const MISSED = 0.03;
const FALSE_ALARMS = 0.003;

process.exitCode = await main();

async function main(): Promise<number> {
  const envoy = findEnvoy();
  if (!envoy) return skip('there is no Envoy: run `npm run setup:envoy`');
  rmSync(OUTPUT, { recursive: true, force: true });
  mkdirSync(OUTPUT, { recursive: true });
  const seed = options.get('--seed') === 'random' ? Math.floor(Math.random() * 1e9) : number('--seed', 140);
  const random = makeRandom(seed);
  const folder = join(REPOSITORY, '.cache/verdict/run');
  const isWritten = options.has('--written-only');
  const others =
    options.has('--framed-only') || isWritten
      ? []
      : givenSeeds(REPOSITORY, process.env['ENVOY_LENS_SHARED'] ?? join(REPOSITORY, '../shared'));
  const given = [...(options.has('--framed-only') ? [] : writtenSeeds(REPOSITORY)), ...others];
  const whole: Case[] = [
    ...(isWritten ? [] : allCases).map(([name, pointer, config]) => ({ name, config, kind: 'rule', subject: name, pointer })),
    ...given.map(({ name, config }) => ({ name, config, kind: 'given', subject: 'Bootstrap', pointer: '' })),
    ...Array.from({ length: isWritten ? 0 : number('--frames', 1) }, () => framedSeeds(random))
      .flat()
      .map(({ name, config, pointer }) => ({ name, config, kind: 'made', subject: name, pointer })),
  ];
  const judgedWhole = await judgeAll(envoy, folder, whole);
  const seeds = judgedWhole.filter(({ reason }) => reason === 'accepted');
  const cases = mutations(seeds, random, number('--count', 400));
  const judged = [...judgedWhole, ...(await judgeAll(envoy, folder, cases))];
  report(judged, { seed, seeds: seeds.length });
  return Math.max(grade(judged), options.has('--fixes') ? await gradeFixes(envoy, folder, judged) : 0);
}

/** In CI a suite that does not run is a failure. */
function skip(reason: string): number {
  console.log(`test:verdict is ${process.env['CI'] ? 'required in CI but cannot run' : 'skipped'}: ${reason}`);
  console.log(process.env['CI'] ? 'verdict: 0 passed, 1 failed' : 'verdict: 0 passed, 0 failed, 1 skipped');
  return process.env['CI'] ? 1 : 0;
}

/** One line with the sums; 1 where too many disagree. */
function grade(judged: readonly Judged[]): number {
  const of = (...kinds: readonly Judgement['kind'][]): Judged[] => judged.filter(({ judgement }) => kinds.includes(judgement.kind));
  const missed = of('missed');
  const unlisted = missed.filter(({ reason }) => !notChecked.some(({ words }) => words.test(reason)));
  const refused = of('missed', 'both refuse', 'other place').length;
  const accepted = of('both accept', 'false alarm').length;
  const alarms = of('false alarm').length;
  const isGood = unlisted.length <= refused * MISSED && alarms <= accepted * FALSE_ALARMS;
  console.log(
    `\n${refused} refused by Envoy: ${unlisted.length} missed, ${missed.length - unlisted.length} of listed classes; ${accepted} accepted: ${alarms} false alarms; ${isGood ? 'passed' : 'FAILED'}`,
  );
  // What is missed within the tolerance is no pass.
  console.log(`verdict: ${of('both refuse', 'both accept').length} passed, ${isGood ? 0 : unlisted.length + alarms} failed`);
  return isGood ? 0 : 1;
}

/** Every fix that is offered for what Envoy refuses is tried; 1 where one does not mend. */
async function gradeFixes(envoy: string, folder: string, judged: readonly Judged[]): Promise<number> {
  const refused = judged.filter(({ judgement }) => judgement.kind === 'both refuse').map(({ config }) => spell(config));
  const { fixes, lies } = await findLies(envoy, folder, refused);
  const isElsewhere = (reason: string): boolean => ENVIRONMENT.test(reason) || notChecked.some(({ words }) => words.test(reason));
  const counted = lies.filter(({ reason }) => !isElsewhere(reason));
  for (const { problem, title, reason } of counted) console.log(`FIX ${title}\n      of: ${problem}\n      ${reason.slice(0, 300)}`);
  console.log(`fixes: ${fixes} applied, ${counted.length} do not mend`);
  return counted.length > 0 ? 1 : 0;
}

function mutations(seeds: readonly Case[], random: Random, count: number): Case[] {
  const cases: Case[] = [];
  for (let tries = 0; cases.length < count && tries < count * 3; tries++) {
    const seed = random.pick(seeds);
    const mutation = seed && mutate(seed.config, random);
    if (seed && mutation) cases.push({ name: seed.name, ...mutation });
  }
  return cases;
}

async function judgeAll(envoy: string, folder: string, cases: readonly Case[]): Promise<Judged[]> {
  const spellings = cases.map(({ config }) => spell(config));
  const verdicts = await validateAll(envoy, folder, spellings);
  return cases.map((each, index) => {
    const verdict = verdicts[index] ?? { kind: 'none', reason: 'no answer' };
    return {
      ...each,
      reason: verdict.kind === 'accepted' ? 'accepted' : verdict.reason,
      judgement:
        verdict.kind === 'refused' && ENVIRONMENT.test(verdict.reason)
          ? { kind: 'no verdict' }
          : judge(spellings[index] ?? spell(each.config), each.pointer, verdict),
    };
  });
}

/** With `--yaml` as YAML, in a way that chance picks: verdict and place are the same. */
function spell(config: JsonObject): Spelling {
  return options.has('--yaml')
    ? { language: 'yaml', text: spellYaml(config, makeRandom(number('--seed', 140) + JSON.stringify(config).length)) }
    : { language: 'json', text: JSON.stringify(config, null, 1) };
}

function report(judged: readonly Judged[], { seed, seeds }: { seed: number; seeds: number }): void {
  const counts = new Map<string, number>();
  for (const { judgement } of judged) counts.set(judgement.kind, (counts.get(judgement.kind) ?? 0) + 1);
  console.log(
    `seed ${seed}, ${seeds} accepted bootstraps, ${judged.length} cases: ${[...counts].map(([kind, count]) => `${count} ${kind}`).join(', ')}`,
  );
  const lines: object[] = [];
  for (const kind of ['missed', 'false alarm', 'other place'] as const) {
    const classes = new Map<string, Judged[]>();
    for (const each of judged.filter(({ judgement }) => judgement.kind === kind)) {
      const name =
        kind === 'missed'
          ? classOf(each.reason)
          : `${each.judgement.kind === 'false alarm' ? '' : classOf(each.reason)} <= ${codes(each.judgement)}`;
      classes.set(name, [...(classes.get(name) ?? []), each]);
    }
    console.log(`\n## ${kind}: ${[...classes.values()].reduce((sum, { length }) => sum + length, 0)} in ${classes.size} classes`);
    for (const [name, members] of [...classes].sort((a, b) => b[1].length - a[1].length)) {
      console.log(`${String(members.length).padStart(4)}  ${name.slice(0, 330)}`);
      for (const { kind: how, subject, pointer } of members.slice(0, number('--show', 2)))
        console.log(`        ${how} ${subject} ${pointer}`);
    }
    for (const each of judged.filter(({ judgement }) => judgement.kind === kind)) lines.push(each);
  }
  writeFileSync(join(OUTPUT, 'disagreements.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
}

function codes(judgement: Judgement): string {
  const errors: readonly FoundError[] = 'errors' in judgement ? judgement.errors : [];
  return errors
    .slice(0, 2)
    .map(
      ({ code, message, pointer }) =>
        `${code}: ${message.replaceAll(/"[^"]*"/gu, '""')} at ${pointer.replace(/^.*(\/[^/]*\/[^/]*\/[^/]*)$/u, '…$1')}`,
    )
    .join(' | ');
}

/** Envoy's words without names and numbers. */
function classOf(reason: string): string {
  return reason
    .replaceAll(/goo\.gle\/debug\w+ ?/gu, '')
    .replace(/Unable to (unpack as|parse JSON as proto)[^:]*: (.{0,60})[\s\S]*/u, 'Unable to $1: $2')
    .replaceAll("Didn't", 'Did not')
    .replaceAll(/'[^']{0,80}'/gu, "''")
    .replaceAll(/"[^"]*"/gu, '""')
    .replaceAll(/\d+/gu, 'N')
    .replaceAll(/\s+/gu, ' ')
    .slice(0, 320);
}
