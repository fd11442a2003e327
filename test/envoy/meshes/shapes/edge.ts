/** Two gateways in a row: egress, failover between them, the PROXY protocol, plain TCP and SNI; a pod behind. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import {
  connectionManager,
  extension,
  httpRequest,
  socketAddress,
  tcpProxy,
  TLS_INSPECTOR,
  typed,
  virtualHost,
} from '../../generators/parts';
import type { JsonObject } from '../../labCase';
import { CALLERS, clientHttp, fromOutside, inboundOptions, REPEAT, servant } from './ingress';
import type { MeshCase, MeshProxy, MeshRequest } from '../meshCase';
import {
  assignment,
  BLACK_HOLE,
  edsCluster,
  HTTP2,
  identityAt,
  mutualTls,
  nodeAt,
  RAW,
  secretsOf,
  upstreamTls,
  automaticTls,
  ISTIO_ALPN,
  type Host,
  type TlsOptions,
} from '../proxies/meshParts';
import { httpPolicy, networkPolicy, serviceRoutes, someOf } from '../proxies/meshPolicies';

const SECOND = '10.4.0.3';
const DNS_IDENTITY = 'gateway.edge.test';
/** Names that policies ask for; the last is the subject of every leaf. */
const PEERS = [...CALLERS, DNS_IDENTITY, DNS_IDENTITY, 'CN=lab'];
const INTERNET = '93.184.216.34';

/** Clusters of the first gateway. */
const NAMES = {
  second: 'to-second',
  secured: 'to-second-mtls',
  announced: 'to-second-announced',
  pod: 'pod',
  any: 'any',
  mixed: 'mixed',
} as const;

interface EdgeOptions {
  readonly dynamic: readonly boolean[];
  readonly routes: readonly JsonObject[];
  readonly secondRoutes: readonly JsonObject[];
  readonly secondFilters: readonly JsonObject[];
  readonly tcpFilters: readonly JsonObject[];
  readonly managers: readonly JsonObject[];
  readonly version: 'V1' | 'V2';
  readonly allowsPlain: boolean;
  /** Versions of the PROXY protocol. */
  readonly refused: readonly ('V1' | 'V2')[];
  readonly podHealth: string;
  readonly secondHealth: string;
  readonly members: readonly string[];
  readonly weights: readonly number[];
  readonly http2: boolean;
  readonly alpn: readonly string[];
  readonly origination: JsonObject;
  /** Of the second gateway, where the PROXY protocol is spoken to. */
  readonly announcedPort: number;
  /** Of the first gateway to others: a SPIFFE id, or a DNS name alone. */
  readonly identity: string;
  readonly acceptsAny: boolean;
  readonly secondPort: number;
}

function first(options: EdgeOptions): MeshProxy {
  const { dynamic, routes, managers, podHealth, secondHealth, members, version, weights, http2, alpn, announcedPort, secondPort } = options;
  const inner = announcedPort === 8445 ? upstreamTls({ alpn, sni: 'second.test' }) : RAW;
  const announces = typed('transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport', {
    config: { version },
    transport_socket: inner,
  });
  const tls = upstreamTls({ alpn: ISTIO_ALPN, sni: 'outbound_.9080_._.stock.shop.svc.cluster.local' });
  const toSecond = (port: number): Host => ({ address: SECOND, port, tls: false, health: secondHealth });
  const pod: Host = { address: '10.4.1.2', port: 9080, tls: true, health: podHealth };
  const aggregate = typed('clusters.aggregate.v3.ClusterConfig', { clusters: [...members] });
  const shares = [NAMES.second, NAMES.pod].map((name, index) => ({ name, weight: weights[index] ?? 0 }));
  const weighted = { clusters: shares.filter(({ weight }) => weight > 0) };
  return {
    place: 'gateway',
    node: nodeAt('gateway', 'router'),
    dynamic: dynamic[0] === true,
    secrets: secretsOf(options.identity),
    listeners: [
      {
        name: '0.0.0.0_8080',
        address: socketAddress('0.0.0.0', 8080),
        filter_chains: [
          {
            filters: [
              connectionManager(
                { name: 'edge', virtual_hosts: [virtualHost('edge', ['*'], routes)], validate_clusters: false },
                [],
                managers[0],
              ),
            ],
          },
        ],
      },
      {
        name: '0.0.0.0_9000',
        address: socketAddress('0.0.0.0', 9000),
        listener_filters: [TLS_INSPECTOR],
        filter_chains: [
          { name: 'sni', filter_chain_match: { server_names: ['*.ext.test'] }, filters: [tcpProxy({ cluster: 'to-second-sni' })] },
          { name: 'tcp', filters: [tcpProxy({ weighted_clusters: weighted })] },
        ],
      },
    ],
    clusters: [
      BLACK_HOLE,
      edsCluster(NAMES.second, http2 ? HTTP2 : {}),
      edsCluster(NAMES.secured, { transport_socket: upstreamTls({ alpn, sni: 'second.test', peers: { exact: identityAt('second') } }) }),
      edsCluster(NAMES.announced, {
        transport_socket: { name: 'envoy.transport_sockets.upstream_proxy_protocol', typed_config: announces },
      }),
      edsCluster(NAMES.pod, automaticTls(tls)),
      edsCluster(NAMES.mixed, automaticTls(tls)),
      edsCluster('to-second-sni', {}),
      {
        name: NAMES.any,
        connect_timeout: '1s',
        lb_policy: 'CLUSTER_PROVIDED',
        cluster_type: { name: 'envoy.clusters.aggregate', typed_config: aggregate },
      },
    ],
    endpoints: [
      assignment(NAMES.second, [toSecond(secondPort)]),
      assignment(NAMES.secured, [toSecond(8443)]),
      assignment(NAMES.announced, [{ ...toSecond(announcedPort), health: 'HEALTHY' }]),
      assignment(NAMES.pod, [pod]),
      assignment(NAMES.mixed, [pod, { ...toSecond(8080), priority: 1 }]),
      assignment('to-second-sni', [toSecond(8444)]),
    ],
  };
}

