import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SubtreeShapes } from '../../../server/src/schema/walk/subtreeShapes';
import { parseText } from '../../../server/src/syntax/parseText';
import type { NodeId, SyntaxTree } from '../../../server/src/syntax/tree/syntaxTree';
import { textOf } from '../../../server/src/text/text';

/** What the nodes below one are: the key, the kind of the value, and how deep it lies. */
function shapeBelow(tree: SyntaxTree, node: NodeId, depth = 0): string {
  return tree
    .children(node)
    .map((child) => `${depth} ${tree.key(child) ?? '-'} ${tree.kind(child)}\n${shapeBelow(tree, child, depth + 1)}`)
    .join('');
}

const tree = (value: unknown) => parseText('a.json', textOf(JSON.stringify(value)));
const key = fc.constantFrom('a', 'b', 'c');
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, fc.constantFrom('x', 'y', 1, 2, true, null), tie('list'), tie('object')),
  list: fc.array(tie('any'), { maxLength: 5 }),
  object: fc.dictionary(key, tie('any')),
})).any;

test('finds the same subtrees alike as a walk over both does', () => {
  let alike = 0;
  fc.assert(
    fc.property(value, value, fc.boolean(), (one, other, isSame) => {
      const read = tree([one, isSame ? one : other]);
      const [first, second] = read.children(read.roots[0] ?? -1) as [NodeId, NodeId];
      if (read.next(first) - first !== read.next(second) - second) return;
      const expected = shapeBelow(read, first) === shapeBelow(read, second);
      alike += expected ? 1 : 0;
      expect(new SubtreeShapes(read.columns).areAlike(first, second, read.next(first) - first)).toBe(expected);
    }),
    { numRuns: 500 },
  );
  expect(alike).toBeGreaterThan(100);
});

test('tells keys apart where a document has more of them than a narrow column', () => {
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`key${at}`, at]));
  const read = tree([{ many }, { last: 1, end: 2, x: 3 }, { last: 1, end: 2, x: 4 }, { last: 1, start: 2, x: 3 }]);
  const [, one, same, another] = read.children(read.roots[0] ?? -1) as [NodeId, NodeId, NodeId, NodeId];
  const shapes = new SubtreeShapes(read.columns);
  expect([shapes.areAlike(one, same, 4), shapes.areAlike(one, another, 4)]).toEqual([true, false]);
});
