/** A node proxy of an ambient mesh, as Envoy was one: captures its pods, tunnels by HBONE, ends HBONE, with stock filters only. */
import { connectionManager, ORIGINAL_DST, socketAddress, tcpProxy, typed, virtualHost } from '../../generators/parts';
import type { Json, JsonObject } from '../../labCase';
import type { MeshProxy } from '../meshCase';
import { assignment, edsCluster, HTTP2, internalHost, mutualTls, nodeAt, originalDst, RAW, upstreamTls } from './meshParts';

/** A pod of an ambient node. */
export interface AmbientPod {
  readonly ip: string;
  readonly node: 'node1' | 'node2';
  readonly identity: string;
}

/** What a captured connection asks for: an address and port, and where it is led. */
export interface TunnelService {
  readonly name: string;
  readonly vip: string;
  readonly port: number;
  readonly targets: readonly TunnelTarget[];
}

export interface TunnelTarget {
  /** The CONNECT's authority. Example: `10.4.9.11:9080` */
  readonly destination: string;
  /** Where HBONE is spoken. Example: `10.4.9.11:15008` */
  readonly address: string;
  readonly health?: string;
}

export interface ZtunnelOptions {
  readonly node: 'node1' | 'node2';
  readonly dynamic: boolean;
  readonly pods: readonly AmbientPod[];
  readonly services: readonly TunnelService[];
  /** Filters before the HBONE of a pod, and before its plain text. */
  readonly hboneFilters: readonly JsonObject[];
  readonly connectFilters: readonly JsonObject[];
  readonly plainFilters: readonly JsonObject[];
  /** The application's address: from Envoy's header, or from the CONNECT itself. */
  readonly byAuthority: boolean;
}

const ORIGINAL_DST_KEY = 'envoy.filters.listener.original_dst';

export function ztunnel(options: ZtunnelOptions): MeshProxy {
  const { node, dynamic, pods, services, byAuthority } = options;
  const own = pods.filter((pod) => pod.node === node);
  const ways = own.flatMap((pod) => services.map((service) => ({ pod, service, name: wayName(pod, service) })));
  const header = { original_dst_lb_config: { use_http_header: true, ...(byAuthority ? { http_header_name: ':authority' } : {}) } };
  return {
    place: node,
    node: nodeAt(node, 'ztunnel'),
    dynamic,
    secrets: [{ name: 'ROOTCA' }, ...own.map(({ identity }) => ({ name: identity, identity }))],
    listeners: [outbound(own, services), ...own.map(tunnelListener), inbound(options, own), plainInbound(options, own)],
    clusters: [
      originalDst('passthrough'),
      originalDst('virtual_inbound', header),
      originalDst('virtual_inbound_plaintext'),
      ...own.map(tunnelCluster),
      ...ways.map(({ name }) => edsCluster(name, { transport_socket: passing(['tunnel', ORIGINAL_DST_KEY]) })),
    ],
    endpoints: ways.map(({ pod, service, name }) => ({
      ...assignment(name, []),
      endpoints: [{ lb_endpoints: service.targets.map((target) => tunnelHost(pod, target)) }],
    })),
  };
}

function wayName({ identity }: AmbientPod, { name }: TunnelService): string {
  return `${identity}_to_${name}_outbound_internal`;
}

/** The internal upstream of a cluster whose hosts are internal listeners. */
export function passing(namespaces: readonly string[]): JsonObject {
  const fields = { passthrough_metadata: namespaces.map((name) => ({ kind: { host: {} }, name })), transport_socket: RAW };
  const type = 'transport_sockets.internal_upstream.v3.InternalUpstreamTransport';
  return { name: 'envoy.transport_sockets.internal_upstream', typed_config: typed(type, fields) };
}

function tunnelHost(pod: AmbientPod, { destination, address, health }: TunnelTarget): JsonObject {
  const metadata = { filter_metadata: { tunnel: { destination, address }, [ORIGINAL_DST_KEY]: { local: address } } };
  return internalHost(tunnelName(pod), { metadata, ...(health === undefined ? {} : { health_status: health }) }, destination);
}

function tunnelName({ identity }: AmbientPod): string {
  return `outbound_tunnel_lis_${identity}`;
}

function tunnelListener(pod: AmbientPod): JsonObject {
  const tunneling = {
    hostname: '%DYNAMIC_METADATA(tunnel:destination)%',
    headers_to_add: [{ header: { key: 'x-envoy-original-dst-host', value: '%DYNAMIC_METADATA(["tunnel", "destination"])%' } }],
  };
  return {
    name: tunnelName(pod),
    internal_listener: {},
    listener_filters: [ORIGINAL_DST],
    filter_chains: [{ name: 'tunnel', filters: [tcpProxy({ cluster: tunnelClusterName(pod), tunneling_config: tunneling })] }],
  };
}

