/** Reads a document, as a whole or after an edit. */
import type { DocumentPart } from '../model/document/documentPart';
import { readDocument } from '../model/document/readDocument';
import { editJson } from '../syntax/json/editJson';
import { editYaml } from '../syntax/yaml/editYaml';
import { parseText, parseTextInSteps } from '../syntax/parseText';
import type { SyntaxTree } from '../syntax/tree/syntaxTree';
import { finish, stretch, type Steps } from '../text/steps';
import type { LinedEdit } from '../text/lineIndex';
import { collectNames } from './names/collectNames';
import type { DocumentNames } from './names/documentNames';
import { moveLinks } from './edited/untouchedLinks';
import { moveNames } from './edited/untouchedNames';
import { moveParts } from './edited/untouchedParts';
import type { DocumentFacts, SourceText } from './documentFacts';

/** Reads a document. Never throws: what is wrong with it is in `tree.problems`. */
export function readDocumentFacts({ uri, text, languageId }: SourceText): DocumentFacts {
  return factsOf(parseText(uri, text, languageId)).facts;
}

/** The same in steps, with its names: a large dump takes a tenth of a second. */
export function* readDocumentInSteps({ uri, text, languageId }: SourceText): Steps<DocumentFacts> {
  const tree = yield* stretch(parseTextInSteps(uri, text, languageId), 0, READ);
  yield READ;
  const { facts, readNames } = factsOf(tree);
  yield READ;
  yield* stretch(readNames(), READ, 1);
  return facts;
}

/** How much is done when the tree is there: what is left are resources and names. */
const READ = 0.7;

/** The document after an edit, where what the edit does not touch can be taken over; undefined where it must be read as a whole. */
export function editDocument(before: DocumentFacts, edit: LinedEdit): DocumentFacts | undefined {
  const edited = editJson(before.tree, edit) ?? editYaml(before.tree, edit);
  if (!edited) return undefined;
  const parts = moveParts(before.tree, before.parts, edited);
  // Taken over at once: else the document would keep the one before it alive until somebody asks.
  const moved = parts && before.namesSoFar && moveNames(before.namesSoFar, edited, parts);
  if (moved && before.namesSoFar) moveLinks(before.namesSoFar, moved, { parts, edited });
  return factsOf(edited.tree, parts?.parts, moved?.names).facts;
}

function factsOf(
  tree: SyntaxTree,
  parts: readonly DocumentPart[] = readDocument(tree),
  names?: DocumentNames,
): { facts: DocumentFacts; readNames: () => Steps<void> } {
  const facts: DocumentFacts = {
    uri: tree.uri,
    tree,
    parts,
    get names() {
      return (names ??= finish(collectNames(tree, parts)));
    },
    get namesSoFar() {
      return names;
    },
  };
  return {
    facts,
    *readNames() {
      names ??= yield* collectNames(tree, parts);
    },
  };
}
