import { expect, test } from 'vitest';
import { ConfigNode } from '../../../server/src/schema/configNode';
import { parseText } from '../../../server/src/syntax/parseText';

const read = (text: string) => {
  const tree = parseText('a', text);
  return new ConfigNode(tree, tree.roots[0] ?? 0);
};

test('fields are found in either spelling; null counts as unset', () => {
  const node = read('{"routeConfig": {"name": "a"}, "stat_prefix": null}');
  expect(node.path('route_config', 'name')?.asString()).toBe('a');
  expect(node.has('stat_prefix')).toBe(false);
});

test('a plain float of YAML is the string that stands there', () => {
  expect(read('exact: 1.10').string('exact')).toBe('1.10');
  expect(read('exact: 1e3').string('exact')).toBe('1e3');
  expect(read('port: 0x50').number('port')).toBe(80);
});

test('numbers may be strings, durations are milliseconds', () => {
  const node = read('{"weight": "60", "connect_timeout": "1.5s", "timeout": "soon"}');
  expect(node.number('weight')).toBe(60);
  expect(node.duration('connect_timeout')).toBe(1500);
  expect(node.duration('timeout')).toBeUndefined();
});

test('an enum has a name in any case, or a number; unset it has the first value', () => {
  const node = read('{"a": "udp", "b": 1, "c": "1"}');
  expect(['a', 'b', 'c'].map((field) => node.isEnum(field, 'UDP', 1))).toEqual([true, true, true]);
  expect([node.isEnum('b', 'TCP', 0), node.isEnum('none', 'TCP', 0), node.isEnum('none', 'UDP', 1)]).toEqual([false, true, false]);
});

test('an Any is seen through TypedStruct', () => {
  const node = read('{"typed_config": {"@type": "x/xds.type.v3.TypedStruct", "type_url": "x/a.B", "value": {"c": 1}}}');
  expect(node.typed()?.type).toBe('a.B');
  expect(node.typed()?.node.number('c')).toBe(1);
});

test('wrappers and durations may be written as the messages that they are', () => {
  const node = read(
    '{"weight": {"value": 5}, "port": {"value": "7"}, "none": {}, "on": {"value": true}, "wait": {"seconds": "1", "nanos": 500000000}}',
  );
  expect(['weight', 'port', 'none'].map((name) => node.number(name))).toEqual([5, 7, 0]);
  expect([node.bool('on'), node.bool('none'), node.duration('wait'), node.duration('none')]).toEqual([true, false, 1500, 0]);
  expect(read('{"weight": {"numerator": 5}}').number('weight')).toBeUndefined();
});

test('lists in a list are read as one, however deep they are', () => {
  expect(
    read('{"a": [1, [2, [], [3]], 4]}')
      .list('a')
      .map((item) => item.asNumber()),
  ).toEqual([1, 2, 3, 4]);
  expect(
    read('{"a": [[1, 2], 3]}')
      .list('a', 2)
      .map((item) => item.asNumber()),
  ).toEqual([1, 2]);
  const DEEP = 100_000;
  const deep = read(`{"a": ${'['.repeat(DEEP)}1${']'.repeat(DEEP)}}`);
  expect(deep.list('a')).toHaveLength(1);
  expect(JSON.stringify(deep.toValue())).toContain('[[null]]');
});
