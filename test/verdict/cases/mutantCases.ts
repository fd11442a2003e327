/** What the mutations of our written bootstraps have taught, each beside what Envoy takes. */
import type { JsonObject } from '../json';
import { bootstrap, cluster, inCluster, inHttpFilter, inListener, inNetworkFilter, message, typed, type Case } from './frame';

const dubbo = (name: string, match: JsonObject): Case =>
  inNetworkFilter(`dubbo ${name}`, 'filters.network.dubbo_proxy.v3.DubboProxy', {
    stat_prefix: 'd',
    route_config: [{ name: 'r', interface: 'i', routes: [{ match, route: { cluster: 'c' } }] }],
  });
const thrift = (name: string, cluster: JsonObject): Case =>
  inNetworkFilter(`thrift ${name}`, 'filters.network.thrift_proxy.v3.ThriftProxy', {
    stat_prefix: 't',
    route_config: { name: 'r', routes: [{ match: { method_name: 'a' }, route: { weighted_clusters: { clusters: [cluster] } } }] },
  });
const policy = (name: string, condition: JsonObject): Case =>
  inHttpFilter(`cel ${name}`, 'filters.http.rbac.v3.RBAC', {
    rules: { policies: { p: { permissions: [{ any: true }], principals: [{ any: true }], condition } } },
  });
const OPTIONS = 'upstreams.http.v3.HttpProtocolOptions';
const http3 = (name: string, type = 'quic.v3.QuicUpstreamTransport'): Case => {
  const body: JsonObject = type.startsWith('quic') ? { upstream_tls_context: { sni: 'a.com' } } : {};
  return inCluster(`http3 ${name} ${type}`, {
    transport_socket: { name, typed_config: message(`transport_sockets.${type}`, body) },
    typed_extension_protocol_options: {
      [`envoy.extensions.${OPTIONS}`]: message(OPTIONS, { explicit_http_config: { http3_protocol_options: {} } }),
    },
  });
};
const authz = (name: string, fields: JsonObject): Case =>
  inHttpFilter(`ext_authz ${name}`, 'filters.http.ext_authz.v3.ExtAuthz', {
    http_service: { server_uri: { uri: 'http://a', cluster: 'c', timeout: '1s' }, ...fields },
  });
const dns = (name: string, address: string): Case => [
  `dns ${name}`,
  '/static_resources/listeners/0/listener_filters/0',
  bootstrap([
    {
      name: 'd',
      address: { socket_address: { address: '127.0.0.1', port_value: 53, protocol: 'UDP' } },
      listener_filters: [
        typed('dns', 'filters.udp.dns_filter.v3.DnsFilterConfig', {
          stat_prefix: 'd',
          server_config: { inline_dns_table: { virtual_domains: [{ name: 'a.com', endpoint: { address_list: { address: [address] } } }] } },
        }),
      ],
    },
  ]),
];
const bucket = (name: string, fill_interval: string): Case =>
  inHttpFilter(`bucket ${name}`, 'filters.http.local_ratelimit.v3.LocalRateLimit', {
    stat_prefix: 'l',
    token_bucket: { max_tokens: 1, fill_interval },
    filter_enabled: { default_value: { numerator: 100 } },
  });
const secret = (name: string, validation_context: JsonObject, uses: boolean): Case => {
  const common: JsonObject = uses ? { validation_context_sds_secret_config: { name: 'ca' } } : {};
  const socket = message('transport_sockets.tls.v3.UpstreamTlsContext', { common_tls_context: common });
  const config = bootstrap([], [cluster('x', { transport_socket: { name: 't', typed_config: socket } })]);
  const resources = config['static_resources'] as JsonObject;
  const secrets = [{ name: 'ca', validation_context }];
  return [`secret ${name}`, '/static_resources/secrets/0/validation_context', { ...config, static_resources: { ...resources, secrets } }];
};
const inspector = typed('tls', 'filters.listener.tls_inspector.v3.TlsInspector');
const udpProxy = typed('udp', 'filters.udp.udp_proxy.v3.UdpProxyConfig', {
  stat_prefix: 'u',
  matcher: { on_no_match: { action: typed('r', 'filters.udp.udp_proxy.v3.Route', { cluster: 'c' }) } },
});
const datagrams = (name: string, filters: JsonObject[]): Case => {
  const address = { socket_address: { address: '127.0.0.1', port_value: 53, protocol: 'UDP' } };
  return [
    `udp ${name}`,
    '/static_resources/listeners/0/listener_filters/0',
    bootstrap([{ name: 'd', address, listener_filters: filters }]),
  ];
};
const clusterType = (name: string, config?: JsonObject): Case =>
  inCluster(`cluster type ${name} ${JSON.stringify(config)}`, {
    type: null,
    load_assignment: null,
    lb_policy: 'CLUSTER_PROVIDED',
    cluster_type: { name, ...(config && { typed_config: config }) },
  });
