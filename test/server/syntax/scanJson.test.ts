import { expect, test } from 'vitest';
import { parseJson, parseJsonInSteps } from '../../../server/src/syntax/json/parseJson';
import { WINDOW_SIZE } from '../../../server/src/syntax/json/wasm/layout';
import type { SyntaxTree } from '../../../server/src/syntax/tree/syntaxTree';
import { valueOf } from './treeChecks';

const read = (text: string) => parseJson('memory:a.json', text);
const rootOf = (tree: SyntaxTree) => valueOf(tree, tree.roots[0] ?? 0);

test('a key may be farther from its value than two bytes tell', () => {
  for (const distance of [WINDOW_SIZE, 0xfffb, 0xfffc, 0xfffd, 0x10000, 3 * WINDOW_SIZE]) {
    const tree = read(`{"a":${' '.repeat(distance)}{"b":1}}`);
    expect([tree.keyStart(1), tree.start(1), rootOf(tree)]).toEqual([1, distance + 5, { a: { b: 1 } }]);
  }
});

test('more keys than the scanner has room for', () => {
  const message = (from: number) =>
    `{${Array.from({ length: 400 }, (_, index) => `"${'k'.repeat(index % 60)}${from + index}":{"name":"${from}","@type":"${from}"}`).join(',')}}`;
  const text = `[${Array.from({ length: 60 }, (_, index) => message((index % 40) * 400)).join(',')},{"${'long'.repeat(400)}":1,"":2}]`;
  const tree = read(text);
  expect(rootOf(tree)).toEqual(JSON.parse(text));
  expect(new Set(tree.keyNames).size).toBe(tree.keyNames.length);
});

test('characters beyond ASCII count as often as UTF-16 counts them, wherever they stand', () => {
  for (const letters of ['é', '中', '\u{1d11e}', 'aé', '中b\u{1d11e}']) {
    for (let count = 1; count < 40; count++) {
      const text = `{"${letters.repeat(count)}":["${'x'.repeat(count)}${letters.repeat(count)}${'y'.repeat(17)}",1]}`;
      expect(rootOf(read(text))).toEqual(JSON.parse(text));
    }
  }
});

test('texts that are read in turns do not meet each other', () => {
  const textWith = (name: string) =>
    `[${Array.from({ length: 60_000 }, (_, index) => `{"${name}":${index},"${name}${index % 50}":"${name}"}`).join(',')}]`;
  const texts = ['first', 'second'].map(textWith);
  const readers = texts.map((text) => parseJsonInSteps('memory:a.json', text));
  const trees: SyntaxTree[] = [];
  while (readers.some((_, index) => !trees[index])) {
    readers.forEach((reader, index) => {
      const { done, value } = reader.next();
      if (done && !trees[index]) trees[index] = value;
    });
  }
  expect(trees.map(rootOf)).toEqual(texts.map((text) => JSON.parse(text) as unknown));
});
