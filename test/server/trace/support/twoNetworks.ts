/** Two networks of one ambient mesh, as Istio configures them: a ztunnel and a waypoint in each, and the gateway of the second between them. */

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = Readonly<Record<string, Json>>;

export const HOST = 'web.default.svc.cluster.local';
const LOCAL_IP = 'envoy.filters.listener.original_dst.local_ip';
const TARGET = 'istio.double_hbone.hbone_target_address';

const any = (type: string, message: JsonObject = {}): JsonObject => ({ '@type': `type.googleapis.com/${type}`, ...message });
const named = (name: string, type: string, message: JsonObject = {}): JsonObject => ({ name, typed_config: any(type, message) });

const tlsContext: JsonObject = {
  common_tls_context: {
    alpn_protocols: ['h2'],
    tls_certificate_sds_secret_configs: [{ name: 'default' }],
    validation_context_sds_secret_config: { name: 'ROOTCA' },
  },
};
const upstreamTls = named('tls', 'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext', tlsContext);
const rawBuffer = named('raw', 'envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer');
const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const http2: JsonObject = {
  typed_extension_protocol_options: { [HTTP_OPTIONS]: any(HTTP_OPTIONS, { explicit_http_config: { http2_protocol_options: {} } }) },
};

const insideSocket = (inner: JsonObject): JsonObject =>
  named('internal', 'envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport', {
    passthrough_metadata: ['envoy.filters.listener.original_dst', 'istio'].map((name) => ({ kind: { host: {} }, name })),
    transport_socket: inner,
  });

const state = (object_key: string, text: string, shared_with_upstream: string): JsonObject => ({
  object_key,
  format_string: { text_format_source: { inline_string: text } },
  shared_with_upstream,
});

const insideEndpoint = (listener: string, local?: string, istio: JsonObject = {}): JsonObject => ({
  endpoint: { address: { envoy_internal_address: { server_listener_name: listener, ...(local && { endpoint_id: local }) } } },
  ...(local && { metadata: { filter_metadata: { 'envoy.filters.listener.original_dst': { local }, istio } } }),
});

const insideCluster = (name: string, endpoint: JsonObject, socket: JsonObject = rawBuffer, more: JsonObject = {}): JsonObject => ({
  name,
  type: 'STATIC',
  load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [endpoint] }] },
  transport_socket: insideSocket(socket),
  ...more,
});

/** To port 15008 of the connection's destination. */
const originalDestination = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  type: 'ORIGINAL_DST',
  lb_policy: 'CLUSTER_PROVIDED',
  original_dst_lb_config: { upstream_port_override: 15008 },
  ...more,
});

const originalDst = named('o', 'envoy.extensions.filters.listener.original_dst.v3.OriginalDst');
const tcpProxy = (cluster: string, more: JsonObject = {}): JsonObject =>
  named('tcp', 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy', { stat_prefix: cluster, cluster, ...more });
const tunnel = (cluster: string, hostname: string, header?: [string, string]): JsonObject =>
  tcpProxy(cluster, {
    tunneling_config: { hostname, ...(header && { headers_to_add: [{ header: { key: header[0], value: header[1] } }] }) },
  });

const manager = (route: JsonObject, filters: readonly JsonObject[] = []): JsonObject =>
  named('hcm', 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
    stat_prefix: 'h',
    route_config: { name: 'r', virtual_hosts: [{ name: 'v', domains: ['*'], routes: [route] }] },
    http_filters: [...filters, named('router', 'envoy.extensions.filters.http.router.v3.Router')],
    http2_protocol_options: { allow_connect: true },
    upgrade_configs: [{ upgrade_type: 'CONNECT' }],
  });

const inside = (name: string, filters: readonly JsonObject[], more: JsonObject = { listener_filters: [originalDst] }): JsonObject => ({
  name,
  internal_listener: {},
  ...more,
  filter_chains: [{ filters: [...filters] }],
});

const SET_STATE = 'envoy.extensions.filters.http.set_filter_state.v3.Config';
const connectTerminate = (...states: readonly JsonObject[]): JsonObject => ({
  name: 'connect_terminate',
  address: { socket_address: { address: '0.0.0.0', port_value: 15008 } },
  filter_chains: [
    {
      transport_socket: named('tls', 'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext', {
        ...tlsContext,
        require_client_certificate: true,
      }),
      filters: [
        manager(
          {
            match: { connect_matcher: {} },
            route: { cluster: 'main_internal', upgrade_configs: [{ upgrade_type: 'CONNECT', connect_config: {} }] },
          },
          [
            named('connect_authority', SET_STATE, {
              on_request_headers: [
                state(LOCAL_IP, '%REQ(:AUTHORITY)%', 'ONCE'),
                state('io.istio.connect_authority', '%REQ(:AUTHORITY)%', 'ONCE'),
                ...states,
              ],
            }),
          ],
        ),
      ],
    },
  ],
});

