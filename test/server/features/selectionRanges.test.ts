import { expect, test } from 'vitest';
import type { SelectionRange } from 'vscode-languageserver-types';
import { findSelectionRange } from '../../../server/src/features/selectionRanges';
import { offsetsOf, placeOf, readFixture } from '../../support/fixture';

function selections(source: string): string[] {
  const fixture = readFixture(source);
  const place = placeOf(fixture);
  const found: string[] = [];
  for (let at: SelectionRange | undefined = findSelectionRange(place); at; at = at.parent)
    found.push(offsetsOf(fixture, place.uri, at.range).text);
  return found;
}

test('value, property, message, list, and so on to the whole', () =>
  expect(selections('{"clusters": [{"name": "re<|>views"}]}')).toEqual([
    '"reviews"',
    '"name": "reviews"',
    '{"name": "reviews"}',
    '[{"name": "reviews"}]',
    '"clusters": [{"name": "reviews"}]',
    '{"clusters": [{"name": "reviews"}]}',
  ]));

test('in YAML', () =>
  expect(selections('clusters:\n- name: revi<|>ews\n').slice(0, 3)).toEqual(['reviews', 'name: reviews', '- name: reviews']));

test('on a key', () => expect(selections('clusters:\n- na<|>me: reviews\n')).toContain('name: reviews'));

test('outside of everything: the place itself', () => expect(selections('<|>')).toEqual(['']));

test('each range holds the one before', () => {
  const found = selections('static_resources: { clusters: [{ load_assignment: { endpoints: [{ priority: <|>1 }] } }] }');
  found.slice(1).forEach((text, index) => expect(text).toContain(found[index]));
});
