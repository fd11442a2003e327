/** Properties that hold for every JSON text, whole or broken. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../server/src/syntax/json/parseJson';
import { findShapeFault, legibleThings, valueOf } from './treeChecks';

const layouts = fc.constantFrom(undefined, 1, 2, '\t');

const jsonTexts = fc.tuple(fc.jsonValue({ maxDepth: 6 }), layouts).map(([value, layout]) => JSON.stringify(value, null, layout));

const pieces = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '"name"',
  '"a":',
  '1',
  'true',
  'null',
  '...',
  '…',
  '/*',
  '*/',
  '//',
  '\n',
  ' ',
  '\\',
  'x',
  "'",
  '-',
  '\u{1f600}',
  '\ud800',
  '\u0000',
  '---',
  '\r\n',
  '1.2.3',
  '{...}',
  '"\\u00',
);

describe('a valid text', () => {
  test('gives the values of JSON.parse', () => {
    fc.assert(
      fc.property(jsonTexts, (text) => {
        const tree = parseJson('memory:a.json', text);
        expect(findShapeFault(tree)).toBeUndefined();
        expect(tree.problems).toEqual([]);
        expect(tree.roots).toHaveLength(1);
        expect(valueOf(tree, tree.roots[0] ?? -1)).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  test('cut off anywhere keeps all that is legible before the cut', () => {
    fc.assert(
      fc.property(jsonTexts, fc.nat(), (text, where) => {
        const cut = where % (text.length + 1);
        const whole = legibleThings(parseJson('memory:a.json', text), cut - 1);
        const tree = parseJson('memory:a.json', text.slice(0, cut));
        expect(findShapeFault(tree)).toBeUndefined();
        expect(new Set(legibleThings(tree))).toEqual(new Set([...legibleThings(tree), ...whole]));
      }),
      { numRuns: 1000 },
    );
  });

  test('with pieces put in, taken out or doubled gives a sound tree that keeps all before the first change', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(6), pieces), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(jsonTexts, edits, (text, changes) => {
        let broken = text;
        let first = text.length;
        for (const [where, length, piece] of changes) {
          const at = where % (broken.length + 1);
          broken = broken.slice(0, at) + piece + broken.slice(at + length);
          first = Math.min(first, at);
        }
        const tree = parseJson('memory:a.json', broken);
        expect(findShapeFault(tree)).toBeUndefined();
        const whole = legibleThings(parseJson('memory:a.json', text), first - 1);
        const kept = new Set(legibleThings(tree));
        if (text.startsWith('{') || text.startsWith('[')) expect(whole.filter((thing) => !kept.has(thing))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});

test('any heap of pieces gives a sound tree', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      const tree = parseJson('memory:a.json', parts.join(''));
      expect(findShapeFault(tree)).toBeUndefined();
    }),
    { numRuns: 5000 },
  );
});
