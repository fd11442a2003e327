/** LSP requests to features: a place in, LSP data out. */
import {
  CodeActionKind,
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type ClientCapabilities,
  type CodeLens,
  type CompletionList,
  type CompletionParams,
  type Connection,
  type Hover,
  type InlayHint,
  type SemanticTokens,
  type WorkspaceEdit,
  type WorkspaceSymbol,
} from 'vscode-languageserver';
import { findCompletions } from '../../features/completion/completion';
import { findIncomingCalls, findOutgoingCalls, prepareCallHierarchy } from '../../features/callHierarchy';
import { findCodeLensesInSteps, resolveCodeLens } from '../../features/codeLenses';
import { findDeclaration, findDefinition, findImplementation, findTypeDefinition } from '../../features/definition';
import type { SchemaComments } from '../../schema/table/schemaComments';
import { findDocumentSymbolsInSteps } from '../../features/symbols/documentSymbols';
import { findDocumentLinks } from '../../features/documentLinks';
import { findFoldingRanges } from '../../features/foldingRanges';
import { withCertificates } from '../../features/hover/certificateFile';
import { findHover } from '../../features/hover/hover';
import { findInlayHints, resolveInlayHint } from '../../features/inlayHints';
import { FIX_ALL, findFixAll, findQuickFixes } from '../../features/quickFixes';
import { findHighlights, findReferencesInChunks } from '../../features/references';
import { findRefusal, findRenameProblem, prepareRename, renameName } from '../../features/rename';
import { findSelectionRange } from '../../features/selectionRanges';
import { findSemanticTokens } from '../../features/semanticTokens';
import { findWorkspaceSymbols, resolveWorkspaceSymbol } from '../../features/symbols/workspaceSymbols';
import type { FindProblems } from '../diagnostics/findProblems';
import { inPieces, makeRequestHandlers, placeOf, snapshotOf, type HandlerSurroundings, type PlaceParams } from './requestHandlers';
import type { ReadCertificateFile } from '../documents/readCertificateFile';
import type { Settings } from '../settings';
import type { Steps } from '../../text/steps';
import { takeSteps } from '../turns/takeSteps';
import { makeTokenDeltas } from './tokenDeltas';

export interface Answering extends HandlerSurroundings {
  readonly connection: Connection;
  settings(): Settings;
  readonly findProblems: FindProblems;
  /** What the API's own files say of fields. */
  comments(): Promise<SchemaComments>;
  readonly readCertificateFile: ReadCertificateFile;
  /** What the client can; undefined before the session. */
  client(): ClientCapabilities | undefined;
}

/** So many places or symbols in one message, where the client takes several. */
const PIECE = 1_000;

/** One line a feature; every handler runs under the guard. */
export function answerRequests(answering: Answering): void {
  answerPlaces(answering);
  answerCallHierarchy(answering);
  answerDocuments(answering);
  answerRanges(answering);
  answerSymbols(answering);
}

