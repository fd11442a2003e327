/** istio.alpn: tells the upstream by ALPN that HTTP comes, so that the server's sidecar need not sniff (istio/proxy: source/extensions/filters/http/alpn/alpn_filter.cc). */
import type { HttpFilter } from '../filterCall';
import { pass, tell } from '../filterCall';
import { say, words } from '../../record/sentence';
import { upstreamHttp } from '../../cluster/httpVersion';
import { wordTable } from '../../../text/wordTable';

/** FilterConfig.AlpnOverride.upstream_protocol; HTTP/1.0 is 0 and left out. */
const PROTOCOLS = { http1: 'HTTP11', http2: 'HTTP2', http3: 'HTTP3' } as const;
const NUMBERS: Readonly<Record<string, string>> = wordTable({ '0': 'HTTP10', '1': 'HTTP11', '2': 'HTTP2', '3': 'HTTP3', '': 'HTTP10' });

/** For the version that the route's cluster speaks; a cluster that begins TLS of its own says no by its metadata. */
export const runIstioAlpn: HttpFilter = (call) => {
  const { hop, http, config } = call;
  const cluster = http.clusterName === undefined ? undefined : hop.proxy.byName.cluster.get(http.clusterName)?.node;
  if (!cluster) return pass(call, { because: words('the route names no cluster that is there') });
  if (cluster.path('metadata', 'filter_metadata')?.entry('istio')?.entry('alpn_override')?.asString() === 'false')
    return pass(call, { because: words("the cluster's metadata has `alpn_override: false`"), at: cluster.get('metadata') });
  const wanted = PROTOCOLS[upstreamHttp(cluster, http.request.version).version];
  const override = config.list('alpn_override').find((each) => {
    const protocol = each.enumName('upstream_protocol');
    return (NUMBERS[protocol] ?? protocol) === wanted;
  });
  const names = (override?.list('alpn_override') ?? []).flatMap((name) => name.asString() ?? []);
  if (names.length === 0) return pass(call, { because: say`it has no names for ${wanted}` });
  http.filterState.set('envoy.network.application_protocols', { value: names.join(','), shared: 'none' });
  return tell(call, say`filter ${call.name} has TLS to the upstream offer ${names}`, {
    because: say`the cluster speaks ${wanted}`,
    at: override,
  });
};
