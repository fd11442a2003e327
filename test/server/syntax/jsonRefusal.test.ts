import { expect, test } from 'vitest';
import { findJsonRefusal } from '../../../server/src/syntax/json/jsonRefusal';

test('a long text without escapes is gone through once, not once for each string', () => {
  const text = `[${Array.from({ length: 200_000 }, () => '"twelve chars"').join(',')}]`;
  expect(findJsonRefusal(text)).toBeUndefined();
});

test('an escape that Envoy does not know is found behind strings without any', () => {
  expect(findJsonRefusal('["a", "b", "\\q"]')).toMatchObject({ message: expect.stringContaining('invalid escape char "q"') as string });
});
