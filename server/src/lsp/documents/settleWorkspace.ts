/** Waits until all documents are read, shows the user that it takes time, and gives up with whoever asked. */
import type { CancellationToken, ClientCapabilities, Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver';
import type { Arrivals } from './arrivals';
import { now } from '../turns/hostClock';
import type { Workspace } from './workspace';
import { fileNameOf } from '../../text/uriParts';

/** Resolves when the snapshot is at hand, or the token is cancelled. */
export type Settle = (token?: CancellationToken) => Promise<void>;

/** What is done by then needs no progress on the screen, in milliseconds. */
const PATIENCE = 500;

export interface Settling {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly arrivals: Arrivals;
  /** What the client can; undefined before the session. */
  client(): ClientCapabilities | undefined;
}

export function makeSettle({ connection, workspace, arrivals, client }: Settling): Settle {
  let waiting = 0;
  let since = 0;
  let shown: Promise<WorkDoneProgressServerReporter> | undefined;
  const show = (uri: string, share: number) => {
    if (!shown && (now() - since < PATIENCE || client()?.window?.workDoneProgress !== true)) return;
    shown ??= connection.window.createWorkDoneProgress().then((progress) => {
      progress.begin('Envoy Lens', 0);
      return progress;
    });
    void shown.then((progress) => {
      progress.report(100 * share, fileNameOf(uri));
    });
  };
  return async (token) => {
    if (waiting++ === 0) since = now();
    try {
      const coming = arrivals.all();
      if (coming) await Promise.race([coming, cancellationOf(token)]);
      await workspace.settle({ reading: show, isCancelled: () => token?.isCancellationRequested ?? false });
    } finally {
      if (--waiting === 0 && shown) {
        void shown.then((progress) => {
          progress.done();
        });
        shown = undefined;
      }
    }
  };
}

/** When the token is cancelled; never without one. */
function cancellationOf(token: CancellationToken | undefined): Promise<void> {
  return new Promise((resolve) => {
    token?.onCancellationRequested(() => {
      resolve();
    });
  });
}
