/** Envoys without Istio: a front proxy, services found by DNS, listeners bound to their own addresses, a second listener on the loopback, an internal one. */
import fc from 'fast-check';
import { connectionManager, endpoint, httpRequest, socketAddress, tcpProxy, typed, virtualHost } from '../../generators/parts';
import type { JsonObject } from '../../labCase';
import { CALLERS, clientHttp, REPEAT } from './ingress';
import type { MeshCase, MeshNode, MeshProxy, MeshRequest } from '../meshCase';
import { HTTP2, identityAt, internalCluster, mutualTls, secretsOf, upstreamTls, type TlsOptions } from '../proxies/meshParts';
import { httpPolicy, networkPolicy, serviceRoutes, someOf } from '../proxies/meshPolicies';
import { PLACES } from '../places/meshPlaces';
import { NAME_SERVER } from '../places/nameServer';

const FRONT: MeshNode = { id: 'front-1', cluster: 'front', metadata: {} };
const ORDERS: MeshNode = { id: 'orders-7f', cluster: 'orders', metadata: {} };
const STOCK: MeshNode = { id: 'stock-2c', cluster: 'stock', metadata: {} };

const RESOLVER: JsonObject = {
  name: 'envoy.network.dns_resolver.cares',
  typed_config: typed('network.dns_resolver.cares.v3.CaresDnsResolverConfig', { resolvers: [socketAddress(NAME_SERVER, 53)] }),
};

/** Of such a proxy nothing else tells under which address the next one sees it. */
const BOUND: JsonObject = {
  source_address: { address: PLACES.gateway.ips[0], port_value: 0 },
  extra_source_addresses: [{ address: { address: PLACES.gateway.ip6, port_value: 0 } }],
};

type Discovery = 'STRICT_DNS' | 'LOGICAL_DNS';
type Lookup = 'V4_ONLY' | 'V6_ONLY' | 'AUTO' | 'V4_PREFERRED' | 'ALL';

interface Options {
  readonly dynamic: readonly boolean[];
  readonly discovery: readonly Discovery[];
  readonly lookup: Lookup;
  readonly http2: boolean;
  readonly routes: readonly JsonObject[];
  readonly ordersRoutes: readonly JsonObject[];
  readonly stockFilters: readonly JsonObject[];
  readonly tcpFilters: readonly JsonObject[];
  readonly peers: TlsOptions['peers'];
  readonly health: string;
}

function byName(name: string, [host, port]: readonly [string, number], fields: JsonObject): JsonObject {
  return {
    name,
    connect_timeout: '1s',
    dns_lookup_family: 'V4_ONLY',
    typed_dns_resolver_config: RESOLVER,
    upstream_bind_config: BOUND,
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [endpoint(host, port)] }] },
    ...fields,
  };
}

function fixed(name: string, hosts: readonly JsonObject[], fields: JsonObject = {}): JsonObject {
  return { name, connect_timeout: '1s', load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [...hosts] }] }, ...fields };
}

const manager = (name: string, routes: readonly JsonObject[], filters: readonly JsonObject[] = []): JsonObject =>
  connectionManager({ name, virtual_hosts: [virtualHost(name, ['*'], routes)], validate_clusters: false }, filters, {
    use_remote_address: true,
  });

/** Names that the front's routes lead to. */
const TARGETS = ['orders', 'orders', 'stock', 'either', 'outside', 'nobody', 'looped', 'inside', 'ill'];

function front({ dynamic, discovery, lookup, http2, routes, peers, health }: Options): MeshProxy {
  const type = { type: discovery[0] ?? 'STRICT_DNS' };
  const inner = { name: 'inner', match: { prefix: '/' }, route: { cluster: 'stock' } };
  return {
    place: 'gateway',
    node: FRONT,
    dynamic: dynamic[0] === true,
    secrets: secretsOf(identityAt('gateway')),
    listeners: [
      { name: 'front', address: socketAddress('0.0.0.0', 8080), filter_chains: [{ filters: [manager('front', routes)] }] },
      { name: 'looped', address: socketAddress('127.0.0.1', 9901), filter_chains: [{ filters: [tcpProxy({ cluster: 'orders' })] }] },
      { name: 'inside', internal_listener: {}, filter_chains: [{ filters: [manager('inside', [inner])] }] },
    ],
    clusters: [
      byName('orders', ['orders.lab.test', 8080], { ...type, dns_lookup_family: lookup, ...(http2 ? HTTP2 : {}) }),
      byName('stock', ['stock.lab.test', 8443], {
        type: discovery[1] ?? 'STRICT_DNS',
        transport_socket: upstreamTls({ alpn: [], sni: 'stock.lab.test', ...(peers ? { peers } : {}) }),
      }),
      byName('either', ['either.lab.test', 8080], { type: 'STRICT_DNS' }),
      byName('outside', ['outside.lab.test', 9080], type),
      byName('nobody', ['nobody.lab.test', 8080], type),
      fixed('looped', [endpoint('127.0.0.1', 9901)]),
      fixed('ill', [endpoint(PLACES.second.ips[0], 8080, { health_status: health })], { upstream_bind_config: BOUND }),
      internalCluster('inside', 'inside'),
    ],
  };
}

