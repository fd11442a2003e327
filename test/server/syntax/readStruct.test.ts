/** What protobuf takes for a Struct in JSON, as Envoy 1.40 shows it of key sets. */
import { expect, test } from 'vitest';
import { readStruct } from '../../../server/src/syntax/json/readStruct';

test.each<[string, unknown]>([
  [' {"a": 1}\r\n', { a: 1 }],
  ["{'a': 'b\"c'}", { a: 'b"c' }],
  ['{a: 1, _b: [1, 2,],}', { a: 1, _b: [1, 2] }],
  ['{nulls: null, trues: true}', { nulls: null, trues: true }],
  ['{"a": "one\ntwo\\n\\u0041\\\'"}', { a: "one\ntwo\nA'" }],
  ['{"a": "\\ud83d\\ude00"}', { a: '😀' }],
  ['{"a": [-0.5e-1, 1E+2, 1e-999]}', { a: [-0.05, 100, 0] }],
  ['{"a": {"a": {}}, "": ""}', { a: { a: {} }, '': '' }],
  ['{"__proto__": 1}', Object.fromEntries([['__proto__', 1]])],
  [`${'{"a":'.repeat(99)}{}${'}'.repeat(99)}`, expect.anything()],
  [`{"a": "${'x'.repeat(4_000_000)}"}`, expect.anything()],
])('%.40s is read', (text, value) => expect(readStruct(text)).toEqual(value));

test.each([
  '',
  '[]',
  '"a"',
  '{"a": 1} x',
  '{"a": 1}{}',
  '\ufeff{}',
  '{"a": 1',
  '{"a": "b',
  `{"a": "${'\\n'.repeat(8_000_000)}`,
  '{,}',
  '{"a": 1,,}',
  '{"a": [,1]}',
  '{"a": [1,,2]}',
  '{"a": [1 2]}',
  '{"a": 1 "b": 2}',
  '{"a" 1}',
  '{"a":}',
  '{1: 1}',
  '{null: 1}',
  '{a-b: 1}',
  '{"a": 1, "a": 1}',
  '{a: 1, "\\u0061": 1}',
  '{"a": {"b": 1, "b": 1}}',
  ...['01', '+1', '.5', '1.', '0x1', '1e', '-', '1a', '1e999', 'NaN', '-Infinity'].map((number) => `{"a": ${number}}`),
  ...['True', 'nul', 'trueE', 'undefined'].map((word) => `{"a": ${word}}`),
  ...['\\x', '\\u12', '\\ud800', '\\\n'].map((escape) => `{"a": "${escape}"}`),
  '{"a": 1 /* b */}',
  '{"a": 1} // b',
  `${'{"a":'.repeat(100)}{}${'}'.repeat(100)}`,
])('%.40s is refused', (text) => expect(readStruct(text)).toBeUndefined());
