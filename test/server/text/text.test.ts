import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editText, textOf, textOfPieces, type Text } from '../../../server/src/text/text';

const LONG = 1 << 18;

/** A long text whose pieces end in the middle of what is sought. */
function longText(seed: string): string {
  return `${seed}ab\n`.repeat(Math.ceil(LONG / (seed.length + 3)) + 1);
}

describe('a long text answers as the string of it does', () => {
  const cases = fc.record({
    content: fc.string({ minLength: 1, maxLength: 40 }).map(longText),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 60_000, max: 200_000 })),
  });

  test('slices, characters, and what is sought forwards and backwards', () => {
    fc.assert(
      fc.property(cases, ({ content, at, length }) => {
        const text = textOf(content);
        const from = Math.floor(at * content.length);
        const sought = content.slice(from, from + Math.min(length, 20));
        expect(text.length).toBe(content.length);
        expect(text.slice(from, from + length)).toBe(content.slice(from, from + length));
        expect(text.charCodeAt(from)).toBe(content.charCodeAt(from));
        expect(text.charAt(from)).toBe(content.charAt(from));
        expect(text.startsWith(sought, from)).toBe(true);
        expect(text.indexOf(sought, from)).toBe(content.indexOf(sought, from));
        expect(text.indexOf('no such thing', from)).toBe(-1);
        expect(text.lastIndexOf(sought, from)).toBe(content.lastIndexOf(sought, from));
        expect(text.lastIndexOf('\n', from)).toBe(content.lastIndexOf('\n', from));
      }),
      { numRuns: 60 },
    );
  });

  test('edits, one after another, leave the texts before them as they were', () => {
    const edits = fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        removed: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 150_000 })),
        inserted: fc.oneof(fc.string(), fc.constant('x'.repeat(200_000))),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(cases, edits, ({ content }, changes) => {
        let text: Text = textOf(content);
        let expected = content;
        const before: [Text, string][] = [];
        for (const { at, removed, inserted } of changes) {
          before.push([text, expected]);
          const start = Math.floor(at * expected.length);
          const end = Math.min(expected.length, start + removed);
          text = editText(text, { start, end, inserted });
          expected = expected.slice(0, start) + inserted + expected.slice(end);
        }
        expect(String(text) === expected).toBe(true);
        for (const [older, content] of before) expect(String(older) === content).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

test('pieces that are given make one text', () => {
  const pieces = ['a'.repeat(LONG), '', 'b', 'c'.repeat(LONG * 2)];
  expect(String(textOfPieces(pieces)) === pieces.join('')).toBe(true);
  expect(textOfPieces(['{', '}'])).toBe('{}');
});

test('outside of the text there is nothing', () => {
  const text = textOf('a'.repeat(LONG));
  expect(text.charCodeAt(-1)).toBeNaN();
  expect(text.charCodeAt(LONG)).toBeNaN();
  expect(text.charAt(LONG)).toBe('');
  expect(text.slice(LONG, LONG + 5)).toBe('');
});