/** Requests about a place. */
function answerPlaces(answering: Answering): void {
  const { connection, workspace, comments, client, settings, readCertificateFile } = answering;
  const { at, of, listOf } = makeRequestHandlers(answering);
  const completionOptions = () => ({
    snippets: client()?.textDocument?.completion?.completionItem?.snippetSupport === true,
    suggestCommand: settings().suggestCommand,
  });
  const atPlace = ['textDocument', 'position'] as const;
  connection.onDefinition(at({ name: 'definition', fallback: [] }, findDefinition));
  connection.onDeclaration(at({ name: 'declaration', fallback: [] }, findDeclaration));
  connection.onTypeDefinition(at({ name: 'type definition', fallback: [] }, findTypeDefinition));
  connection.onImplementation(at({ name: 'implementation', fallback: [] }, findImplementation));
  connection.onReferences(
    listOf(
      { name: 'references', needs: [...atPlace, 'context'], fallback: [] },
      (params: PlaceParams & { context: { includeDeclaration?: boolean } }) =>
        findReferencesInChunks(placeOf(workspace, params), params.context.includeDeclaration === true, PIECE),
    ),
  );
  connection.onDocumentHighlight(at({ name: 'highlights', fallback: [] }, findHighlights));
  connection.onHover(
    at({ name: 'hover', fallback: null }, async (place): Promise<Hover | null> => {
      const pem = await readCertificateFile(place);
      return withCertificates(findHover(place, await comments()), place, pem);
    }),
  );
  connection.onCompletion(
    at({ name: 'completion', fallback: null }, async (place, { context }: CompletionParams): Promise<CompletionList | null> =>
      findCompletions(place, await comments(), { ...completionOptions(), isColonTyped: context?.triggerCharacter === ':' }),
    ),
  );
  connection.onSelectionRanges(
    of({ name: 'selection ranges', needs: ['textDocument', 'positions'], fallback: [] }, ({ textDocument, positions }) =>
      positions.map((position) => findSelectionRange(placeOf(workspace, { textDocument, position }))),
    ),
  );
  connection.onPrepareRename(
    at({ name: 'rename', fallback: null }, (place): ReturnType<typeof prepareRename> | ResponseError => {
      const refusal = findRefusal(place);
      return refusal === undefined ? prepareRename(place) : new ResponseError(LSPErrorCodes.RequestFailed, refusal);
    }),
  );
  connection.onRenameRequest(
    of<PlaceParams & { newName: string }, WorkspaceEdit | ResponseError | null>(
      { name: 'rename', needs: [...atPlace, 'newName'], fallback: null },
      (params) => {
        const place = placeOf(workspace, params);
        const problem = findRenameProblem(place, params.newName);
        return problem === undefined ? renameName(place, params.newName) : new ResponseError(LSPErrorCodes.RequestFailed, problem);
      },
    ),
  );
}

function answerCallHierarchy(answering: Answering): void {
  const { connection, workspace } = answering;
  const { at, listOf } = makeRequestHandlers(answering);
  const { callHierarchy } = connection.languages;
  callHierarchy.onPrepare(at({ name: 'call hierarchy', fallback: [] }, prepareCallHierarchy));
  callHierarchy.onIncomingCalls(
    listOf({ name: 'incoming calls', needs: ['item'], fallback: [] }, ({ item }) =>
      inPieces(findIncomingCalls(workspace.snapshot(item.uri), item), PIECE),
    ),
  );
  callHierarchy.onOutgoingCalls(
    listOf({ name: 'outgoing calls', needs: ['item'], fallback: [] }, ({ item }) =>
      inPieces(findOutgoingCalls(workspace.snapshot(item.uri), item), PIECE),
    ),
  );
}

/** Requests about a whole document. */
function answerDocuments(answering: Answering): void {
  const { connection, workspace, client } = answering;
  const { of, listOf } = makeRequestHandlers(answering);
  const bulk = (name: string) => ({ name, needs: ['textDocument'] as const, fallback: [], about: 'document' as const });
  connection.onDocumentSymbol(
    listOf(bulk('symbols'), async ({ textDocument }, token) =>
      inPieces(await untilCancelled(token, findDocumentSymbolsInSteps(workspace.snapshot(textDocument.uri), textDocument.uri)), 1),
    ),
  );
  connection.onCodeLens(
    listOf(bulk('code lenses'), async ({ textDocument }, token) =>
      inPieces(await untilCancelled(token, findCodeLensesInSteps(workspace.snapshot(textDocument.uri), textDocument.uri)), PIECE),
    ),
  );
  connection.onCodeLensResolve((lens, token) =>
    of({ name: 'code lens', needs: ['range'], fallback: lens }, (read: CodeLens) => resolveCodeLens(snapshotOf(workspace, read), read))(
      lens,
      token,
    ),
  );
  connection.onFoldingRanges(
    of(bulk('folding'), ({ textDocument }) =>
      findFoldingRanges(workspace.snapshot(textDocument.uri), textDocument.uri, client()?.textDocument?.foldingRange?.rangeLimit),
    ),
  );
  connection.onDocumentLinks(
    of(bulk('links'), ({ textDocument }) => findDocumentLinks(workspace.snapshot(textDocument.uri), textDocument.uri)),
  );
  answerTokens(answering);
}

