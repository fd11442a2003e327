/** Bootstraps that others wrote: our samples, the lab's generators, recorded cases, a corpus where there is one. They are read, never kept. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { parse as parseYaml } from 'yaml';
import { caseSeed } from '../envoy/caseSeed';
import { areas } from '../envoy/generators/index';
import { placeCase } from '../envoy/placeCase';
import { isObject, type Json, type JsonObject } from './json';

export interface GivenSeed {
  readonly name: string;
  readonly config: JsonObject;
}

/** Bootstraps of our own as people write them, with much in each. */
export function writtenSeeds(repository: string): GivenSeed[] {
  return filesBelow(join(repository, 'test/verdict/written')).flatMap((path) => readBootstraps(path));
}

const MAX_LENGTH = 120_000;

/** `shared`: the folder of kept material, which may be absent. */
export function givenSeeds(repository: string, shared: string): GivenSeed[] {
  const files = [join(repository, 'samples'), join(shared, 'corpus')].flatMap(filesBelow).flatMap((path) => readBootstraps(path));
  const recorded = [join(repository, 'test/oracles/own'), join(shared, 'oracles')]
    .flatMap((folder) => ['scenarios.jsonl', 'generated.jsonl'].map((name) => join(folder, 'envoy_observed', name)))
    .filter((path) => existsSync(path))
    .flatMap(readScenarios);
  return [...files, ...recorded, ...generated()].filter(({ config }) => JSON.stringify(config).length < MAX_LENGTH);
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:json|ya?ml)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function readBootstraps(path: string): GivenSeed[] {
  const text = readFileSync(path, 'utf8');
  if (!/static_resources|staticResources/.test(text) || /config_dump|ConfigDump/.test(text)) return [];
  try {
    const value = parseYaml(text) as Json;
    return isObject(value) && ('static_resources' in value || 'staticResources' in value)
      ? [{ name: relative('.', path), config: value }]
      : [];
  } catch {
    return [];
  }
}

function readScenarios(path: string): GivenSeed[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as { name: string; config: Json })
    .filter((each): each is { name: string; config: JsonObject } => isObject(each.config) && 'static_resources' in each.config)
    .filter((_, index) => index % 8 === 0);
}

function generated(): GivenSeed[] {
  return Object.entries(areas).flatMap(([name, area], index) =>
    fc.sample(fc.noBias(area), { seed: caseSeed(7, index), numRuns: 2 }).map((given, number) => {
      const { bootstrap } = placeCase(given, { slot: 1, index: number, generator: name });
      return { name: `generated ${name} ${number}`, config: structuredClone(bootstrap) as JsonObject };
    }),
  );
}
