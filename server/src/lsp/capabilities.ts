/** What the server offers. */
import { CodeActionKind, TextDocumentSyncKind, type ClientCapabilities, type ServerCapabilities } from 'vscode-languageserver';
import type { FileCapabilities } from '../protocol/openFiles';
import { choosePositionEncoding } from './documents/positionEncoding';
import { FIX_ALL } from '../features/quickFixes';
import { TOKEN_MODIFIERS, TOKEN_TYPES } from '../features/semanticTokens';

/** Diagnostics are pulled by clients that can, and sent to the others: never both. `readsFiles`: the server has a disk. */
export function capabilitiesFor(client: ClientCapabilities, readsFiles: boolean): ServerCapabilities<FileCapabilities> {
  return {
    ...CAPABILITIES,
    positionEncoding: choosePositionEncoding(client),
    ...(pullsDiagnostics(client) && { diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: false } }),
    ...(readsFiles && { experimental: { envoyLensReadsFiles: true } }),
  };
}

/** Whether the client asks for diagnostics by itself (textDocument/diagnostic), so that none are pushed. */
export function pullsDiagnostics({ textDocument }: ClientCapabilities): boolean {
  return textDocument?.diagnostic !== undefined;
}

/** What may take a while on a large dump says so to clients that give a token for progress. */
const slow = { workDoneProgress: true } as const;

const CAPABILITIES: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  definitionProvider: true,
  declarationProvider: true,
  typeDefinitionProvider: true,
  implementationProvider: true,
  referencesProvider: slow,
  documentHighlightProvider: true,
  hoverProvider: true,
  completionProvider: { triggerCharacters: ['"', ':', ' ', '/', '%'] },
  documentSymbolProvider: { ...slow, label: 'Envoy Lens' },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  workspaceSymbolProvider: { ...slow, resolveProvider: true },
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
  codeLensProvider: { ...slow, resolveProvider: true },
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  semanticTokensProvider: {
    legend: { tokenTypes: [...TOKEN_TYPES], tokenModifiers: [...TOKEN_MODIFIERS] },
    full: { delta: true },
    range: true,
  },
  inlayHintProvider: { resolveProvider: true },
  documentLinkProvider: {},
  renameProvider: { ...slow, prepareProvider: true },
  callHierarchyProvider: slow,
};
