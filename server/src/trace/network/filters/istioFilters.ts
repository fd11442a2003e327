/** Network filters of Istio's proxy (istio/proxy: source/extensions/filters/network, src/envoy/tls_passthrough). */
import { objectAt } from '../../facts/filterStateObject';
import type { ConnectionFacts, TerminatedTls } from '../../facts/connection';
import { addStep, type Hop } from '../../hop';
import { compileRegex, replaceAll } from '../../matcher/regex';
import { say, words } from '../../record/sentence';
import { passWith } from './passingFilters';
import { TCP_PROXY_CLUSTER } from './sniCluster';
import type { NetworkFilter, NetworkFilterEntry } from '../networkFilter';

const TELEMETRY = words('it serves telemetry only');
/** Shared filter state in which the outer connection's TLS is kept for the inner one. */
const CAPTURED_TLS = 'istio.tls_passthrough';
const UPSTREAM_SERVER_NAME = 'envoy.network.upstream_server_name';

export const istioFilters: readonly [string, NetworkFilter][] = [
  ['envoy.tcp.metadataexchange.config.MetadataExchange', passWith(TELEMETRY)],
  ['stats.PluginConfig', passWith(TELEMETRY)],
  ['io.istio.http.peer_metadata.Config', passWith(TELEMETRY)],
  ['io.istio.network.peer_metadata.Config', passWith(TELEMETRY)],
  ['envoy.extensions.network_filters.peer_metadata.Config', passWith(TELEMETRY)],
  ['envoy.extensions.network_filters.peer_metadata.UpstreamConfig', passWith(TELEMETRY)],
  ['io.istio.network.authn.Config', passWith(words("it notes the client's identity and refuses nobody"))],
  ['io.istio.http.connect_authority.Config', passWith(words("it keeps the tunnel's address for later filters"))],
  ['istio.tls_passthrough.v1.CaptureTLS', { terminal: false, run: captureTls }],
  ['istio.tls_passthrough.v1.RestoreTLS', { terminal: false, run: restoreTls }],
  ['istio.envoy.config.filter.network.forward_downstream_sni.v2alpha1.Config', { terminal: false, run: forwardSni }],
  ['istio.envoy.config.filter.network.tcp_cluster_rewrite.v2alpha1.TcpClusterRewrite', { terminal: false, run: rewriteCluster }],
  ['istio.envoy.config.filter.network.sni_verifier.v2alpha1.Config', passWith(words('the SNI inside is taken to be the one outside'))],
];

function captureTls(hop: Hop, { filter }: NetworkFilterEntry): undefined {
  const { tls, filterState } = hop.connection;
  if (tls) filterState.set(CAPTURED_TLS, { value: JSON.stringify(tls), shared: 'transitive' });
  addStep(hop, {
    stage: 'network_filter',
    decision: tls ? words("the client's TLS identity is kept for the inner connection") : words('nothing is kept'),
    because: tls ? say`it is ${tls.principals}` : words('the client speaks no TLS'),
    at: filter,
  });
}

/** The inner connection reports the outer one's peer: RBAC's `authenticated` works on it. */
function restoreTls(hop: Hop, { filter }: NetworkFilterEntry): undefined {
  const captured = readCaptured(hop.connection);
  if (captured) hop.connection.tls = captured;
  addStep(hop, {
    stage: 'network_filter',
    decision: captured ? say`the client counts as ${captured.principals}` : words('no TLS identity came along'),
    because: captured ? words('the outer connection authenticated it') : words('the outer connection kept none'),
    at: filter,
  });
}

function readCaptured({ filterState }: ConnectionFacts): ConnectionFacts['tls'] {
  const text = filterState.get(CAPTURED_TLS)?.value;
  if (text === undefined) return undefined;
  try {
    // What ALPN agreed on is asked of the socket (Network::Connection::nextProtocol), which is the inner one.
    return { principals: [], sni: '', ...(JSON.parse(text) as Partial<TerminatedTls>), alpn: [], negotiatedAlpn: '' };
  } catch {
    return undefined;
  }
}

function forwardSni(hop: Hop, { filter }: NetworkFilterEntry): undefined {
  const { serverName, filterState } = hop.connection;
  if (serverName !== '') filterState.set(UPSTREAM_SERVER_NAME, { value: serverName, shared: 'none' });
  addStep(hop, {
    stage: 'network_filter',
    decision: serverName === '' ? words('no SNI is handed on') : say`the upstream SNI shall be ${serverName}`,
    because: words("it is the client's"),
    at: filter,
  });
}

function rewriteCluster(hop: Hop, { filter, config }: NetworkFilterEntry): undefined {
  const { filterState } = hop.connection;
  const before = objectAt(filterState, TCP_PROXY_CLUSTER)?.value;
  if (before === undefined) return;
  // ECMAScript writes groups as $1, RE2 as \1.
  const replacement = config.node.string('cluster_replacement').replace(/\$(\d)/g, '\\$1');
  const after = replaceAll(compileRegex(config.node.string('cluster_pattern')), before, replacement);
  filterState.set(TCP_PROXY_CLUSTER, { value: after, shared: 'none' });
  addStep(hop, { stage: 'network_filter', decision: say`the cluster shall be ${after}`, because: say`${before} is rewritten`, at: filter });
}
