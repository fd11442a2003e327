/** Gateway → sidecars → applications, and what does not get that far. */
import fc from 'fast-check';
import type { RequestHttp, TraceRequest } from '../../../../server/src/protocol/trace';
import { connectionManager, extension, httpRequest, socketAddress, tcpProxy, TLS_INSPECTOR, virtualHost } from '../../generators/parts';
import type { JsonObject } from '../../labCase';
import type { MeshCase, MeshProxy, MeshRequest } from '../meshCase';
import {
  BLACK_HOLE,
  byRds,
  DOMAIN,
  edsCluster,
  assignment,
  identityAt,
  identityOf,
  ISTIO_ALPN,
  mutualTls,
  nodeAt,
  secretsOf,
  simpleTls,
} from '../proxies/meshParts';
import { httpPolicy, networkPolicy, serviceRoutes, someOf } from '../proxies/meshPolicies';
import { clientCluster, idleCluster, LEDGER, STOCK, type ClientCluster } from '../proxies/services';
import { sidecar, type InboundOptions } from '../proxies/sidecar';

/** Clients of the mesh, by name. */
export const CALLERS = [identityAt('gateway'), identityAt('pod1'), identityAt('second'), identityOf('far', 'away')];

/** What a sidecar lets in. */
export const inboundOptions: fc.Arbitrary<InboundOptions> = fc.record({
  tls: fc.constantFrom('STRICT', 'STRICT', 'PERMISSIVE', 'PERMISSIVE', 'PERMISSIVE', 'DISABLE'),
  wantsAlpn: fc.boolean(),
  peers: fc.oneof(
    { weight: 6, arbitrary: fc.constant({ prefix: `spiffe://${DOMAIN}/` }) },
    { weight: 1, arbitrary: fc.constant({ exact: CALLERS[0] ?? '' }) },
  ),
  toLoopback: fc.boolean(),
  httpFilters: someOf(httpPolicy({ identities: CALLERS, source: 'certificate' })),
  networkFilters: someOf(networkPolicy({ identities: CALLERS, source: 'certificate' })),
});

/** A sidecar that calls nobody. */
export function servant(place: 'pod2' | 'pod3', dynamic: boolean, inbound: InboundOptions): MeshProxy {
  return sidecar({ place, dynamic, inbound, outbound: { services: [], clusters: [], endpoints: [], allowsAny: true, sniffs: false } });
}

const RDS_NAME = 'http.8080';
const SECURE_RDS = 'https.443.https.shop-gateway.shop';

function managerOf(rds: string, filters: readonly JsonObject[], useRemote: boolean): JsonObject {
  return connectionManager({}, filters, {
    route_config: undefined,
    ...byRds(rds),
    use_remote_address: useRemote,
    forward_client_cert_details: 'SANITIZE_SET',
    normalize_path: true,
    upgrade_configs: [{ upgrade_type: 'websocket' }],
  } as unknown as JsonObject);
}

interface GatewayOptions {
  readonly dynamic: boolean;
  readonly services: readonly ClientCluster[];
  readonly routes: readonly JsonObject[];
  readonly secureRoutes: readonly JsonObject[];
  readonly filters: readonly JsonObject[];
  readonly useRemote: boolean;
  readonly strips: boolean;
}

