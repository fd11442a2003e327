/** Upgrades on HTTP/2 and 3 are extended CONNECTs (RFC 8441, RFC 9220); inside Envoy they look as on HTTP/1 (Envoy: source/common/http/utility.cc transformUpgradeRequest…). */
import { headerValues, removeHeader, setHeader, type HttpRequest } from '../../facts/httpRequest';
import { isUpgrade } from '../isUpgrade';

const PROTOCOL = ':protocol';

/** What an extended CONNECT asks for, such as `websocket`; undefined for any other request. */
export function extendedConnectProtocol(request: HttpRequest): string | undefined {
  return request.method === 'CONNECT' ? headerValues(request, PROTOCOL)[0] : undefined;
}

/** Makes it the upgrade that filters and routes see. */
export function readExtendedConnect(request: HttpRequest, protocol: string): void {
  request.method = 'GET';
  removeHeader(request, PROTOCOL);
  setHeader(request, 'upgrade', protocol);
  setHeader(request, 'connection', 'upgrade');
}

/** Makes an upgrade the extended CONNECT that an HTTP/2 or 3 upstream gets. */
export function writeExtendedConnect(request: HttpRequest): void {
  const protocol = headerValues(request, 'upgrade')[0];
  if (request.version === 'http1' || protocol === undefined || !isUpgrade(request)) return;
  request.method = 'CONNECT';
  for (const name of ['upgrade', 'connection']) removeHeader(request, name);
  if (headerValues(request, 'content-length')[0] === '0') removeHeader(request, 'content-length');
  request.headers.unshift([PROTOCOL, protocol]);
}
