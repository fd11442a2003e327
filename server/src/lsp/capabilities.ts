/** What the server offers. */
import { TextDocumentSyncKind, type ServerCapabilities } from 'vscode-languageserver';
import { TOKEN_MODIFIERS, TOKEN_TYPES } from '../features/semanticTokens';

export const CAPABILITIES: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  definitionProvider: true,
  declarationProvider: true,
  implementationProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  hoverProvider: true,
  completionProvider: { triggerCharacters: ['"', ':', ' ', '/'] },
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  codeLensProvider: { resolveProvider: true },
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  semanticTokensProvider: { legend: { tokenTypes: [...TOKEN_TYPES], tokenModifiers: [...TOKEN_MODIFIERS] }, full: true },
  inlayHintProvider: true,
  documentLinkProvider: {},
  renameProvider: { prepareProvider: true },
  callHierarchyProvider: true,
};
