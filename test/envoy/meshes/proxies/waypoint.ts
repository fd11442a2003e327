/** A waypoint: ends HBONE, serves services by their addresses, and opens HBONE to the pods; with stock filters only. */
import { connectionManager, extension, ORIGINAL_DST, socketAddress, tcpProxy } from '../../generators/parts';
import type { JsonObject } from '../../labCase';
import type { MeshProxy } from '../meshCase';
import { PEER_KEY } from './meshPolicies';
import {
  assignment,
  byRds,
  edsCluster,
  HTTP2,
  identityAt,
  internalCluster,
  internalHost,
  mutualTls,
  nodeAt,
  originalDst,
  secretsOf,
  upstreamTls,
} from './meshParts';
import { connectManager, passing } from './ztunnel';

export const ORIGINAL_DST_KEY = 'envoy.filters.listener.original_dst';

/** A service at the waypoint, and the pods behind it. */
export interface WaypointService {
  readonly host: string;
  readonly vip: string;
  readonly port: number;
  readonly protocol: 'http' | 'tcp';
  /** Subset → pods (`10.4.9.11:9080`). */
  readonly subsets: Readonly<Record<string, readonly WaypointPod[]>>;
  readonly routes: readonly JsonObject[];
}

export interface WaypointPod {
  readonly address: string;
  readonly health?: string;
}

export interface WaypointOptions {
  readonly dynamic: boolean;
  readonly services: readonly WaypointService[];
  readonly httpFilters: readonly JsonObject[];
  readonly networkFilters: readonly JsonObject[];
  /** Filters on the CONNECT itself. */
  readonly connectFilters: readonly JsonObject[];
}

/** Example: `inbound-vip|9080|http|stock.shop.svc.cluster.local` */
export function vipName({ host, port, protocol }: Pick<WaypointService, 'host' | 'port' | 'protocol'>, subset = ''): string {
  return `inbound-vip|${port}|${protocol}${subset === '' ? '' : `/${subset}`}|${host}`;
}

export function waypoint({ dynamic, services, httpFilters, networkFilters, connectFilters }: WaypointOptions): MeshProxy {
  const subsets = services.flatMap((service) =>
    Object.entries(service.subsets).map(([subset, pods]) => ({ name: vipName(service, subset), pods })),
  );
  return {
    place: 'waypoint',
    node: nodeAt('waypoint', 'waypoint'),
    dynamic,
    secrets: secretsOf(identityAt('waypoint')),
    listeners: [connectTerminate(connectFilters), mainInternal(services, httpFilters, networkFilters), connectOriginate()],
    clusters: [
      internalCluster('main_internal', 'main_internal'),
      ...subsets.map(({ name }) => edsCluster(name, { transport_socket: passing([ORIGINAL_DST_KEY]) })),
      tunnelCluster(),
      originalDst('encap'),
    ],
    routes: services.filter(({ protocol }) => protocol === 'http').map(routesOf),
    endpoints: subsets.map(({ name, pods }) => ({ ...assignment(name, []), endpoints: [{ lb_endpoints: pods.map(originateHost) }] })),
  };
}

/** A host behind `connect_originate`, which speaks HBONE to it. */
export function originateHost({ address, health }: WaypointPod): JsonObject {
  const metadata = { filter_metadata: { [ORIGINAL_DST_KEY]: { local: address } } };
  return internalHost('connect_originate', { metadata, ...(health === undefined ? {} : { health_status: health }) }, address);
}

/** The listener behind which HBONE begins; its destination is the CONNECT's authority. */
export function connectOriginate(fields: JsonObject = {}): JsonObject {
  const filters = [tcpProxy({ cluster: 'connect_originate', tunneling_config: { hostname: '%DOWNSTREAM_LOCAL_ADDRESS%' }, ...fields })];
  return { name: 'connect_originate', internal_listener: {}, listener_filters: [ORIGINAL_DST], filter_chains: [{ filters }] };
}

function tunnelCluster(): JsonObject {
  const tls = upstreamTls({ alpn: ['h2'], peers: { prefix: 'spiffe://cluster.local/' } });
  return originalDst('connect_originate', { transport_socket: tls, original_dst_lb_config: { upstream_port_override: 15008 }, ...HTTP2 });
}

/** What the inner listener must know: where the client wanted to go, and who it is. */
function noteClient(): JsonObject {
  const text = (value: string): JsonObject => ({ text_format_source: { inline_string: value } });
  return extension('connect_authority', 'filters.http.set_filter_state.v3.Config', {
    on_request_headers: [
      { object_key: `${ORIGINAL_DST_KEY}.local_ip`, format_string: text('%REQ(:AUTHORITY)%'), shared_with_upstream: 'ONCE' },
      {
        object_key: PEER_KEY,
        factory_key: 'envoy.string',
        format_string: text('%DOWNSTREAM_PEER_URI_SAN%'),
        shared_with_upstream: 'TRANSITIVE',
      },
    ],
  });
}

export function connectTerminate(filters: readonly JsonObject[]): JsonObject {
  return {
    name: 'connect_terminate',
    address: socketAddress('0.0.0.0', 15008),
    filter_chains: [
      {
        name: 'default',
        transport_socket: mutualTls({ alpn: ['h2'], peers: { prefix: 'spiffe://cluster.local/' } }),
        filters: [connectManager('main_internal', [noteClient(), ...filters])],
      },
    ],
  };
}

function mainInternal(
  services: readonly WaypointService[],
  httpFilters: readonly JsonObject[],
  networkFilters: readonly JsonObject[],
): JsonObject {
  const chains = services.map((service) => ({
    name: vipName(service),
    filter_chain_match: { destination_port: service.port, prefix_ranges: [{ address_prefix: service.vip, prefix_len: 32 }] },
    filters:
      service.protocol === 'http'
        ? [
            connectionManager({}, httpFilters, {
              route_config: undefined,
              ...byRds(vipName(service)),
              use_remote_address: false,
            } as unknown as JsonObject),
          ]
        : [...networkFilters, tcpProxy({ cluster: vipName(service) })],
  }));
  return {
    name: 'main_internal',
    internal_listener: {},
    listener_filters: [ORIGINAL_DST],
    filter_chains: [...chains, { name: 'encap', filters: [...networkFilters, tcpProxy({ cluster: 'encap' })] }],
  };
}

function routesOf(service: WaypointService): JsonObject {
  const name = vipName(service);
  return {
    name,
    virtual_hosts: [{ name: `inbound|http|${service.port}`, domains: ['*'], routes: [...service.routes] }],
    validate_clusters: false,
  };
}
