/** xxHash64 against published values. */
import { expect, test } from 'vitest';
import { xxHash64 } from '../../../../server/src/trace/matcher/xxHash64';

test.each([
  ['', 0n, 0xef46db3751d8e999n],
  ['a', 0n, 0xd24ec4f1a98c6e5bn],
  ['abc', 0n, 0x44bc2cf5ad770999n],
  ['Nobody inspects the spammish repetition', 0n, 0xfbcea83c8a378bf1n],
])('%s', (text, seed, expected) => {
  expect(xxHash64(text, seed)).toBe(expected);
});
