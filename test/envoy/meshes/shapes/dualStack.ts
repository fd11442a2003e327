/** Meshes of two address families: proxies that listen at both, endpoints with an address of either or of both. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { connectionManager, endpoint, httpRequest, socketAddress, virtualHost } from '../../generators/parts';
import type { Json, JsonObject } from '../../labCase';
import { CALLERS, clientHttp, inboundOptions, REPEAT, servant } from './ingress';
import type { MeshCase, MeshProxy, MeshRequest } from '../meshCase';
import {
  automaticTls,
  BLACK_HOLE,
  edsCluster,
  ISTIO_ALPN,
  nodeAt,
  outboundName,
  secretsOf,
  identityAt,
  SPEAKS_TLS,
  upstreamTls,
} from '../proxies/meshParts';
import { httpPolicy, serviceRoutes, someOf } from '../proxies/meshPolicies';
import { PLACES, type PlaceName } from '../places/meshPlaces';
import { BARE_POD, QUEUE, STOCK } from '../proxies/services';
import { sidecar } from '../proxies/sidecar';

const BARE_POD6 = 'fd00:5::7';
const VIPS6: Readonly<Record<string, string>> = { [STOCK.vip]: 'fd00:96::11', [QUEUE.vip]: 'fd00:96::13' };

/** How a listener takes both families: two sockets, or one of IPv6 that takes IPv4 as well; or it takes IPv4 only, as only a gateway may: what a pod intercepts has to be taken. */
type Families = 'two' | 'compat' | 'one';

/** The proxy of one family made one of two. */
function inBoth(proxy: MeshProxy, families: Families): MeshProxy {
  const { ips, ip6 } = PLACES[proxy.place];
  const metadata = { ...proxy.node.metadata, INSTANCE_IPS: `${ips[0]},${ip6}` };
  return {
    ...proxy,
    node: { ...proxy.node, metadata },
    listeners: proxy.listeners.map((each) => widened(each, families)),
    clusters: proxy.clusters.map(fromBoth),
  };
}

function widened(listener: JsonObject, families: Families): JsonObject {
  const { address, port_value: port } = (listener['address'] as { socket_address: { address: string; port_value: number } }).socket_address;
  const other = address === '0.0.0.0' ? '::' : VIPS6[address];
  if (families === 'one' || other === undefined) return listener;
  if (families === 'two' || address !== '0.0.0.0') return { ...listener, additional_addresses: [{ address: socketAddress(other, port) }] };
  return { ...listener, address: { socket_address: { address: '::', port_value: port, ipv4_compat: true } } };
}

/** Connections to the application come from an address that the interception knows. */
function fromBoth(cluster: JsonObject): JsonObject {
  const bind = cluster['upstream_bind_config'] as JsonObject | undefined;
  if (!bind) return cluster;
  const extra = [{ address: { address: '::6', port_value: 0 } }];
  return { ...cluster, upstream_bind_config: { ...bind, extra_source_addresses: extra } };
}

type Reach = 'v4' | 'v6' | 'v4 and v6' | 'v6 and v4';

/** An endpoint at a pod; of two addresses the first is tried first. */
function hostAt(place: PlaceName, port: number, reach: Reach): JsonObject {
  const { ips, ip6 } = PLACES[place];
  const [first = '', second] = reach.split(' and ').map((family) => (family === 'v4' ? ips[0] : ip6));
  const host = endpoint(first, port, SPEAKS_TLS);
  const additional: Json = second === undefined ? [] : [{ address: socketAddress(second, port) }];
  return { ...host, endpoint: { ...(host['endpoint'] as JsonObject), additional_addresses: additional } };
}

const hosts = (port: number): fc.Arbitrary<JsonObject[]> => {
  const pod = fc
    .record({
      place: fc.constantFrom<PlaceName[]>('pod2', 'pod3'),
      reach: fc.constantFrom<Reach[]>('v4', 'v6', 'v6', 'v4 and v6', 'v6 and v4'),
    })
    .map(({ place, reach }) => ({ key: `${place}${reach}`, host: hostAt(place, port, reach) }));
  const bare = fc.constantFrom(BARE_POD, BARE_POD6).map((ip) => ({ key: ip, host: endpoint(ip, port) }));
  const one = fc.oneof({ weight: 4, arbitrary: pod }, { weight: 1, arbitrary: bare });
  return fc.uniqueArray(one, { minLength: 1, maxLength: 2, selector: ({ key }) => key }).map((all) => all.map(({ host }) => host));
};

const STOCK_NAME = outboundName(STOCK.port, STOCK.host);
const QUEUE_NAME = outboundName(QUEUE.port, QUEUE.host);

interface ServiceHosts {
  readonly stock: readonly JsonObject[];
  readonly queue: readonly JsonObject[];
}

function clustersOf({ stock, queue }: ServiceHosts): { clusters: JsonObject[]; endpoints: JsonObject[] } {
  const cluster = (name: string, port: number): JsonObject =>
    edsCluster(
      name,
      automaticTls(upstreamTls({ alpn: ISTIO_ALPN, sni: `outbound_.${port}_._.x`, peers: { prefix: 'spiffe://cluster.local/' } })),
    );
  return {
    clusters: [cluster(STOCK_NAME, STOCK.port), cluster(QUEUE_NAME, QUEUE.port)],
    endpoints: [
      { cluster_name: STOCK_NAME, endpoints: [{ lb_endpoints: [...stock] }] },
      { cluster_name: QUEUE_NAME, endpoints: [{ lb_endpoints: [...queue] }] },
    ],
  };
}

