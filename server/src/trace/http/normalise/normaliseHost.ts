/** Trailing dot and port of the host (Envoy: ConnectionManagerUtility::maybeNormalizeHost, HeaderUtility::stripPortFromHost). */
import { addStep, type Hop } from '../../hop';
import { say, words } from '../../record/sentence';
import { portOf, portStart } from '../hostPort';
import type { HttpStream } from '../../httpStream';

export function normaliseHost(hop: Hop, http: HttpStream): undefined {
  const { manager, request } = http;
  const before = request.authority;
  if (manager.bool('strip_trailing_host_dot') === true) request.authority = withoutTrailingDot(request.authority);
  if (manager.bool('strip_any_host_port') === true) stripPort(http, undefined);
  else if (manager.bool('strip_matching_host_port') === true) stripPort(http, localPort(hop));
  if (request.authority !== before)
    addStep(hop, {
      stage: 'http_connection',
      decision: say`the host becomes ${request.authority}`,
      because: words('the connection manager normalises it'),
      at: manager,
    });
  return undefined;
}

/** `a.b.` → `a.b`, `a.b.:80` → `a.b:80`. */
function withoutTrailingDot(host: string): string {
  const dot = host.lastIndexOf('.');
  if (dot < 0) return host;
  return dot === host.length - 1 || host[dot + 1] === ':' ? host.slice(0, dot) + host.slice(dot + 1) : host;
}

/** A CONNECT's port is kept aside: it comes back when the request is forwarded. */
function stripPort(http: HttpStream, only: number | undefined): void {
  const port = portOf(http.request.authority);
  if (port === undefined || (only !== undefined && port !== only)) return;
  http.request.authority = http.request.authority.slice(0, portStart(http.request.authority));
  if (http.request.method === 'CONNECT') http.connectPort = port;
}

function localPort({ connection }: Hop): number {
  return connection.destination?.kind === 'ip' ? connection.destination.port : 0;
}
