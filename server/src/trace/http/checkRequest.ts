/** Requests that are refused before routing (Envoy: ActiveStream::decodeHeaders of source/common/http/conn_manager_impl.cc, in its order). */
import { headerValues } from '../facts/httpRequest';
import { addStep, type Hop, type HopResult } from '../hop';
import { say, words, type Sentence } from '../record/sentence';
import type { HttpStream } from '../httpStream';
import { isConnectUdp } from './isUpgrade';
import { localReply } from './localReply/localReply';
import type { LocalReply } from './localReply/replyParts';
import { readConnectUdp } from './readConnectUdp';

export function checkRequest(hop: Hop, http: HttpStream): HopResult | undefined {
  const { request } = http;
  if (request.method === 'QUERY' && (headerValues(request, 'content-type')[0] ?? '') === '')
    return refuse(
      hop,
      { code: 400, details: 'query_missing_content_type' },
      words('a QUERY must name the type of its content (RFC 10008, 2)'),
    );
  if (request.authority === '') return refuse(hop, { code: 400, details: 'missing_host_header' }, words('it names no host'));
  if (!isValidAuthority(request.authority))
    return refuse(
      hop,
      { code: 400, details: 'http.invalid_authority' },
      say`its host ${request.authority} has characters that no host has`,
    );
  if (request.path === '') {
    if (request.method === 'CONNECT') return undefined;
    return refuse(hop, { code: 404, details: 'missing_path_rejected' }, words('it has no path'));
  }
  if (isConnectUdp(request) && !readConnectUdp(hop, request))
    return refuse(
      hop,
      { code: 404, details: 'invalid_path', body: 'The path is incorrect for CONNECT-UDP' },
      say`its path ${request.path} is none of CONNECT-UDP: ${'/.well-known/masque/udp/HOST/PORT/'}`,
    );
  if (!request.path.startsWith('/'))
    return refuse(hop, { code: 404, details: 'absolute_path_rejected' }, say`its path ${request.path} begins with no slash`);
  return undefined;
}

function refuse(hop: Hop, reply: LocalReply, because: Sentence): HopResult {
  addStep(hop, { stage: 'http_connection', decision: say`the request is refused with ${reply.code}`, because, at: hop.http?.manager });
  return localReply(hop, 'bad_request', reply);
}

/** What HTTP/2 allows, and `@` (HeaderUtility::authorityIsValid). */
export function isValidAuthority(authority: string): boolean {
  return /^[A-Za-z0-9\-._~:[\]@!$&'()*+,;=%]*$/.test(authority);
}