const claim = (fields: JsonObject): Case =>
  inHttpFilter(`claim ${JSON.stringify(fields)}`, 'filters.http.jwt_authn.v3.JwtAuthentication', {
    providers: {
      p: { local_jwks: { inline_string: '{"keys":[{"kty":"oct","k":"c2VjcmV0","alg":"HS256"}]}' }, claim_to_headers: [fields] },
    },
  });
const NAMES = { match_typed_subject_alt_names: [{ san_type: 'DNS', matcher: { exact: 'a' } }] };
const IDENT = { ident_expr: { name: 'request' } };

export const mutantCases: readonly Case[] = [
  dubbo('nothing', {}),
  dubbo('headers alone', { headers: [{ name: 'a', present_match: true }] }),
  dubbo('method', { method: { name: { exact: 'a' } } }),
  dubbo('empty method', { method: {} }),
  thrift('weight', { name: 'c', weight: 1 }),
  thrift('no weight', { name: 'c' }),
  thrift('weight 0', { name: 'c', weight: 0 }),
  policy('empty', {}),
  policy('id alone', { id: 1 }),
  policy('identifier', IDENT),
  policy('no identifier', { ident_expr: {} }),
  policy('select', { select_expr: { operand: IDENT, field: 'method' } }),
  policy('no operand', { select_expr: { field: 'method' } }),
  policy('empty operand', { select_expr: { operand: {}, field: 'method' } }),
  policy('no field', { select_expr: { operand: IDENT } }),
  policy('constant', { const_expr: { bool_value: true } }),
  policy('no constant', { const_expr: {} }),
  policy('camel', { constExpr: { stringValue: 'a' } }),
  policy('call', { call_expr: { function: '_==_', args: [{ const_expr: { int64_value: 1 } }, {}] } }),
  ...['_==_', '_<_', '_&&_', '!_', '_?_:_', '_[_]', '@in', '_in_', 'size'].flatMap((name) =>
    [1, 2, 3].map((count) => {
      const args = Array.from({ length: count }, () => ({ const_expr: { bool_value: true } }));
      return policy(`${name} ${count}`, { call_expr: { function: name, args } });
    }),
  ),
  http3('envoy.transport_sockets.quic'),
  http3('quic'),
  http3('my.envoy.transport_sockets.quic.x'),
  http3('envoy.transport_sockets.quic', 'tls.v3.UpstreamTlsContext'),
  authz('prefix', { path_prefix: '/a' }),
  authz('override', { path_override: '/a' }),
  authz('both', { path_prefix: '/a', path_override: '/b' }),
  dns('address', '10.0.0.1'),
  dns('malformed', '10.0.0.1x'),
  dns('IPv6', '2001::1'),
  bucket('50 ms', '0.05s'),
  bucket('49 ms', '0.049s'),
  bucket('a microsecond', '0.000001s'),
  datagrams('inspector', [inspector]),
  datagrams('proxy', [udpProxy]),
  inListener('inspector', { listener_filters: [inspector] }, { at: '/listener_filters/0' }),
  inListener('UDP proxy', { listener_filters: [udpProxy] }, { at: '/listener_filters/0' }),
  ...['aggregate', 'dynamic_forward_proxy', 'redis', 'composite', 'original_dst', 'static', 'dns', 'reverse_connection'].flatMap((name) => [
    clusterType(`envoy.clusters.${name}`),
    clusterType(`envoy.clusters.${name}`, {}),
  ]),
  claim({ header_name: 'a' }),
  claim({ header_name: 'a', claim_name: 's' }),
  claim({ header_name: 'a', claim_name: '' }),
  secret('without CA', NAMES, true),
  secret('unused', NAMES, false),
];
