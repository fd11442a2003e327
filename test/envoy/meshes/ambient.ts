/** Ambient meshes: node proxy → (waypoint →) node proxy, and gateway → waypoint → node proxy. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../server/src/protocol/trace';
import { connectionManager, httpRequest, socketAddress, virtualHost } from '../generators/parts';
import type { JsonObject } from '../labCase';
import { clientHttp, fromOutside, REPEAT } from './ingress';
import type { MeshCase, MeshProxy, MeshRequest } from './meshCase';
import {
  assignment,
  byRds,
  edsCluster,
  HTTP2,
  identityAt,
  identityOf,
  internalHost,
  nodeAt,
  originalDst,
  outboundName,
  secretsOf,
  upstreamTls,
} from './meshParts';
import { httpPolicy, networkPolicy, serviceRoutes, someOf } from './meshPolicies';
import { PLACES } from './meshPlaces';
import { connectOriginate, vipName, waypoint, type WaypointPod, type WaypointService } from './waypoint';
import { passing, ztunnel, type AmbientPod, type TunnelService, type TunnelTarget, type ZtunnelOptions } from './ztunnel';

const PODS: readonly AmbientPod[] = [
  { ip: '10.4.8.11', node: 'node1', identity: identityOf('shop', 'cart') },
  { ip: '10.4.8.12', node: 'node1', identity: identityOf('bank', 'clerk') },
  { ip: '10.4.9.11', node: 'node2', identity: identityOf('shop', 'stock') },
  { ip: '10.4.9.12', node: 'node2', identity: identityOf('shop', 'stock2') },
];

const CALLERS = [...PODS.slice(0, 3).map(({ identity }) => identity), identityAt('waypoint'), identityAt('gateway')];
const HOST = 'stock.shop.svc.cluster.local';
const VIP = '10.96.0.11';
const WAYPOINT_HBONE = `${PLACES.waypoint.ips[0]}:15008`;

const nodeFilters = fc.record({
  hboneFilters: someOf(networkPolicy({ identities: CALLERS, source: 'certificate' })),
  connectFilters: someOf(httpPolicy({ identities: CALLERS, source: 'certificate' })),
  plainFilters: someOf(networkPolicy({ identities: CALLERS, source: 'certificate' })),
});

/** Denials at every step would leave nothing to follow. */
const calm = fc.oneof({ weight: 2, arbitrary: fc.constant<Partial<ZtunnelOptions>>({}) }, { weight: 1, arbitrary: nodeFilters });

const podTargets: fc.Arbitrary<TunnelTarget[]> = fc
  .uniqueArray(fc.record({ ip: fc.constantFrom('10.4.9.11', '10.4.9.11', '10.4.9.12', '10.4.8.12'), health: healths() }), {
    minLength: 1,
    maxLength: 2,
    selector: ({ ip }) => ip,
  })
  .map((pods) =>
    pods.map(({ ip, health }) => ({ destination: `${ip}:9080`, address: `${ip}:15008`, ...(health === undefined ? {} : { health }) })),
  );

function healths(): fc.Arbitrary<string | undefined> {
  return fc.constantFrom(undefined, undefined, undefined, undefined, undefined, 'HEALTHY', 'UNHEALTHY');
}

interface NodeOptions {
  readonly dynamic: readonly boolean[];
  readonly filters: readonly Partial<ZtunnelOptions>[];
  readonly byAuthority: boolean;
  readonly targets: readonly TunnelTarget[];
  /** A pod has a waypoint of its own, by its address. */
  readonly ledPod?: boolean;
}