interface Options extends ServiceHosts {
  readonly dynamic: readonly boolean[];
  readonly families: readonly Families[];
  readonly inbound: readonly Parameters<typeof servant>[2][];
  readonly routes: readonly JsonObject[];
  readonly filters: readonly JsonObject[];
  readonly useRemote: boolean;
  readonly allowsAny: boolean;
}

function gateway({ dynamic, routes, filters, useRemote, ...given }: Options): MeshProxy {
  const manager = connectionManager(
    { name: 'edge', virtual_hosts: [virtualHost('edge', ['*'], routes)], validate_clusters: false },
    filters,
    { use_remote_address: useRemote },
  );
  const { clusters, endpoints } = clustersOf(given);
  return {
    place: 'gateway',
    node: nodeAt('gateway', 'router'),
    dynamic: dynamic[0] === true,
    secrets: secretsOf(identityAt('gateway')),
    listeners: [{ name: '0.0.0.0_8080', address: socketAddress('0.0.0.0', 8080), filter_chains: [{ filters: [manager] }] }],
    clusters: [BLACK_HOLE, ...clusters],
    endpoints,
  };
}

function caller({ dynamic, routes, inbound, allowsAny, ...given }: Options): MeshProxy {
  return sidecar({
    place: 'pod1',
    dynamic: dynamic[1] === true,
    inbound: inbound[0] as Parameters<typeof servant>[2],
    outbound: {
      services: [
        { ...STOCK, protocol: 'http', routes, cluster: '' },
        { ...QUEUE, protocol: 'tcp', routes: [], cluster: QUEUE_NAME },
      ],
      ...clustersOf(given),
      allowsAny,
      sniffs: false,
    },
  });
}

const fromOutside: fc.Arbitrary<MeshRequest> = fc
  .record({
    http: clientHttp,
    isNew: fc.boolean(),
    toPod: fc.constantFrom(false, false, true),
    isBytes: fc.constantFrom(false, false, true),
  })
  .map(({ http, isNew, toPod, isBytes }) => {
    const place = toPod ? 'pod2' : 'gateway';
    const { ips, ip6 } = PLACES[place];
    const port = toPod ? (isBytes ? 9081 : 9080) : 8080;
    const connection = isNew
      ? { source: '[2001:db8::9]', destination: `[${ip6}]:${port}` }
      : { source: '203.0.113.4', destination: `${ips[0]}:${port}` };
    const start = { proxy: nodeAt(place, toPod ? 'sidecar' : 'router').id };
    const asked: TraceRequest =
      isBytes && toPod
        ? { connection: { ...connection, transport: 'raw_buffer' } }
        : httpRequest({ ...http, authority: 'stock.shop' }, connection);
    return { from: 'outside', request: { ...asked, start }, repeat: REPEAT };
  });

const fromPod: fc.Arbitrary<MeshRequest> = fc
  .record({
    http: clientHttp,
    destination: fc.constantFrom(
      `${STOCK.vip}:9080`,
      `[${VIPS6[STOCK.vip] ?? ''}]:9080`,
      `[${VIPS6[STOCK.vip] ?? ''}]:9080`,
      `[${VIPS6[QUEUE.vip] ?? ''}]:9081`,
      `[${PLACES.pod2.ip6}]:9080`,
      `[${PLACES.pod3.ip6}]:9082`,
      '[2001:db8:1::7]:80',
    ),
    authority: fc.constantFrom('stock.shop', `[${VIPS6[STOCK.vip] ?? ''}]:9080`, STOCK.vip),
  })
  .map(({ http, destination, authority }) => {
    const { ips, ip6 } = PLACES.pod1;
    const connection = { source: destination.startsWith('[') ? `[${ip6}]` : ips[0], destination };
    const start = { proxy: nodeAt('pod1', 'sidecar').id };
    const asked: TraceRequest = destination.endsWith(':9081')
      ? { connection: { ...connection, transport: 'raw_buffer' } }
      : httpRequest({ ...http, authority }, connection);
    return { from: 'pod1', request: { ...asked, start }, repeat: REPEAT };
  });

export const dualStack: fc.Arbitrary<MeshCase> = fc
  .record({
    dynamic: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    families: fc.tuple(
      fc.constantFrom<Families[]>('two', 'compat', 'one'),
      ...Array.from({ length: 3 }, () => fc.constantFrom<Families[]>('two', 'two', 'compat')),
    ),
    inbound: fc.tuple(inboundOptions, inboundOptions, inboundOptions),
    stock: hosts(STOCK.port),
    queue: hosts(QUEUE.port),
    routes: serviceRoutes([STOCK_NAME]),
    filters: someOf(httpPolicy({ identities: CALLERS, source: 'certificate' })),
    useRemote: fc.boolean(),
    allowsAny: fc.boolean(),
    requests: fc.array(fc.oneof(fromOutside, fromPod), { minLength: 8, maxLength: 10 }),
  })
  .map(({ requests, ...options }): MeshCase => {
    const { dynamic, inbound, families } = options;
    const all = [
      gateway(options),
      caller(options),
      servant('pod2', dynamic[2] === true, inbound[1]),
      servant('pod3', dynamic[3] === true, inbound[2]),
    ];
    return { area: 'dual_stack', proxies: all.map((proxy, index) => inBoth(proxy, families[index] ?? 'two')), requests };
  });
