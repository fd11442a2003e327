import { expect, test } from 'vitest';
import { printable } from '../../../server/src/protocol/printable';

test('names keep their letters, in any writing', () => expect(printable('outbound|80||größe.用户.👍')).toBe('outbound|80||größe.用户.👍'));

test.each([
  ['an escape sequence', '\u001b[31mred'],
  ['a line break', 'a\r\nb'],
  ['a control character of C1', '\u009b31m'],
  ['a mark that turns the direction of writing', '\u202egnp.exe'],
  ['an isolate', '\u2066x\u2069'],
  ['separators of lines and paragraphs', 'a\u2028b\u2029c'],
  ['what is not seen', 'a\u200bb\ufeff\u00ad'],
  ['a letter of the tag block', 'a\u{e0041}'],
  ['half of a surrogate pair', 'a\ud800b'],
])('%s becomes blanks', (_, text) => {
  const clean = printable(text);
  expect(clean).toBe(clean.replace(/[^\x20-\x7e]/g, '?'));
  expect(clean).toContain(' ');
});

test('what nobody reads to its end is cut', () => {
  const clean = printable('\n'.repeat(6_000_000));
  expect(clean.length).toBeLessThan(200_000);
  expect(clean.endsWith('…')).toBe(true);
});
