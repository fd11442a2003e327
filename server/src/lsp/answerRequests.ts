/** LSP requests to features: a place in, LSP data out. */
import type { CancellationToken, Connection, Position } from 'vscode-languageserver';
import { findCompletions } from '../features/completion/completion';
import { findIncomingCalls, findOutgoingCalls, prepareCallHierarchy } from '../features/callHierarchy';
import { findCodeLenses, resolveCodeLens } from '../features/codeLenses';
import { findDeclaration, findDefinition, findImplementation } from '../features/definition';
import type { SchemaComments } from '../schema/schemaComments';
import { findDocumentSymbols } from '../features/documentSymbols';
import { findDocumentLinks } from '../features/documentLinks';
import { findFoldingRanges } from '../features/foldingRanges';
import { findHover } from '../features/hover/hover';
import { findInlayHints } from '../features/inlayHints';
import type { Place } from '../features/place';
import { findHighlights, findReferences } from '../features/references';
import { prepareRename, renameName } from '../features/rename';
import { findSelectionRange } from '../features/selectionRanges';
import { findSemanticTokens } from '../features/semanticTokens';
import { findWorkspaceSymbols } from '../features/workspaceSymbols';
import type { Guard } from './guard';
import type { Workspace } from './workspace';

interface PlaceParams {
  readonly textDocument: { readonly uri: string };
  readonly position: Position;
}

export interface Answering {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly guard: Guard;
  /** What the API's own files say of fields. */
  comments(): Promise<SchemaComments>;
}

/** One line a feature; every handler runs under the guard. */
export function answerRequests(answering: Answering): void {
  answerPlaces(answering);
  answerDocuments(answering);
}

/** Requests about a place. */
function answerPlaces({ connection, workspace, guard, comments }: Answering): void {
  const at =
    <Params extends PlaceParams, Result>(name: string, fallback: Result, answer: (place: Place, params: Params) => Result) =>
    (params: Params, token: CancellationToken) =>
      guard.run(name, token, { fallback, answer: () => answer(placeOf(workspace, params), params) });
  connection.onDefinition(at('definition', [], findDefinition));
  connection.onDeclaration(at('declaration', [], findDeclaration));
  connection.onImplementation(at('implementation', [], findImplementation));
  connection.onReferences(
    at('references', [], (place, { context }: PlaceParams & { context: { includeDeclaration: boolean } }) =>
      findReferences(place, context.includeDeclaration),
    ),
  );
  connection.onDocumentHighlight(at('highlights', [], findHighlights));
  connection.onHover((params, token) =>
    guard.run('hover', token, { fallback: null, answer: async () => findHover(placeOf(workspace, params), await comments()) }),
  );
  connection.onCompletion((params, token) =>
    guard.run('completion', token, { fallback: null, answer: async () => findCompletions(placeOf(workspace, params), await comments()) }),
  );
  connection.onSelectionRanges(({ textDocument, positions }, token) =>
    guard.run('selection ranges', token, {
      fallback: [],
      answer: () => positions.map((position) => findSelectionRange(placeOf(workspace, { textDocument, position }))),
    }),
  );
  connection.onPrepareRename(at('rename', null, prepareRename));
  connection.onRenameRequest(at('rename', null, (place, { newName }: PlaceParams & { newName: string }) => renameName(place, newName)));
  connection.languages.callHierarchy.onPrepare(at('call hierarchy', [], prepareCallHierarchy));
}

/** Requests about a document or the whole workspace. */
function answerDocuments({ connection, workspace, guard }: Answering): void {
  const of =
    <Params, Result>(name: string, fallback: Result, answer: (params: Params) => Result) =>
    (params: Params, token: CancellationToken) =>
      guard.run(name, token, { fallback, answer: () => answer(params) });
  connection.onDocumentSymbol(of('symbols', [], ({ textDocument }) => findDocumentSymbols(workspace.snapshot(), textDocument.uri)));
  connection.onWorkspaceSymbol(of('workspace symbols', [], ({ query }) => findWorkspaceSymbols(workspace.snapshot(), query)));
  connection.onCodeLens(of('code lenses', [], ({ textDocument }) => findCodeLenses(workspace.snapshot(), textDocument.uri)));
  connection.onCodeLensResolve((lens, token) =>
    guard.run('code lens', token, { fallback: lens, answer: () => resolveCodeLens(workspace.snapshot(), lens) }),
  );
  connection.onFoldingRanges(of('folding', [], ({ textDocument }) => findFoldingRanges(workspace.snapshot(), textDocument.uri)));
  connection.onDocumentLinks(of('links', [], ({ textDocument }) => findDocumentLinks(workspace.snapshot(), textDocument.uri)));
  connection.languages.semanticTokens.on(
    of('tokens', { data: [] }, ({ textDocument }) => findSemanticTokens(workspace.snapshot(), textDocument.uri)),
  );
  connection.languages.inlayHint.on(
    of('inlay hints', [], ({ textDocument, range }) => findInlayHints(workspace.snapshot(), textDocument.uri, range)),
  );
  connection.languages.callHierarchy.onIncomingCalls(of('incoming calls', [], ({ item }) => findIncomingCalls(workspace.snapshot(), item)));
  connection.languages.callHierarchy.onOutgoingCalls(of('outgoing calls', [], ({ item }) => findOutgoingCalls(workspace.snapshot(), item)));
}

/** A document that the server does not know gives a place in which nothing is found. */
export function placeOf(workspace: Workspace, { textDocument: { uri }, position }: PlaceParams): Place {
  const snapshot = workspace.snapshot();
  const lines = snapshot.documents.get(uri)?.tree.lines;
  return { snapshot, uri, offset: lines?.offsetAt({ line: position.line, column: position.character }) ?? 0 };
}
