/** A sidecar as Istio configures it: two capturing listeners, one unbound listener a service port, an application behind. */
import {
  connectionManager,
  HTTP_INSPECTOR,
  ORIGINAL_DST,
  socketAddress,
  tcpProxy,
  TLS_INSPECTOR,
  virtualHost,
} from '../../generators/parts';
import type { JsonObject } from '../../labCase';
import type { MeshProxy } from '../meshCase';
import { PLACES, type PlaceName } from '../places/meshPlaces';
import { BLACK_HOLE, byRds, identityAt, ISTIO_ALPN, mutualTls, nodeAt, originalDst, secretsOf, type SanMatch } from './meshParts';

export type TlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

export interface InboundOptions {
  readonly tls: TlsMode;
  /** Chains ask for Istio's ALPN. */
  readonly wantsAlpn: boolean;
  readonly peers: SanMatch;
  /** The application is reached by its pod's address, or on the loopback. */
  readonly toLoopback: boolean;
  readonly httpFilters: readonly JsonObject[];
  readonly networkFilters: readonly JsonObject[];
}

export interface OutboundService {
  readonly host: string;
  readonly vip: string;
  readonly port: number;
  readonly protocol: 'http' | 'tcp';
  /** Routes of an HTTP service. */
  readonly routes: readonly JsonObject[];
  /** Cluster of a TCP service. */
  readonly cluster: string;
}

export interface OutboundOptions {
  readonly services: readonly OutboundService[];
  readonly clusters: readonly JsonObject[];
  readonly endpoints: readonly JsonObject[];
  /** Else what nobody registered is refused. */
  readonly allowsAny: boolean;
  /** Service ports sniff the protocol. */
  readonly sniffs: boolean;
}

export interface SidecarOptions {
  readonly place: PlaceName;
  readonly dynamic: boolean;
  readonly inbound: InboundOptions;
  readonly outbound: OutboundOptions;
}

/** The ports of its application: HTTP and plain bytes; any other is passed through. */
export const HTTP_PORT = 9080;
export const TCP_PORT = 9081;

export function sidecar({ place, dynamic, inbound, outbound }: SidecarOptions): MeshProxy {
  const bound = { upstream_bind_config: { source_address: { address: '127.0.0.6', port_value: 0 } } };
  const services = outbound.services.filter(({ protocol }) => protocol === 'http');
  const ports = [...new Set(services.map(({ port }) => port))];
  return {
    place,
    node: nodeAt(place, 'sidecar'),
    dynamic,
    secrets: secretsOf(identityAt(place)),
    listeners: [
      virtualOutbound(outbound.allowsAny),
      virtualInbound(inbound),
      ...ports.map((port) => httpListener(port, outbound.sniffs)),
      ...outbound.services.filter(({ protocol }) => protocol === 'tcp').map(tcpListener),
    ],
    clusters: [
      BLACK_HOLE,
      originalDst('PassthroughCluster'),
      originalDst('InboundPassthroughCluster', bound),
      inboundCluster(HTTP_PORT, inbound, bound),
      inboundCluster(TCP_PORT, inbound, bound),
      ...outbound.clusters,
    ],
    routes: ports.map((port) => routesOf(port, services, outbound.allowsAny)),
    endpoints: outbound.endpoints,
  };
}

function inboundName(port: number): string {
  return `inbound|${port}||`;
}

function inboundCluster(port: number, { toLoopback }: InboundOptions, bound: JsonObject): JsonObject {
  const name = inboundName(port);
  if (!toLoopback) return originalDst(name, bound);
  const host = { endpoint: { address: socketAddress('127.0.0.1', port) } };
  return { name, connect_timeout: '1s', load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [host] }] } };
}

function virtualOutbound(allowsAny: boolean): JsonObject {
  return {
    name: 'virtualOutbound',
    address: socketAddress('0.0.0.0', 15001),
    use_original_dst: true,
    traffic_direction: 'OUTBOUND',
    filter_chains: [
      {
        name: 'virtualOutbound-blackhole',
        filter_chain_match: { destination_port: 15001 },
        filters: [tcpProxy({ cluster: 'BlackHoleCluster' })],
      },
      { name: 'virtualOutbound-catchall-tcp', filters: [tcpProxy({ cluster: allowsAny ? 'PassthroughCluster' : 'BlackHoleCluster' })] },
    ],
  };
}

