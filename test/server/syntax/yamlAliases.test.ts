/** YAML: where keys stand beside aliases, and which anchor an alias means. */
import { describe, expect, test } from 'vitest';
import { parseText } from '../../../server/src/syntax/parseText';
import { nodeAt } from '../../../server/src/syntax/tree/nodeAt';
import { NO_NODE } from '../../../server/src/syntax/tree/syntaxTree';
import { aliasAround, findAnchor } from '../../../server/src/syntax/yaml/findAnchor';
import { findShapeFault } from './treeChecks';

const read = (text: string) => parseText('a.yaml', text);

test('the key before an alias stands where it is written; keys that the alias repeats stand at the alias', () => {
  const text = 'a: &a { b: 1 }\nc: *a\nd: { <<: *a }\ne: *nope\n';
  const tree = read(text);
  const keys = Array.from({ length: tree.size }, (_, node) => tree.keySpan(node)).flatMap((span) =>
    span ? [text.slice(span.start, span.end)] : [],
  );
  expect(keys).toEqual(['a', 'b', 'c', '*a', 'd', '*a', 'e']);
  expect(findShapeFault(tree)).toBeUndefined();
});

describe('the anchor of an alias', () => {
  /** What stands before the anchor of the last alias of the text. */
  const beforeAnchor = (text: string) => {
    const tree = read(text);
    const alias = aliasAround(tree, nodeAt(tree, text.lastIndexOf('*') + 1)?.node ?? NO_NODE);
    const anchor = alias === NO_NODE ? undefined : findAnchor(tree, alias);
    return anchor && text.slice(0, anchor.start);
  };
  test('is the last before it', () => expect(beforeAnchor('a: &x 1\nb: &x 2\nc: *x\n')).toBe('a: &x 1\nb: '));
  test('is that of the whole, inside of what is repeated too', () => expect(beforeAnchor('a: &x { b: { c: 1 } }\nd: *x\n')).toBe('a: '));
  test('is in no comment, no text, and no longer name', () =>
    expect(beforeAnchor('a: &x 1\n# &x\nb: "see &x here"\nc: &xy 2\nd: one&x\ne: *x\n')).toBe('a: '));
  test('is not there for a text that begins with a star', () => {
    expect(beforeAnchor('a: &x 1\nb: "*x"\n')).toBeUndefined();
    expect(beforeAnchor('a: &x 1\nb: *y\n')).toBeUndefined();
  });
});
