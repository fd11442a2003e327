/** A request in one line. */
import type { TraceRequest } from '../../protocol/trace';
import { printable } from '../../protocol/printable';

/** `GET http://reviews:9080/ from 10.4.0.5 to 10.96.0.3:9080`, as far as it is given; a tunnel with what it carries. */
export function describeRequest(request: TraceRequest): string {
  const { connection } = request;
  const parts = [describeContent(request, connection.transport === 'tls' || connection.sni !== undefined)];
  for (let inner = request.inner; inner; inner = inner.inner)
    parts.push(`carrying ${describeContent(inner, inner.connection?.transport === 'tls')}`);
  if (connection.source) parts.push(`from ${connection.source}`);
  if (connection.destination) parts.push(`to ${connection.destination}`);
  if (connection.sni) parts.push(`SNI ${connection.sni}`);
  if (connection.peerPrincipals?.length) parts.push(`as ${connection.peerPrincipals.join(', ')}`);
  if (request.start?.at) parts.push(`starting at ${request.start.at.uri}#${request.start.at.pointer}`);
  return printable(parts.join(' '));
}

function describeContent({ http }: Pick<TraceRequest, 'http'>, isTls: boolean): string {
  if (!http) return isTls ? 'TLS connection' : 'TCP connection';
  if (http.method === 'CONNECT') return `CONNECT ${http.authority}`;
  // A path alone would look like a host.
  return `${http.method} ${http.authority === '' ? '' : `${http.scheme}://${http.authority}`}${http.path}`;
}
