/** Puts a trace on the clipboard: as text, JSON or Mermaid, or its request as a curl command line. */
import * as vscode from 'vscode';
import { Requests, type RenderTraceParams, type RenderTraceResult } from '../../../server/src/protocol/requests';
import type { Trace } from '../../../server/src/protocol/trace';
import type { TraceFormat } from '../../../server/src/protocol/webview';
import { curlOf } from '../commands/curlOf';
import type { LanguageServer } from '../languageServer';

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
