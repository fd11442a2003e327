/** Selection ranges: the value, its property, and every message around it. */
import type { Range, SelectionRange } from 'vscode-languageserver-types';
import { configNodeAt, rangeOfNode, rangeOfSpan, type Place } from './place/place';

/** From the document inwards, so that the innermost is what is returned; a place outside of everything selects itself. */
export function findSelectionRange(place: Place): SelectionRange {
  const ranges: Range[] = [];
  // An object of one property is as large as the property: each step selects more.
  const add = (range: Range) => {
    if (!isSame(ranges.at(-1), range)) ranges.push(range);
  };
  for (let node = configNodeAt(place); node; node = node.parent) {
    add(rangeOfNode(node));
    const key = node.tree.keySpan(node.id);
    if (key) add(rangeOfSpan(node.tree, { start: key.start, end: Math.max(key.end, node.tree.end(node.id)) }));
  }
  const tree = place.snapshot.documents.get(place.uri)?.tree;
  const here = tree
    ? rangeOfSpan(tree, { start: place.offset, end: place.offset })
    : { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  return (
    ranges.reduceRight<SelectionRange | undefined>((parent, range) => ({ range, ...(parent && { parent }) }), undefined) ?? { range: here }
  );
}

function isSame(a: Range | undefined, { start, end }: Range): boolean {
  return (
    a?.start.line === start.line && a.start.character === start.character && a.end.line === end.line && a.end.character === end.character
  );
}
