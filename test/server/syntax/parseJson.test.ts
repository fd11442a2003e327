/** Broken JSON, case by case: what is still read, and what is said about it. */
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../server/src/syntax/json/parseJson';
import { FLAG_INCOMPLETE, NodeKind, type SyntaxTree } from '../../../server/src/syntax/tree/syntaxTree';
import { findShapeFault, isIncomplete, valueOf } from './treeChecks';

function read(text: string): SyntaxTree {
  const tree = parseJson('memory:a.json', text);
  expect(findShapeFault(tree)).toBeUndefined();
  return tree;
}

function values(tree: SyntaxTree): unknown[] {
  return tree.roots.map((root) => valueOf(tree, root));
}

/** Text, the values that are read, and the pointers of what is marked incomplete. */
const CASES: readonly [name: string, text: string, wanted: unknown[], incomplete: string[]][] = [
  ['an object of dots', '{"a": {...}, "b": 1}', [{ a: {}, b: 1 }], ['/a']],
  ['an array of dots', '{"a": [...], "b": 1}', [{ a: [], b: 1 }], ['/a']],
  ['an array that begins with an object of dots', '{"routes": [{...},\n{"b": 1}]}', [{ routes: [{}, { b: 1 }] }], ['/routes/0']],
  ['dots between members', '{"a": 1,\n...\n"b": 2}', [{ a: 1, b: 2 }], ['']],
  ['an ellipsis sign', '{"a": 1, … }', [{ a: 1 }], ['']],
  ['dots for a value', '{"a": ..., "b": 2}', [{ a: undefined, b: 2 }], ['']],
  ['a comment that something is left out', '{"a": 1, /* omitted */ }', [{ a: 1 }], ['']],
  ['the same in Chinese', '{"a": 1,\n/* 省略 */\n}', [{ a: 1 }], ['']],
  ['a comment of dots', '{"a": [1, // ...\n 2]}', [{ a: [1, 2] }], ['/a']],
  ['an ordinary comment loses nothing', '{"a": 1 // matches foo... and bar\n}', [{ a: 1 }], []],
  ['a missing comma in an object', '{"a": 1\n"b": 2}', [{ a: 1, b: 2 }], []],
  ['a missing comma in an array', '[1 2 {"a": 1} {"b": 2} "c" "d"]', [[1, 2, { a: 1 }, { b: 2 }, 'c', 'd']], []],
  ['too many commas', '[1,,2,]', [[1, 2]], []],
  ['a cut in a string', '{"name": "inbound|90', [{ name: 'inbound|90' }], ['', '/name']],
  ['a cut after a colon', '{"a": 1, "name":', [{ a: 1, name: undefined }], ['']],
  ['a cut in a keyword', '{"a": [1, tr', [{ a: [1] }], ['', '/a']],
  ['a key without colon', '{"a": 1, "name"}', [{ a: 1, name: undefined }], ['']],
  ['a key without value before a line', '{"cluster": \n"timeout": "5s"}', [{ cluster: undefined, timeout: '5s' }], ['']],
  ['a colon after dots takes no value for a key', '{"a": "x",\n… true: 1}', [{ a: 'x' }], ['']],
  ['a colon after a word takes no value for a key', '{"a": "x" y: 1}', [{ a: 'x' }], ['']],
  ['a closer of an array is missing', '{"a": [1, {"b": 2}, "c": 3}', [{ a: [1, { b: 2 }, 'c', 3] }], ['/a']],
  ['a closer of an object is missing', '{"a": [{"b": 2], "c": 3}', [{ a: [{ b: 2 }], c: 3 }], ['/a/0']],
  ['a closer too many', '{"a": 1]}', [{ a: 1 }], ['']],
  ['a string without its closing quote', '{"a": "x,\n"b": "y"}', [{ a: 'x', b: 'y' }], ['', '/a']],
  ['a line end of old Macs in a string', '{"a": "x,\r"b": "y"}', [{ a: 'x', b: 'y' }], ['', '/a']],
  ['a stray word', '{"a": 1 foo, "b": 2}', [{ a: 1, b: 2 }], ['']],
  ['keys without quotes', '{name: "a", port_value: 80}', [{ name: 'a', port_value: 80 }], []],
  ['values without quotes', '{"a": STATIC, "b": 5s, "c": 10.0.0.1}', [{ a: 'STATIC', b: '5s', c: '10.0.0.1' }], ['']],
  ['numbers that are none', '[01, 1., .5, +1, -]', [[]], ['']],
  ['two documents', '{"a": 1}\n{"b": 2}', [{ a: 1 }, { b: 2 }], []],
  ['documents on one line', '{"a": 1}[2]{}', [{ a: 1 }, [2], {}], []],
  ['properties without braces', '"listener_filters": [\n{"name": "x"}\n],', [{ listener_filters: [{ name: 'x' }] }], ['']],
  ['a new document after a cut one', '{\n "a": {\n  "b": 1,\n{\n "c": 2\n}', [{ a: { b: 1 } }, { c: 2 }], ['', '/a']],
  ['nothing', '', [], []],
  ['only spaces', ' \n\t', [], []],
  ['only words', 'hello world', [], []],
  ['only closers', ']}]}', [], []],
];

