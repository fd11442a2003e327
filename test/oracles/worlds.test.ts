/** Several real Envoys in one path (`worlds/`): all dumps open, in any order, and with some missing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import { checkObserved } from './checkObserved';
import type { ObservedRequest } from './observation';
import { listOracleDirectories, readJson, type OracleFile } from './oracleFolders';
import { failuresOf, isWanted, reportCases, runCase, type CaseResult } from './report';
import { shortenObservation } from './shortenObservation';
import type { Snapshot } from '../../server/src/index/snapshot';

interface World {
  readonly name: string;
  /** File name (without .json) → node id. */
  readonly proxies: Readonly<Record<string, string>>;
  readonly requests: readonly ObservedRequest[];
}

test('traces through several proxies agree with what the real ones did', { timeout: 300_000 }, () => {
  const results = listOracleDirectories('worlds').flatMap(runWorld);
  reportCases('worlds', results);
  expect(failuresOf(results).length, 'cases do not agree: see the report above').toBe(0);
});

type Dump = { readonly uri: string; readonly text: string };

function runWorld(directory: OracleFile): CaseResult[] {
  const world = readJson(join(directory.path, 'observed.json')) as World;
  const dumps = readdirSync(directory.path).filter((name) => name.endsWith('.json') && name !== 'observed.json');
  const files = dumps
    .sort()
    .map((name) => ({ uri: `oracle:/${world.name}/${name}`, text: readFileSync(join(directory.path, name), 'utf8') }));
  const orders = ordersOf(files).flatMap((order, index) => runDumps(directory.name, world, { files: order, label: `order ${index}` }));
  const partial = subsetsOf(files).flatMap((subset) => {
    const label = `only ${subset.map(({ uri }) => dumpName(uri)).join('+')}`;
    return runDumps(directory.name, world, { files: subset, label });
  });
  return [...orders, ...partial];
}

function runDumps(file: string, world: World, open: { files: readonly Dump[]; label: string }): CaseResult[] {
  const openIds = new Set(open.files.map(({ uri }) => world.proxies[dumpName(uri)] ?? ''));
  const wanted = world.requests.filter(({ name }) => isWanted(`${name} (${open.label})`, world.name));
  let snapshot: Snapshot | undefined;
  return wanted.flatMap((observed) => {
    const shortened = shortenRequest(observed, openIds);
    if (!shortened) return [];
    return runCase({ file, area: world.name, name: `${observed.name} (${open.label})` }, () => {
      snapshot ??= buildSnapshot([...open.files]);
      return checkObserved(snapshot, shortened);
    });
  });
}

/** As the README says: up to the first hop of a missing proxy, and there `upstream`. Undefined where the first proxy is missing. */
function shortenRequest(observed: ObservedRequest, open: ReadonlySet<string>): ObservedRequest | undefined {
  const first = observed.request.start?.proxy ?? observed.outcomes[0]?.observation.hops[0]?.proxy;
  if (first !== undefined && !open.has(first)) return undefined;
  return {
    ...observed,
    outcomes: observed.outcomes.map(({ count, observation }) => ({ count, observation: shortenObservation(observation, open) })),
  };
}

/** The given order, the reverse, and each other file first. */
function ordersOf<Item>(items: readonly Item[]): Item[][] {
  const rotations = items.map((_, start) => [...items.slice(start), ...items.slice(0, start)]);
  const orders = [...rotations, [...items].reverse()];
  return items.length === 2 ? rotations : orders;
}

/** Every proper subset that is not empty. */
function subsetsOf<Item>(items: readonly Item[]): Item[][] {
  const subsets: Item[][] = [];
  for (let mask = 1; mask < (1 << items.length) - 1; mask++) subsets.push(items.filter((_, index) => (mask >> index) & 1));
  return subsets;
}

function dumpName(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1).replace(/\.json$/u, '');
}
