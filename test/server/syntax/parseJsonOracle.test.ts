/** jsonc-parser as the judge: the same nodes, kinds, offsets, keys and values on every valid file. */
import { parseTree, type Node, type ParseError } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../server/src/syntax/json/parseJson';
import { FLAG_INCOMPLETE, NodeKind, type NodeId, type SyntaxTree } from '../../../server/src/syntax/tree/syntaxTree';
import { findShapeFault, hasShared, readShared, sharedFiles, sharedFolder } from './treeChecks';

const KIND_NAMES = Object.fromEntries(Object.entries(NodeKind).map(([name, kind]) => [kind, name]));

/** The first difference to jsonc-parser's tree, or undefined. */
function findDifference(tree: SyntaxTree, node: NodeId, wanted: Node): string | undefined {
  const { start, end } = tree.span(node);
  const place = `at ${wanted.offset}`;
  if (KIND_NAMES[tree.kind(node)] !== wanted.type) return `${place}: kind ${KIND_NAMES[tree.kind(node)] ?? '?'}, not ${wanted.type}`;
  if (start !== wanted.offset || end !== wanted.offset + wanted.length) return `${place}: span ${start}-${end}`;
  if (tree.hasFlag(node, FLAG_INCOMPLETE)) return `${place}: incomplete`;
  if (!tree.isContainer(node))
    return Object.is(tree.scalar(node), wanted.value) ? undefined : `${place}: value ${String(tree.scalar(node))}`;
  const children = tree.children(node);
  const wantedChildren = wanted.children ?? [];
  if (children.length !== wantedChildren.length) return `${place}: ${children.length} children, not ${wantedChildren.length}`;
  for (const [index, child] of wantedChildren.entries()) {
    const found = children[index] ?? -1;
    const [key, value] = child.type === 'property' ? (child.children ?? []) : [undefined, child];
    if (key && tree.key(found) !== key.value) return `at ${key.offset}: key ${tree.key(found) ?? '?'}`;
    const span = tree.keySpan(found);
    if (span?.start !== key?.offset || span?.end !== (key && key.offset + key.length)) return `at ${key?.offset ?? 0}: span of the key`;
    const difference = value && findDifference(tree, found, value);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function checkAgainstOracle(text: string): void {
  const errors: ParseError[] = [];
  const wanted = parseTree(text, errors, { allowTrailingComma: true });
  expect(errors).toEqual([]);
  const tree = parseJson('memory:a.json', text);
  expect(findShapeFault(tree)).toBeUndefined();
  expect(tree.roots).toEqual([0]);
  if (wanted) expect(findDifference(tree, 0, wanted)).toBeUndefined();
}

const OWN_CASES: Readonly<Record<string, string>> = {
  'an empty object': '{}',
  'an empty array with spaces': ' [ \n ] ',
  scalars: '["", "a", 0, -0, 1, -12, 1.5, 1e3, 1E-7, 123456789012345678901234567890, true, false, null]',
  'a scalar alone': '"alone"',
  'a number alone': ' 12.5 ',
  escapes: String.raw`{"\u0041\n": "\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00", "plain": "\\"}`,
  'the same key, escaped and not': String.raw`[{"name": 1}, {"\u006eame": 2}]`,
  'unpaired surrogates and zeros': String.raw`["\ud800", "\udc00x", "\u0000"]`,
  'raw characters beyond ASCII': '{"服务": "é😀\u2028"}',
  'line ends of Windows': '{\r\n  "a": [\r\n    1,\r\n    2\r\n  ]\r\n}\r\n',
  'no spaces at all': '{"a":[{"b":{"c":[[],{}]}}],"d":""}',
  comments: '// head\n{ /* a */ "a" /* b */ : /* c */ 1 /* d */, // e\n "b": [1, /* f */ 2] }\n// end',
  'trailing commas': '{"a": [1, 2, ], "b": {"c": 1, }, }',
  'a key that is empty, or a prototype': '{"": 1, "__proto__": 2, "constructor": 3}',
  'repeated keys': '{"a": 1, "a": 2}',
};

describe('own cases read as jsonc-parser reads them', () => {
  test.each(Object.entries(OWN_CASES))('%s', (_, text) => checkAgainstOracle(text));

  test('what stands at the edge of a window, wherever it is cut', () => {
    const odd = String.raw`{"größe": "数\"\\😀", "n": [-1.25e+3, 0.5, 1E9], "@type": "типы/\u0041", "\n": "\ud83d\ude00é"},`;
    const LONGER_THAN_A_WINDOW = 40_000;
    const many = odd.repeat(Math.ceil(LONGER_THAN_A_WINDOW / odd.length));
    for (let shift = 0; shift < odd.length; shift += 1) checkAgainstOracle(`[${' '.repeat(shift)}${many} 0]`);
  });

  test('a byte order mark is passed over', () => {
    const tree = parseJson('memory:a.json', '\ufeff{"a": 1}');
    expect(tree.span(0)).toEqual({ start: 1, end: 9 });
    expect(tree.problems).toEqual([]);
  });
});

describe.skipIf(!hasShared)(`the corpus reads as jsonc-parser reads it (needs ${sharedFolder})`, () => {
  test.each(sharedFiles('corpus', '.json'))('%s', (path) => checkAgainstOracle(readShared(path)));
});
