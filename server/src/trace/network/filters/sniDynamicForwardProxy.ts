/** envoy.filters.network.sni_dynamic_forward_proxy (Envoy: source/extensions/filters/network/sni_dynamic_forward_proxy/proxy_filter.cc). */
import { objectAt } from '../../facts/filterStateObject';
import { addStep, type Hop, type HopResult } from '../../hop';
import { cannotTell } from '../../record/hopRecord';
import { say, words } from '../../record/sentence';
import type { NetworkFilterEntry } from '../networkFilter';

const DYNAMIC_HOST = 'envoy.upstream.dynamic_host';
const DYNAMIC_PORT = 'envoy.upstream.dynamic_port';

/** Host and port for a dynamic forward proxy cluster: from filter state, else the SNI and the filter's own port. */
export function resolveSni(hop: Hop, { filter, config }: NetworkFilterEntry): HopResult | undefined {
  const { filterState, serverName } = hop.connection;
  const host = objectAt(filterState, DYNAMIC_HOST)?.value ?? serverName;
  const doubt = host === '' ? hop.doubts?.[0] : undefined;
  if (doubt) return cannotTell(say`the server name that the connection asks for: ${doubt}`);
  if (host === '') {
    addStep(hop, {
      stage: 'network_filter',
      decision: words('no host is looked up'),
      because: words('neither filter state nor SNI names one'),
      at: filter,
    });
    return undefined;
  }
  const port = objectAt(filterState, DYNAMIC_PORT)?.value ?? String(config.node.number('port_value') ?? 443);
  filterState.set(DYNAMIC_HOST, { value: host, shared: 'none' });
  hop.connection.resolvedName = `${host}:${port}`;
  filterState.set(DYNAMIC_PORT, { value: port, shared: 'none' });
  addStep(hop, {
    stage: 'network_filter',
    decision: say`the host ${host} is looked up for port ${Number(port)}`,
    because: words('it is the server name that the client asks for, or filter state says so'),
    at: filter,
  });
  return undefined;
}
