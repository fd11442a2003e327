import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineIndex } from '../../../server/src/text/lineIndex';
import { textOfPieces } from '../../../server/src/text/text';

/** The line and column by counting line ends from the beginning; not for offsets between the two characters of a line end. */
function countedLineColumn(text: string, offset: number) {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r(?!\n)/);
  return { line: lines.length - 1, column: lines.at(-1)?.length ?? 0 };
}

const texts = fc.array(fc.constantFrom('a', 'é', '\n', '\r\n', '\r', '{"key": 1}'), { maxLength: 30 }).map((parts) => parts.join(''));

describe('LineIndex', () => {
  test('answers in any order what counting gives', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(120), { maxLength: 40 }), (text, offsets) => {
        const lines = new LineIndex(text);
        for (const offset of offsets) {
          const within = Math.min(offset, text.length);
          if (text.charAt(within - 1) === '\r' && text.charAt(within) === '\n') continue;
          expect(lines.lineColumnAt(offset)).toEqual(countedLineColumn(text, within));
        }
      }),
    );
  });

  test('of a text in pieces is that of the whole, also where a piece ends inside of a line end', () => {
    const long = 'x'.repeat(1 << 16);
    fc.assert(
      fc.property(fc.array(texts, { minLength: 2, maxLength: 6 }), (parts) => {
        const content = parts.join(long);
        const given = [`${long.repeat(4)}\r`, `\n${content}\r`, '\r', `\n\n${long.repeat(3)}`];
        const pieces = new LineIndex(textOfPieces(given));
        const whole = new LineIndex(given.join(''));
        expect(pieces.lineCount).toBe(whole.lineCount);
        for (let line = 0; line < whole.lineCount; line++)
          expect(pieces.offsetAt({ line, column: 0 })).toBe(whole.offsetAt({ line, column: 0 }));
      }),
      { numRuns: 20 },
    );
  });

  test('goes back to the offset it came from', () => {
    const text = '{\n  "a": 1,\r\n\n  "b": 2\n}';
    const lines = new LineIndex(text);
    for (const offset of [0, 2, 9, 14, 3, text.length, 1]) expect(lines.offsetAt(lines.lineColumnAt(offset))).toBe(offset);
  });
});
