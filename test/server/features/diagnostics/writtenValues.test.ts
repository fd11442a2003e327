/** Ways to write a value, and places that take less or more than they seem to: each was asked of `envoy --mode validate`. */
import { expect, test } from 'vitest';
import { checkRefusals, extension, problemsIn, refusals, type Row } from './refusals';

const FILTERS = 'filters.http';
const http = { http_service: { server_uri: { uri: 'http://a', cluster: 'c', timeout: '1s' } } };

const structs = ['xds.type.v3.TypedStruct', 'udpa.type.v1.TypedStruct'].map((name) => `type.googleapis.com/${name}`);
const typeUrl = 'type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer';

test.each(structs)('a %s must tell its type, and without a value it is an empty message', (type) => {
  const of = (fields: object): string[] => refusals({ name: 'x', typed_config: { '@type': type, ...fields } });
  const filter = {
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
      stat_prefix: 'h',
      http_filters: [{ name: 'x', typed_config: { '@type': type, value: {} } }],
    },
  };
  expect(of({ type_url: typeUrl, value: { max_request_bytes: 1 } })).toEqual([]);
  expect(of({ type_url: typeUrl })).toEqual([expect.stringContaining('"max_request_bytes" is required')]);
  expect(of({ type_url: typeUrl, value: null })).toEqual([expect.stringContaining('"max_request_bytes" is required')]);
  expect(refusals(filter)).toContainEqual(expect.stringContaining('a "type_url" is missing'));
});

checkRefusals('values written in full', [
  [`${FILTERS}.ext_authz.v3.ExtAuthz`, { ...http, status_on_error: { code: 'Empty' } }, 'not allowed here'],
  [`${FILTERS}.ext_authz.v3.ExtAuthz`, { ...http, status_on_error: { code: 'notFound' } }],
  [`compression.gzip.compressor.v3.Gzip`, { window_bits: {} }, 'value must be'],
  [`compression.gzip.compressor.v3.Gzip`, { window_bits: { value: 9 } }],
]);

test('nanoseconds are counted in 64 bits', () => {
  const within = (connect_timeout: string): string[] =>
    refusals({ static_resources: { clusters: [{ name: 'c', connect_timeout, load_assignment: { cluster_name: 'c' } }] } });
  expect(within('9223372035.9s')).toEqual([]);
  expect(within('9223372036s')).toEqual([expect.stringContaining('a duration must be at most 9223372035s')]);
});

test('a constant of a CEL matcher may be any duration, one of an RBAC condition may not', () => {
  const args = [{ const_expr: { duration_value: '-1s' } }, { ident_expr: { name: 'request' } }];
  const call_expr = { function: '_==_', args };
  const invalid = (config: object): string[] =>
    problemsIn(config).flatMap(({ code, message }) => (code === 'invalid-value' ? [message] : []));
  const matcher = {
    '@type': 'type.googleapis.com/xds.type.matcher.v3.CelMatcher',
    expr_match: { cel_expr_parsed: { expr: { call_expr } } },
  };
  expect(invalid({ name: 'x', typed_config: matcher })).toEqual([]);
  const policies = { p: { permissions: [{ any: true }], principals: [{ any: true }], condition: { call_expr } } };
  expect(invalid(extension('filters.http.rbac.v3.RBAC', { rules: { policies } }))).toEqual([
    expect.stringContaining('must not be negative'),
  ]);
});

test('lists in a list are read as one', () => {
  const host = (rate_limits: unknown): string[] =>
    refusals({ name: 'v', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'c', rate_limits } }] });
  expect(host([[{}]])).toEqual([expect.stringContaining('"actions" must contain')]);
  expect(host([[{ actions: [[{ remote_address: {} }]] }]])).toEqual([]);
});

test('no last filter may be disabled, wherever the chain stands', () => {
  const last = { ...extension('filters.http.upstream_codec.v3.UpstreamCodec'), disabled: true };
  const first = { ...extension('filters.http.buffer.v3.Buffer', { max_request_bytes: 1 }), disabled: true };
  const codec = { ...last, disabled: false };
  const router = (upstream_http_filters: object[]): string[] =>
    refusals(extension('filters.http.router.v3.Router', { upstream_http_filters }));
  expect(router([last])).toEqual([expect.stringContaining('cannot be disabled by default')]);
  expect(router([first, codec])).toEqual([]);
  const options = { explicit_http_config: { http_protocol_options: {} }, http_filters: [last] };
  expect(refusals(extension('upstreams.http.v3.HttpProtocolOptions', options))).toEqual([
    expect.stringContaining('cannot be disabled by default'),
  ]);
});

test('what is done when Envoy hangs is made without its extension', () => {
  const action = (typed_config: object): string[] =>
    refusals({
      static_resources: {},
      watchdogs: { main_thread_watchdog: { actions: [{ event: 'MISS', config: { name: 'x', typed_config } }] } },
    });
  expect(action({})).toEqual([]);
  expect(action({ '@type': 'type.googleapis.com/acme.v1.Action' })).toEqual([expect.stringContaining('does not know the type')]);
});

