/** Pieces of an Istio-like mesh: names, nodes, certificates, clusters. */
import type { Json, JsonObject } from '../../labCase';
import { endpoint, extension, typed } from '../../generators/parts';
import type { MeshNode, MeshSecret } from '../meshCase';
import { PLACES, type PlaceName } from '../places/meshPlaces';
import { pathSource } from './proxyFiles';

export const DOMAIN = 'cluster.local';

/** Example: `spiffe://cluster.local/ns/shop/sa/cart` */
export function identityOf(namespace: string, account: string): string {
  return `spiffe://${DOMAIN}/ns/${namespace}/sa/${account}`;
}

/** Who runs where: the proxies' own identities. */
export const ACCOUNTS: Readonly<Record<PlaceName, { readonly namespace: string; readonly account: string }>> = {
  gateway: { namespace: 'istio-system', account: 'gateway' },
  second: { namespace: 'edge', account: 'second' },
  waypoint: { namespace: 'shop', account: 'waypoint' },
  pod1: { namespace: 'shop', account: 'cart' },
  pod2: { namespace: 'shop', account: 'stock' },
  pod3: { namespace: 'bank', account: 'ledger' },
  node1: { namespace: 'istio-system', account: 'ztunnel' },
  node2: { namespace: 'istio-system', account: 'ztunnel' },
};

/** The identity of a place's proxy. */
export function identityAt(place: PlaceName): string {
  return identityOf(ACCOUNTS[place].namespace, ACCOUNTS[place].account);
}

export type NodeType = 'router' | 'sidecar' | 'waypoint' | 'ztunnel';

/** As Istio's agent names its proxy. */
export function nodeAt(place: PlaceName, type: NodeType): MeshNode {
  const { namespace, account } = ACCOUNTS[place];
  const ip = PLACES[place].ips[0];
  return {
    id: `${type}~${ip}~${account}-0.${namespace}~${namespace}.svc.${DOMAIN}`,
    cluster: `${account}.${namespace}`,
    metadata: { INSTANCE_IPS: ip, NAMESPACE: namespace, SERVICE_ACCOUNT: account, CLUSTER_ID: 'Kubernetes', MESH_ID: DOMAIN },
  };
}

/** The secrets of every proxy. */
export function secretsOf(identity: string): MeshSecret[] {
  return [{ name: 'default', identity }, { name: 'ROOTCA' }];
}

export type SanMatch = { readonly exact: string } | { readonly prefix: string };

export interface TlsOptions {
  readonly alpn: readonly string[];
  readonly sni?: string;
  /** Names that the peer must have. */
  readonly peers?: SanMatch;
  /** Which names of the peer; URI where nothing is said. */
  readonly peerType?: 'URI' | 'DNS';
  readonly secret?: string;
}

/** The common part of both directions, its certificates by SDS. */
export function commonTls({ alpn, peers, peerType = 'URI', secret = 'default' }: TlsOptions): JsonObject {
  const matcher: JsonObject = peers ? { match_typed_subject_alt_names: [{ san_type: peerType, matcher: { ...peers } }] } : {};
  return {
    alpn_protocols: [...alpn],
    tls_certificate_sds_secret_configs: [{ name: secret, sds_config: pathSource('sds', secret) }],
    combined_validation_context: {
      default_validation_context: matcher,
      validation_context_sds_secret_config: { name: 'ROOTCA', sds_config: pathSource('sds', 'ROOTCA') },
    },
  };
}

const TLS = 'envoy.transport_sockets.tls';

export function upstreamTls(options: TlsOptions): JsonObject {
  const sni: JsonObject = options.sni === undefined ? {} : { sni: options.sni };
  return extension(TLS, 'transport_sockets.tls.v3.UpstreamTlsContext', { common_tls_context: commonTls(options), ...sni });
}

/** With a client certificate, as in a mesh. */
export function mutualTls(options: TlsOptions): JsonObject {
  const fields = { common_tls_context: commonTls(options), require_client_certificate: true };
  return extension(TLS, 'transport_sockets.tls.v3.DownstreamTlsContext', fields);
}