const INPUTS = 'envoy.extensions.matching.common_inputs.network.v3';
const toChain = (name: string): JsonObject => ({ action: named(name, 'google.protobuf.StringValue', { value: name }) });
const byState = (key: string, map: JsonObject, otherwise: JsonObject): JsonObject => ({
  matcher_tree: { input: named(key, `${INPUTS}.FilterStateInput`, { key }), exact_match_map: { map } },
  on_no_match: otherwise,
});
const byPort = (map: JsonObject): JsonObject => ({
  matcher_tree: { input: named('port', `${INPUTS}.DestinationPortInput`), exact_match_map: { map } },
});

const mainInternal = (matcher: JsonObject, chains: Readonly<Record<string, JsonObject>>): JsonObject => ({
  name: 'main_internal',
  internal_listener: {},
  listener_filters: [originalDst],
  filter_chain_matcher: matcher,
  filter_chains: Object.entries(chains).map(([name, filter]) => ({ name, filters: [filter] })),
});

const toMain = insideCluster('main_internal', insideEndpoint('main_internal'));
const proxy = (
  [type, ip, name, network, managed]: readonly [string, string, string, string, string],
  parts: { listeners: readonly JsonObject[]; clusters: readonly JsonObject[] },
): string =>
  JSON.stringify({
    node: {
      id: `${type}~${ip}~${name}.default~default.svc.cluster.local`,
      metadata: { NETWORK: network, SERVICE_ACCOUNT: name, NAMESPACE: 'default', LABELS: { 'gateway.istio.io/managed': managed } },
    },
    static_resources: parts,
  });

const HTTP_CHAIN = `inbound-vip|80|http|${HOST}`;
const httpMatcher = byState(
  'io.istio.connect_authority',
  { [`${HOST}:80`]: toChain(HTTP_CHAIN) },
  { matcher: byPort({ '80': toChain(HTTP_CHAIN) }) },
);
const httpChain = manager({ name: 'default', match: { prefix: '/' }, route: { cluster: HTTP_CHAIN } });

/** Sends to the other network in two tunnels, the inner one for the service. */
const nearWaypoint = proxy(['waypoint', '10.1.0.8', 'waypoint', 'n1', 'istio.io-mesh-controller'], {
  listeners: [
    connectTerminate(),
    mainInternal(httpMatcher, { [HTTP_CHAIN]: httpChain }),
    inside(
      'inner_connect_originate',
      [
        named('state', 'envoy.extensions.filters.network.set_filter_state.v3.Config', {
          on_new_connection: [
            state(LOCAL_IP, '%DYNAMIC_METADATA(envoy.filters.listener.original_dst:local)%', 'TRANSITIVE'),
            state(TARGET, '%DYNAMIC_METADATA(istio:double_hbone:hbone_target_address)%', 'TRANSITIVE'),
          ],
        }),
        tunnel('inner_connect_originate', `%FILTER_STATE(${TARGET}:PLAIN)%`),
      ],
      {},
    ),
    inside('outer_connect_originate', [
      tunnel('outer_connect_originate', `%FILTER_STATE(${TARGET}:PLAIN)%`, ['x-istio-source', 'waypoint']),
    ]),
  ],
  clusters: [
    toMain,
    insideCluster(
      HTTP_CHAIN,
      insideEndpoint('inner_connect_originate', '10.2.0.9:15008', { double_hbone: { hbone_target_address: `${HOST}:80` } }),
    ),
    insideCluster('inner_connect_originate', insideEndpoint('outer_connect_originate'), upstreamTls, http2),
    originalDestination('outer_connect_originate', { transport_socket: upstreamTls, ...http2 }),
  ],
});

