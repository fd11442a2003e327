/** Ways that are too long to be followed. */
import { cluster, filter, missing, type Fields, type MissingCase, type World } from './missingCase';

/** So many internal listeners, one behind the other; the last leads to one that is not there. */
function rowOf(length: number): World {
  const tcp = (to: number): unknown =>
    filter('t', 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy', { stat_prefix: 't', cluster: `c${to}` });
  const rows = Array.from({ length }, (_, at) => at);
  const address = (at: number): Fields => ({ envoy_internal_address: { server_listener_name: `l${at}` } });
  const endpoints = (at: number): Fields => ({
    load_assignment: { cluster_name: `c${at}`, endpoints: [{ lb_endpoints: [{ endpoint: { address: address(at) } }] }] },
  });
  return {
    network: [tcp(0)],
    listeners: rows.map((at) => ({ name: `l${at}`, internal_listener: {}, filter_chains: [{ filters: [tcp(at + 1)] }] })),
    clusters: [...rows, length].map((at) => cluster(`c${at}`, endpoints(at))),
  };
}

export const longWayCases: readonly MissingCase[] = [
  missing('a long row of listeners', { world: rowOf(40), call: { isTcp: true } }, { world: rowOf(20) }, 'no_listener'),
];
