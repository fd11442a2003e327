/** The one place where exceptions of our own end: they are logged, and the editor gets the fallback. */
import { type CancellationToken, ErrorCodes, LSPErrorCodes, ResponseError, type Connection } from 'vscode-languageserver';
import { findWrongParameter, type Parameter } from './checkParams';
import { makeTurns } from '../turns/makeTurns';
import type { Settle } from '../documents/settleWorkspace';

export interface Guard {
  /** Runs a handler; wrong parameters are refused, a cancelled token becomes RequestCancelled, an exception a log entry and the fallback. */
  run<Result>(name: string, token: CancellationToken, handler: Handler<Result>): Promise<Result | ResponseError>;
  /** Before the session and after its shutdown requests are refused, as LSP demands. */
  setPhase(phase: SessionPhase): void;
}

export type SessionPhase = 'starting' | 'running' | 'shut down';

export interface Handler<Result> {
  readonly fallback: Result;
  /** What came, and what of it the request cannot do without. */
  readonly params?: unknown;
  readonly needs?: readonly Parameter[];
  /** A place if it is left out. */
  readonly about?: Subject;
  answer(): Result | Promise<Result>;
}

/**
 * What a request is about. Somebody waits for an answer about a `place`: it overtakes what the editor asks of its own accord about what is in
 * `view` (hints, the light bulb) and about a whole `document` (outline, lenses, diagnostics), each of which is answered one after the other.
 */
export type Subject = 'place' | 'view' | 'document';

/** `settle`: what every request waits for. */
export function makeGuard(connection: Connection, settle: Settle): Guard {
  let phase: SessionPhase = 'starting';
  const turns = { view: makeTurns(), document: makeTurns() };
  const runNow: Guard['run'] = async (name, token, { fallback, answer }) => {
    const cancelled = () => new ResponseError(LSPErrorCodes.RequestCancelled, `${name} was cancelled`);
    if (token.isCancellationRequested) return cancelled();
    try {
      await settle(token);
      if (token.isCancellationRequested) return cancelled();
      const result = await answer();
      return token.isCancellationRequested ? cancelled() : result;
    } catch (error) {
      if (token.isCancellationRequested) return cancelled();
      connection.console.error(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return fallback;
    }
  };
  return {
    setPhase: (next) => {
      phase = next;
    },
    async run(name, token, handler) {
      const { params, needs = [], about = 'place' } = handler;
      if (phase === 'starting') return new ResponseError(ErrorCodes.ServerNotInitialized, 'the session has not begun');
      if (phase === 'shut down') return new ResponseError(ErrorCodes.InvalidRequest, 'the server was shut down');
      const wrong = findWrongParameter(params, needs);
      if (wrong !== undefined) return new ResponseError(ErrorCodes.InvalidParams, `${name}: the parameter ${wrong} is missing or wrong`);
      return about === 'place' ? runNow(name, token, handler) : turns[about](() => runNow(name, token, handler));
    },
  };
}
