import fc from 'fast-check';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { editYaml } from '../../../server/src/syntax/yaml/editYaml';
import { parseText } from '../../../server/src/syntax/parseText';
import type { SyntaxTree } from '../../../server/src/syntax/tree/syntaxTree';
import { editText, textOf, type TextEdit } from '../../../server/src/text/text';
import { describeTree } from './treeChecks';

const URI = 'memory:a.yaml';
const read = (content: string) => parseText(URI, textOf(content), 'yaml');

function edited(before: SyntaxTree, edit: TextEdit): { made: SyntaxTree | undefined; anew: SyntaxTree } {
  expect(before.lines.lineCount).toBeGreaterThan(0);
  return { made: editYaml(before, edit)?.tree, anew: read(String(editText(before.text, edit))) };
}

const DOCUMENT = `# of our own
name: edge
port: 8080
"quoted": 'it''s' # said
list:
- plain text
- {flow: style}
- "double"
text: |
  several
  lines
over: lines of
  one text
`;
const PLAIN = DOCUMENT.replace('- {flow: style}\n', '- {}\n');

describe('an edit inside a scalar gives the tree of the whole text', () => {
  test.each([
    ['a character in a name', 'dge', 'x', 0],
    ['a digit', '080', '1', 0],
    ['a number that becomes a text', '80\n', 'x', 0],
    ['a text that becomes a boolean', 'edge', 'true', 4],
    ['a character in single quotes', "s' #", 'x', 0],
    ['a quote and another in quotes', "s' #", "''", 0],
    ['quotes around a text', 'edge', '"edge"', 4],
    ['a character behind an item', '\n- {}', 'x', 0],
    ['an escape in double quotes', 'uble"', '\\n', 0],
  ])('%s', (_, marker, inserted, removed) => {
    const start = PLAIN.indexOf(marker);
    const { made, anew } = edited(read(PLAIN), { start, end: start + removed, inserted });
    if (!made) throw new Error('not taken over');
    expect(describeTree(made)).toEqual(describeTree(anew));
  });
});

describe('what may change more is left to a whole reading', () => {
  test.each([
    ['a key', 'name', 'x'],
    ['a line end', 'edge', '\n'],
    ['a comment', 'dge\n', ' # '],
    ['a mapping in place of a text', 'plain text', 'a: '],
    ['a block scalar in place of a text', 'edge', '|'],
    ['an anchor', 'edge', '&a '],
    ['an open quote', 'edge', '"'],
    ['a line of a literal block', 'several', 'x'],
    ['the first line of a text over two', 'lines of', 'x'],
  ])('%s', (_, marker, inserted) => {
    const start = PLAIN.indexOf(marker);
    expect(edited(read(PLAIN), { start, end: start, inserted }).made).toBeUndefined();
  });

  test.each(['under:\n  9090\n', 'apart: \t9090\n', "under:\n  'it''s 9090'\n", 'under:\n  true # 9090\n'])(
    'what is read in another way: %j',
    (odd) => {
      const start = (PLAIN + odd).indexOf(odd.includes('true') ? 'true' : '9090');
      const { made, anew } = edited(read(PLAIN + odd), { start, end: start, inserted: 'x' });
      expect(describeTree(made ?? anew)).toEqual(describeTree(anew));
    },
  );

  test('what stands in flow style', () => {
    const start = DOCUMENT.indexOf('style');
    expect(edited(read(DOCUMENT), { start, end: start, inserted: 'x' }).made).toBeUndefined();
  });
});

const samples = path.resolve(import.meta.dirname, '../../../samples');
const texts = fs
  .readdirSync(samples, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => fs.readFileSync(path.join(samples, file), 'utf8'))
  .filter((text) => text.length < 6_000)
  .concat(PLAIN, DOCUMENT);

test('after any edits in scalars a text is what reading it anew gives', () => {
  let taken = 0;
  const piece = fc.constantFrom(
    'x',
    '1',
    '',
    ' ',
    ':',
    ': ',
    '#',
    ' #',
    '"',
    "'",
    '-',
    '{',
    '}',
    ',',
    '&',
    '|',
    '>',
    '~',
    'null',
    '\\',
    'é',
    '\t',
    '%',
  );
  const change = fc.record({ node: fc.nat(), from: fc.nat(), removed: fc.nat(3), inserted: piece });
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 5 }), (text, changes) => {
      let tree = read(text);
      for (const { node, from, removed, inserted } of changes) {
        const { start, end } = tree.span(node % Math.max(1, tree.size));
        const at = start + (from % (end - start + 1));
        const { made, anew } = edited(tree, { start: at, end: Math.min(end, at + removed), inserted });
        if (made) {
          taken++;
          expect(describeTree(made)).toEqual(describeTree(anew));
        }
        tree = made ?? anew;
      }
    }),
    { numRuns: 400 },
  );
  expect(taken).toBeGreaterThan(50);
}, 120_000);
