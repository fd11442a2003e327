/** The one place where exceptions of our own end: they are logged, and the editor gets the fallback. */
import { type CancellationToken, LSPErrorCodes, ResponseError, type Connection } from 'vscode-languageserver';

export interface Guard {
  /** Runs a handler; a cancelled token becomes RequestCancelled, an exception a log entry and the fallback. */
  run<Result>(name: string, token: CancellationToken, handler: Handler<Result>): Promise<Result | ResponseError>;
}

export interface Handler<Result> {
  readonly fallback: Result;
  answer(): Result | Promise<Result>;
}

export function makeGuard(connection: Connection): Guard {
  return {
    async run(name, token, { fallback, answer }) {
      if (token.isCancellationRequested) return new ResponseError(LSPErrorCodes.RequestCancelled, `${name} was cancelled`);
      try {
        return await answer();
      } catch (error) {
        if (token.isCancellationRequested) return new ResponseError(LSPErrorCodes.RequestCancelled, `${name} was cancelled`);
        connection.console.error(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        return fallback;
      }
    },
  };
}
