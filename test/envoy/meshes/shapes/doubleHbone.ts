/** Two networks of an ambient mesh: a tunnel for the other network's gateway, and in it one for the service, which ends at a waypoint or a pod's node. */
import fc from 'fast-check';
import { connectionManager, extension, httpRequest, ORIGINAL_DST, socketAddress, tcpProxy, virtualHost } from '../../generators/parts';
import type { JsonObject } from '../../labCase';
import { clientHttp, CALLERS, fromOutside } from './ingress';
import type { MeshCase, MeshProxy, MeshRequest } from '../meshCase';
import {
  assignment,
  byRds,
  edsCluster,
  HTTP2,
  identityAt,
  identityOf,
  internalCluster,
  internalHost,
  nodeAt,
  originalDst,
  outboundName,
  secretsOf,
  upstreamTls,
} from '../proxies/meshParts';
import { httpPolicy, networkPolicy, serviceRoutes, someOf } from '../proxies/meshPolicies';
import { PLACES } from '../places/meshPlaces';
import { connectTerminate, ORIGINAL_DST_KEY, vipName, waypoint } from '../proxies/waypoint';
import { passing, ztunnel } from '../proxies/ztunnel';

const HOST = 'stock.shop.svc.cluster.local';
const VIP = '10.96.0.11';
const POD = '10.4.9.11';
const GATEWAY_HBONE = `${PLACES.second.ips[0]}:15008`;
const WAYPOINT_HBONE = `${PLACES.waypoint.ips[0]}:15008`;
const TARGET = 'lab.double_hbone.target';

/** Where the inner tunnel ends, and what it asks for there. */
type End = 'waypoint' | 'pod' | 'nowhere';

const ENDS: Readonly<Record<End, { readonly target: string; readonly address: string }>> = {
  waypoint: { target: `${VIP}:9080`, address: WAYPOINT_HBONE },
  pod: { target: `${POD}:9080`, address: `${POD}:15008` },
  nowhere: { target: '10.96.0.99:9080', address: '' },
};

const tunnelTls = (prefix: string): JsonObject => upstreamTls({ alpn: ['h2'], peers: { prefix } });
const MESH = 'spiffe://cluster.local/';

interface NearOptions {
  readonly dynamic: boolean;
  readonly end: End;
  readonly routes: readonly JsonObject[];
  /** Of the inner and the outer peer; a prefix that does not fit makes the tunnel fail. */
  readonly peers: readonly [inner: string, outer: string];
}

const SERVICE = outboundName(9080, HOST);

/** Sends in two tunnels. */
function near({ dynamic, end, routes, peers }: NearOptions): MeshProxy {
  const state = (object_key: string, text: string, fields: JsonObject = {}): JsonObject => ({
    object_key,
    format_string: { text_format_source: { inline_string: text } },
    shared_with_upstream: 'TRANSITIVE',
    ...fields,
  });
  const note = extension('state', 'filters.network.set_filter_state.v3.Config', {
    on_new_connection: [
      state(`${ORIGINAL_DST_KEY}.local_ip`, `%DYNAMIC_METADATA(${ORIGINAL_DST_KEY}:local)%`),
      state(TARGET, '%DYNAMIC_METADATA(istio:double_hbone:target)%', { factory_key: 'envoy.string' }),
    ],
  });
  const metadata = {
    filter_metadata: { [ORIGINAL_DST_KEY]: { local: GATEWAY_HBONE }, istio: { double_hbone: { target: ENDS[end].target } } },
  };
  const tunnel = (cluster: string): JsonObject => tcpProxy({ cluster, tunneling_config: { hostname: `%FILTER_STATE(${TARGET}:PLAIN)%` } });
  const manager = connectionManager({}, [], {
    route_config: undefined,
    ...byRds('http.80'),
    use_remote_address: true,
  } as unknown as JsonObject);
  const inner = internalCluster('inner_connect_originate', 'outer_connect_originate');
  const insideSocket = inner['transport_socket'] as { typed_config: JsonObject };
  const secured = { ...insideSocket, typed_config: { ...insideSocket.typed_config, transport_socket: tunnelTls(peers[0]) } };
  return {
    place: 'gateway',
    node: nodeAt('gateway', 'router'),
    dynamic,
    secrets: secretsOf(identityAt('gateway')),
    listeners: [
      { name: '0.0.0.0_80', address: socketAddress('0.0.0.0', 80), traffic_direction: 'OUTBOUND', filter_chains: [{ filters: [manager] }] },
      {
        name: 'inner_connect_originate',
        internal_listener: {},
        filter_chains: [{ filters: [note, tunnel('inner_connect_originate')] }],
      },
      {
        name: 'outer_connect_originate',
        internal_listener: {},
        listener_filters: [ORIGINAL_DST],
        filter_chains: [{ filters: [tunnel('outer_connect_originate')] }],
      },
    ],
    clusters: [
      edsCluster(SERVICE, { transport_socket: passing([ORIGINAL_DST_KEY, 'istio']) }),
      { ...inner, ...HTTP2, transport_socket: secured },
      originalDst('outer_connect_originate', { transport_socket: tunnelTls(peers[1]), ...HTTP2 }),
    ],
    routes: [{ name: 'http.80', virtual_hosts: [virtualHost('shop.test:80', ['shop.test'], routes)], validate_clusters: false }],
    endpoints: [
      { ...assignment(SERVICE, []), endpoints: [{ lb_endpoints: [internalHost('inner_connect_originate', { metadata }, GATEWAY_HBONE)] }] },
    ],
  };
}