function second({
  dynamic,
  secondRoutes,
  secondFilters,
  tcpFilters,
  managers,
  allowsPlain,
  refused,
  origination,
  identity,
  acceptsAny,
}: EdgeOptions): MeshProxy {
  const routes = { name: 'egress', virtual_hosts: [virtualHost('egress', ['*'], secondRoutes)], validate_clusters: false };
  const manager = connectionManager(routes, secondFilters, managers[1]);
  const proxyProtocol = extension('proxy_protocol', 'filters.listener.proxy_protocol.v3.ProxyProtocol', {
    ...(allowsPlain ? { allow_requests_without_proxy_protocol: true } : {}),
    disallowed_versions: [...refused],
  });
  const names: Partial<TlsOptions> = identity.startsWith('spiffe:')
    ? { peers: { prefix: 'spiffe://cluster.local/' } }
    : { peers: { exact: DNS_IDENTITY }, peerType: 'DNS' };
  const secure = mutualTls({ alpn: ['h2', 'http/1.1'], ...(acceptsAny ? {} : names) });
  const at = (port: number, chains: JsonObject[], filters: JsonObject[] = []): JsonObject => ({
    name: `${SECOND}_${port}`,
    address: socketAddress(SECOND, port),
    listener_filters: filters,
    filter_chains: chains,
  });
  const outside = (name: string, port: number, fields: JsonObject = {}): JsonObject => ({
    name,
    connect_timeout: '1s',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(INTERNET, port) } }] }] },
    ...fields,
  });
  return {
    place: 'second',
    node: nodeAt('second', 'router'),
    dynamic: dynamic[1] === true,
    secrets: secretsOf(identityAt('second')),
    listeners: [
      at(8080, [{ filters: [manager] }]),
      at(8081, [{ name: 'lb', filters: [...tcpFilters, manager] }], [proxyProtocol]),
      at(8445, [{ name: 'lb-mtls', transport_socket: secure, filters: [...tcpFilters, manager] }], [TLS_INSPECTOR, proxyProtocol]),
      at(8443, [{ name: 'mtls', transport_socket: secure, filters: [...tcpFilters, manager] }]),
      at(
        8444,
        [
          {
            name: 'ext',
            filter_chain_match: { server_names: ['api.ext.test'] },
            filters: [...tcpFilters, tcpProxy({ cluster: 'ext-tls' })],
          },
        ],
        [TLS_INSPECTOR],
      ),
    ],
    clusters: [outside('ext', 80), outside('ext-tls', 443), outside('ext-originated', 443, origination), edsCluster('back', {})],
    endpoints: [assignment('back', [{ address: '10.4.1.2', port: 9080, tls: false }])],
  };
}

const managerFields: fc.Arbitrary<JsonObject> = fc.constantFrom<JsonObject[]>(
  {},
  { use_remote_address: true },
  { use_remote_address: true, xff_num_trusted_hops: 1 },
  { use_remote_address: false, xff_num_trusted_hops: 1 },
  { use_remote_address: true, skip_xff_append: true, via: 'edge' },
  { use_remote_address: true, internal_address_config: { cidr_ranges: [{ address_prefix: '10.0.0.0', prefix_len: 8 }] } },
  { append_x_forwarded_port: true, use_remote_address: true, generate_request_id: false },
  { scheme_header_transformation: { scheme_to_overwrite: 'https' } },
  { strip_any_host_port: true, merge_slashes: true },
);

const health = fc.constantFrom('HEALTHY', 'HEALTHY', 'UNHEALTHY', 'DRAINING');

