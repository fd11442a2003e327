/** The preview beside the editor: asks the server for traces, shows them, and keeps editor and page pointing at the same place. */
import * as vscode from 'vscode';
import { Requests, type TraceParams, type TraceResult } from '../../../server/src/protocol/requests';
import type { Trace, TraceRequest } from '../../../server/src/protocol/trace';
import type { FromPage, ToPage } from '../../../server/src/protocol/webview';
import { isConfigurationLanguage } from '../documentSelector';
import type { LanguageServer } from '../languageServer';
import { revealLocation } from '../views/revealLocation';
import { shortenLabel } from '../views/shortenLabel';
import { copyTraceAs } from './copyTraceAs';
import { pageHtml } from './pageHtml';
import { titleOf } from './titleOf';
import { TRACE_VIEW } from './traceTab';
import { messageOfError } from '../../../server/src/protocol/messageOfError';

export interface TracePanel {
  /** Traces `request` and shows the answer; resolves when the answer, or its failure, is shown. `atHand`: the file that one looks at. */
  trace(request: TraceRequest, title: string, atHand?: string): Promise<void>;
  /** The same request once more, e.g. after an edit. */
  traceAgain(): Promise<void>;
  /** The trace that is shown. */
  currentTrace(): Trace | undefined;
  dispose(): void;
}

/** Milliseconds without typing after which a shown trace is made anew. */
const quietAfterEdit = 500;

interface Asked extends TraceParams {
  readonly title: string;
}

/** What the panel knows; the page is rebuilt from it whenever it becomes visible. */
interface PanelState {
  panel?: vscode.WebviewPanel;
  asked?: Asked;
  shown?: ToPage;
  trace?: Trace;
  cancellation?: vscode.CancellationTokenSource;
  /** The column of the editor that one traced from: boxes reveal there. */
  column?: vscode.ViewColumn;
}

export function createTracePanel(extensionUri: vscode.Uri, server: LanguageServer): TracePanel {
  const state: PanelState = {};
  const post = (message: ToPage) => {
    if (message.kind !== 'cursor') state.shown = message;
    void state.panel?.webview.postMessage(message);
  };
  const run = (asked: Asked) => runTrace({ state, server, post }, asked);
  const traceAgain = async () => {
    if (state.asked && state.panel?.visible) await run(state.asked);
  };
  const adopt = (panel: vscode.WebviewPanel) => {
    state.panel = panel;
    panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist')] };
    panel.webview.onDidReceiveMessage((message: FromPage) => void answerPage(message, { state, server, post, run }));
    panel.onDidDispose(() => forget(state));
    panel.webview.html = pageHtml(panel.webview, extensionUri);
  };
  const listeners = vscode.Disposable.from(
    vscode.window.registerWebviewPanelSerializer(TRACE_VIEW, {
      async deserializeWebviewPanel(panel, saved: unknown) {
        state.panel?.dispose();
        adopt(panel);
        if (isSaved(saved)) await run(saved);
      },
    }),
    followCursor(post),
    afterEdits(() => void traceAgain()),
  );
  return {
    trace(request, title, atHand) {
      state.column = vscode.window.activeTextEditor?.viewColumn ?? state.column;
      if (state.panel) state.panel.reveal(undefined, true);
      else
        adopt(
          vscode.window.createWebviewPanel(
            TRACE_VIEW,
            title,
            { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
            { enableFindWidget: true },
          ),
        );
      return run({ request, title, ...(atHand !== undefined && { atHand }) });
    },
    traceAgain,
    currentTrace: () => state.trace,
    dispose() {
      listeners.dispose();
      state.panel?.dispose();
    },
  };
}

interface PanelContext {
  state: PanelState;
  server: LanguageServer;
  post(message: ToPage): void;
}

/** A later trace cancels the one under way. */
async function runTrace({ state, server, post }: PanelContext, asked: Asked): Promise<void> {
  const { title, ...params } = asked;
  state.cancellation?.cancel();
  const cancellation = (state.cancellation = new vscode.CancellationTokenSource());
  state.asked = asked;
  if (state.panel) state.panel.title = vscode.l10n.t('Trace: {0}', shortenLabel(title));
  post({ kind: 'busy', title });
  try {
    const trace = await server.request<TraceResult>(Requests.trace, params, cancellation.token);
    if (state.cancellation !== cancellation) return;
    state.trace = trace;
    await vscode.commands.executeCommand('setContext', 'envoyLens.hasTrace', true);
    post({ kind: 'show', trace, title });
  } catch (error) {
    if (state.cancellation !== cancellation) return;
    post({ kind: 'failed', message: messageOfError(error) });
  }
}

async function answerPage(message: FromPage, context: PanelContext & { run(asked: Asked): Promise<void> }): Promise<void> {
  const { state, server, post, run } = context;
  switch (message.kind) {
    case 'ready':
      postCursor(vscode.window.activeTextEditor, post);
      if (state.shown) post(state.shown);
      return;
    case 'reveal':
      return revealLocation(message.at, { preserveFocus: true, viewColumn: columnBeside(state) });
    case 'trace':
      return run({ request: message.request, title: titleOf(message.request) });
    case 'copy':
      if (state.trace) await copyTraceAs(server, state.trace, message.format);
      return;
  }
}

/** Not the column of the preview itself, which may cover the file that one traced from; a new one only where there is no other. */
function columnBeside({ column = vscode.ViewColumn.One, panel }: PanelState): vscode.ViewColumn {
  if (panel?.viewColumn !== column) return column;
  return vscode.window.tabGroups.all.find((group) => group.viewColumn !== column)?.viewColumn ?? vscode.ViewColumn.Beside;
}

function followCursor(post: (message: ToPage) => void): vscode.Disposable {
  return vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => postCursor(textEditor, post));
}

function postCursor(editor: vscode.TextEditor | undefined, post: (message: ToPage) => void): void {
  if (!editor || !isConfigurationLanguage(editor.document.languageId)) return;
  post({ kind: 'cursor', uri: editor.document.uri.toString(), line: editor.selection.active.line + 1 });
}

function afterEdits(act: () => void): vscode.Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listener = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (contentChanges.length === 0 || !isConfigurationLanguage(document.languageId)) return;
    clearTimeout(timer);
    timer = setTimeout(act, quietAfterEdit);
  });
  return vscode.Disposable.from(listener, { dispose: () => clearTimeout(timer) });
}

function forget(state: PanelState): void {
  state.cancellation?.cancel();
  state.panel = state.asked = state.shown = state.trace = state.cancellation = undefined;
  void vscode.commands.executeCommand('setContext', 'envoyLens.hasTrace', false);
}

function isSaved(value: unknown): value is { request: TraceRequest; title: string } {
  return typeof value === 'object' && value !== null && 'request' in value && 'title' in value && typeof value.title === 'string';
}
