/** Rename of a YAML anchor, with all aliases that name it: from where nothing stands that Envoy or Istio name. */
import type { Range, TextEdit } from 'vscode-languageserver-types';
import type { Span } from '../text/span';
import type { Text } from '../text/text';
import { anchorPlacesAt, type AnchorPlaces } from './place/aliasPlace';
import { rangeOfSpan, type Place } from './place/place';

/** The name under the cursor, without its `&` or `*`; undefined where there is none. */
export function anchorNameAt(place: Place): { range: Range; placeholder: string } | undefined {
  const found = anchorPlacesAt(place);
  const span = found && spansOf(found).find(({ start, end }) => start - 1 <= place.offset && place.offset <= end);
  return found && span && { range: rangeOfSpan(found.tree, span), placeholder: found.tree.text.slice(span.start, span.end) };
}

/** Why it may not become that; undefined: it may. An anchor of that name elsewhere could take over aliases, or give its own away. */
export function findAnchorProblem(place: Place, newName: string): string | undefined {
  const found = anchorPlacesAt(place);
  if (!found) return undefined;
  if (!/^[\w./-]+$/.test(newName)) return 'The name of an anchor is made of letters, digits, ".", "/", "-" and "_".';
  const { tree, anchor } = found;
  const isOther = tree.text.slice(anchor.start + 1, anchor.end) !== newName;
  return isOther && hasAnchor(tree.text, newName) ? `There is an anchor ${JSON.stringify(newName)} already.` : undefined;
}

function hasAnchor(text: Text, name: string): boolean {
  const sign = `&${name}`;
  for (let at = text.indexOf(sign, 0); at >= 0; at = text.indexOf(sign, at + 1))
    if (!/[^\s,[\]{}]/.test(text.charAt(at + sign.length))) return true;
  return false;
}

export function renameAnchor(place: Place, newName: string): TextEdit[] {
  const found = anchorPlacesAt(place);
  return found ? spansOf(found).map((span) => ({ range: rangeOfSpan(found.tree, span), newText: newName })) : [];
}

/** The names, without their signs. */
function spansOf({ anchor, aliases }: AnchorPlaces): Span[] {
  return [anchor, ...aliases].map(({ start, end }) => ({ start: start + 1, end }));
}
