/** "Trace from here": traces the request that a place in a configuration implies. */
import * as vscode from 'vscode';
import { Requests, type ImpliedRequestParams, type ImpliedRequestResult } from '../../../server/src/protocol/requests';
import { visibleEditorOf } from '../activeDocument';
import type { CommandContext } from './commandContext';

/**
 * `place` is a uri (a string from a code lens, a Uri from a menu) or `{uri, position}`; whatever is absent is taken from the active editor.
 * Where the place implies no request, the dialog is offered instead.
 */
export async function traceFromHere(context: CommandContext, place?: unknown, position?: unknown): Promise<void> {
  const params = placeOf(place, position);
  if (!params)
    return offerDialog(vscode.l10n.t('Place the cursor in a listener, filter chain, route or cluster of an open configuration.'));
  const implied = await context.server.request<ImpliedRequestResult>(Requests.impliedRequest, params);
  if (!implied)
    return offerDialog(vscode.l10n.t('This place implies no request: choose a listener, filter chain, route, matcher branch or cluster.'));
  await context.tracePanel.trace(implied.request, implied.title);
}

function placeOf(place: unknown, position: unknown): ImpliedRequestParams | undefined {
  if (isRecord(place) && 'position' in place) return placeOf(place.uri, place.position);
  const editor = vscode.window.activeTextEditor;
  const uri = place instanceof vscode.Uri ? place.toString() : typeof place === 'string' ? place : editor?.document.uri.toString();
  if (uri === undefined) return undefined;
  const given = positionOf(position);
  if (given) return { uri, position: given };
  const shown = visibleEditorOf(uri);
  if (!shown) return undefined;
  const { line, character } = shown.selection.active;
  return { uri, position: { line, character } };
}

function positionOf(value: unknown): ImpliedRequestParams['position'] | undefined {
  if (!isRecord(value)) return undefined;
  const { line, character } = value;
  return typeof line === 'number' && typeof character === 'number' ? { line, character } : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

async function offerDialog(message: string): Promise<void> {
  const dialog = vscode.l10n.t('Trace a Request…');
  const chosen = await vscode.window.showInformationMessage(message, dialog);
  if (chosen === dialog) await vscode.commands.executeCommand('envoyLens.trace');
}
