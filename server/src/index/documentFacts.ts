/** What is known of one document by itself: its tree, its parts and resources, its names. Kept until the document changes. */
import { readDocument, type DocumentPart } from '../model/readDocument';
import { editJson, type EditedTree } from '../syntax/editJson';
import { parseText, parseTextInSteps } from '../syntax/parseText';
import type { SyntaxTree } from '../syntax/syntaxTree';
import { finish, type Steps } from '../text/steps';
import { editText, type Text, type TextEdit } from '../text/text';
import { collectNames } from './collectNames';
import type { DocumentNames } from './documentNames';

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

/** Reads a document. Never throws: what is wrong with it is in `tree.problems`. */
export function readDocumentFacts(source: SourceText): DocumentFacts {
  return finish(readDocumentInSteps(source));
}

/** The same in steps: the tree of a large dump takes a tenth of a second. */
export function* readDocumentInSteps({ uri, text, languageId }: SourceText): Steps<DocumentFacts> {
  return factsOf(yield* parseTextInSteps(uri, text, languageId));
}

/** The document after an edit: what the edit does not touch is taken over, where that is possible. */
export function editDocument(before: DocumentFacts, edit: TextEdit, languageId?: string): DocumentFacts {
  const text = editText(before.tree.text, edit);
  const edited = editJson(before.tree, edit, text);
  if (!edited) return factsOf(parseText(before.uri, text, languageId));
  return factsOf(edited.tree, before.namesSoFar && { names: before.namesSoFar, edited });
}

function factsOf(tree: SyntaxTree, before?: { readonly names: DocumentNames; readonly edited: EditedTree }): DocumentFacts {
  const parts = readDocument(tree);
  let names: DocumentNames | undefined;
  return {
    uri: tree.uri,
    tree,
    parts,
    get names() {
      return (names ??= collectNames(tree, parts, before));
    },
    get namesSoFar() {
      return names;
    },
  };
}
