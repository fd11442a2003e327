/** tcp_proxy's tunneling_config: a CONNECT or POST around the client's bytes (Envoy: source/common/tcp_proxy/{tcp_proxy,upstream}.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { keepsBack } from '../../../schema/keptBack';
import type { HttpLayer } from '../../facts/connection';
import { markUnknownHeader, setHeader, type HttpRequest } from '../../facts/httpRequest';
import { formatString } from '../../format/formatString';
import { addStep, type Hop } from '../../hop';
import { changeRequestHeaders, readHeaderOptions } from '../../http/route/headerOptions';
import { matchContextOf } from '../../matcher/matchContext';
import { cannotTell, type Ending } from '../../record/hopRecord';
import { say, words } from '../../record/sentence';

/** The HTTP layer that is put on top. The cluster decides the HTTP version; HTTP/2 is assumed here. */
export function openTunnel(hop: Hop, tunnel: ConfigNode): HttpLayer | Ending {
  const context = { ...matchContextOf(hop), absentAs: '-' as const };
  const hostname = formatString(tunnel.string('hostname'), context);
  if (hostname.kind === 'unknown') return cannotTell(say`the address that the tunnel asks for: ${hostname.missing}`);
  const usesPost = tunnel.bool('use_post') === true;
  const request: HttpRequest = {
    version: 'http2',
    method: usesPost ? 'POST' : 'CONNECT',
    scheme: usesPost ? (hop.connection.tls ? 'https' : 'http') : '',
    authority: hostname.value,
    path: usesPost ? tunnel.string('post_path') || '/' : '',
    headers: [],
  };
  if (keepsBack(tunnel)) return cannotTell(words('what the tunnel says in its CONNECT: the file leaves out a part of tunneling_config'));
  const options = readHeaderOptions(tunnel.list('headers_to_add'), matchContextOf(hop));
  changeRequestHeaders(request, options);
  const unknown = options.filter(({ isUnknown }) => isUnknown).map(({ name }) => name);
  if (tunnel.has('request_id_extension')) unknown.push(tunnel.string('request_id_header').toLowerCase() || 'x-request-id');
  for (const name of unknown) {
    setHeader(request, name, '?');
    markUnknownHeader(request, name, say`the value of header ${name} of the tunnel`);
  }
  addStep(hop, {
    stage: 'network_filter',
    decision: say`the bytes go through a tunnel: ${words(request.method)} ${request.authority}`,
    because:
      unknown.length > 0
        ? say`tunneling_config says so; its headers ${unknown} are known at run time only`
        : words('tunneling_config says so'),
    at: tunnel,
  });
  return { kind: 'http', request };
}
