import { expect, test } from 'vitest';
import { jsonInPieces } from '../../../server/src/cli/jsonInPieces';
import { renderTable, tableInPieces } from '../../../server/src/cli/renderTable';

test.each([0, 1, 2, 9_999, 10_000, 10_001, 25_000])('%i items in pieces are the text of all', (count) => {
  const items = Array.from({ length: count }, (_, at) => ({ at, to: [{ uri: '\n]' }], none: [] }));
  expect([...jsonInPieces(items)].join('')).toBe(`${JSON.stringify(items, null, 2)}\n`);
});

test('a table in pieces has columns of one width', () => {
  const rows = Array.from({ length: 20_001 }, (_, at) => [String(at), 'x']);
  const pieces = [...tableInPieces(['AT', 'X'], rows)];
  expect(pieces.length).toBe(3);
  expect(pieces.join('')).toBe(renderTable(['AT', 'X'], rows));
  expect(
    new Set(
      pieces
        .join('')
        .trimEnd()
        .split('\n')
        .map((line) => line.length),
    ),
  ).toEqual(new Set([8]));
});

test('what comes in a later piece is not made before the first is printed', () => {
  let made = 0;
  function* items() {
    for (; made < 3;) yield { at: made++ };
  }
  const pieces = jsonInPieces(items(), 1)[Symbol.iterator]();
  expect(pieces.next().value).toBe('[\n  {\n    "at": 0\n  }');
  expect(made).toBe(1);
});
