/** "Trace a Request…": asks for a URL, a curl command line or a request as JSON, and traces it from the proxy at hand. */
import * as vscode from 'vscode';
import type { TraceRequest } from '../../../server/src/protocol/trace';
import { documentUriAtHand } from '../activeDocument';
import { parseRequestLine } from './parseRequestLine';
import type { CommandContext } from './registerCommands';

let lastLine = '';

/** `place`: the file whose proxy the request starts at (from the explorer's menu), or a whole TraceRequest (from other extensions). */
export async function traceRequest(context: CommandContext, place?: unknown): Promise<void> {
  if (isTraceRequest(place)) return context.tracePanel.trace(place, vscode.l10n.t('Trace'));
  const uri = place instanceof vscode.Uri ? place : documentUriAtHand();
  const line = await vscode.window.showInputBox({
    title: vscode.l10n.t('Trace a request'),
    prompt: vscode.l10n.t('A URL, a curl command line (-X, -H) or a trace request as JSON. More can be set in the preview.'),
    placeHolder: `http://reviews:9080/reviews/1 -H 'x-user: jason'`,
    value: lastLine,
    ignoreFocusOut: true,
    validateInput: (value) => {
      const parsed = value.trim() ? parseRequestLine(value) : undefined;
      return parsed && 'problem' in parsed ? explain(parsed.problem) : undefined;
    },
  });
  if (!line?.trim()) return;
  const parsed = parseRequestLine(line);
  if ('problem' in parsed) return;
  lastLine = line;
  const start = parsed.request.start ?? (uri && { proxy: uri.toString() });
  await context.tracePanel.trace({ ...parsed.request, ...(start && { start }) }, line.trim());
}

function isTraceRequest(value: unknown): value is TraceRequest {
  return typeof value === 'object' && value !== null && 'connection' in value;
}

function explain(problem: 'json' | 'url' | 'header' | 'option'): string {
  switch (problem) {
    case 'json':
      return vscode.l10n.t('This is no trace request: a JSON object with a "connection" is expected.');
    case 'url':
      return vscode.l10n.t('A URL of http or https is expected, e.g. http://reviews:9080/reviews/1');
    case 'header':
      return vscode.l10n.t("A header is written -H 'name: value'");
    case 'option':
      return vscode.l10n.t('This option is not known here: use -X, -H, -k, --dst, --src, --sni, --principal, or set it in the preview.');
  }
}