test('an empty name of routes is none', () => {
  const scope = (fields: object): string[] =>
    refusals(
      extension('filters.network.http_connection_manager.v3.HttpConnectionManager', {
        stat_prefix: 'h',
        scoped_routes: {
          name: 's',
          scope_key_builder: { fragments: [{ header_value_extractor: { name: 'a', index: 0 } }] },
          scoped_route_configurations_list: {
            scoped_route_configurations: [{ name: 'n', key: { fragments: [{ string_key: 'a' }] }, ...fields }],
          },
        },
      }),
    );
  expect(scope({ route_configuration_name: '', route_configuration: { name: 'r' } })).toEqual([]);
  expect(scope({ route_configuration_name: 'r', route_configuration: { name: 'r' } })).toContainEqual(expect.stringContaining('via RDS'));
});

const base64 = (text: string): string => btoa(text);

checkRefusals('texts written as bytes', [
  [`${FILTERS}.basic_auth.v3.BasicAuth`, { users: { inline_bytes: base64('nobody') } }, 'Basic auth'],
  [`${FILTERS}.jwt_authn.v3.JwtAuthentication`, { providers: { p: { local_jwks: { inline_bytes: base64('x') } } } }, 'Invalid local jwks'],
  [
    'transport_sockets.tls.v3.DownstreamTlsContext',
    {
      common_tls_context: { tls_certificate_sds_secret_configs: [{ name: 's' }] },
      session_ticket_keys: { keys: [{ inline_bytes: base64('x'.repeat(81)) }] },
    },
    'ticket key length: 81',
  ],
  [
    'transport_sockets.tls.v3.DownstreamTlsContext',
    {
      common_tls_context: { tls_certificate_sds_secret_configs: [{ name: 's' }] },
      session_ticket_keys: { keys: [{ inline_bytes: base64('x'.repeat(80)) }] },
    },
  ],
]);

checkRefusals('words for booleans', [
  [`${FILTERS}.jwt_authn.v3.PerRouteConfig`, { disabled: 'yes' }],
  [`${FILTERS}.jwt_authn.v3.PerRouteConfig`, { disabled: 'no' }, 'value must equal true'],
]);

checkRefusals('caches', [
  [`${FILTERS}.cache.v3.CacheConfig`, { typed_config: {} }, 'an "@type" is missing'],
  [`${FILTERS}.cache.v3.CacheConfig`, { typed_config: {}, disabled: true }],
  [`${FILTERS}.cache_v2.v3.CacheV2Config`, { typed_config: { '@type': 'type.googleapis.com/google.protobuf.Empty' }, disabled: true }],
]);

const bucket = { stat_prefix: 's', token_bucket: { max_tokens: 1, fill_interval: '1s' } };
const descriptor = (fill_interval: string): object => ({
  descriptors: [{ entries: [{ key: 'k', value: 'v' }], token_bucket: { max_tokens: 1, fill_interval } }],
});

checkRefusals('numbers and times', [
  [`${FILTERS}.local_ratelimit.v3.LocalRateLimit`, { ...bucket, ...descriptor('0.0005s') }, 'every 50 ms'],
  [`${FILTERS}.local_ratelimit.v3.LocalRateLimit`, { ...bucket, token_bucket: { max_tokens: 1, fill_interval: '0.0005s' } }],
  [`${FILTERS}.local_ratelimit.v3.LocalRateLimit`, { ...bucket, ...descriptor('0.05s') }],
  [
    'filters.network.http_connection_manager.v3.HttpConnectionManager',
    { stat_prefix: 'h', rds: { route_config_name: 'r', config_source: { ads: {} } }, tracing: { random_sampling: { value: 'NaN' } } },
    'not in the range of 0 to 100',
  ],
  [
    'filters.network.http_connection_manager.v3.HttpConnectionManager',
    { stat_prefix: 'h', rds: { route_config_name: 'r', config_source: { ads: {} } }, tracing: { client_sampling: { value: 'NaN' } } },
  ],
]);

test('an empty item of a list is an empty value, or an empty message', () => {
  const host = { name: 'v', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'c' } }] };
  expect(refusals({ ...host, response_headers_to_remove: [null] })).toEqual([expect.stringContaining('at least 1 characters')]);
  const manager = { stat_prefix: 'h', rds: { route_config_name: 'r', config_source: { ads: {} } }, access_log: [null] };
  expect(refusals(extension('filters.network.http_connection_manager.v3.HttpConnectionManager', manager))).toEqual([
    expect.stringContaining('its "typed_config" with an "@type" is missing'),
  ]);
});

test('a socket around another one takes one of its side', () => {
  const inner = (type: string): object =>
    extension('transport_sockets.tcp_stats.v3.Config', {
      transport_socket: extension(`transport_sockets.tls.v3.${type}`, {
        common_tls_context: { tls_certificate_sds_secret_configs: [{ name: 's' }] },
      }),
    });
  const of = (type: string): string[] =>
    refusals({ name: 'l', address: { pipe: { path: '/l' } }, filter_chains: [{ transport_socket: inner(type) }] });
  expect(of('UpstreamTlsContext')).toEqual([expect.stringContaining('envoy.transport_sockets.downstream')]);
  expect(of('DownstreamTlsContext')).toEqual([]);
});

