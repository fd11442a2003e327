/** Every sample answers as its expected.json says, and its full text trace is the golden one (`UPDATE_GOLDEN=1` rewrites). */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Trace, TraceRequest } from '../../server/src/protocol/trace';
import { collectDiagnostics } from '../../server/src/features/diagnostics/collectDiagnostics';
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import { renderText } from '../../server/src/trace/render/renderText';
import { simulateRequest } from '../../server/src/trace/simulateRequest';
import { checkGolden } from '../support/golden';
import { differences } from '../support/partialMatch';

const root = path.resolve(import.meta.dirname, '../../samples');
const samples = fs.readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const NOT_CONFIGURATION = new Set(['request.json', 'expected.json', 'demo.json']);

function sourcesOf(name: string) {
  return fs
    .readdirSync(path.join(root, name))
    .filter((file) => /\.(json|ya?ml)$/.test(file) && !NOT_CONFIGURATION.has(file))
    .sort()
    .map((file) => ({ uri: `samples/${name}/${file}`, text: fs.readFileSync(path.join(root, name, file), 'utf8') }));
}

/** All samples in one folder, as somebody opens them. */
const everySample = buildSnapshot(samples.flatMap(({ name }) => sourcesOf(name)));

function readJson(name: string, file: string): unknown {
  return JSON.parse(fs.readFileSync(path.join(root, name, file), 'utf8'));
}

/** Each expected path is found among the trace's paths, each at most once; the number of paths is the same. */
function disagreements(trace: Trace, expected: readonly object[]): string[] {
  const left = [...trace.paths];
  const found: string[] = [];
  for (const path of expected) {
    const reasons = left.map((candidate) => differences(path, candidate, ''));
    const index = reasons.findIndex((each) => each.length === 0);
    if (index >= 0) left.splice(index, 1);
    else found.push(...(reasons.sort((a, b) => a.length - b.length)[0] ?? ['no path']));
  }
  return [...found, ...left.map(({ disposition, hops }) => `a path more than expected: ${disposition} by ${hops.at(-1)?.cluster ?? '?'}`)];
}

describe.each(samples.map(({ name }) => name))('sample %s', (name) => {
  const requests = readJson(name, 'request.json') as TraceRequest[];
  const expected = readJson(name, 'expected.json') as object[][];
  const snapshot = buildSnapshot(sourcesOf(name));

  test('has no mistakes', () => {
    const problems = sourcesOf(name).flatMap(({ uri }) => collectDiagnostics(snapshot, uri));
    expect(problems.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([]);
  });

  test('has a README, a request and an answer for each', () => {
    expect(fs.existsSync(path.join(root, name, 'README.md'))).toBe(true);
    expect(requests.length).toBeGreaterThan(0);
    expect(expected).toHaveLength(requests.length);
  });

  test.each(requests.map((request, index) => ({ request, index })))('request $index leads where it should', ({ request, index }) => {
    expect(disagreements(simulateRequest(snapshot, request), expected[index] ?? [])).toEqual([]);
  });

  test('the other samples beside it change nothing', () => {
    requests.forEach((request, index) => {
      expect(disagreements(simulateRequest(everySample, request), expected[index] ?? [])).toEqual([]);
    });
  });

  test('says why', () => {
    const text = requests.map((request) => renderText(simulateRequest(snapshot, request), { why: true })).join('\n');
    checkGolden(`samples/${name}.txt`, text);
  });
});
