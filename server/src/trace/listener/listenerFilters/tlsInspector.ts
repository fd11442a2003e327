/** envoy.filters.listener.tls_inspector (Envoy: source/extensions/filters/listener/tls_inspector/tls_inspector.cc). */
import { beginsWithProxyHeader, outerTls } from '../../facts/connection';
import { addStep, type Hop, type HopResult } from '../../hop';
import { ending } from '../../record/hopRecord';
import { say, words } from '../../record/sentence';
import type { ListenerFilter } from './listenerFilter';

/** A ClientHello gives the transport protocol, the lower-cased SNI and the ALPN list; other bytes leave the facts as they are. */
export function inspectTls(hop: Hop, { filter, config }: ListenerFilter): HopResult | undefined {
  const { connection } = hop;
  const tls = beginsWithProxyHeader(connection) ? undefined : outerTls(connection);
  if (tls) {
    connection.transportProtocol = 'tls';
    connection.serverName = tls.sni.toLowerCase();
    if (tls.alpn.length > 0) connection.applicationProtocols = tls.alpn;
    addStep(hop, {
      stage: 'listener_filter',
      decision:
        tls.sni === '' ? words('the client speaks TLS and names no server') : say`the client speaks TLS and names ${connection.serverName}`,
      because: say`its ClientHello offers ${tls.alpn.length > 0 ? tls.alpn : words('no application protocols')}`,
      at: filter,
    });
    return undefined;
  }
  addStep(hop, {
    stage: 'listener_filter',
    decision: words('the client does not speak TLS'),
    because: words('its first bytes are no ClientHello'),
    at: filter,
  });
  return config.bool('close_connection_on_client_hello_parsing_errors') === true ? ending('closed') : undefined;
}