test('typed metadata is read, and what is wrong with it stays without effect', () => {
  const of = (x: object): string[] =>
    problemsIn({
      static_resources: { clusters: [{ name: 'c', load_assignment: { cluster_name: 'c' }, metadata: { typed_filter_metadata: { x } } }] },
    }).flatMap(({ severity, code }) => (severity === 'hint' ? [] : [`${severity} ${code}`]));
  const buffer = 'type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer';
  expect(of({ '@type': buffer })).toContain('warning missing-field');
  expect(of({ '@type': buffer, nope: 1 })).toContain('error unknown-field');
});

test('a directory is watched, or a file is polled', () => {
  const source = (fields: object): string[] =>
    refusals(
      extension('filters.network.http_connection_manager.v3.HttpConnectionManager', {
        stat_prefix: 'h',
        rds: { route_config_name: 'r', config_source: { path_config_source: { path: '/dev/null', ...fields } } },
      }),
    );
  expect(source({ poll_interval: '1s', watched_directory: { path: '/d' } })).toEqual([
    expect.stringContaining('Only one of "poll_interval"'),
  ]);
  expect(source({ poll_interval: '1s' })).toEqual([]);
});

const nameless = [{ name: 'x' }];
const oauth = {
  token_endpoint: { uri: 'http://a/t', cluster: 'c', timeout: '1s' },
  authorization_endpoint: 'http://a/b',
  redirect_uri: 'http://a/c',
  redirect_path_matcher: { path: { exact: '/c' } },
  signout_path: { path: { exact: '/d' } },
  credentials: { client_id: 'i', token_secret: { name: 's' }, hmac_secret: { name: 's' } },
};

checkRefusals('retries that are prepared at once', [
  [
    `${FILTERS}.oauth2.v3.OAuth2`,
    { config: { ...oauth, retry_policy: { retry_host_predicate: nameless } } },
    'No extension is found for "x"',
  ],
  [
    `${FILTERS}.ext_authz.v3.ExtAuthz`,
    { http_service: { ...http.http_service, retry_policy: { retry_host_predicate: nameless } } },
    'No extension is found for "x"',
  ],
  [`${FILTERS}.gcp_authn.v3.GcpAuthnFilterConfig`, { cluster: 'c', timeout: '1s', retry_policy: { retry_host_predicate: nameless } }],
]);

const remote = (uri: string): object => ({ providers: { p: { remote_jwks: { http_uri: { uri, cluster: 'c', timeout: '1s' } } } } });

checkRefusals('addresses of key sets', [
  ...['http://a b', 'http://a/ b', 'https://a:99999/x', 'ftp://a/'].map((uri): Row => [
    `${FILTERS}.jwt_authn.v3.JwtAuthentication`,
    remote(uri),
    'Invalid URI',
  ]),
  ...['http://a', 'https://a:1/x?y'].map((uri): Row => [`${FILTERS}.jwt_authn.v3.JwtAuthentication`, remote(uri)]),
]);

const share = { headers: [{ name: ':path', string_match: { exact: '/a' } }], cluster_min_healthy_percentages: { c: { value: 'NaN' } } };

checkRefusals('what is not looked at', [
  [`${FILTERS}.health_check.v3.HealthCheck`, { ...share, pass_through_mode: false }, 'NaN'],
  [`${FILTERS}.health_check.v3.HealthCheck`, { ...share, pass_through_mode: true }],
  [`${FILTERS}.basic_auth.v3.BasicAuth`, { users: { inline_string: '' } }, '"users" cannot be empty'],
  [`${FILTERS}.basic_auth.v3.BasicAuthPerRoute`, { users: { inline_string: '' } }],
]);

test('settings of a filter that is off on a route are not looked at, nor those that may be left out', () => {
  const settings = (fields: object): string[] =>
    refusals({
      name: 'v',
      domains: ['*'],
      routes: [
        {
          match: { prefix: '/' },
          route: { cluster: 'c' },
          typed_per_filter_config: { x: { '@type': 'type.googleapis.com/envoy.config.route.v3.FilterConfig', ...fields } },
        },
      ],
    });
  const config = { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' };
  expect(settings({ config })).toEqual([expect.stringContaining('does not support settings')]);
  expect(settings({ config, disabled: true })).toEqual([]);
  expect(settings({ config, is_optional: true })).toEqual([]);
  expect(settings({ config: { '@type': structs[0] } })).toEqual([expect.stringContaining('a "type_url" is missing')]);
});

test('a source address is resolved by the resolver of IPs alone', () => {
  const bind = (resolver_name: string): string[] =>
    refusals({
      static_resources: {
        clusters: [
          {
            name: 'c',
            load_assignment: { cluster_name: 'c' },
            upstream_bind_config: { source_address: { address: '1.2.3.4', port_value: 0, resolver_name } },
          },
        ],
      },
    });
  expect(bind('own')).toEqual([expect.stringContaining('Unknown address resolver')]);
  expect(bind('envoy.ip')).toEqual([]);
});