function gateway({ dynamic, services, routes, secureRoutes, filters, useRemote, strips }: GatewayOptions): MeshProxy {
  const passName = 'outbound_.9080_._.stock.shop.svc.cluster.local';
  const outside = 'outbound|443||pass.test';
  const secureManager = managerOf(SECURE_RDS, filters, useRemote);
  const rdsOf = (name: string, hosts: readonly JsonObject[]): JsonObject => ({
    name,
    virtual_hosts: hosts,
    validate_clusters: false,
    ignore_port_in_host_matching: strips,
  });
  return {
    place: 'gateway',
    node: nodeAt('gateway', 'router'),
    dynamic,
    secrets: [
      ...secretsOf(identityAt('gateway')),
      { name: 'kubernetes://secure', identity: 'secure.test' },
      { name: 'kubernetes://mutual', identity: 'mutual.test' },
    ],
    listeners: [
      {
        name: '0.0.0.0_8080',
        address: socketAddress('0.0.0.0', 8080),
        traffic_direction: 'OUTBOUND',
        filter_chains: [{ filters: [managerOf(RDS_NAME, filters, useRemote)] }],
      },
      {
        name: '0.0.0.0_8443',
        address: socketAddress('0.0.0.0', 8443),
        traffic_direction: 'OUTBOUND',
        listener_filters: [TLS_INSPECTOR],
        filter_chains: [
          {
            filter_chain_match: { server_names: ['secure.test'] },
            transport_socket: simpleTls('kubernetes://secure'),
            filters: [secureManager],
          },
          {
            filter_chain_match: { server_names: ['mutual.test', '*.mutual.test'] },
            transport_socket: mutualTls({
              alpn: ['h2', 'http/1.1'],
              peers: { prefix: 'spiffe://partner/' },
              secret: 'kubernetes://mutual',
            }),
            filters: [secureManager],
          },
          { filter_chain_match: { server_names: ['*.pass.test'] }, filters: [tcpProxy({ cluster: outside })] },
        ],
      },
      {
        name: '0.0.0.0_15443',
        address: socketAddress('0.0.0.0', 15443),
        traffic_direction: 'OUTBOUND',
        listener_filters: [TLS_INSPECTOR],
        filter_chains: [
          {
            filter_chain_match: { application_protocols: [...ISTIO_ALPN, 'istio-http/1.1'], server_names: ['*.local'] },
            filters: [
              extension('envoy.filters.network.sni_cluster', 'filters.network.sni_cluster.v3.SniCluster'),
              tcpProxy({ cluster: 'BlackHoleCluster' }),
            ],
          },
        ],
      },
    ],
    clusters: [BLACK_HOLE, ...services.map(({ cluster }) => cluster), edsCluster(passName, {}), edsCluster(outside, {})],
    routes: [
      rdsOf(RDS_NAME, [
        virtualHost('shop.test:80', ['shop.test', '*.shop.test'], routes),
        virtualHost('secure.test:80', ['secure.test'], [{ match: { prefix: '/' }, redirect: { https_redirect: true } }]),
      ]),
      rdsOf(SECURE_RDS, [virtualHost('secure.test:443', ['secure.test', 'mutual.test'], secureRoutes)]),
    ],
    endpoints: [
      ...services.map(({ endpoints }) => endpoints),
      assignment(passName, [{ address: '10.4.1.2', port: 9080, tls: false }]),
      assignment(outside, [{ address: '93.184.216.34', port: 443, tls: false }]),
    ],
  };
}

export const clientHttp: fc.Arbitrary<Partial<RequestHttp>> = fc
  .record({
    version: fc.constantFrom<RequestHttp['version'][]>('http1', 'http1', 'http2'),
    method: fc.constantFrom('GET', 'GET', 'GET', 'POST', 'DELETE'),
    path: fc.constantFrom('/', '/api', '/api/v1', '/api/v1/x?v=1', '/admin', '/apix', '/?v=2', '/a/../admin'),
    user: fc.constantFrom('', '', 'bob', 'alice'),
  })
  .map(({ user, ...http }) => ({ ...http, headers: user === '' ? [] : [['end-user', user]] }));

const source = fc.constantFrom('203.0.113.4', '198.51.100.7');

const plain: fc.Arbitrary<TraceRequest> = fc
  .record({
    http: clientHttp,
    source,
    authority: fc.constantFrom(
      'shop.test',
      'shop.test',
      'shop.test',
      'shop.test',
      'shop.test',
      'www.shop.test',
      'shop.test:8080',
      'secure.test',
      'else.test',
    ),
  })
  .map(({ http, source: from, authority }) => httpRequest({ ...http, authority }, { destination: '10.4.0.2:8080', source: from }));

