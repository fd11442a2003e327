/** "Trace a Request…": asks for a URL, a curl command line or a request as JSON, and traces it from the proxy at hand. */
import * as vscode from 'vscode';
import type { TraceRequest } from '../../../server/src/protocol/trace';
import { documentUriAtHand } from '../activeDocument';
import { titleOf } from '../traceView/titleOf';
import { askForRequest } from './askForRequest';
import { parseRequestLine } from './parseRequestLine';
import type { CommandContext } from './commandContext';

/** `place`: the file whose proxy the request starts at, unless it says another (from a menu), or a whole TraceRequest (from other extensions). */
export async function traceRequest(context: CommandContext, place?: unknown): Promise<void> {
  if (isTraceRequest(place)) return context.tracePanel.trace(place, titleOf(place));
  // From the title of the preview comes the preview's own address.
  const uri = place instanceof vscode.Uri && place.scheme !== 'webview-panel' ? place : documentUriAtHand();
  const line = await askForRequest(context.memory);
  const parsed = line === undefined ? undefined : parseRequestLine(line);
  if (line === undefined || !parsed || 'problem' in parsed) return;
  await context.tracePanel.trace(parsed.request, titleOf(parsed.request), uri?.toString());
}

function isTraceRequest(value: unknown): value is TraceRequest {
  return typeof value === 'object' && value !== null && 'connection' in value;
}