describe('what is legible is read', () => {
  test.each(CASES)('%s', (_, text, wanted, incomplete) => {
    const tree = read(text);
    expect(values(tree)).toEqual(wanted);
    for (const pointer of incomplete) expect([pointer, isIncomplete(tree, pointer)]).toEqual([pointer, true]);
    if (incomplete.length === 0) for (let node = 0; node < tree.size; node++) expect(tree.hasFlag(node, FLAG_INCOMPLETE)).toBe(false);
  });
});

describe('prose', () => {
  test('fragments are roots, words and brackets in words are none', () => {
    const tree = read(
      'See listeners[0] and f(x){y}, {#anchor}, {{<tag json>}}:\n1\n2\n|\n{\n"name": "a"\n}\n|\nThen [the link](x), and\n[{"b": [..]}]\nend "quoted".',
    );
    expect(values(tree)).toEqual([{ name: 'a' }, [{ b: [] }]]);
  });

  test('a comment sign in prose does not swallow what follows', () => {
    expect(values(read('Match: /*\n\n{"a": 1}\n'))).toEqual([{ a: 1 }]);
    expect(values(read('GET https://x/*.js or /*\n{"a": 1}\n*/'))).toEqual([{ a: 1 }]);
  });

  test('JSON in the middle of a line is found', () => {
    expect(values(read('time=12 config={"a": [1]} ok\ncurl -d \'{"b": 2}\' localhost'))).toEqual([{ a: [1] }, { b: 2 }]);
  });

  test('prose after a fragment that is not closed ends it', () => {
    const tree = read('{\n"a": {\n"b": 1,\n/* … */\n}\nNow the next one:\n1\n2\n{\n"c": 2\n}');
    expect(values(tree)).toEqual([{ a: { b: 1 } }, { c: 2 }]);
    expect(tree.hasFlag(0, FLAG_INCOMPLETE)).toBe(true);
  });

  test('numbers of lines inside of a fragment are passed over', () => {
    expect(values(read('{\n2 "a": 1,\n3 "b": {\n4 "c": 2\n5 }\n6 }'))).toEqual([{ a: 1, b: { c: 2 } }]);
  });
});

describe('hostile input', () => {
  const deep = 1_000_000;

  test('a million levels, closed and not', () => {
    for (const text of ['['.repeat(deep) + ']'.repeat(deep), '['.repeat(deep), '{"a":'.repeat(deep), ']'.repeat(deep)]) {
      const tree = parseJson('memory:a.json', text);
      expect(tree.size).toBe(text.startsWith(']') ? 0 : deep + (text.startsWith('{') ? 1 : 0));
    }
  });

  test('a million openers, then a million closers of the other kind', () => {
    const tree = parseJson('memory:a.json', '{"a":'.repeat(deep) + ']'.repeat(deep));
    expect(tree.roots).toHaveLength(1);
  });

  test('broken things over and over take linear time and few problems', () => {
    const pieces = [
      '/*',
      '"',
      '"a" ',
      '{"a" ',
      '...',
      '{ [',
      ',:',
      '"a":"b":',
      'x ',
      '\u00a0',
      '{}} ',
      '[1 ',
      "'",
      '\\',
      '{\n{',
      '"x\n',
      '/* a */',
      '//\n',
      '{...},',
      '"\\n",',
      '"a\\n":1,',
    ];
    for (const piece of pieces) {
      for (const head of ['', '{', '[', '{"a":[']) {
        const tree = parseJson('memory:a.json', head + piece.repeat(Math.ceil(400_000 / piece.length)));
        expect([piece, findShapeFault(tree)]).toEqual([piece, undefined]);
      }
    }
    expect(parseJson('memory:a.json', `[${'x '.repeat(100_000)}`).problems.length).toBeLessThanOrEqual(1001);
  });

  test('many different keys, also with the same hash, stay cheap', () => {
    const keys = Array.from(
      { length: 200_000 },
      (_, index) => `"a${String(index).padStart(40, '0')}zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"`,
    );
    const tree = parseJson('memory:a.json', `{${keys.map((key) => `${key}:1`).join(',')}}`);
    expect(tree.keyNames).toHaveLength(200_000);
  });
});

test('a key without value has an empty node after its colon', () => {
  const tree = read('{"a": , "b": 1}');
  const node = tree.child(0, 'a');
  expect(tree.kind(node)).toBe(NodeKind.missing);
  expect(tree.span(node)).toEqual({ start: 5, end: 5 });
});
