/** LSP requests to features: a place in, LSP data out. */
import {
  CodeActionKind,
  type CancellationToken,
  type CodeLens,
  type CompletionList,
  type Connection,
  type Hover,
  type Position,
} from 'vscode-languageserver';
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
import { findQuickFixes } from '../features/quickFixes';
import { findHighlights, findReferences } from '../features/references';
import { prepareRename, renameName } from '../features/rename';
import { findSelectionRange } from '../features/selectionRanges';
import { findSemanticTokens } from '../features/semanticTokens';
import { findWorkspaceSymbols } from '../features/workspaceSymbols';
import type { Guard } from './guard';
import { uriOfParams, type PositionCodec } from './positionEncoding';
import type { Settings } from './settings';
import type { Workspace } from './workspace';

interface PlaceParams {
  readonly textDocument: { readonly uri: string };
  readonly position: Position;
}

export interface Answering {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly guard: Guard;
  /** The client's way to count columns, known once the session has begun. */
  positions(): PositionCodec;
  settings(): Settings;
  /** What the API's own files say of fields. */
  comments(): Promise<SchemaComments>;
}

/** One line a feature; every handler runs under the guard. */
export function answerRequests(answering: Answering): void {
  answerPlaces(answering);
  answerDocuments(answering);
}

/** Parameters in our positions go in, the answer goes out in the client's. */
function makeHandlers({ workspace, guard, positions }: Answering) {
  const of =
    <Params, Result>(name: string, fallback: Result, answer: (params: Params) => Result | Promise<Result>) =>
    (params: Params, token: CancellationToken) =>
      guard.run<Result>(name, token, {
        fallback,
        answer: async () => {
          const codec = positions();
          const read = codec.read(params);
          return codec.write(await answer(read), uriOfParams(read));
        },
      });
  const at = <Params extends PlaceParams, Result>(
    name: string,
    fallback: Result,
    answer: (place: Place, params: Params) => Result | Promise<Result>,
  ) => of(name, fallback, (params: Params) => answer(placeOf(workspace, params), params));
  return { at, of };
}

/** Requests about a place. */
function answerPlaces(answering: Answering): void {
  const { connection, workspace, comments } = answering;
  const { at, of } = makeHandlers(answering);
  connection.onDefinition(at('definition', [], findDefinition));
  connection.onDeclaration(at('declaration', [], findDeclaration));
  connection.onImplementation(at('implementation', [], findImplementation));
  connection.onReferences(
    at('references', [], (place, { context }: PlaceParams & { context: { includeDeclaration: boolean } }) =>
      findReferences(place, context.includeDeclaration),
    ),
  );
  connection.onDocumentHighlight(at('highlights', [], findHighlights));
  connection.onHover(at('hover', null, async (place): Promise<Hover | null> => findHover(place, await comments())));
  connection.onCompletion(
    at('completion', null, async (place): Promise<CompletionList | null> => findCompletions(place, await comments())),
  );
  connection.onSelectionRanges(
    of('selection ranges', [], ({ textDocument, positions }) =>
      positions.map((position) => findSelectionRange(placeOf(workspace, { textDocument, position }))),
    ),
  );
  connection.onPrepareRename(at('rename', null, prepareRename));
  connection.onRenameRequest(at('rename', null, (place, { newName }: PlaceParams & { newName: string }) => renameName(place, newName)));
  connection.languages.callHierarchy.onPrepare(at('call hierarchy', [], prepareCallHierarchy));
}

/** Requests about a document or the whole workspace. */
function answerDocuments(answering: Answering): void {
  const { connection, workspace, settings } = answering;
  const { of } = makeHandlers(answering);
  connection.onDocumentSymbol(of('symbols', [], ({ textDocument }) => findDocumentSymbols(workspace.snapshot(), textDocument.uri)));
  connection.onWorkspaceSymbol(of('workspace symbols', [], ({ query }) => findWorkspaceSymbols(workspace.snapshot(), query)));
  connection.onCodeAction(
    of('quick fixes', [], ({ textDocument, range, context: { only } }) =>
      only === undefined || only.some((kind) => kind === '' || kind === CodeActionKind.QuickFix)
        ? findQuickFixes(workspace.snapshot(), textDocument.uri, range)
        : [],
    ),
  );
  connection.onCodeLens(of('code lenses', [], ({ textDocument }) => findCodeLenses(workspace.snapshot(), textDocument.uri)));
  connection.onCodeLensResolve((lens, token) =>
    of('code lens', lens, (read: CodeLens) => resolveCodeLens(workspace.snapshot(), read))(lens, token),
  );
  connection.onFoldingRanges(of('folding', [], ({ textDocument }) => findFoldingRanges(workspace.snapshot(), textDocument.uri)));
  connection.onDocumentLinks(of('links', [], ({ textDocument }) => findDocumentLinks(workspace.snapshot(), textDocument.uri)));
  connection.languages.semanticTokens.on(
    of('tokens', { data: [] }, ({ textDocument }) => findSemanticTokens(workspace.snapshot(), textDocument.uri)),
  );
  connection.languages.inlayHint.on(
    of('inlay hints', [], ({ textDocument, range }) =>
      findInlayHints(workspace.snapshot(), textDocument.uri, range, settings().inlayHints),
    ),
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
