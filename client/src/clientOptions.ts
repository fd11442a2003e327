/** What the language client is told of the server, and the server of the settings. */
import * as vscode from 'vscode';
import type { LanguageClientOptions } from 'vscode-languageclient';
import { documentSelector } from './documentSelector';

/** What the extension brings with it. */
export interface Surroundings {
  readonly outputChannel: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
}

export function clientOptions({ outputChannel, extensionUri }: Surroundings, fileEvents: vscode.FileSystemWatcher): LanguageClientOptions {
  const diagnosticPages = vscode.Uri.joinPath(extensionUri, 'docs/diagnostics').toString();
  return {
    documentSelector,
    outputChannel,
    diagnosticCollectionName: 'envoyLens',
    initializationOptions: () => ({
      servesFiles: true,
      diagnosticPages,
      suggestCommand: 'editor.action.triggerSuggest',
      ...initialSettings(),
    }),
    synchronize: {
      configurationSection: 'envoyLens',
      fileEvents,
    },
    // A dump is hostile input, and so is what a hover quotes from it: no HTML, and of the command links only these.
    markdown: { isTrusted: { enabledCommands: ['envoyLens.traceFromHere', 'envoyLens.showReferences'] }, supportHtml: false },
  };
}

/** Settings are proxies, which cannot be posted to a worker: these are plain copies. */
interface InitialSettings {
  readonly maxFiles: number;
  readonly diagnostics: Record<string, string>;
  readonly inlayHints: Record<string, boolean>;
}

function initialSettings(): InitialSettings {
  const settings = vscode.workspace.getConfiguration('envoyLens');
  return {
    maxFiles: settings.get('maxFiles', 500),
    diagnostics: { ...settings.get<Record<string, string>>('diagnostics') },
    inlayHints: { ...settings.get<Record<string, boolean>>('inlayHints') },
  };
}