/** As a web server does it. */
export function simpleTls(secret: string): JsonObject {
  const common = {
    alpn_protocols: ['h2', 'http/1.1'],
    tls_certificate_sds_secret_configs: [{ name: secret, sds_config: pathSource('sds', secret) }],
  };
  return extension(TLS, 'transport_sockets.tls.v3.DownstreamTlsContext', { common_tls_context: common });
}

export const RAW = extension('envoy.transport_sockets.raw_buffer', 'transport_sockets.raw_buffer.v3.RawBuffer');

export const ISTIO_ALPN = ['istio-peer-exchange', 'istio'];

/** Istio's: the endpoint's metadata says whether it speaks mTLS. */
export function automaticTls(tls: JsonObject): JsonObject {
  return {
    transport_socket_matches: [
      { name: 'tlsMode-istio', match: { tlsMode: 'istio' }, transport_socket: tls },
      { name: 'tlsMode-disabled', match: {}, transport_socket: RAW },
    ],
  };
}

export const SPEAKS_TLS: JsonObject = { metadata: { filter_metadata: { 'envoy.transport_socket_match': { tlsMode: 'istio' } } } };

/** Example: `outbound|9080||stock.shop.svc.cluster.local` */
export function outboundName(port: number, host: string, subset = ''): string {
  return `outbound|${port}|${subset}|${host}`;
}

/** A cluster of type EDS and its assignment. */
export function edsCluster(name: string, fields: JsonObject): JsonObject {
  return { name, type: 'EDS', connect_timeout: '1s', eds_cluster_config: { eds_config: pathSource('eds', name) }, ...fields };
}

export interface Host {
  readonly address: string;
  readonly port: number;
  readonly tls: boolean;
  readonly health?: string;
  readonly priority?: number;
}

export function assignment(name: string, hosts: readonly Host[]): JsonObject {
  const priorities = [...new Set(hosts.map(({ priority = 0 }) => priority))].sort((one, other) => one - other);
  const endpoints = priorities.map((priority) => ({
    ...(priority === 0 ? {} : { priority }),
    lb_endpoints: hosts.filter((host) => (host.priority ?? 0) === priority).map(hostOf),
  }));
  return { cluster_name: name, endpoints };
}

function hostOf({ address, port, tls, health }: Host): JsonObject {
  return endpoint(address, port, { ...(tls ? SPEAKS_TLS : {}), ...(health === undefined ? {} : { health_status: health }) });
}

export function originalDst(name: string, fields: JsonObject = {}): JsonObject {
  return { name, type: 'ORIGINAL_DST', connect_timeout: '1s', lb_policy: 'CLUSTER_PROVIDED', ...fields };
}

export const BLACK_HOLE: JsonObject = { name: 'BlackHoleCluster', type: 'STATIC', connect_timeout: '1s' };

const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** Options of a cluster that speaks HTTP/2 to its hosts. */
export const HTTP2: JsonObject = {
  typed_extension_protocol_options: {
    [HTTP_OPTIONS]: { '@type': `type.googleapis.com/${HTTP_OPTIONS}`, explicit_http_config: { http2_protocol_options: {} } },
  },
};

/** A cluster whose one host is an internal listener. `passes`: metadata namespaces of the host that go along. */
export function internalCluster(
  name: string,
  listener: string,
  { passes = [], hosts }: { passes?: readonly string[]; hosts?: Json } = {},
): JsonObject {
  const socket = typed('transport_sockets.internal_upstream.v3.InternalUpstreamTransport', {
    passthrough_metadata: passes.map((namespace) => ({ kind: { host: {} }, name: namespace })),
    transport_socket: RAW,
  });
  return {
    name,
    connect_timeout: '1s',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: hosts ?? [internalHost(listener)] }] },
    transport_socket: { name: 'envoy.transport_sockets.internal_upstream', typed_config: socket },
  };
}

export function internalHost(listener: string, fields: JsonObject = {}, id = ''): JsonObject {
  const address = { server_listener_name: listener, ...(id === '' ? {} : { endpoint_id: id }) };
  return { endpoint: { address: { envoy_internal_address: address } }, ...fields };
}

/** HTTP connection managers of Istio leave long streams alone and do not reach for the environment. */
export function byRds(name: string): JsonObject {
  return { rds: { config_source: pathSource('rds', name), route_config_name: name } };
}