/** Bound to its own addresses, of which nothing else tells. */
function orders({ dynamic, ordersRoutes, tcpFilters }: Options): MeshProxy {
  const { ips, ip6 } = PLACES.second;
  const chains = [{ name: 'web', filters: [...tcpFilters, manager('orders', ordersRoutes)] }];
  return {
    place: 'second',
    node: ORDERS,
    dynamic: dynamic[1] === true,
    secrets: [],
    listeners: [
      {
        name: 'orders',
        address: socketAddress(ips[0], 8080),
        additional_addresses: [{ address: socketAddress(ip6, 8080) }],
        filter_chains: chains,
      },
    ],
    clusters: [fixed('app', [endpoint('10.5.0.7')]), fixed('spare', [endpoint('10.5.0.8', 9081)])],
  };
}

function stock({ dynamic, stockFilters }: Options): MeshProxy {
  const socket = mutualTls({ alpn: ['h2', 'http/1.1'], peers: { prefix: 'spiffe://cluster.local/' } });
  const route = { name: 'app', match: { prefix: '/' }, route: { cluster: 'app' } };
  const ip = PLACES.waypoint.ips[0];
  return {
    place: 'waypoint',
    node: STOCK,
    dynamic: dynamic[2] === true,
    secrets: secretsOf(identityAt('waypoint')),
    listeners: [
      {
        name: 'secure',
        address: socketAddress(ip, 8443),
        filter_chains: [{ transport_socket: socket, filters: [manager('stock', [route], stockFilters)] }],
      },
      { name: 'plain', address: socketAddress(ip, 8080), filter_chains: [{ filters: [manager('plain', [route])] }] },
    ],
    clusters: [fixed('app', [endpoint('10.5.0.9')])],
  };
}

const request: fc.Arbitrary<MeshRequest> = fc
  .record({
    http: clientHttp,
    authority: fc.constantFrom('shop.test', 'orders.lab.test:8080'),
    source: fc.constantFrom('203.0.113.4', '10.5.0.20'),
    toStock: fc.constantFrom(false, false, false, true),
  })
  .map(({ http, authority, source, toStock }) => {
    const [node, ip] = toStock ? [STOCK, PLACES.waypoint.ips[0]] : [FRONT, PLACES.gateway.ips[0]];
    const asked = httpRequest({ ...http, authority }, { destination: `${ip}:8080`, source });
    return { from: 'outside', request: { ...asked, start: { proxy: node.id } }, repeat: REPEAT };
  });

export const plain: fc.Arbitrary<MeshCase> = fc
  .record({
    dynamic: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    discovery: fc.array(fc.constantFrom<Discovery[]>('STRICT_DNS', 'LOGICAL_DNS'), { minLength: 2, maxLength: 2 }),
    lookup: fc.constantFrom<Lookup[]>('V4_ONLY', 'V6_ONLY', 'AUTO', 'V4_PREFERRED', 'ALL'),
    http2: fc.boolean(),
    routes: serviceRoutes(TARGETS),
    ordersRoutes: serviceRoutes(['app', 'app', 'spare']),
    stockFilters: someOf(httpPolicy({ identities: CALLERS, source: 'certificate' })),
    tcpFilters: someOf(networkPolicy({ identities: CALLERS, source: 'certificate' })),
    peers: fc.constantFrom<TlsOptions['peers'][]>(undefined, { exact: identityAt('waypoint') }, { exact: 'spiffe://else/x' }),
    health: fc.constantFrom('HEALTHY', 'UNHEALTHY'),
    requests: fc.array(request, { minLength: 8, maxLength: 10 }),
  })
  .map(({ requests, ...options }): MeshCase => ({ area: 'plain', proxies: [front(options), orders(options), stock(options)], requests }));