function httpListener(port: number, sniffs: boolean): JsonObject {
  const manager = connectionManager({}, [], {
    route_config: undefined,
    ...byRds(String(port)),
    use_remote_address: false,
  } as unknown as JsonObject);
  const base = { name: `0.0.0.0_${port}`, address: socketAddress('0.0.0.0', port), bind_to_port: false, traffic_direction: 'OUTBOUND' };
  if (!sniffs) return { ...base, filter_chains: [{ filters: [manager] }] };
  return {
    ...base,
    listener_filters: [TLS_INSPECTOR, HTTP_INSPECTOR],
    filter_chains: [
      { filter_chain_match: { transport_protocol: 'raw_buffer', application_protocols: ['http/1.1', 'h2c'] }, filters: [manager] },
    ],
    default_filter_chain: { name: 'PassthroughFilterChain', filters: [tcpProxy({ cluster: 'PassthroughCluster' })] },
  };
}

function tcpListener({ vip, port, cluster }: OutboundService): JsonObject {
  return {
    name: `${vip}_${port}`,
    address: socketAddress(vip, port),
    bind_to_port: false,
    traffic_direction: 'OUTBOUND',
    filter_chains: [{ filters: [tcpProxy({ cluster })] }],
  };
}

function routesOf(port: number, services: readonly OutboundService[], allowsAny: boolean): JsonObject {
  const hosts = services
    .filter((service) => service.port === port)
    .map(({ host, vip, routes }) => virtualHost(`${host}:${port}`, domainsOf(host, vip), routes));
  const block = { name: 'block_all', match: { prefix: '/' }, direct_response: { status: 502 } };
  const pass = { name: 'allow_any', match: { prefix: '/' }, route: { cluster: 'PassthroughCluster' } };
  const rest = virtualHost(allowsAny ? 'allow_any' : 'block_all', ['*'], [allowsAny ? pass : block]);
  return { name: String(port), virtual_hosts: [...hosts, rest], validate_clusters: false, ignore_port_in_host_matching: true };
}

/** Every spelling of a service's name, and its address. */
function domainsOf(host: string, vip: string): string[] {
  const [name = '', namespace = ''] = host.split('.');
  return [host, `${name}.${namespace}.svc`, `${name}.${namespace}`, name, vip];
}

function virtualInbound(options: InboundOptions): JsonObject {
  const { tls, wantsAlpn, peers } = options;
  const secure = mutualTls({ alpn: ['h2', 'http/1.1'], peers });
  const secureMatch = { transport_protocol: 'tls', ...(wantsAlpn ? { application_protocols: [...ISTIO_ALPN, 'istio-http/1.1'] } : {}) };
  const chainsOf = (name: string, match: JsonObject, filters: JsonObject[]): JsonObject[] => [
    ...(tls === 'DISABLE' ? [] : [{ name, filter_chain_match: { ...match, ...secureMatch }, transport_socket: secure, filters }]),
    ...(tls === 'STRICT' ? [] : [{ name, filter_chain_match: { ...match, transport_protocol: 'raw_buffer' }, filters }]),
  ];
  const { networkFilters } = options;
  return {
    name: 'virtualInbound',
    address: socketAddress('0.0.0.0', 15006),
    traffic_direction: 'INBOUND',
    listener_filters: [ORIGINAL_DST, TLS_INSPECTOR],
    filter_chains: [
      {
        name: 'virtualInbound-blackhole',
        filter_chain_match: { destination_port: 15006 },
        filters: [tcpProxy({ cluster: 'BlackHoleCluster' })],
      },
      ...chainsOf('virtualInbound', {}, [...networkFilters, tcpProxy({ cluster: 'InboundPassthroughCluster' })]),
      ...chainsOf(`0.0.0.0_${HTTP_PORT}`, { destination_port: HTTP_PORT }, [inboundManager(options)]),
      ...chainsOf(`0.0.0.0_${TCP_PORT}`, { destination_port: TCP_PORT }, [...networkFilters, tcpProxy({ cluster: inboundName(TCP_PORT) })]),
    ],
  };
}

function inboundManager({ httpFilters }: InboundOptions): JsonObject {
  const name = inboundName(HTTP_PORT);
  const routes = {
    name,
    virtual_hosts: [
      virtualHost(`inbound|http|${HTTP_PORT}`, ['*'], [{ name: 'default', match: { prefix: '/' }, route: { cluster: name } }]),
    ],
  };
  return connectionManager(routes, httpFilters, {
    use_remote_address: false,
    forward_client_cert_details: 'APPEND_FORWARD',
    set_current_client_cert_details: { subject: true, dns: true, uri: true },
    upgrade_configs: [{ upgrade_type: 'websocket' }],
  });
}

/** The addresses at which a pod is called. */
export function podAddress(place: PlaceName): string {
  return PLACES[place].ips[0];
}
