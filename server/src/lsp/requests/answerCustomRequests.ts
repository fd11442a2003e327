/** Our own requests: trace, the request that a place implies, lists of resources and proxies. */
import type { CancellationToken, Connection } from 'vscode-languageserver';
import {
  Requests,
  type ImpliedRequestParams,
  type ImpliedRequestResult,
  type ListProxiesParams,
  type ListProxiesResult,
  type ListResourcesParams,
  type ListResourcesResult,
  type RenderTraceParams,
  type RenderTraceResult,
  type TraceParams,
  type TraceResult,
} from '../../protocol/requests';
import { listResources } from '../../features/listResources';
import { shortProxy } from '../../model/summary/shortProxy';
import { renderMermaid } from '../../trace/render/renderMermaid';
import { renderText } from '../../trace/render/renderText';
import { impliedRequest } from '../../trace/request/impliedRequest';
import { startAtHand } from '../../trace/request/startAtHand';
import { simulateRequest } from '../../trace/simulateRequest';
import { readRequest } from '../../protocol/readRequest';
import { makeRequestHandlers, placeOf, type HandlerSurroundings } from './requestHandlers';
import type { ReadHiddenDocument } from '../documents/readHiddenDocument';

export interface CustomAnswering extends HandlerSurroundings {
  readonly connection: Connection;
  readonly readHidden: ReadHiddenDocument;
  /** Files of the workspace are read, or it takes too long. */
  filesRead(): Promise<unknown>;
}

/** Positions are the client's; the locations of traces and resources are UTF-16 for every client, as the trace contract has them. */
export function answerCustomRequests(answering: CustomAnswering): void {
  answerTraces(answering);
  answerImpliedRequests(answering);
  answerLists(answering);
}

const FAILED_TRACE = 'The trace failed by an error of ours; the log has it.';

function answerTraces(answering: CustomAnswering): void {
  const { connection, workspace, guard, readHidden, filesRead } = answering;
  connection.onRequest(Requests.trace, (params: TraceParams, token: CancellationToken) =>
    guard.run<TraceResult>('trace', token, {
      params,
      needs: ['request'],
      fallback: { version: 1, request: params.request, paths: [], truncated: false, notes: [FAILED_TRACE] },
      answer: async () => {
        const request = readRequest(params.request);
        if (typeof request === 'string')
          return { version: 1, request: params.request, paths: [], truncated: false, notes: [`The request is not one: ${request}.`] };
        await filesRead();
        await readHidden(request.start?.proxy);
        await readHidden(request.start?.at?.uri);
        const atHand = typeof params.atHand === 'string' ? params.atHand : undefined;
        await readHidden(atHand);
        const snapshot = workspace.snapshot(request.start?.at?.uri);
        return simulateRequest(snapshot, atHand === undefined ? request : startAtHand(snapshot, request, atHand));
      },
    }),
  );
  const { of } = makeRequestHandlers(answering);
  connection.onRequest(
    Requests.renderTrace,
    of<RenderTraceParams, RenderTraceResult>(
      { name: 'rendering of a trace', needs: ['trace'], fallback: { text: '' } },
      ({ trace, format }) => ({ text: format === 'mermaid' ? renderMermaid(trace) : renderText(trace) }),
    ),
  );
}

function answerImpliedRequests(answering: CustomAnswering): void {
  const { connection, workspace, guard, readHidden } = answering;
  connection.onRequest(Requests.impliedRequest, (params: ImpliedRequestParams, token: CancellationToken) =>
    guard.run<ImpliedRequestResult>('implied request', token, {
      params,
      needs: ['uri', 'position'],
      fallback: null,
      answer: async () => {
        // Read first: positions are counted in the document's own lines.
        await readHidden(params.uri);
        const { uri, position } = answering.positions().read(params);
        const { snapshot, offset } = placeOf(workspace, { textDocument: { uri }, position });
        return impliedRequest(snapshot, uri, offset) ?? null;
      },
    }),
  );
}

function answerLists(answering: CustomAnswering): void {
  const { connection, workspace, readHidden, filesRead } = answering;
  const { of } = makeRequestHandlers(answering);
  connection.onRequest(
    Requests.listResources,
    of<ListResourcesParams, ListResourcesResult>({ name: 'list of resources', needs: ['uri', 'kind'], fallback: [] }, async (params) => {
      await readHidden(params.uri);
      return listResources(workspace.snapshot(params.uri), params);
    }),
  );
  connection.onRequest(
    Requests.listProxies,
    of<ListProxiesParams, ListProxiesResult>({ name: 'list of proxies', needs: [], fallback: [] }, async ({ all }) => {
      if (all === true) await filesRead();
      return workspace.snapshot().proxies.map(({ id, uris }) => ({ id, label: shortProxy(id), documents: [...uris] }));
    }),
  );
}
