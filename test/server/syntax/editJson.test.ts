import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editJson } from '../../../server/src/syntax/json/editJson';
import { parseJson } from '../../../server/src/syntax/json/parseJson';
import type { SyntaxTree } from '../../../server/src/syntax/tree/syntaxTree';
import { editText, textOf, type TextEdit } from '../../../server/src/text/text';
import { describeTree } from './treeChecks';

const URI = 'memory:a.json';

function edited(content: string, edit: TextEdit): { made: SyntaxTree | undefined; read: SyntaxTree } {
  const before = parseJson(URI, textOf(content));
  expect(before.lines.lineCount).toBeGreaterThan(0);
  const text = editText(before.text, edit);
  return { made: editJson(before, edit)?.tree, read: parseJson(URI, String(text)) };
}

function editAt(content: string, marker: string, inserted: string, removed = 0): ReturnType<typeof edited> {
  const start = content.indexOf(marker);
  return edited(content, { start, end: start + removed, inserted });
}

const DUMP = '{\n  "a": [1, 22, {"b": "x", "c": {"d": null}}],\r\n  "e": true,\n  "f": {}\n}\n';

describe('an edit gives the tree of the whole text', () => {
  test.each([
    ['a character in a string', 'x"', 'yz', 0],
    ['a digit behind a number', ', {', '3', 0],
    ['a digit taken away', '22', '', 1],
    ['a line before a member', '"e"', '\n\n', 0],
    ['a line end cut in two', '\n  "e"', ' ', 0],
    ['a key', '"b"', '"new": 5, ', 0],
    ['a member behind the last one', '}],', ', "z": [[], {"y": 1.5e3}]', 0],
    ['a member into an empty object', '}\n}', '"g": 1', 0],
    ['a member taken away with its comma', '"e": true,', '', 10],
    ['an escape in a string', 'x"', '\\n\\u00e9', 0],
    ['letters beyond ASCII', 'x"', 'ü→😀', 0],
    ['several members replaced', '1, 22', '"p", "q", ["r"]', 5],
  ])('%s', (_, marker, inserted, removed) => {
    const { made, read } = editAt(DUMP, marker, inserted, removed);
    expect(read.problems).toEqual([]);
    expect(made).toBeDefined();
    expect(made && describeTree(made)).toEqual(describeTree(read));
  });

  test.each([
    ['a quote', 'x"', '"', 0],
    ['a bracket', '22', ']', 0],
    ['a comma too many', ', 22', ',', 0],
    ['no comma', ', 22', '', 1],
    ['the outermost bracket', '{\n', '', 1],
    ['a comment that is never closed', '"e"', '/* ', 0],
    ['something left out', '22', '/* ... */ ', 0],
  ])('%s is left to a whole reading, or read as one', (_, marker, inserted, removed) => {
    const { made, read } = editAt(DUMP, marker, inserted, removed);
    expect(made === undefined || JSON.stringify(describeTree(made)) === JSON.stringify(describeTree(read))).toBe(true);
    if (read.problems.length > 0) expect(made).toBeUndefined();
  });

  test('whatever the text and the edits', () => {
    const pieces = fc.oneof(
      fc.constantFrom(
        '',
        ' ',
        '\n',
        '\r\n',
        ',',
        '"',
        '{',
        '}',
        '[',
        ']',
        ':',
        '1',
        '"k": 2,',
        ', "k": [1]',
        'true',
        '//',
        '/*',
        '\\',
        'ü',
        '...',
      ),
      fc.json(),
    );
    const edits = fc.array(fc.record({ at: fc.nat(), removed: fc.nat(6), inserted: pieces }), { minLength: 1, maxLength: 5 });
    let made = 0;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 2), edits, (value, indent, changes) => {
        let content = JSON.stringify({ value, more: [value] }, null, indent);
        let tree = parseJson(URI, content);
        for (const { at, removed, inserted } of changes) {
          tree.lines.lineColumnAt(0);
          const start = at % (content.length + 1);
          const edit = { start, end: Math.min(content.length, start + removed), inserted };
          content = content.slice(0, start) + inserted + content.slice(edit.end);
          const read = parseJson(URI, content);
          const next = editJson(tree, edit)?.tree;
          if (next) {
            made++;
            expect(read.problems).toEqual([]);
            expect(describeTree(next)).toEqual(describeTree(read));
          }
          tree = next ?? read;
        }
      }),
      { numRuns: 1500 },
    );
    expect(made).toBeGreaterThan(100);
  });
});

describe('what does not fit into two bytes', () => {
  const wide = `{"long": "${'x'.repeat(70_000)}", "list": [${'1, '.repeat(70_000)}1], "far"${' '.repeat(70_000)}: 1, "last": {"a": 1}}`;
  test.each([
    ['grows', 'x"', 'y', 0],
    ['shrinks until it fits', 'x'.repeat(10_000), '', 10_000],
    ['grows in a list', '1]', '1, ', 0],
    ['shrinks in a list', '1, '.repeat(10_000), '', 30_000],
    ['moves its key nearer', ' '.repeat(10_000), '', 10_000],
    ['stands before the edit', '"a"', '"b": 2, ', 0],
    ['stands behind the edit', '"long"', '"short": 1, ', 0],
  ])('%s', (_, marker, inserted, removed) => {
    const { made, read } = editAt(wide, marker, inserted, removed);
    expect(made && describeTree(made)).toEqual(describeTree(read));
  });
});

test('more keys than fit into two bytes are told apart', () => {
  const keys = Array.from({ length: 70_000 }, (_, at) => `"k${at}": ${at}`);
  const { made, read } = editAt(`{${keys.join(', ')}}`, '"k69999"', '"new": 1, "k1": 2, ', 0);
  expect(read.key(69_001)).toBe('k69000');
  expect(made && describeTree(made)).toEqual(describeTree(read));
});
