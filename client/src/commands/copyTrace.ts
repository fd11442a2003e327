/** "Copy Trace": puts the trace of the preview on the clipboard, as text, JSON or Mermaid, or its request as a curl command line. */
import * as vscode from 'vscode';
import { Requests, type RenderTraceParams, type RenderTraceResult } from '../../../server/src/protocol/requests';
import type { Trace } from '../../../server/src/protocol/trace';
import type { TraceFormat } from '../../../server/src/protocol/webview';
import { curlOf } from './curlOf';
import type { LanguageServer } from '../languageServer';
import type { CommandContext } from './commandContext';

/** Asks for the format unless `given` is one. */
export async function copyTrace({ server, tracePanel }: CommandContext, given?: unknown): Promise<void> {
  const trace = tracePanel.currentTrace();
  if (!trace) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is no trace yet.'));
    return;
  }
  const format = isFormat(given) ? given : await askFormat();
  if (format) await copyTraceAs(server, trace, format);
}

/** Copies `trace` and says so in the status bar. */
export async function copyTraceAs(server: LanguageServer, trace: Trace, format: TraceFormat): Promise<void> {
  const text = await render(server, trace, format);
  if (text === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('curl sends HTTP requests, and this is a plain connection.'));
    return;
  }
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Trace copied'), 2000);
}

/** Undefined where the trace has none of the kind. */
async function render(server: LanguageServer, trace: Trace, format: TraceFormat): Promise<string | undefined> {
  if (format === 'curl') return curlOf(trace.request);
  if (format === 'json') return JSON.stringify(trace, undefined, 2);
  const params: RenderTraceParams = { trace, format };
  return (await server.request<RenderTraceResult>(Requests.renderTrace, params)).text;
}

async function askFormat(): Promise<TraceFormat | undefined> {
  const items: (vscode.QuickPickItem & { format: TraceFormat })[] = [
    { label: vscode.l10n.t('Text'), description: vscode.l10n.t('one line a hop, to paste into a chat'), format: 'text' },
    { label: 'JSON', description: vscode.l10n.t('the whole trace, for programs'), format: 'json' },
    { label: 'Mermaid', description: vscode.l10n.t('a diagram for Markdown'), format: 'mermaid' },
    { label: 'curl', description: vscode.l10n.t('the request alone, to send it'), format: 'curl' },
  ];
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Copy the trace as') }))?.format;
}

function isFormat(value: unknown): value is TraceFormat {
  return value === 'text' || value === 'json' || value === 'mermaid' || value === 'curl';
}