/** Both nodes; services are led to their pods, or to the waypoint. */
function nodes({ dynamic, filters, byAuthority, targets, ledPod }: NodeOptions, toWaypoint: boolean): MeshProxy[] {
  const led = (destination: string): TunnelTarget[] => [{ destination, address: WAYPOINT_HBONE }];
  const services: TunnelService[] = [
    { name: `http_${HOST}`, vip: VIP, port: 9080, targets: toWaypoint ? led(`${VIP}:9080`) : targets },
    { name: `tcp_${HOST}`, vip: VIP, port: 9081, targets: toWaypoint ? led(`${VIP}:9081`) : targets.map(onPort9081) },
    {
      name: '10.4.9.11',
      vip: '10.4.9.11',
      port: 9080,
      targets: toWaypoint && ledPod === true ? led('10.4.9.11:9080') : [{ destination: '10.4.9.11:9080', address: '10.4.9.11:15008' }],
    },
    { name: 'gone', vip: '10.96.0.14', port: 9080, targets: [] },
    { name: 'far', vip: '10.96.0.15', port: 9080, targets: [{ destination: '10.6.0.5:9080', address: '10.6.0.5:15008' }] },
  ];
  return (['node1', 'node2'] as const).map((node, index) =>
    ztunnel({
      node,
      dynamic: dynamic[index] === true,
      pods: PODS,
      services,
      hboneFilters: [],
      connectFilters: [],
      plainFilters: [],
      byAuthority,
      ...filters[index],
    }),
  );
}

function onPort9081(target: TunnelTarget): TunnelTarget {
  return { ...target, destination: target.destination.replace(':9080', ':9081') };
}

const captured: fc.Arbitrary<MeshRequest> = fc
  .record({
    http: clientHttp,
    source: fc.constantFrom('10.4.8.11', '10.4.8.11', '10.4.8.12'),
    destination: fc.constantFrom(
      `${VIP}:9080`,
      `${VIP}:9080`,
      `${VIP}:9080`,
      `${VIP}:9081`,
      '10.4.9.11:9080',
      '10.4.9.12:9082',
      '10.96.0.14:9080',
      '10.96.0.15:9080',
      '93.184.216.34:80',
    ),
    isBytes: fc.constantFrom(false, false, false, true),
  })
  .map(({ http, source, destination, isBytes }) => {
    const request: TraceRequest = httpRequest({ ...http, authority: 'stock.shop' }, { source, destination });
    const start = { proxy: nodeAt('node1', 'ztunnel').id };
    return { from: 'node1', request: isBytes ? { connection: request.connection, start } : { ...request, start }, repeat: REPEAT };
  });

/** HBONE by hand, from outside: with a certificate of the mesh or none, to a pod or the waypoint. */
const byHand = (places: readonly ('node2' | 'waypoint')[]): fc.Arbitrary<MeshRequest> =>
  fc
    .record({
      place: fc.constantFrom(...places),
      principal: fc.constantFrom('', ...CALLERS, 'spiffe://other.domain/ns/x/sa/y'),
      inner: clientHttp,
      authority: fc.constantFrom('', '', '10.4.9.12:9081'),
    })
    .map(({ place, principal, inner, authority }) => {
      const ip = place === 'waypoint' ? PLACES.waypoint.ips[0] : '10.4.9.11';
      const target = authority === '' ? (place === 'waypoint' ? `${VIP}:9080` : '10.4.9.11:9080') : authority;
      const peer = principal === '' ? {} : { peerPrincipals: [principal] };
      const headers: [string, string][] = [['x-envoy-original-dst-host', target]];
      const outer = httpRequest(
        { version: 'http2', method: 'CONNECT', authority: target, path: '', headers },
        { source: '10.5.0.9', destination: `${ip}:15008`, transport: 'tls', alpn: ['h2'], ...peer },
      );
      const start = { proxy: nodeAt(place, place === 'waypoint' ? 'waypoint' : 'ztunnel').id };
      const http = { ...httpRequest({ ...inner, authority: 'stock.shop' }).http, version: 'http1' as const };
      return { from: 'outside', request: { ...outer, start, inner: { http: http as NonNullable<TraceRequest['http']> } }, repeat: REPEAT };
    });