const farWaypoint = proxy(['waypoint', '10.2.0.7', 'waypoint', 'n2', 'istio.io-mesh-controller'], {
  listeners: [
    connectTerminate(),
    mainInternal(httpMatcher, { [HTTP_CHAIN]: httpChain }),
    inside('connect_originate', [tunnel('connect_originate', '%DOWNSTREAM_LOCAL_ADDRESS%')]),
  ],
  clusters: [
    toMain,
    insideCluster(HTTP_CHAIN, insideEndpoint('connect_originate', '10.2.0.5:8080')),
    originalDestination('connect_originate', { transport_socket: upstreamTls, ...http2 }),
  ],
});

const TCP_CHAIN = `inbound-vip|80|tcp|${HOST}`;
const TO_WAYPOINT = 'inbound-vip|15008|tcp|waypoint.default.svc.cluster.local';

/** Takes the outer tunnel off and passes the inner one on: to the waypoint, unless the request comes from one. */
const gateway = proxy(['waypoint', '10.2.0.9', 'eastwest', 'n2', 'istio.io-eastwest-controller'], {
  listeners: [
    connectTerminate(state('io.istio.source', '%REQ(x-istio-source)%', 'ONCE')),
    mainInternal(
      byState(
        'io.istio.connect_authority',
        { [`${HOST}:80`]: { matcher: byState('io.istio.source', { waypoint: toChain(TCP_CHAIN) }, toChain(TO_WAYPOINT)) } },
        { matcher: byPort({ '80': toChain(TCP_CHAIN) }) },
      ),
      { [TCP_CHAIN]: tcpProxy(TCP_CHAIN), [TO_WAYPOINT]: tcpProxy(TO_WAYPOINT) },
    ),
    inside('forward_inner_connect', [tcpProxy('forward_inner_connect')]),
  ],
  clusters: [
    toMain,
    insideCluster(TCP_CHAIN, insideEndpoint('forward_inner_connect', '10.2.0.5:8080')),
    insideCluster(TO_WAYPOINT, insideEndpoint('forward_inner_connect', '10.2.0.7:15008')),
    originalDestination('forward_inner_connect'),
  ],
});

const workload = (name: string, ip: string | undefined, network: string, more: JsonObject = {}): JsonObject => ({
  uid: `c//Pod/default/${name}`,
  name,
  namespace: 'default',
  serviceAccount: name,
  trustDomain: 'cluster.local',
  network,
  node: `node-${network}`,
  protocol: 'HBONE',
  workloadIps: ip === undefined ? [] : [ip],
  ...more,
});

/** `waypoint`: the one of the client's own network, where it has one. */
function ztunnel(network: 'n1' | 'n2', waypoint: boolean): string {
  const isNear = network === 'n1';
  const networkGateway = { destination: 'n2/10.2.0.9', hboneMtlsPort: 15008 };
  const service = (name: string, vips: readonly string[], ports: JsonObject, more: JsonObject = {}): JsonObject => ({
    name,
    namespace: 'default',
    hostname: `${name}.default.svc.cluster.local`,
    vips,
    ports,
    endpoints: { [`c//Pod/default/${name}`]: { workloadUid: `c//Pod/default/${name}`, port: ports } },
    ...more,
  });
  return JSON.stringify({
    workloads: [
      workload('sleep', '10.1.0.1', 'n1'),
      workload('waypoint', '10.1.0.8', 'n1', { nativeTunnel: true }),
      workload('eastwest', '10.2.0.9', 'n2', { nativeTunnel: true }),
      isNear ? workload('web', undefined, 'n2', { networkGateway }) : workload('web', '10.2.0.5', 'n2'),
    ],
    services: [
      service(
        'web',
        [isNear ? 'n1/10.96.0.1' : 'n2/10.97.0.1'],
        { '80': 8080 },
        {
          // istiod names those who serve it in other networks.
          ...(isNear && { subjectAltNames: ['spiffe://cluster.local/ns/default/sa/waypoint'] }),
          ...(waypoint && { waypoint: { destination: 'default/waypoint.default.svc.cluster.local', hboneMtlsPort: 15008 } }),
        },
      ),
      service('waypoint', [], { '15008': 15008 }),
    ],
    policies: [],
    config: { network, localNode: `node-${network}` },
  });
}

/** Every dump; in the first network a service waypoint stands before the service, or none does. */
export function twoNetworks({ waypoint }: { waypoint: boolean }): Record<string, string> {
  return {
    'waypoint-1.json': nearWaypoint,
    'waypoint-2.json': farWaypoint,
    'eastwest.json': gateway,
    'ztunnel-1.json': ztunnel('n1', waypoint),
    'ztunnel-2.json': ztunnel('n2', false),
  };
}
