/** A place in a document, as the features ask about it. */
import type { Position, Range } from 'vscode-languageserver-types';
import { nameAt, spanOfName } from '../../index/links/links';
import type { DocumentFacts } from '../../index/documentFacts';
import type { NamedPlace } from '../../index/names/documentNames';
import { ConfigNode } from '../../schema/configNode';
import { nodeAt } from '../../syntax/tree/nodeAt';
import type { SyntaxTree } from '../../syntax/tree/syntaxTree';
import type { Span } from '../../text/span';
import type { Snapshot } from '../../index/snapshot';

export interface Place {
  readonly snapshot: Snapshot;
  readonly uri: string;
  /** UTF-16 units from the beginning of the document. */
  readonly offset: number;
}

/** The name under the cursor: a reference or a definition. */
export function namedPlaceAt({ snapshot, uri, offset }: Place): NamedPlace | undefined {
  return nameAt(snapshot, uri, offset);
}

/** The innermost node at the place. */
export function configNodeAt({ snapshot, uri, offset }: Place): ConfigNode | undefined {
  const tree = snapshot.documents.get(uri)?.tree;
  const found = tree && nodeAt(tree, offset);
  return found && new ConfigNode(tree, found.node);
}

/** Offsets to the positions of LSP, in UTF-16 code units. */
export function rangeOfSpan(tree: SyntaxTree, { start, end }: Span): Range {
  return { start: positionAt(tree, start), end: positionAt(tree, end) };
}

export function spanOfRange({ lines }: SyntaxTree, { start, end }: Range): Span {
  return {
    start: lines.offsetAt({ line: start.line, column: start.character }),
    end: lines.offsetAt({ line: end.line, column: end.character }),
  };
}

export function positionAt({ lines }: SyntaxTree, offset: number): Position {
  const line = lines.lineAt(offset);
  return { line, character: lines.columnAt(offset, line) };
}

export function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

export function rangeOfNode({ tree, id }: ConfigNode): Range {
  return rangeOfSpan(tree, tree.span(id));
}

/** The text of a name: the key where the key is the name. */
export function rangeOfName(place: NamedPlace): Range {
  return rangeOfSpan(place.resource.node.tree, spanOfName(place));
}

/** What an editor selects when it jumps to a message: its `name` (or `cluster_name`), else its first line. */
export function selectionOf(node: ConfigNode): Range {
  const name = nameNodeOf(node);
  if (name) return rangeOfNode(name);
  const range = rangeOfNode(node);
  if (range.end.line === range.start.line) return range;
  return { start: range.start, end: range.start };
}

/** The value that names a message; undefined where it has none. */
export function nameNodeOf(node: ConfigNode): ConfigNode | undefined {
  return node.get('name') ?? node.get('cluster_name') ?? node.path('metadata', 'name');
}

/** The names in the subtree of a node, in document order. */
export function namesIn(snapshot: Snapshot, { tree, id }: ConfigNode): NamedPlace[] {
  const names = snapshot.documents.get(tree.uri)?.names;
  if (!names) return [];
  return names.slice(names.firstAt(id), names.firstAt(tree.next(id)));
}

/** The names of a document that touch a stretch of its text, in document order. */
export function namesWithin({ names }: DocumentFacts, { start, end }: Span): NamedPlace[] {
  return names.slice(
    names.first((place) => spanOfName(place).end >= start),
    names.first((place) => spanOfName(place).start > end),
  );
}