const request: fc.Arbitrary<MeshRequest> = fc
  .record({
    http: clientHttp,
    kind: fc.constantFrom('http', 'http', 'http', 'http', 'bytes', 'tls', 'around'),
    authority: fc.constantFrom('api.ext.test', 'shop.test:8080', 'back'),
    sni: fc.constantFrom('api.ext.test', 'www.ext.test', 'else.test'),
    source: fc.constantFrom('203.0.113.4', '198.51.100.7', '10.6.0.9'),
    forwarded: fc.option(fc.constantFrom('203.0.113.50', '10.1.1.1, 203.0.113.60'), { freq: 3, nil: undefined }),
    port: fc.constantFrom(8080, 8081, 8444),
  })
  .map(({ http, kind, authority, sni, source, forwarded, port }): MeshRequest => {
    const headers: [string, string][] = [
      ...(http.headers ?? []),
      ...(forwarded === undefined ? [] : [['x-forwarded-for', forwarded] as [string, string]]),
    ];
    const said = { ...http, headers, authority };
    if (kind === 'bytes') return fromOutside({ connection: { destination: '10.4.0.2:9000', source, transport: 'raw_buffer' } }, 'gateway');
    if (kind === 'tls') {
      const tls = { transport: 'tls' as const, sni, alpn: ['http/1.1'] };
      return fromOutside(httpRequest({ ...said, version: 'http1' }, { destination: '10.4.0.2:9000', source, ...tls }), 'gateway');
    }
    if (kind === 'around') return { from: 'outside', request: around(said, { source, port }), repeat: REPEAT };
    return fromOutside(httpRequest(said, { destination: '10.4.0.2:8080', source }), 'gateway');
  });

/** Straight to the second gateway. */
function around(said: Parameters<typeof httpRequest>[0], { source, port }: { source: string; port: number }): TraceRequest {
  const secured = port === 8443 || port === 8444;
  const tls = secured ? { transport: 'tls' as const, sni: 'api.ext.test', alpn: ['http/1.1'], peerPrincipals: [CALLERS[0] ?? ''] } : {};
  const directSource = port === 8081 ? { directSource: '10.9.9.9' } : {};
  const plain = httpRequest({ ...said, version: 'http1' }, { destination: `${SECOND}:${port}`, source, ...tls, ...directSource });
  return { ...plain, start: { proxy: nodeAt('second', 'router').id } };
}

export const edge: fc.Arbitrary<MeshCase> = fc
  .record({
    dynamic: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    routes: serviceRoutes([NAMES.second, NAMES.secured, NAMES.announced, NAMES.pod, NAMES.any, NAMES.mixed, NAMES.second]),
    secondRoutes: serviceRoutes(['ext', 'ext-originated', 'ext', 'back']),
    secondFilters: someOf(httpPolicy({ identities: PEERS, source: 'certificate' })),
    tcpFilters: fc.oneof(
      { weight: 2, arbitrary: fc.constant<JsonObject[]>([]) },
      { weight: 1, arbitrary: someOf(networkPolicy({ identities: PEERS, source: 'certificate' })) },
    ),
    managers: fc.tuple(managerFields, managerFields),
    version: fc.constantFrom<('V1' | 'V2')[]>('V1', 'V2'),
    allowsPlain: fc.boolean(),
    refused: fc.constantFrom<('V1' | 'V2')[][]>([], [], [], ['V1'], ['V2']),
    podHealth: health,
    secondHealth: health,
    members: fc.uniqueArray(fc.constantFrom(NAMES.pod, NAMES.second, NAMES.mixed, 'missing'), { minLength: 1, maxLength: 3 }),
    weights: fc.constantFrom([1, 0], [0, 1], [50, 50]),
    http2: fc.boolean(),
    identity: fc.constantFrom(identityAt('gateway'), identityAt('gateway'), DNS_IDENTITY),
    acceptsAny: fc.boolean(),
    announcedPort: fc.constantFrom(8081, 8081, 8081, 8445, 8080, 8443),
    secondPort: fc.constantFrom(8080, 8080, 8080, 8081, 8443),
    alpn: fc.constantFrom<string[][]>(['http/1.1'], [], ['h2', 'http/1.1']),
    origination: fc.constantFrom<JsonObject[]>(
      { transport_socket: upstreamTls({ alpn: [], sni: 'api.ext.test' }) },
      { transport_socket: upstreamTls({ alpn: ['http/1.1'], sni: 'api.ext.test', peers: { exact: 'spiffe://ext/x' } }) },
      { transport_socket: extension('tls', 'transport_sockets.tls.v3.UpstreamTlsContext', { sni: 'api.ext.test' }) },
      {
        transport_socket: extension('tls', 'transport_sockets.tls.v3.UpstreamTlsContext', {
          common_tls_context: { alpn_protocols: ['h2'] },
        }),
        ...HTTP2,
      },
    ),
    inbound: inboundOptions,
    requests: fc.array(request, { minLength: 8, maxLength: 10 }),
  })
  .map(({ inbound, requests, ...options }): MeshCase => ({
    area: 'edge',
    proxies: [first(options), second(options), servant('pod2', options.dynamic[2] === true, inbound)],
    // A request does not say which version its client speaks.
    requests: requests.filter((each) => options.refused.length !== 1 || each.request.connection.directSource === undefined),
  }));
