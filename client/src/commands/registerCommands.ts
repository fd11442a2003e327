/** The commands of the extension, one file each; this is the list. */
import * as vscode from 'vscode';
import type { CommandContext } from './commandContext';
import { copyTrace } from './copyTrace';
import { jumpToResource } from './jumpToResource';
import { selectProxy } from './selectProxy';
import { showReferences } from './showReferences';
import { traceFromHere } from './traceFromHere';
import { traceRequest } from './traceRequest';
import { messageOfError } from '../../../server/src/protocol/messageOfError';

export function registerCommands(context: CommandContext): vscode.Disposable[] {
  const { server, output, tracePanel } = context;
  const register = (name: string, run: (...values: unknown[]) => Promise<unknown>) =>
    vscode.commands.registerCommand(`envoyLens.${name}`, (...values: unknown[]) =>
      run(...values).catch((error: unknown) => report(error, output)),
    );
  return [
    register('traceFromHere', (place, position) => traceFromHere(context, place, position)),
    register('trace', (place) => traceRequest(context, place)),
    register('copyTrace', (format) => copyTrace(context, format)),
    register('jumpToCluster', () => jumpToResource(server, 'cluster')),
    register('jumpToListener', () => jumpToResource(server, 'listener')),
    register('jumpToRoute', () => jumpToResource(server, 'route')),
    register('selectProxy', () => selectProxy(server)),
    register('showReferences', (uri, position, locations) => showReferences(uri, position, locations)),
    register('restartServer', async () => {
      await server.restart();
      await tracePanel.traceAgain();
    }),
    register('showOutput', () => Promise.resolve(output.show())),
  ];
}

/** A command that fails says so once, in words, and leaves the details in the log. */
function report(error: unknown, output: vscode.LogOutputChannel): void {
  const message = messageOfError(error);
  output.error(error instanceof Error && error.stack ? error.stack : message);
  void vscode.window.showErrorMessage(vscode.l10n.t('Envoy Lens: {0}', message));
}
