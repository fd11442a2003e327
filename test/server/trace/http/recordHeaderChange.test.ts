/** What several changes of one response header come to. */
import { describe, expect, test } from 'vitest';
import type { HeaderChanges } from '../../../../server/src/protocol/trace';
import { recordAddedHeaders, recordHeaderChange, type HeaderChange } from '../../../../server/src/trace/http/recordHeaderChange';

const remove: HeaderChange = { kind: 'remove', name: 'x' };
const add = (action: string, value = 'v'): HeaderChange => ({ kind: 'add', name: 'x', value, action });

function sum(...list: HeaderChange[]): HeaderChanges {
  const changes: HeaderChanges = { set: [], append: [], remove: [] };
  list.forEach((change) => recordHeaderChange(changes, change));
  return changes;
}

test('of some headers there is one line', () => {
  const via = (action: string, value: string): HeaderChange => ({ kind: 'add', name: 'via', value, action });
  expect(sum(via('APPEND_IF_EXISTS_OR_ADD', 'a'), via('APPEND_IF_EXISTS_OR_ADD', 'b')).append).toEqual([['via', 'a,b']]);
  expect(sum(via('OVERWRITE_IF_EXISTS_OR_ADD', ''), via('APPEND_IF_EXISTS_OR_ADD', 'b')).set).toEqual([['via', 'b']]);
});

describe('changes of one header', () => {
  test.each<[string, HeaderChange[], Partial<HeaderChanges>]>([
    ['added', [add('APPEND_IF_EXISTS_OR_ADD')], { append: [['x', 'v']] }],
    ['removed, then added', [remove, add('APPEND_IF_EXISTS_OR_ADD')], { set: [['x', 'v']] }],
    ['added, then removed', [add('OVERWRITE_IF_EXISTS_OR_ADD'), remove], { remove: ['x'] }],
    ['set twice', [add('OVERWRITE_IF_EXISTS_OR_ADD', 'a'), add('OVERWRITE_IF_EXISTS_OR_ADD', 'b')], { set: [['x', 'b']] }],
    [
      'set, then added',
      [add('OVERWRITE_IF_EXISTS_OR_ADD', 'a'), add('APPEND_IF_EXISTS_OR_ADD', 'b')],
      {
        set: [
          ['x', 'a'],
          ['x', 'b'],
        ],
      },
    ],
    ['there already', [add('OVERWRITE_IF_EXISTS_OR_ADD', 'a'), add('ADD_IF_ABSENT', 'b')], { set: [['x', 'a']] }],
    ['removed, so nothing to overwrite', [remove, add('OVERWRITE_IF_EXISTS')], { remove: ['x'] }],
  ])('%s', (_, list, expected) => {
    expect(sum(...list)).toEqual({ set: [], append: [], remove: [], ...expected });
  });
});

test('of one list what is there is judged before anything is changed', () => {
  const changes: HeaderChanges = { set: [], append: [], remove: [] };
  const list = [add('APPEND_IF_EXISTS_OR_ADD', 'a'), add('ADD_IF_ABSENT', 'b')].filter((change) => change.kind === 'add');
  recordAddedHeaders(changes, list, true);
  expect(changes.append).toEqual([
    ['x', 'a'],
    ['x', 'b'],
  ]);
  recordAddedHeaders(changes, list, true);
  expect(changes.append).toHaveLength(3);
});
