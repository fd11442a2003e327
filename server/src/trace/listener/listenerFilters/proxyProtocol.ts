/** envoy.filters.listener.proxy_protocol (Envoy: source/extensions/filters/listener/proxy_protocol/proxy_protocol.cc). */
import { addStep, type Hop } from '../../hop';
import { say, words } from '../../record/sentence';
import type { ListenerFilter } from './listenerFilters';

/** The header announces the source that the request names beside its `directSource`; without that, the peer itself. */
export function readProxyProtocol(hop: Hop, { filter }: ListenerFilter): undefined {
  const { connection } = hop;
  const announced = connection.announcedSource;
  if (!announced) {
    addStep(hop, {
      stage: 'listener_filter',
      decision: words('the source stays as it is'),
      because: words('the request names no other source than its peer'),
      at: filter,
    });
    return;
  }
  connection.directSource ??= connection.source;
  connection.source = announced;
  addStep(hop, {
    stage: 'listener_filter',
    decision: say`the source is ${announced.ip}`,
    because: say`the PROXY protocol header of ${connection.directSource?.ip} announces it`,
    at: filter,
  });
}