/** Takes the outer tunnel off and leads the bytes inside on, whatever they are. */
function eastWestGateway(dynamic: boolean, guards: readonly JsonObject[], connectPolicy: readonly JsonObject[]): MeshProxy {
  const chains = (['waypoint', 'pod'] as const).map((end) => {
    const [ip = '', port] = ENDS[end].target.split(':');
    const match = { destination_port: Number(port), prefix_ranges: [{ address_prefix: ip, prefix_len: 32 }] };
    return { name: `to-${end}`, filter_chain_match: match, filters: [...guards, tcpProxy({ cluster: `to-${end}` })] };
  });
  const hostOf = (end: 'waypoint' | 'pod'): JsonObject =>
    internalHost('forward_inner_connect', { metadata: { filter_metadata: { [ORIGINAL_DST_KEY]: { local: ENDS[end].address } } } }, end);
  return {
    place: 'second',
    node: nodeAt('second', 'waypoint'),
    dynamic,
    secrets: secretsOf(identityAt('second')),
    listeners: [
      connectTerminate(connectPolicy),
      { name: 'main_internal', internal_listener: {}, listener_filters: [ORIGINAL_DST], filter_chains: chains },
      {
        name: 'forward_inner_connect',
        internal_listener: {},
        listener_filters: [ORIGINAL_DST],
        filter_chains: [{ filters: [tcpProxy({ cluster: 'forward_inner_connect' })] }],
      },
    ],
    clusters: [
      internalCluster('main_internal', 'main_internal'),
      ...(['waypoint', 'pod'] as const).map((end) =>
        internalCluster(`to-${end}`, 'forward_inner_connect', { passes: [ORIGINAL_DST_KEY], hosts: [hostOf(end)] }),
      ),
      originalDst('forward_inner_connect'),
    ],
  };
}

const request: fc.Arbitrary<MeshRequest> = fc
  .record({ http: clientHttp, source: fc.constantFrom('203.0.113.4', '198.51.100.7') })
  .map(({ http, source }) =>
    fromOutside(httpRequest({ ...http, authority: 'shop.test' }, { destination: '10.4.0.2:80', source }), 'gateway'),
  );

const prefix = fc.constantFrom(...Array.from({ length: 8 }, () => MESH), 'spiffe://other.domain/');

export const doubleHbone: fc.Arbitrary<MeshCase> = fc
  .record({
    dynamic: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean()),
    end: fc.constantFrom<End[]>('waypoint', 'waypoint', 'waypoint', 'pod', 'pod', 'nowhere'),
    routes: serviceRoutes([SERVICE]),
    peers: fc.tuple(prefix, prefix),
    guards: someOf(networkPolicy({ identities: CALLERS, source: 'state' })),
    connectPolicy: someOf(httpPolicy({ identities: CALLERS, source: 'certificate' })),
    waypointRoutes: serviceRoutes([vipName({ host: HOST, port: 9080, protocol: 'http' })]),
    httpFilters: someOf(httpPolicy({ identities: CALLERS, source: 'state' })),
    hboneFilters: someOf(networkPolicy({ identities: CALLERS, source: 'certificate' })),
    requests: fc.array(request, { minLength: 5, maxLength: 6 }),
  })
  .map(({ dynamic, end, routes, peers, guards, connectPolicy, waypointRoutes, httpFilters, hboneFilters, requests }): MeshCase => {
    const service = { host: HOST, vip: VIP, port: 9080, protocol: 'http' as const, subsets: { '': [{ address: `${POD}:9080` }] } };
    const pods = [{ ip: POD, node: 'node2' as const, identity: identityOf('shop', 'stock') }];
    const nodeOptions = { node: 'node2' as const, pods, services: [], connectFilters: [], plainFilters: [], byAuthority: true };
    return {
      area: 'double_hbone',
      proxies: [
        near({ dynamic: dynamic[0], end, routes, peers }),
        eastWestGateway(dynamic[1], guards, connectPolicy),
        waypoint({
          dynamic: dynamic[2],
          services: [{ ...service, routes: waypointRoutes }],
          httpFilters,
          networkFilters: [],
          connectFilters: [],
        }),
        ztunnel({ ...nodeOptions, dynamic: dynamic[3], hboneFilters }),
      ],
      requests,
    };
  });
