/** A request while its parts are gathered from the conditions around a place. */
import type { InnerRequest, RequestHttp, TraceRequest } from '../../../protocol/trace';
import { joinHostPort } from '../../../model/address';

export interface RequestDraft {
  ip?: string;
  port?: number;
  sourceIp?: string;
  sourcePort?: number;
  directSource?: string;
  isTls?: boolean;
  /** HTTP/3 over UDP. */
  isQuic?: boolean;
  sni?: string;
  alpn?: string[];
  principals?: string[];
  metadata?: Record<string, unknown>;
  filterState?: Record<string, string>;
  /** Undefined: plain TCP. */
  http?: RequestHttp;
  /** What is said inside the tunnel that `http` asks for. */
  inner?: RequestDraft;
}

/** The draft's HTTP request, made where there is none yet. */
export function httpOf(draft: RequestDraft): RequestHttp {
  return (draft.http ??= {
    version: 'http1',
    method: 'GET',
    scheme: draft.isTls ? 'https' : 'http',
    authority: '',
    path: '/',
    headers: [],
  });
}

/** An address of documentation (RFC 5737), where nothing says which one. */
export const ANY_IP = '192.0.2.1';

/** A client of the mesh, where a certificate is asked for. */
export const ANY_PEER = 'spiffe://cluster.local/ns/default/sa/default';

/** The contract's request; what nobody asks for stays away. */
export function finishDraft(draft: RequestDraft, start: NonNullable<TraceRequest['start']>): TraceRequest {
  const { ip, port, sourceIp, sourcePort, directSource, isTls, isQuic, sni, alpn, principals, metadata, filterState, http } = draft;
  const source = sourceIp === undefined ? undefined : sourcePort === undefined ? sourceIp : joinHostPort(sourceIp, sourcePort);
  const destination = ip === undefined && port === undefined ? undefined : joinHostPort(ip ?? ANY_IP, port ?? 80);
  if (http && http.authority === '') http.authority = sni ?? destination ?? 'localhost';
  if (http && isTls) http.scheme = 'https';
  return {
    start,
    connection: {
      ...(destination !== undefined && { destination }),
      ...(source !== undefined && { source }),
      ...(directSource !== undefined && { directSource }),
      ...(isTls && { transport: isQuic ? ('quic' as const) : ('tls' as const) }),
      ...(sni !== undefined && { sni }),
      ...(alpn && { alpn }),
      ...(principals && { peerPrincipals: principals }),
      ...(metadata && { metadata }),
      ...(filterState && { filterState }),
    },
    ...(http && { http }),
    ...(draft.inner && { inner: innerOf(draft.inner) }),
  };
}

function innerOf({ isTls, sni, alpn, http }: RequestDraft): InnerRequest {
  const connection = { ...(isTls && { transport: 'tls' as const }), ...(sni !== undefined && { sni }), ...(alpn && { alpn }) };
  return { ...(Object.keys(connection).length > 0 && { connection }), ...(http && { http }) };
}