const secure: fc.Arbitrary<TraceRequest> = fc
  .record({
    http: clientHttp,
    source,
    sni: fc.constantFrom('secure.test', 'secure.test', 'mutual.test', 'a.pass.test', 'nobody.test', ''),
    principal: fc.constantFrom('', 'spiffe://partner/x', identityOf('far', 'away')),
    authority: fc.constantFrom('secure.test', 'secure.test', 'mutual.test', 'shop.test'),
  })
  .map(({ http, source: from, sni, principal, authority }) => {
    const alpn = http.version === 'http2' ? ['h2'] : [];
    const named = { ...(sni === '' ? {} : { sni }), ...(principal === '' ? {} : { peerPrincipals: [principal] }) };
    return httpRequest({ ...http, authority }, { destination: '10.4.0.2:8443', source: from, transport: 'tls', alpn, ...named });
  });

const eastWest: fc.Arbitrary<TraceRequest> = fc
  .record({
    http: clientHttp,
    sni: fc.constantFrom(
      'outbound_.9080_._.stock.shop.svc.cluster.local',
      'outbound_.9080_._.stock.shop.svc.cluster.local',
      'outbound_.9080_._.gone.shop.svc.cluster.local',
    ),
    alpn: fc.constantFrom<string[][]>([...ISTIO_ALPN, 'http/1.1'], ['istio-http/1.1', 'http/1.1'], []),
    principal: fc.constantFrom('', ...CALLERS),
  })
  .map(({ http, sni, alpn, principal }) => {
    const named = principal === '' ? {} : { peerPrincipals: [principal] };
    return httpRequest(
      { ...http, version: 'http1', authority: 'stock.shop' },
      { destination: '10.4.0.2:15443', source: '203.0.113.9', transport: 'tls', sni, alpn, ...named },
    );
  });

const request = fc.oneof({ weight: 4, arbitrary: plain }, { weight: 2, arbitrary: secure }, { weight: 1, arbitrary: eastWest });

export const ingress: fc.Arbitrary<MeshCase> = fc
  .record({
    dynamic: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    stock: clientCluster(STOCK, ['pod2', 'pod3']),
    ledger: clientCluster(LEDGER, ['pod3']),
    inbound: fc.tuple(inboundOptions, inboundOptions),
    filters: someOf(httpPolicy({ identities: CALLERS, source: 'certificate' })),
    useRemote: fc.boolean(),
    strips: fc.boolean(),
    requests: fc.array(request, { minLength: 7, maxLength: 9 }),
  })
  .chain(({ stock, ledger, ...rest }) => {
    const services = [stock, ledger, idleCluster()];
    const names = [stock.name, stock.name, ledger.name, idleCluster().name];
    return fc
      .record({ routes: serviceRoutes(names), secureRoutes: serviceRoutes(names) })
      .map((routes) => ({ ...rest, ...routes, services }));
  })
  .map(({ dynamic, inbound, requests, ...options }): MeshCase => ({
    area: 'ingress',
    proxies: [
      gateway({ dynamic: dynamic[0], ...options }),
      servant('pod2', dynamic[1], inbound[0]),
      servant('pod3', dynamic[2], inbound[1]),
    ],
    requests: requests.map((each) => fromOutside(each, 'gateway')),
  }));

/** A request of the world outside; where it enters need not be said. */
export function fromOutside(request: TraceRequest, place: 'gateway' | 'second'): MeshRequest {
  const start = request.connection.source?.startsWith('198.') ? {} : { start: { proxy: nodeAt(place, 'router').id } };
  return { from: 'outside', request: { ...request, ...start }, repeat: REPEAT };
}

/** Two hosts take turns: both must be seen, and nothing else. */
export const REPEAT = 6;
