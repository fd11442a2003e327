/** Our own requests: trace, the request that a place implies, lists of resources and proxies. */
import type { CancellationToken, Connection } from 'vscode-languageserver';
import {
  Requests,
  type ImpliedRequestParams,
  type ImpliedRequestResult,
  type ListProxiesResult,
  type ListResourcesParams,
  type ListResourcesResult,
  type RenderTraceParams,
  type RenderTraceResult,
  type TraceParams,
  type TraceResult,
} from '../protocol/requests';
import { listResources } from '../features/listResources';
import { renderMermaid } from '../trace/renderMermaid';
import { renderText, shortProxy } from '../trace/renderText';
import { impliedRequest } from '../trace/request/impliedRequest';
import { simulateRequest } from '../trace/simulateRequest';
import { placeOf } from './answerRequests';
import type { Guard } from './guard';
import type { ReadHiddenDocument } from './readHiddenDocument';
import type { Workspace } from './workspace';

export interface CustomAnswering {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly guard: Guard;
  readonly readHidden: ReadHiddenDocument;
}

export function answerCustomRequests({ connection, workspace, guard, readHidden }: CustomAnswering): void {
  connection.onRequest(Requests.trace, ({ request }: TraceParams, token: CancellationToken) =>
    guard.run<TraceResult>('trace', token, {
      fallback: { version: 1, request, paths: [], truncated: false, notes: ['The trace failed by an error of ours; the log has it.'] },
      answer: async () => {
        await readHidden(request.start?.proxy);
        await readHidden(request.start?.at?.uri);
        return simulateRequest(workspace.snapshot(), request);
      },
    }),
  );
  connection.onRequest(Requests.renderTrace, ({ trace, format }: RenderTraceParams, token: CancellationToken) =>
    guard.run<RenderTraceResult>('rendering of a trace', token, {
      fallback: { text: '' },
      answer: () => ({ text: format === 'mermaid' ? renderMermaid(trace) : renderText(trace) }),
    }),
  );
  connection.onRequest(Requests.impliedRequest, ({ uri, position }: ImpliedRequestParams, token: CancellationToken) =>
    guard.run<ImpliedRequestResult>('implied request', token, {
      fallback: null,
      answer: async () => {
        await readHidden(uri);
        const { snapshot, offset } = placeOf(workspace, { textDocument: { uri }, position });
        return impliedRequest(snapshot, uri, offset) ?? null;
      },
    }),
  );
  connection.onRequest(Requests.listResources, (params: ListResourcesParams, token: CancellationToken) =>
    guard.run<ListResourcesResult>('list of resources', token, {
      fallback: [],
      answer: async () => {
        await readHidden(params.uri);
        return listResources(workspace.snapshot(), params);
      },
    }),
  );
  connection.onRequest(Requests.listProxies, (_: unknown, token: CancellationToken) =>
    guard.run<ListProxiesResult>('list of proxies', token, {
      fallback: [],
      answer: () => workspace.snapshot().proxies.map(({ id, uris }) => ({ id, label: shortProxy(id), documents: [...uris] })),
    }),
  );
}
