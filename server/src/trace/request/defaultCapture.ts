/** The way of interception where a request does not say it: the default rules of the trace contract. */
import type { Capture } from '../../protocol/trace';
import type { ProxyScope } from '../../index/proxyScope';
import type { Address } from '../../model/address';
import type { ConfigNode } from '../../schema/configNode';
import { servedIps } from '../upstream/addressOwners';
import { captureOf, hasCapture, isBoundTo, listensAt } from '../listener/boundListeners';
import { HBONE_PORT } from '../../model/istio/istioPorts';

export interface CaptureQuestion {
  readonly destination: Address | undefined;
  readonly sourceIp: string | undefined;
  /** The listener that the request names. */
  readonly listener: ConfigNode | undefined;
}

/** `none` for a socket bound to that address; else `inbound` for an own IP; else `outbound` where the proxy intercepts. */
export function defaultCapture(proxy: ProxyScope, { destination, sourceIp, listener }: CaptureQuestion): Capture {
  if (destination?.kind !== 'ip') return 'none';
  const ownIps = proxy.proxyNode.ips;
  if (listener) return isBoundTo(listener, destination, ownIps) ? 'none' : (captureOf(listener) ?? 'none');
  const served = servedIps(proxy);
  if (proxy.proxyNode.type === 'ztunnel' && served.size > 0) {
    if (destination.port === HBONE_PORT && served.has(destination.ip)) return 'none';
    if (sourceIp !== undefined && served.has(sourceIp)) return 'outbound';
    if (served.has(destination.ip)) return 'inbound';
  }
  if (listensAt(proxy, destination)) return 'none';
  if (ownIps.includes(destination.ip)) return 'inbound';
  return hasCapture(proxy, 'outbound') ? 'outbound' : 'none';
}