/** Plain text to a pod, from outside the mesh. */
const plainly: fc.Arbitrary<MeshRequest> = fc
  .record({ http: clientHttp, port: fc.constantFrom(9080, 9081, 9082) })
  .map(({ http, port }) => ({
    from: 'outside',
    request: {
      ...httpRequest({ ...http, authority: 'stock' }, { source: '10.5.0.9', destination: `10.4.9.11:${port}` }),
      start: { proxy: nodeAt('node2', 'ztunnel').id },
    },
    repeat: REPEAT,
  }));

const base = {
  dynamic: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  filters: fc.tuple(calm, calm),
  byAuthority: fc.boolean(),
  targets: podTargets,
};

export const ambient: fc.Arbitrary<MeshCase> = fc
  .record({
    ...base,
    requests: fc.array(
      fc.oneof({ weight: 4, arbitrary: captured }, { weight: 1, arbitrary: byHand(['node2']) }, { weight: 1, arbitrary: plainly }),
      { minLength: 7, maxLength: 9 },
    ),
  })
  .map(({ requests, ...options }): MeshCase => ({ area: 'ambient', proxies: nodes(options, false), requests }));

const SUBSETS = ['', 'v1', 'v2'];

const waypointParts = {
  ledPod: fc.boolean(),
  pods: fc.tuple(...SUBSETS.map(() => waypointPods())),
  routes: serviceRoutes(SUBSETS.map((subset) => vipName({ host: HOST, port: 9080, protocol: 'http' }, subset))),
  httpFilters: someOf(httpPolicy({ identities: CALLERS, source: 'state' })),
  networkFilters: someOf(networkPolicy({ identities: CALLERS, source: 'state' })),
  connectPolicy: fc.oneof(
    { weight: 4, arbitrary: fc.constant<JsonObject[]>([]) },
    { weight: 1, arbitrary: someOf(httpPolicy({ identities: CALLERS, source: 'certificate' })) },
  ),
};

function waypointPods(): fc.Arbitrary<WaypointPod[]> {
  const pod = fc.record({ ip: fc.constantFrom('10.4.9.11', '10.4.9.12', '10.4.8.12', '10.6.0.5'), health: healths() });
  return fc
    .uniqueArray(pod, { minLength: 1, maxLength: 2, selector: ({ ip }) => ip })
    .map((pods) => pods.map(({ ip, health }) => ({ address: `${ip}:9080`, ...(health === undefined ? {} : { health }) })));
}

interface WaypointGiven {
  readonly pods: readonly (readonly WaypointPod[])[];
  readonly routes: readonly JsonObject[];
  readonly httpFilters: readonly JsonObject[];
  readonly networkFilters: readonly JsonObject[];
  readonly connectPolicy: readonly JsonObject[];
  readonly dynamic: readonly boolean[];
  readonly ledPod: boolean;
}

function waypointOf({ pods, routes, httpFilters, networkFilters, connectPolicy, dynamic, ledPod }: WaypointGiven): MeshProxy {
  const http: WaypointService = {
    host: HOST,
    vip: VIP,
    port: 9080,
    protocol: 'http',
    subsets: Object.fromEntries(SUBSETS.map((subset, index) => [subset, pods[index] ?? []])),
    routes,
  };
  const tcp: WaypointService = {
    host: HOST,
    vip: VIP,
    port: 9081,
    protocol: 'tcp',
    subsets: { '': [{ address: '10.4.9.11:9081' }] },
    routes: [],
  };
  const pod: WaypointService = {
    host: 'stock-0.shop',
    vip: '10.4.9.11',
    port: 9080,
    protocol: 'http',
    subsets: { '': [{ address: '10.4.9.11:9080' }] },
    routes: [{ name: 'pod', match: { prefix: '/' }, route: { cluster: vipName({ host: 'stock-0.shop', port: 9080, protocol: 'http' }) } }],
  };
  const services = ledPod ? [http, tcp, pod] : [http, tcp];
  return waypoint({ dynamic: dynamic[2] === true, services, httpFilters, networkFilters, connectFilters: connectPolicy });
}

