/** envoy.filters.listener.http_inspector (Envoy: source/extensions/filters/listener/http_inspector/http_inspector.cc). */
import { beginsWithProxyHeader, outerHttp } from '../../facts/connection';
import { addStep, type Hop } from '../../hop';
import { say, words } from '../../record/sentence';
import type { ListenerFilter } from './listenerFilter';

/** Plaintext HTTP/1 sets `http/1.1`, the HTTP/2 preface sets `h2c`; TLS is not looked into. */
export function inspectHttp(hop: Hop, { filter }: ListenerFilter): undefined {
  const { connection } = hop;
  if (connection.transportProtocol !== '' && connection.transportProtocol !== 'raw_buffer') {
    addStep(hop, {
      stage: 'listener_filter',
      decision: words('HTTP is not looked for'),
      because: say`the transport is ${connection.transportProtocol}`,
      at: filter,
    });
    return;
  }
  const http = beginsWithProxyHeader(connection) ? undefined : outerHttp(connection)?.request;
  if (!http) {
    addStep(hop, {
      stage: 'listener_filter',
      decision: words('the client does not speak plaintext HTTP'),
      because: words('its first bytes are no HTTP request'),
      at: filter,
    });
    return;
  }
  const protocol = http.version === 'http1' ? 'http/1.1' : 'h2c';
  connection.applicationProtocols = [protocol];
  addStep(hop, {
    stage: 'listener_filter',
    decision: say`the client speaks ${protocol}`,
    because:
      http.version === 'http1' ? words('its first bytes are an HTTP/1 request line') : words('its first bytes are the HTTP/2 preface'),
    at: filter,
  });
}
