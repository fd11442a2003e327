/** LSP requests to features: a place in, LSP data out. */
import type { CancellationToken, Connection, Position } from 'vscode-languageserver';
import { findCodeLenses, resolveCodeLens } from '../features/codeLenses';
import { findDeclaration, findDefinition, findImplementation } from '../features/definition';
import type { SchemaComments } from '../schema/schemaComments';
import { findDocumentSymbols } from '../features/documentSymbols';
import { findHover } from '../features/hover/hover';
import type { Place } from '../features/place';
import { findHighlights, findReferences } from '../features/references';
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
export function answerRequests({ connection, workspace, guard, comments }: Answering): void {
  const at =
    <Params extends PlaceParams, Result>(name: string, fallback: Result, answer: (place: Place, params: Params) => Result) =>
    (params: Params, token: CancellationToken) =>
      guard.run(name, token, { fallback, answer: () => answer(placeOf(workspace, params), params) });
  const of =
    <Params, Result>(name: string, fallback: Result, answer: (params: Params) => Result) =>
    (params: Params, token: CancellationToken) =>
      guard.run(name, token, { fallback, answer: () => answer(params) });
  connection.onDefinition(at('definition', [], findDefinition));
  connection.onDeclaration(at('declaration', [], findDeclaration));
  connection.onImplementation(at('implementation', [], findImplementation));
  connection.onReferences(at('references', [], (place, { context }: PlaceParams & { context: { includeDeclaration: boolean } }) => findReferences(place, context.includeDeclaration)));
  connection.onDocumentHighlight(at('highlights', [], findHighlights));
  connection.onHover((params, token) =>
    guard.run('hover', token, { fallback: null, answer: async () => findHover(placeOf(workspace, params), await comments()) }),
  );
  connection.onDocumentSymbol(of('symbols', [], ({ textDocument }) => findDocumentSymbols(workspace.snapshot(), textDocument.uri)));
  connection.onWorkspaceSymbol(of('workspace symbols', [], ({ query }) => findWorkspaceSymbols(workspace.snapshot(), query)));
  connection.onCodeLens(of('code lenses', [], ({ textDocument }) => findCodeLenses(workspace.snapshot(), textDocument.uri)));
  connection.onCodeLensResolve((lens, token) => guard.run('code lens', token, { fallback: lens, answer: () => resolveCodeLens(workspace.snapshot(), lens) }));
}

/** A document that the server does not know gives a place in which nothing is found. */
export function placeOf(workspace: Workspace, { textDocument: { uri }, position }: PlaceParams): Place {
  const snapshot = workspace.snapshot();
  const lines = snapshot.documents.get(uri)?.tree.lines;
  return { snapshot, uri, offset: lines?.offsetAt({ line: position.line, column: position.character }) ?? 0 };
}
