/** Every class of `insufficient_info`: a file for which it is given, and the least addition that makes the file tell. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TracePath } from '../../../../server/src/protocol/trace';
import { traceOf } from '../support/traceOf';
import { certificateCases } from './certificateCases';
import { clusterCases } from './clusterCases';
import { cutCases } from './cutCases';
import { filterCases } from './filterCases';
import { listenerCases } from './listenerCases';
import { longWayCases } from './longWayCases';
import { lostFieldCases } from './lostFieldCases';
import { lostPartCases } from './lostPartCases';
import { lostSwitchCases } from './lostSwitchCases';
import { matcherCases } from './matcherCases';
import type { Asked, MissingCase } from './missingCase';
import { networkCases } from './networkCases';
import { routeCases } from './routeCases';
import { seldomCases } from './seldomCases';
import { shownElsewhere } from './shownElsewhere';
import { unknownHeaderCases } from './unknownHeaderCases';
import { unknownSenderCases } from './unknownSenderCases';

const cases: readonly MissingCase[] = [
  ...certificateCases,
  ...clusterCases,
  ...cutCases,
  ...filterCases,
  ...listenerCases,
  ...longWayCases,
  ...lostFieldCases,
  ...lostPartCases,
  ...lostSwitchCases,
  ...matcherCases,
  ...networkCases,
  ...routeCases,
  ...seldomCases,
  ...unknownHeaderCases,
  ...unknownSenderCases,
];

const pathsOf = ({ files, request }: Asked): readonly TracePath[] => traceOf({ ...files }, request).paths;
const told = (paths: readonly TracePath[]): string[] => paths.flatMap(({ missing = [] }) => [...missing]);

describe('what is missing', () => {
  test.each(cases.map((each): [string, MissingCase] => [each.name, each]))('%s', (_, { without, plus, becomes }) => {
    const open = pathsOf(without);
    expect(open.map(({ disposition }) => disposition)).toContain('insufficient_info');
    expect(told(open).length).toBeGreaterThan(0);
    expect([...new Set(pathsOf(plus).map(({ disposition }) => disposition))]).toEqual([becomes]);
  });
});

const TRACE = join(import.meta.dirname, '../../../../server/src/trace');

/** The sentences of the engine that say what is missing, as patterns. */
function classesOf(source: string): string[] {
  const found: string[] = [];
  const calls = /(?:cannotTell|leaveOpen|unknown)\(\s*(?:call,\s*)?|missing: /gu;
  for (const match of source.matchAll(calls)) {
    const sentence = /^(?:say`((?:[^`$\\]|\\.|\$(?!\{)|\$\{(?:[^`{}]|`[^`]*`)*\})*)`|words\(\s*(?:'([^']*)'|"([^"]*)"))/u.exec(
      source.slice(match.index + match[0].length),
    );
    const text = sentence?.[1] ?? sentence?.[2] ?? sentence?.[3];
    if (text !== undefined) found.push(text);
  }
  return found;
}

function patternOf(text: string): RegExp {
  const parts = text.split(/\$\{(?:[^`{}]|`[^`]*`)*\}/u).map((part) => part.replaceAll(/[.*+?^$()[\]{}|\\/]/gu, String.raw`\$&`));
  return new RegExp(parts.join('.*'), 'u');
}

test('no class is without a case', () => {
  const sources = readdirSync(TRACE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const classes = new Set(sources.flatMap((file) => classesOf(readFileSync(join(TRACE, file), 'utf8'))));
  const shown = cases.flatMap(({ without }) => told(pathsOf(without)));
  const holes = [...classes].filter((text) => !shown.some((line) => patternOf(text).test(line)) && !(text in shownElsewhere));
  expect(holes).toEqual([]);
  expect(classes.size).toBeGreaterThan(150);
  expect(Object.keys(shownElsewhere).length).toBeLessThanOrEqual(20);
});

test('what is shown elsewhere is a class, and has no case here', () => {
  const sources = readdirSync(TRACE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const classes = new Set(sources.flatMap((file) => classesOf(readFileSync(join(TRACE, file), 'utf8'))));
  expect(Object.keys(shownElsewhere).filter((text) => !classes.has(text))).toEqual([]);
});
