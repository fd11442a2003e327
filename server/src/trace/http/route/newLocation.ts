/** The Location of a redirect or direct response (Envoy: Utility::newUri, processRequestHost of source/common/http/utility.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import type { HttpStream } from '../../httpStream';

/** `redirect` absent: the request's own URL. The path is the one after prefix_rewrite or regex_rewrite; `pathRedirect` is path_redirect. */
export function newLocation(
  { request, forwardedProto }: HttpStream,
  redirect?: ConfigNode,
  pathRedirect = redirect?.string('path_redirect') ?? '',
): string {
  const scheme = redirect?.string('scheme_redirect') || (redirect?.bool('https_redirect') === true ? 'https' : request.scheme);
  const portNumber = redirect?.number('port_redirect') ?? 0;
  const port = portNumber === 0 ? '' : `:${portNumber}`;
  const host = redirect?.string('host_redirect') || requestHost(request.authority, { scheme, port, forwardedProto });
  return `${scheme}://${host}${port}${newPath(request.path, pathRedirect, redirect?.bool('strip_query') === true)}`;
}

/** The request's host; its port goes when another is given, or when it is the default of a scheme that changes. */
function requestHost(host: string, { scheme, port, forwardedProto }: { scheme: string; port: string; forwardedProto: string }): string {
  const colon = host.startsWith('[') ? host.lastIndexOf(']:') + 1 : host.lastIndexOf(':');
  if (host === '' || (host.startsWith('[') ? colon === 0 : colon < 0)) return host;
  const requestPort = host.slice(colon);
  const isDefault = (forwardedProto === 'https' && requestPort === ':443') || (forwardedProto === 'http' && requestPort === ':80');
  return port !== '' || (scheme !== forwardedProto && isDefault) ? host.slice(0, colon) : host;
}

/** `path_redirect` keeps the request's query unless it has one of its own, which strip_query does not touch. */
function newPath(requestPath: string, pathRedirect: string, stripsQuery: boolean): string {
  const hasOwnQuery = pathRedirect.includes('?');
  let path = requestPath;
  if (pathRedirect !== '') {
    const query = requestPath.indexOf('?');
    path = hasOwnQuery || query < 0 ? pathRedirect : pathRedirect + requestPath.slice(query);
  }
  if (!path.startsWith('/')) path = `/${path}`;
  const end = path.indexOf('?');
  return stripsQuery && !hasOwnQuery && end >= 0 ? path.slice(0, end) : path;
}
