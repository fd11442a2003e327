/** What all requests have in common: the guard, the client's positions, progress, and long lists in pieces. */
import {
  ResponseError,
  type CancellationToken,
  type Position,
  type ResultProgressReporter,
  type WorkDoneProgressReporter,
} from 'vscode-languageserver';
import type { Place } from '../../features/place/place';
import type { Parameter } from './checkParams';
import type { Guard, Subject } from './guard';
import { delay } from '../turns/hostClock';
import { uriOfParams, type PositionCodec } from '../documents/positionEncoding';
import type { Workspace } from '../documents/workspace';
import type { Snapshot } from '../../index/snapshot';

export interface PlaceParams {
  readonly textDocument: { readonly uri: string };
  readonly position: Position;
}

/** What a request is, beside its answer. */
export interface RequestKind<Result> {
  /** In words, for the log and for progress. */
  readonly name: string;
  readonly needs: readonly Parameter[];
  /** The answer when ours fails. */
  readonly fallback: Result;
  /** A place if it is left out. */
  readonly about?: Subject;
}

export interface HandlerSurroundings {
  readonly workspace: Workspace;
  readonly guard: Guard;
  positions(): PositionCodec;
}

type Handle<Params, Result, Part> = (
  params: Params,
  token: CancellationToken,
  progress?: WorkDoneProgressReporter,
  parts?: ResultProgressReporter<Part>,
) => Promise<Result | ResponseError>;

export interface RequestHandlers {
  of<Params, Result>(kind: RequestKind<Result>, answer: (params: Params) => Result | Promise<Result>): Handle<Params, Result, never>;
  /** A list; where the client wants it in parts, every piece is sent on its own, with time for a cancellation between them. */
  listOf<Params, Item>(
    kind: RequestKind<Item[]>,
    find: (params: Params, token: CancellationToken) => Iterable<Item[]> | Promise<Iterable<Item[]>>,
  ): Handle<Params, Item[], Item[]>;
  /** About a place in a document. */
  at<Params extends PlaceParams, Result>(
    kind: Omit<RequestKind<Result>, 'needs'>,
    answer: (place: Place, params: Params) => Result | Promise<Result>,
  ): Handle<Params, Result, never>;
}

export function makeRequestHandlers({ workspace, guard, positions }: HandlerSurroundings): RequestHandlers {
  const answering =
    <Params, Result, Part>(
      { name, ...kind }: RequestKind<Result>,
      answer: (asked: Asked<Params>, token: CancellationToken, parts?: ResultProgressReporter<Part>) => Promise<Result>,
    ): Handle<Params, Result, Part> =>
    (params, token, progress, parts) =>
      guard.run(name, token, {
        ...kind,
        params,
        answer: () =>
          withProgress(name, progress, () => {
            const codec = positions();
            const read = codec.read(params);
            return answer({ params: read, write: (result) => codec.write(result, uriOfParams(read)) }, token, parts);
          }),
      });
  const of: RequestHandlers['of'] = (kind, answer) =>
    answering(kind, async ({ params, write }) => {
      const result = await answer(params);
      return result instanceof ResponseError ? result : write(result);
    });
  const listOf: RequestHandlers['listOf'] = (kind, find) =>
    answering(kind, async ({ params, write }, token, parts) => {
      const pieces = await find(params, token);
      if (!parts) return write([...pieces].flat());
      for (const piece of pieces) {
        if (token.isCancellationRequested) break;
        parts.report(write(piece));
        await delay(0);
      }
      // LSP: what was sent in parts is not sent again.
      return [];
    });
  return {
    of,
    listOf,
    at: (kind, answer) =>
      of({ ...kind, needs: ['textDocument', 'position'] }, (params: PlaceParams & Parameters<typeof answer>[1]) =>
        answer(placeOf(workspace, params), params),
      ),
  };
}

/** A request as it is answered: positions in our units, and the way back to the client's. */
interface Asked<Params> {
  readonly params: Params;
  write<Answer>(answer: Answer): Answer;
}

/** Only a client that gives a token is told. */
async function withProgress<Result>(
  name: string,
  progress: WorkDoneProgressReporter | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  progress?.begin(`Envoy Lens: ${name}`);
  try {
    return await work();
  } finally {
    progress?.done();
  }
}

/** A list in pieces of so many. */
export function* inPieces<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

/** A document that the server does not know gives a place in which nothing is found. */
export function placeOf(workspace: Workspace, { textDocument: { uri }, position }: PlaceParams): Place {
  const snapshot = workspace.snapshot(uri);
  const lines = snapshot.documents.get(uri)?.tree.lines;
  return { snapshot, uri, offset: lines?.offsetAt({ line: position.line, column: position.character }) ?? 0 };
}

/** What an item was made of that the client sends back to have it completed: its `data` says of which document it is. */
export function snapshotOf(workspace: Workspace, { data }: { readonly data?: unknown }): Snapshot {
  const uri = typeof data === 'object' && data !== null && 'uri' in data ? data.uri : undefined;
  return workspace.snapshot(typeof uri === 'string' ? uri : undefined);
}
