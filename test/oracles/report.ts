/** Counts and prints what became of the cases of one oracle kind, and keeps it as test-output/oracles/KIND.json. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** `excepted`: the oracle is known to be wrong about Envoy 1.40 (with the reason); `skipped`: its README says so; `not_checked`: what was seen cannot be compared. */
export type Verdict = 'agree' | 'disagree' | 'could_not_tell' | 'not_checked' | 'excepted' | 'skipped';

export interface CaseResult {
  /** Example: `shared/routes.json` */
  readonly file: string;
  readonly name: string;
  readonly area?: string;
  readonly verdict: Verdict;
  /** One line: what was expected and what came. */
  readonly because?: string;
}

const OUTPUT = resolve(import.meta.dirname, '../../test-output/oracles');

/** Does the case take part? `ONLY=text` keeps those whose area or name contains it; `ONLY=area:x` or `ONLY=name:x` compares whole. */
export function isWanted(name: string, area = ''): boolean {
  const only = process.env['ONLY'];
  if (!only) return true;
  if (only.startsWith('area:')) return area === only.slice(5);
  if (only.startsWith('name:')) return name === only.slice(5);
  return name.includes(only) || area.includes(only);
}

/** Runs one check; what it throws is a disagreement of that case, never the end of the suite. */
export function runCase(
  identity: Omit<CaseResult, 'verdict' | 'because'>,
  check: () => Pick<CaseResult, 'verdict' | 'because'>,
): CaseResult {
  try {
    return { ...identity, ...check() };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ...identity, verdict: 'disagree', because: `exception: ${text.split('\n').slice(0, 3).join(' ').trim()}` };
  }
}

/** Prints the counts per file and every case that does not agree; writes the summary. */
export function reportCases(kind: string, results: readonly CaseResult[]): void {
  const lines: string[] = [];
  for (const file of new Set(results.map((result) => result.file))) {
    const own = results.filter((result) => result.file === file);
    lines.push(`${file}: ${summarize(own)}`);
    for (const { verdict, name, area, because } of own) {
      if (verdict === 'agree') continue;
      lines.push(
        `  ${verdict === 'disagree' ? '✗' : '–'} ${area ? `[${area}] ` : ''}${name}: ${verdict === 'disagree' ? '' : `${verdict}: `}${because ?? ''}`,
      );
    }
  }
  process.stdout.write(`\n== ${kind}\n${lines.join('\n')}\n`);
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(
    join(OUTPUT, `${kind}.json`),
    `${JSON.stringify({ kind, counts: countVerdicts(results), areas: countAreas(results), results }, null, 1)}\n`,
  );
}

/** Those that make the suite fail. */
export function failuresOf(results: readonly CaseResult[]): string[] {
  const bad = results.filter(({ verdict }) => verdict === 'disagree' || verdict === 'could_not_tell');
  return bad.map(({ file, name, because }) => `${file} ${name}: ${because ?? ''}`);
}

function summarize(results: readonly CaseResult[]): string {
  const counts = countVerdicts(results);
  const rest = Object.entries(counts).filter(([verdict]) => verdict !== 'agree');
  return [`${counts['agree'] ?? 0} of ${results.length} agree`, ...rest.map(([verdict, count]) => `${count} ${verdict}`)].join(', ');
}

function countVerdicts(results: readonly CaseResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { verdict } of results) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}

function countAreas(results: readonly CaseResult[]): Record<string, Record<string, number>> {
  const areas = [...new Set(results.map(({ area }) => area ?? ''))].sort();
  return Object.fromEntries(areas.map((area) => [area, countVerdicts(results.filter((result) => (result.area ?? '') === area))]));
}
