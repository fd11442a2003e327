/** What a real Envoy 1.40 did with 407 configurations (`envoy_observed/`), and our own scenarios of the same shape. */
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import { checkObserved } from './checkObserved';
import { checkRefusal } from './checkRefusal';
import type { ObservedRequest } from './observation';
import { listOracleFiles, readJsonLines } from './oracleFolders';
import { failuresOf, isWanted, reportCases, runCase, type CaseResult } from './report';
import type { Snapshot } from '../../server/src/index/snapshot';

interface Scenario {
  readonly name: string;
  readonly area: string;
  readonly about?: string;
  readonly config: unknown;
  readonly files?: Readonly<Record<string, unknown>>;
  /** Envoy refuses the configuration with this reason. */
  readonly error?: string;
  readonly requests?: readonly ObservedRequest[];
}

test('traces agree with what a real Envoy did', { timeout: 300_000 }, () => {
  const results: CaseResult[] = [];
  for (const file of listOracleFiles('envoy_observed', '.jsonl')) {
    const scenarios = (readJsonLines(file.path) as Scenario[]).filter(({ name, area }) => isWanted(name, area));
    for (const scenario of scenarios) results.push(...runScenario(file.name, scenario));
  }
  reportCases('envoy_observed', results);
  expect(failuresOf(results).length, 'cases do not agree: see the report above').toBe(0);
});

function runScenario(file: string, scenario: Scenario): CaseResult[] {
  const { name, area } = scenario;
  if (scenario.error !== undefined) return [{ file, name, area, ...checkRefusal(sourcesOf(scenario), scenario.error) }];
  let snapshot: Snapshot | undefined;
  return (scenario.requests ?? []).map((observed) =>
    runCase({ file, area, name: `${name} ${observed.name}` }, () => {
      snapshot ??= buildSnapshot(sourcesOf(scenario));
      return setChanceApart(checkObserved(snapshot, observed));
    }),
  );
}

/** What one Envoy process did says nothing about the next where Envoy keeps one of two chains at random (envoy-semantics.md, 15.1). */
function setChanceApart(checked: Pick<CaseResult, 'verdict' | 'because'>): Pick<CaseResult, 'verdict' | 'because'> {
  const isChance = checked.verdict === 'could_not_tell' && checked.because?.includes('at random each time it starts') === true;
  return isChance ? { ...checked, verdict: 'excepted' } : checked;
}

/** The bootstrap and the files that it names, in one folder. */
function sourcesOf({ name, config, files }: Scenario): { uri: string; text: string }[] {
  const folder = `oracle:/${encodeURIComponent(name)}`;
  const others = Object.entries(files ?? {}).map(([path, content]) => ({ uri: `${folder}/${basename(path)}`, text: textOf(content) }));
  return [{ uri: `${folder}/bootstrap.json`, text: textOf(config) }, ...others];
}

function textOf(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content, null, 1);
}
