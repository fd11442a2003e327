/** What is known of one document by itself: its tree, its parts and resources, its names. Kept until the document changes. */
import type { Text } from '../text/text';
import { readDocument, type DocumentPart } from '../model/readDocument';
import { parseText } from '../syntax/parseText';
import type { SyntaxTree } from '../syntax/syntaxTree';
import { collectNames } from './collectNames';
import type { DocumentNames } from './documentNames';

export interface DocumentFacts {
  readonly uri: string;
  readonly tree: SyntaxTree;
  /** [] for a document that is not ours. */
  readonly parts: readonly DocumentPart[];
  /** Every name in its resources, by offset; read when first asked for. */
  readonly names: DocumentNames;
}

/** A text as an editor or a disk gives it; `uri` in any scheme, or a path (command line). */
export interface SourceText {
  readonly uri: string;
  readonly text: Text;
  readonly languageId?: string;
}

/** Reads a document. Never throws: what is wrong with it is in `tree.problems`. */
export function readDocumentFacts(source: SourceText): DocumentFacts {
  const tree = parseText(source.uri, source.text, source.languageId);
  const parts = readDocument(tree);
  let names: DocumentNames | undefined;
  return {
    uri: source.uri,
    tree,
    parts,
    get names() {
      return (names ??= collectNames(tree, parts));
    },
  };
}
