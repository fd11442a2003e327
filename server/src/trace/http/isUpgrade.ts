/** Which protocol does the request want to switch to (Envoy: Utility::isUpgrade, FilterManager::createUpgradeFilterChain)? */
import { headerValues, type HttpRequest } from '../facts/httpRequest';

/** Header Upgrade, and the token `upgrade` in Connection. */
export function isUpgrade(request: HttpRequest): boolean {
  return (
    headerValues(request, 'upgrade').length > 0 &&
    headerValues(request, 'connection').some((value) => value.split(',').some((token) => token.trim().toLowerCase() === 'upgrade'))
  );
}

/** Example: `websocket`, `CONNECT`; undefined for a plain request. */
export function upgradeTypeOf(request: HttpRequest): string | undefined {
  const upgrade = headerValues(request, 'upgrade')[0];
  return upgrade ?? (request.method === 'CONNECT' ? 'CONNECT' : undefined);
}

/** By the header Upgrade alone, whatever Connection says (Envoy: HeaderUtility::isConnectUdpRequest). */
export function isConnectUdp(request: HttpRequest): boolean {
  return headerValues(request, 'upgrade').join(',').toLowerCase() === 'connect-udp';
}
