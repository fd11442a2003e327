import { expect, test } from 'vitest';
import { textAsShown } from '../../../server/src/lsp/documents/textAsShown';

test.each([
  ['no line end', 'a', 'a'],
  ['one kind', 'a\nb\n', 'a\nb\n'],
  ['pairs only', 'a\r\nb\r\n', 'a\r\nb\r\n'],
  ['carriage returns only', 'a\rb\r', 'a\r\nb\r\n'],
  ['half of each', 'a\r\nb\n', 'a\nb\n'],
  ['more pairs', 'a\r\nb\nc\r\n', 'a\r\nb\r\nc\r\n'],
  ['more line feeds', 'a\r\nb\nc\n', 'a\nb\nc\n'],
  ['a carriage return counts as a pair does', 'a\rb\nc\r', 'a\r\nb\r\nc\r\n'],
  ['separators of Unicode end no line', 'a\u2028b\u0085c\n', 'a\u2028b\u0085c\n'],
])('%s', (_, content, shown) => {
  expect(textAsShown(content)).toBe(shown);
});
