/** Flow collections on one line: every offset stays, and what is no flow collection stays as it is. */
import { describe, expect, test } from 'vitest';
import { flattenFlows } from '../../../server/src/syntax/yaml/flattenFlows';

describe('flattenFlows', () => {
  test.each([
    ['breaks and tabs', 'a: {\n\tb: 1\n}\nc: 2', 'a: {  b: 1 }\nc: 2'],
    ['remarks', 'a: [1,#x ]\n2] # y', 'a: [1,     2] # y'],
    ['a hash in a word', 'a: {b: c#d,\n e: f}', 'a: {b: c#d,  e: f}'],
    ['quotes', "a: {b: \"}\n\", c: 'it''s }'}", "a: {b: \"} \", c: 'it''s }'}"],
    ['items and anchors', '- &x {a: 1,\nb: 2}\n- - [\n]', '- &x {a: 1, b: 2}\n- - [ ]'],
    ['a whole document', '{\na: 1\n}\n', '{ a: 1 }\n'],
    ['keys in quotes', '"a b": [\n1]', '"a b": [ 1]'],
    ['a bracket below its key', 'a: #x\n  {b: 1,\n2: 3}', 'a:      {b: 1, 2: 3}'],
    ['at the column of the key', 'a:\n  b:\n\n  # x: y\n  []\n  c: 1', 'a:\n  b:             []\n  c: 1'],
    ['no key before it', 'a: b\n{c: d\n}', 'a: b\n{c: d }'],
  ])('%s', (_, text, flat) => {
    expect(flattenFlows(text)).toBe(flat);
    expect(flattenFlows(text)).toHaveLength(text.length);
  });

  test.each([
    ['literals', 'a: |\n  {\n  b\nc: 1'],
    ['folded items', '- >-\n  [\n  x\n- y'],
    ['what is never closed', 'a: {b: [\n1}\n'],
    ['braces in plain texts', 'a: b{\nc: }d'],
    ['a quote without end', 'a: {"b\n'],
  ])('%s stay', (_, text) => expect(flattenFlows(text)).toBe(text));

  test('many that are never closed stay', () => {
    const text = 'a: {\n'.repeat(200_000);
    expect(flattenFlows(text)).toBe(text);
  });
});