/** Takes all steps; [] where the request is cancelled meanwhile. */
async function untilCancelled<Item>(token: CancellationToken, steps: Steps<Item[]>): Promise<Item[]> {
  return (await takeSteps(steps, () => !token.isCancellationRequested)) ?? [];
}

/** The tokens of a document, and what an edit has changed of them. */
function answerTokens(answering: Answering): void {
  const { connection, workspace } = answering;
  const { of } = makeRequestHandlers(answering);
  const { semanticTokens } = connection.languages;
  const deltas = makeTokenDeltas();
  // In the client's positions already, so that one answer compares with the next.
  const tokensOf = of<{ textDocument: { uri: string } }, SemanticTokens>(
    { name: 'tokens', needs: ['textDocument'], fallback: { data: [] }, about: 'document' },
    ({ textDocument }) => findSemanticTokens(workspace.snapshot(textDocument.uri), textDocument.uri),
  );
  semanticTokens.on(async (params, token) => {
    const tokens = await tokensOf(params, token);
    return tokens instanceof ResponseError ? tokens : deltas.whole(params.textDocument.uri, tokens);
  });
  semanticTokens.onDelta(async (params, token) => {
    const tokens = await tokensOf(params, token);
    return tokens instanceof ResponseError ? tokens : deltas.since(params.textDocument.uri, params.previousResultId, tokens);
  });
}

/** Requests about what is on the screen. */
function answerRanges(answering: Answering): void {
  const { connection, workspace, settings, findProblems } = answering;
  const { of } = makeRequestHandlers(answering);
  const inView = (name: string) => ({ name, needs: ['textDocument', 'range'] as const, about: 'view' as const });
  connection.onCodeAction(
    of(
      { ...inView('quick fixes'), needs: ['textDocument', 'range', 'context'], fallback: [] },
      async ({ textDocument, range, context: { only } }) => {
        const wants = (kind: string) => only?.some((each) => each === '' || each === kind || kind.startsWith(`${each}.`));
        const problems = (await findProblems(textDocument.uri)) ?? [];
        return [
          ...((wants(CodeActionKind.QuickFix) ?? true) ? findQuickFixes(problems, range) : []),
          ...((wants(FIX_ALL) ?? false) ? findFixAll(problems) : []),
        ];
      },
    ),
  );
  connection.languages.semanticTokens.onRange(
    of({ ...inView('tokens'), fallback: { data: [] } }, ({ textDocument, range }) =>
      findSemanticTokens(workspace.snapshot(textDocument.uri), textDocument.uri, range),
    ),
  );
  connection.languages.inlayHint.on(
    of({ ...inView('inlay hints'), fallback: [] }, ({ textDocument, range }) =>
      findInlayHints(workspace.snapshot(textDocument.uri), textDocument.uri, range, settings().inlayHints),
    ),
  );
  connection.languages.inlayHint.resolve((hint, token) =>
    of({ name: 'inlay hint', needs: ['position'], fallback: hint }, (read: InlayHint) =>
      resolveInlayHint(snapshotOf(workspace, read), read),
    )(hint, token),
  );
}

/** Requests about the whole workspace. */
function answerSymbols(answering: Answering): void {
  const { connection, workspace, client } = answering;
  const { of, listOf } = makeRequestHandlers(answering);
  const isResolved = () => client()?.workspace?.symbol?.resolveSupport?.properties.includes('location.range') === true;
  connection.onWorkspaceSymbol(
    listOf({ name: 'workspace symbols', needs: ['query'], fallback: [] }, ({ query }) =>
      inPieces(findWorkspaceSymbols(workspace.snapshot(), query, { withRanges: !isResolved() }), PIECE),
    ),
  );
  connection.onWorkspaceSymbolResolve((symbol, token) =>
    of({ name: 'workspace symbol', needs: ['name', 'location'], fallback: symbol }, (read: WorkspaceSymbol) =>
      resolveWorkspaceSymbol(workspace.snapshot(), read),
    )(symbol, token),
  );
}
