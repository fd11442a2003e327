import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineIndex } from '../../../server/src/text/lineIndex';

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

  test('goes back to the offset it came from', () => {
    const text = '{\n  "a": 1,\r\n\n  "b": 2\n}';
    const lines = new LineIndex(text);
    for (const offset of [0, 2, 9, 14, 3, text.length, 1]) expect(lines.offsetAt(lines.lineColumnAt(offset))).toBe(offset);
  });
});
