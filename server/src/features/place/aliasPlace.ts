/** A YAML alias (`*name`) under the cursor, and the anchor that it names. */
import { aliasAround, aliasesOf, anchorAround, findAnchor } from '../../syntax/yaml/findAnchor';
import { NO_NODE, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import type { Span } from '../../text/span';
import { configNodeAt, type Place } from './place';

export interface AliasPlace {
  readonly tree: SyntaxTree;
  readonly node: NodeId;
  readonly anchor: Span;
}

/** Undefined where no alias stands, or where nothing before it has its name. */
export function aliasAt(place: Place): AliasPlace | undefined {
  const found = configNodeAt(place);
  const node = found ? aliasAround(found.tree, found.id) : NO_NODE;
  if (!found || node === NO_NODE || place.offset < found.tree.start(node)) return undefined;
  const anchor = findAnchor(found.tree, node);
  return anchor && { tree: found.tree, node, anchor };
}

export interface AnchorPlaces {
  readonly tree: SyntaxTree;
  readonly anchor: Span;
  /** In the order of the text. */
  readonly aliases: readonly Span[];
}

/** The anchor under the cursor, or that of the alias there, with all that name it; undefined elsewhere. */
export function anchorPlacesAt(place: Place): AnchorPlaces | undefined {
  const tree = place.snapshot.documents.get(place.uri)?.tree;
  const anchor = tree && (aliasAt(place)?.anchor ?? anchorAround(tree, place.offset));
  if (!anchor) return undefined;
  const aliases = aliasesOf(tree).filter((alias) => findAnchor(tree, alias)?.start === anchor.start);
  return { tree, anchor, aliases: aliases.map((alias) => tree.span(alias)) };
}

/** Whether the cursor is on what names nothing but an anchor. */
export function isOnAnchorAlone(place: Place): boolean {
  const alias = aliasAt(place);
  return alias !== undefined && !isScalarAlias(alias.tree, alias.node);
}

/** Whether an alias stands for one scalar. One of a merge key brings members, whose keys stand where it stands. */
export function isScalarAlias(tree: SyntaxTree, node: NodeId): boolean {
  return !tree.isContainer(node) && aliasAround(tree, node) === node && tree.keySpan(node)?.start !== tree.start(node);
}
