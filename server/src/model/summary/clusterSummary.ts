/** What a cluster is in a few words: how it finds its hosts, how it balances, what it speaks to them. */
import { memoizeByNode, type ConfigNode, type TypedConfig } from '../../schema/configNode';
import { wordTable } from '../../text/wordTable';

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
const BALANCING: Readonly<Record<string, string>> = wordTable({
  '0': 'ROUND_ROBIN',
  '1': 'LEAST_REQUEST',
  '2': 'RING_HASH',
  '3': 'RANDOM',
  '5': 'MAGLEV',
  '6': 'CLUSTER_PROVIDED',
  '7': 'LOAD_BALANCING_POLICY_CONFIG',
});

export const summarizeCluster: (cluster: ConfigNode) => ClusterSummary = memoizeByNode((cluster) => {
  const custom = cluster.get('cluster_type');
  const type = cluster.enumName('type');
  const aggregate = custom?.typed();
  return {
    discovery: custom ? custom.string('name') || (aggregate?.type ?? '') : (DISCOVERY[Number(type)] ?? (type || 'STATIC')),
    balancing: balancingOf(cluster),
    transport: transportOf(cluster),
    members: aggregate?.type.endsWith('aggregate.v3.ClusterConfig')
      ? aggregate.node.list('clusters').map((each) => each.asString() ?? '')
      : [],
  };
});

function balancingOf(cluster: ConfigNode): string {
  const policy = cluster.path('load_balancing_policy', 'policies')?.items()[0]?.path('typed_extension_config', 'name')?.asString();
  const name = cluster.enumName('lb_policy');
  return policy ?? BALANCING[name] ?? (name || 'ROUND_ROBIN');
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
  const short = socket?.type.slice(socket.type.lastIndexOf('.') + 1) ?? '';
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
