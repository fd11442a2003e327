/** What is sent to an upstream, layer by layer: the request, TLS around it, a PROXY protocol header before it. */
import type { ConfigNode } from '../../schema/configNode';
import { discoveryOf } from '../cluster/discovery/discoveryOf';
import type { Layer } from '../facts/connection';
import { copyHttpRequest, type HttpRequest } from '../facts/httpRequest';
import { addStep, type Hop } from '../hop';
import { writeExtendedConnect } from '../http/codec/extendedConnect';
import { updateAuthority } from '../http/route/updateAuthority';
import { say, words } from '../record/sentence';
import { httpProtocolOptions, type UpstreamHttp } from '../cluster/httpVersion';
import type { Destination } from './destination';
import { proxyHeaderOfSocket } from './proxyHeader';
import type { UpstreamSocket } from './readTransportSocket';
import { upstreamTls } from './upstreamTls';
import type { ForwardTarget } from '../cluster/forwardTarget';

type Callee = Pick<Destination, 'cluster' | 'address' | 'host' | 'hostname'>;

interface Wrapping {
  readonly socket: UpstreamSocket;
  readonly http: UpstreamHttp | undefined;
  readonly target: ForwardTarget;
  /** A proxy stands between that wants the whole URL. */
  readonly asksForUrl: boolean;
}

/** Outermost first; the bytes of a connection that no HTTP codec has read stay as they are. */
export function layersTo(hop: Hop, callee: Callee, { socket, http, target, asksForUrl }: Wrapping): readonly Layer[] {
  const [top, ...inner] = target.layers;
  const isFixed = http?.isNegotiated === false;
  const layers: readonly Layer[] =
    http && top?.kind === 'http'
      ? [{ kind: 'http', request: requestTo(hop, callee, { request: top.request, http, target, asksForUrl }), isFixed }, ...inner]
      : target.layers;
  const secured = socket.tls ? [tlsTo(hop, callee, { context: socket.tls, socket, http }), ...layers] : layers;
  return socket.proxyProtocol ? [proxyHeaderOfSocket(hop, socket.proxyProtocol, callee.host), ...secured] : secured;
}

function tlsTo(
  hop: Hop,
  callee: Callee,
  { context, socket, http }: { context: ConfigNode; socket: UpstreamSocket; http: UpstreamHttp | undefined },
): Layer {
  return upstreamTls(hop, {
    cluster: callee.cluster,
    context,
    isQuic: socket.isQuic,
    hostname: hostName(callee),
    fallbackAlpn: http?.alpn ?? [],
  });
}

/** In the cluster's HTTP version; with `auto_host_rewrite` under the host's own name (router/upstream_request.cc onPoolReady). */
function requestTo(
  hop: Hop,
  callee: Callee,
  { request, http, target, asksForUrl }: { request: HttpRequest; http: UpstreamHttp } & Pick<Wrapping, 'target' | 'asksForUrl'>,
): HttpRequest {
  const { cluster, host } = callee;
  const sent = { ...copyHttpRequest(request), version: http.version };
  if (!http.isNegotiated) writeExtendedConnect(sent);
  const name = target.autoHost ? hostName(callee) : '';
  if (!target.autoHost || name === '') return inFull(sent, cluster, asksForUrl);
  updateAuthority(sent, name, target.autoHost);
  addStep(hop, {
    stage: 'upstream',
    decision: say`the host becomes ${name}`,
    because: words('auto_host_rewrite takes the name of the chosen host'),
    at: host?.node ?? cluster,
  });
  return inFull(sent, cluster, asksForUrl);
}

/** `send_fully_qualified_url`: HTTP/1 with the whole URL in its first line, as proxies want it (Envoy: http1/codec_impl.cc encodeHeaders). */
function inFull(request: HttpRequest, cluster: ConfigNode, asksForUrl: boolean): HttpRequest {
  const options = httpProtocolOptions(cluster);
  const configs = [
    options?.get('explicit_http_config'),
    options?.get('use_downstream_protocol_config'),
    options?.get('auto_config'),
    cluster,
  ];
  const isAsked = asksForUrl || configs.some((config) => config?.get('http_protocol_options')?.bool('send_fully_qualified_url') === true);
  if (!isAsked || request.version !== 'http1' || request.method === 'CONNECT') return request;
  return { ...request, path: `${request.scheme}://${request.authority}${request.path}` };
}

/** One found by DNS is called as it was asked for. */
function hostName({ cluster, host, hostname = '' }: Callee): string {
  if (!host || host.hostname !== '') return host?.hostname ?? hostname;
  const { address } = host;
  const { kind } = discoveryOf(cluster);
  if (kind !== 'strict_dns' && kind !== 'logical_dns') return '';
  return address.kind === 'dns' ? address.host : address.kind === 'ip' ? address.ip : '';
}