function tunnelClusterName({ identity }: AmbientPod): string {
  return `outbound_tunnel_clus_${identity}`;
}

function tunnelCluster(pod: AmbientPod): JsonObject {
  const tls = upstreamTls({ alpn: ['h2'], secret: pod.identity, peers: { prefix: 'spiffe://cluster.local/' } });
  return originalDst(tunnelClusterName(pod), { transport_socket: tls, ...HTTP2 });
}

/** By source, then destination, then port. */
function outbound(pods: readonly AmbientPod[], services: readonly TunnelService[]): JsonObject {
  const chains = pods.flatMap((pod) =>
    services.map((service) => ({ name: wayName(pod, service), filters: [tcpProxy({ cluster: wayName(pod, service) })] })),
  );
  const vips = [...new Set(services.map(({ vip }) => vip))];
  const portsOf = (pod: AmbientPod, vip: string): JsonObject =>
    exactly(
      'DestinationPortInput',
      services.filter((service) => service.vip === vip).map((service) => [String(service.port), goTo(wayName(pod, service))]),
    );
  const targetsOf = (pod: AmbientPod): JsonObject =>
    exactly(
      'DestinationIPInput',
      vips.map((vip) => [vip, { matcher: portsOf(pod, vip) }]),
    );
  const sources = pods.map((pod): [string, JsonObject] => [pod.ip, { matcher: targetsOf(pod) }]);
  return {
    name: 'ztunnel_outbound',
    address: socketAddress('0.0.0.0', 15001),
    traffic_direction: 'OUTBOUND',
    listener_filters: [ORIGINAL_DST],
    filter_chains: [{ name: 'passthrough', filters: [tcpProxy({ cluster: 'passthrough' })] }, ...chains],
    filter_chain_matcher: exactly('SourceIPInput', sources),
  };
}

/** A map over an input; what is in no map is passed through. */
function exactly(input: string, entries: readonly (readonly [string, Json])[]): JsonObject {
  const type = `type.googleapis.com/envoy.extensions.matching.common_inputs.network.v3.${input}`;
  const tree = { input: { name: input, typed_config: { '@type': type } }, exact_match_map: { map: Object.fromEntries(entries) } };
  return entries.length === 0 ? { on_no_match: goTo('passthrough') } : { matcher_tree: tree, on_no_match: goTo('passthrough') };
}

function goTo(chain: string): JsonObject {
  return { action: { name: 'chain', typed_config: { '@type': 'type.googleapis.com/google.protobuf.StringValue', value: chain } } };
}

/** Ends a CONNECT: what is inside goes to `cluster`. */
export function connectManager(cluster: string, filters: readonly JsonObject[]): JsonObject {
  const connect = { upgrade_configs: [{ upgrade_type: 'CONNECT', connect_config: {} }] };
  const routes = {
    name: 'local_route',
    virtual_hosts: [virtualHost('local_service', ['*'], [{ match: { connect_matcher: {} }, route: { cluster, ...connect } }])],
  };
  return connectionManager(routes, filters, {
    http2_protocol_options: { allow_connect: true },
    upgrade_configs: [{ upgrade_type: 'CONNECT' }],
  });
}

function inbound({ hboneFilters, connectFilters }: ZtunnelOptions, pods: readonly AmbientPod[]): JsonObject {
  return {
    name: 'ztunnel_inbound',
    address: socketAddress('0.0.0.0', 15008),
    filter_chains: pods.map(({ ip, identity }) => ({
      name: `inbound_${ip}`,
      filter_chain_match: { prefix_ranges: [{ address_prefix: ip, prefix_len: 32 }] },
      transport_socket: mutualTls({ alpn: ['h2'], secret: identity, peers: { prefix: 'spiffe://cluster.local/' } }),
      filters: [...hboneFilters, connectManager('virtual_inbound', connectFilters)],
    })),
  };
}

function plainInbound({ plainFilters }: ZtunnelOptions, pods: readonly AmbientPod[]): JsonObject {
  return {
    name: 'ztunnel_inbound_plaintext',
    address: socketAddress('0.0.0.0', 15006),
    traffic_direction: 'INBOUND',
    listener_filters: [ORIGINAL_DST],
    filter_chains: pods.map(({ ip }) => ({
      name: `inbound_plaintext_${ip}`,
      filter_chain_match: { prefix_ranges: [{ address_prefix: ip, prefix_len: 32 }] },
      filters: [...plainFilters, tcpProxy({ cluster: 'virtual_inbound_plaintext' })],
    })),
  };
}
