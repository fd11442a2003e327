/** What is known of one document by itself: its tree, its parts and resources, its names. Kept until the document changes. */
import type { DocumentPart } from '../model/document/documentPart';
import type { SyntaxTree } from '../syntax/tree/syntaxTree';
import type { Text } from '../text/text';
import type { DocumentNames } from './names/documentNames';

export interface DocumentFacts {
  readonly uri: string;
  readonly tree: SyntaxTree;
  /** [] for a document that is not ours. */
  readonly parts: readonly DocumentPart[];
  /** Every name in its resources, by offset; read when first asked for. */
  readonly names: DocumentNames;
  /** The names, if they are read already. */
  readonly namesSoFar: DocumentNames | undefined;
}

/** A text as an editor or a disk gives it; `uri` in any scheme, or a path (command line). */
export interface SourceText {
  readonly uri: string;
  readonly text: Text;
  readonly languageId?: string;
}
