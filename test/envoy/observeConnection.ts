/** What came to a proxy, by its own log. */
import type { ObservedConnection } from '../oracles/observation';
import type { LogEntry } from './accessLog';

/** An internal connection has addresses of its own only where a filter restores them. */
export function observeConnection({ local, source, serverName, peer, tlsVersion, remote }: LogEntry, failed: boolean): ObservedConnection {
  const isInternal = remote?.startsWith('envoy://') === true || !local?.includes(':');
  return {
    ...(local?.startsWith('envoy://') === false ? { destination: local } : {}),
    ...(source && !isInternal ? { source } : {}),
    ...(serverName ? { sni: serverName } : {}),
    ...(tlsVersion && !failed ? { transport: 'tls', principals: peer ? peer.split(',') : [] } : {}),
  };
}