/** Node → waypoint → node. */
export const waypoints: fc.Arbitrary<MeshCase> = fc
  .record({
    ...base,
    ...waypointParts,
    requests: fc.array(fc.oneof({ weight: 4, arbitrary: captured }, { weight: 1, arbitrary: byHand(['waypoint', 'node2']) }), {
      minLength: 7,
      maxLength: 9,
    }),
  })
  .map(({ requests, ...options }): MeshCase => ({ area: 'waypoints', proxies: [...nodes(options, true), waypointOf(options)], requests }));

/** A gateway whose clusters lead into its own `connect_originate`, which knows the waypoint by the host's metadata. */
function ambientGateway(dynamic: boolean): MeshProxy {
  const name = outboundName(9080, HOST);
  const key = 'envoy.filters.listener.original_dst';
  const metadata = { filter_metadata: { [key]: { local: `${VIP}:9080` }, tunnel: { address: WAYPOINT_HBONE } } };
  const straight = { filter_metadata: { [key]: { local: '10.4.9.11:9080' }, tunnel: { address: '10.4.9.11:15008' } } };
  const direct = outboundName(9080, 'direct.shop.svc.cluster.local');
  const tls = upstreamTls({ alpn: ['h2'], peers: { prefix: 'spiffe://cluster.local/' } });
  const hosts = (one: JsonObject): JsonObject[] => [{ lb_endpoints: [internalHost('connect_originate', { metadata: one }, 'x')] }];
  const manager = connectionManager({}, [], {
    route_config: undefined,
    ...byRds('http.80'),
    use_remote_address: true,
  } as unknown as JsonObject);
  return {
    place: 'gateway',
    node: nodeAt('gateway', 'router'),
    dynamic,
    secrets: secretsOf(identityAt('gateway')),
    listeners: [
      { name: '0.0.0.0_80', address: socketAddress('0.0.0.0', 80), traffic_direction: 'OUTBOUND', filter_chains: [{ filters: [manager] }] },
      connectOriginate(),
    ],
    clusters: [
      edsCluster(name, { transport_socket: passing([key, 'tunnel']) }),
      edsCluster(direct, { transport_socket: passing([key, 'tunnel']) }),
      originalDst('connect_originate', {
        transport_socket: tls,
        original_dst_lb_config: { metadata_key: { key: 'tunnel', path: [{ key: 'address' }] } },
        ...HTTP2,
      }),
    ],
    routes: [
      {
        name: 'http.80',
        virtual_hosts: [
          virtualHost(
            'shop.test:80',
            ['shop.test'],
            [
              { name: 'direct', match: { prefix: '/admin' }, route: { cluster: direct } },
              { name: 'shop', match: { prefix: '/' }, route: { cluster: name } },
            ],
          ),
        ],
        validate_clusters: false,
      },
    ],
    endpoints: [
      { ...assignment(name, []), endpoints: hosts(metadata) },
      { ...assignment(direct, []), endpoints: hosts(straight) },
    ],
  };
}

const entering: fc.Arbitrary<MeshRequest> = fc
  .record({
    http: clientHttp,
    authority: fc.constantFrom('shop.test', 'shop.test', 'shop.test', 'else.test'),
    source: fc.constantFrom('203.0.113.4', '198.51.100.7'),
  })
  .map(({ http, authority, source }) =>
    fromOutside(httpRequest({ ...http, authority }, { destination: '10.4.0.2:80', source }), 'gateway'),
  );

/** Gateway → waypoint → node. */
export const ambientIngress: fc.Arbitrary<MeshCase> = fc
  .record({ ...base, ...waypointParts, requests: fc.array(entering, { minLength: 6, maxLength: 8 }) })
  .map(({ requests, ...options }): MeshCase => ({
    area: 'ambient_ingress',
    proxies: [ambientGateway(options.dynamic[3] === true), waypointOf(options), ...nodes(options, true).slice(1)],
    requests,
  }));
