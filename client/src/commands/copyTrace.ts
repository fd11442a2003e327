/** "Copy Trace": asks for the format in which the trace of the preview is copied. */
import * as vscode from 'vscode';
import type { TraceFormat } from '../../../server/src/protocol/webview';
import { copyTraceAs } from '../traceView/copyTraceAs';
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
