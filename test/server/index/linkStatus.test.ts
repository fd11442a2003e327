/** Every kind of name that refers to something, each in the least configuration: found, missing, and brought from outside. */
import { expect, test } from 'vitest';
import { collectLinks } from '../../../server/src/cli/linksCommand';
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';
import { referenceSites } from '../../../server/src/schema/references/referenceSites';
import { CASES } from './linkCases';

const wantedStatus = (name: string): string => {
  if (/^(?:there|1$)/.test(name)) return 'resolved';
  if (/^(?:gone|2$)/.test(name)) return 'missing';
  return name.endsWith('far') ? 'external' : 'unchecked';
};

test.each(CASES)('%s %s', (kind, _, config) => {
  const found = collectLinks(buildSnapshot([{ uri: 'file:///envoy.json', text: JSON.stringify(config) }])).filter(
    (link) => link.kind === kind,
  );
  expect(found).not.toEqual([]);
  expect(found.map(({ name, status }) => `${name} ${status}`)).toEqual(found.map(({ name }) => `${name} ${wantedStatus(name)}`));
  for (const { status, to } of found) expect(to.length > 0).toBe(status === 'resolved');
});

test('no kind is left out', () => {
  const kinds = referenceSites.filter(({ role }) => role === 'reference').map(({ kind }) => kind);
  expect([...new Set(kinds)].filter((kind) => !CASES.some(([each]) => each === kind))).toEqual([]);
});
