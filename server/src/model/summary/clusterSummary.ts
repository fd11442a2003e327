/** What a cluster is in a few words: how it finds its hosts, how it balances, what it speaks to them. */
import { memoizeByNode, type ConfigNode, type TypedConfig } from '../../schema/configNode';
import { shortNameOf } from '../../schema/table/typeUrl';

export interface ClusterSummary {
  /** Example: `EDS`, `ORIGINAL_DST`, `envoy.clusters.aggregate` */
  readonly discovery: string;
  /** Example: `ROUND_ROBIN`; of `load_balancing_policy` its first policy's name. */
  readonly balancing: string;
  /** Example: `TLS (SNI reviews.default)`, `internal connection`, `plaintext` */
  readonly transport: string;
  /** Members of an aggregate. */
  readonly members: readonly string[];
}

const DISCOVERY = ['STATIC', 'STRICT_DNS', 'LOGICAL_DNS', 'EDS', 'ORIGINAL_DST'];
const BALANCING = ['ROUND_ROBIN', 'LEAST_REQUEST', 'RING_HASH', 'RANDOM', '', 'MAGLEV', 'CLUSTER_PROVIDED', 'LOAD_BALANCING_POLICY_CONFIG'];

export const summarizeCluster: (cluster: ConfigNode) => ClusterSummary = memoizeByNode((cluster) => {
  const custom = cluster.get('cluster_type');
  const aggregate = custom?.typed();
  return {
    discovery: custom
      ? custom.string('name') || (aggregate?.type ?? '')
      : (cluster.enumValue('type', DISCOVERY) ?? cluster.enumName('type')),
    balancing: balancingOf(cluster),
    transport: transportOf(cluster),
    members: aggregate?.type.endsWith('aggregate.v3.ClusterConfig')
      ? aggregate.node.list('clusters').map((each) => each.asString() ?? '')
      : [],
  };
});

function balancingOf(cluster: ConfigNode): string {
  const policy = cluster.path('load_balancing_policy', 'policies')?.items()[0]?.path('typed_extension_config', 'name')?.asString();
  return policy ?? cluster.enumValue('lb_policy', BALANCING) ?? cluster.enumName('lb_policy');
}

function transportOf(cluster: ConfigNode): string {
  const matches = cluster.list('transport_socket_matches');
  if (matches.length > 0) {
    const kinds = matches.map((match) => `${match.string('name')}: ${describeTransport(match.get('transport_socket')?.typed())}`);
    return kinds.join('; ');
  }
  return describeTransport(cluster.get('transport_socket')?.typed());
}

/** What a transport socket speaks. */
export function describeTransport(socket: TypedConfig | undefined): string {
  const short = shortNameOf(socket?.type ?? '');
  switch (short) {
    case '':
    case 'RawBuffer':
      return 'plaintext';
    case 'UpstreamTlsContext': {
      const sni = socket?.node.string('sni');
      return sni ? `TLS, SNI ${sni}` : 'TLS';
    }
    case 'DownstreamTlsContext':
      return socket?.node.bool('require_client_certificate') ? 'mTLS' : 'TLS';
    case 'InternalUpstreamTransport':
      return 'internal connection';
    case 'QuicUpstreamTransport':
    case 'QuicDownstreamTransport':
      return 'QUIC';
    default: {
      const inner = socket?.node.get('transport_socket')?.typed();
      return inner ? `${short} over ${describeTransport(inner)}` : short;
    }
  }
}
