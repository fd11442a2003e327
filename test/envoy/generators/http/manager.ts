/** The connection manager's own rules: codecs, header hygiene, ports and hosts, its own headers. */
import fc from 'fast-check';
import type { RequestHttp, TraceRequest } from '../../../../server/src/protocol/trace';
import type { JsonObject, LabCase } from '../../labCase';
import { cluster, extension, httpChain, httpRequest, listener, once, optional, typed, virtualHost } from '../parts';

const manager = optional({
  codec_type: fc.constantFrom('AUTO', 'AUTO', 'HTTP1', 'HTTP2'),
  http_protocol_options: optional({
    accept_http_10: fc.boolean(),
    default_host_for_http_10: fc.constant('default.test'),
    allow_absolute_url: fc.boolean(),
  }),
  common_http_protocol_options: optional({
    headers_with_underscores_action: fc.constantFrom('ALLOW', 'REJECT_REQUEST', 'DROP_HEADER'),
    max_headers_count: fc.constantFrom(5, 100),
  }),
  via: fc.constant('lab'),
  add_user_agent: fc.boolean(),
  scheme_header_transformation: fc.constantFrom<JsonObject[]>({ scheme_to_overwrite: 'https' }, { match_upstream: true }),
  strip_any_host_port: fc.constant(true),
  strip_trailing_host_dot: fc.boolean(),
  append_x_forwarded_port: fc.boolean(),
  generate_request_id: fc.boolean(),
  preserve_external_request_id: fc.boolean(),
  stream_error_on_invalid_http_message: fc.boolean(),
  early_header_mutation_extensions: fc.constant([
    {
      name: 'early',
      typed_config: typed('http.early_header_mutation.header_mutation.v3.HeaderMutation', {
        mutations: [{ append: { header: { key: 'x-early', value: '%REQ(x)%' } } }, { remove: 'y' }],
      }),
    },
  ]),
  represent_ipv4_remote_address_as_ipv4_mapped_ipv6: fc.boolean(),
});

const HEADERS: readonly [string, string][] = [
  ['x', 'abc'],
  ['x', 'def'],
  ['x_under', '1'],
  ['y', ''],
  ['referer', 'http://a.test/p'],
  ['referer', 'nonsense'],
  ['user-agent', 'lab'],
  ['x-forwarded-host', 'other.test'],
  ['x-envoy-retry-on', '5xx'],
  ['x-envoy-original-path', '/o'],
  ['x-envoy-upstream-rq-timeout-ms', '900'],
  ['x-envoy-decorator-operation', 'd'],
  ['x-forwarded-port', '77'],
  ['via', 'before'],
  ['te', 'trailers'],
  ['cookie', 'a=1'],
  ['cookie', 'b=2; a=3'],
  ['x-request-id', '1234'],
  ['grpc-timeout', '1S'],
  ['x-forwarded-proto', 'https'],
  ['proxy-connection', 'keep-alive'],
  ['keep-alive', '5'],
  ['expect', 'nothing'],
  ['connection', 'x, y'],
  ['connection', 'x-forwarded-host'],
  ['connection', 'close, te'],
  ['referer', 'http://u@a.test/'],
  ['referer', '/p#f'],
  ['referer', 'a:b'],
  ['x-envoy-downstream-service-cluster', 'dc'],
];

const AUTHORITIES = [
  ...[
    'a.test',
    'a.test:8080',
    'A.test.',
    'b_c.test',
    'a.test:x',
    'a.test:99999',
    '[::1]:80',
    'a@b.test',
    'a/b',
    'a?b',
    'a#b',
    'a%b',
    'a*b',
  ],
  ...["a'b", 'a(b)', 'a"b', 'a<b', 'a|b', 'a^b', 'a`b', 'a{b}', 'a\\b', 'a~b', 'a,b', 'a;b=c', 'a!$&+'],
];

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    version: fc.constantFrom<RequestHttp['version'][]>('http1', 'http1', 'http2'),
    authority: fc.constantFrom(...AUTHORITIES),
    path: fc.constantFrom('/', '/a?b#c', '/%41', '/a b', 'http://c.test/x', '*', '/a\\b', '/ä'),
    method: fc.constantFrom('GET', 'GET', 'GET', 'OPTIONS', 'PATCH', 'PURGE', 'HEAD'),
    headers: fc.subarray([...HEADERS], { maxLength: 5 }),
  })
  .map(({ version, authority, path, method, headers }) => {
    const singles = headers.filter(([name], index) => name !== 'referer' || headers.findIndex(([other]) => other === name) === index);
    const kept =
      version === 'http2'
        ? singles.filter(([name]) => !['connection', 'proxy-connection', 'keep-alive', 'expect'].includes(name))
        : headers;
    const plain = path === '/a b' || path === '/ä' ? '/' : path;
    return httpRequest({ version, authority, path: plain, method, headers: kept });
  });

const HTTP2 = { explicit_http_config: { http2_protocol_options: {} } };
const options = fc.constantFrom<JsonObject[]>(
  {},
  {},
  { protocol: HTTP2 },
  { protocol: { use_downstream_protocol_config: { http2_protocol_options: {} } } },
);

export const connectionManagers: fc.Arbitrary<LabCase> = fc
  .record({ manager, options, requests: fc.array(client, { minLength: 4, maxLength: 8 }) })
  .map(({ manager: fields, options: { protocol }, requests }) => {
    const key = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
    const chosen: JsonObject = protocol
      ? { typed_extension_protocol_options: { [key]: { '@type': `type.googleapis.com/${key}`, ...(protocol as JsonObject) } } }
      : {};
    const routes: JsonObject[] = [
      { match: { prefix: '/', headers: [{ name: ':scheme', string_match: { exact: 'https' } }] }, route: { cluster: '§c2' } },
      { match: { prefix: '/' }, route: { cluster: '§c1' } },
    ];
    const request_headers_to_add = ['%REQ(x-forwarded-proto)%', '%REQ(:scheme)%', '%PROTOCOL%', '%REQ(cookie)%'].map((value, index) => ({
      header: { key: `x-seen-${index}`, value },
    }));
    const hosts = [
      virtualHost('named', ['a.test', 'default.test'], routes),
      virtualHost('v', ['*'], [{ match: { prefix: '/' }, route: { cluster: '§c1' } }]),
    ];
    const chain = httpChain({ virtual_hosts: hosts, request_headers_to_add }, { fields });
    return {
      area: 'manager',
      listeners: [listener('l', [chain])],
      clusters: [cluster(1, { fields: chosen }), cluster(2)],
      requests: once(requests),
    };
  });

const upgrade = fc.constantFrom('websocket', 'WebSocket', 'other', 'h2c', '');

const upgradeConfig = fc
  .tuple(fc.constantFrom('websocket', 'other', 'WEBSOCKET'), optional({ enabled: fc.boolean() }), fc.boolean())
  .map(([upgrade_type, more, own]): JsonObject => {
    const mutation = extension('mutation', 'filters.http.header_mutation.v3.HeaderMutation', {
      mutations: { request_mutations: [{ append: { header: { key: 'x-upgraded', value: 'yes' } } }] },
    });
    const router = extension('envoy.filters.http.router', 'filters.http.router.v3.Router');
    return { upgrade_type, ...more, ...(own ? { filters: [mutation, router] } : {}) };
  });

const routeUpgrade = fc
  .tuple(fc.constantFrom('websocket', 'other'), optional({ enabled: fc.boolean() }))
  .map(([upgrade_type, more]): JsonObject => ({ upgrade_type, ...more }));

const BUFFER = extension('buffer', 'filters.http.buffer.v3.Buffer', { max_request_bytes: 1024 });
const BUFFER_OFF = typed('filters.http.buffer.v3.BufferPerRoute', { disabled: true });

/** A filter waits for the end that such requests have not; timeouts answer. */
const waiting = fc.record({
  isOff: fc.boolean(),
  onManager: fc.constantFrom<JsonObject[]>(
    { stream_idle_timeout: '0.4s' },
    { request_timeout: '0.3s' },
    { request_timeout: '0.2s', stream_idle_timeout: '0.5s' },
    { common_http_protocol_options: { max_stream_duration: '0.3s' }, stream_idle_timeout: '0s' },
  ),
  onRoute: fc.constantFrom<(JsonObject | undefined)[]>(
    undefined,
    { idle_timeout: '0.3s' },
    { max_stream_duration: { max_stream_duration: '0.2s' } },
  ),
});

/** WebSocket and other upgrades on HTTP/1. */
export const upgrades: fc.Arbitrary<LabCase> = fc
  .record({
    configs: fc.uniqueArray(upgradeConfig, { maxLength: 2, selector: ({ upgrade_type }) => JSON.stringify(upgrade_type).toLowerCase() }),
    own: fc.option(routeUpgrade, { nil: undefined }),
    wait: fc.option(waiting, { freq: 2, nil: undefined }),
    requests: fc.array(
      fc.record({ upgrade, connection: fc.constantFrom('Upgrade', 'keep-alive, upgrade', 'close', ''), path: fc.constantFrom('/', '/a') }),
      {
        minLength: 4,
        maxLength: 8,
      },
    ),
  })
  .map(({ configs, own, wait, requests }) => {
    const limits = wait?.onRoute;
    const action = { cluster: '§c1', ...(own ? { upgrade_configs: [own] } : {}), ...limits };
    const routes: JsonObject[] = [
      { match: { prefix: '/a' }, route: action, ...(wait?.isOff ? { typed_per_filter_config: { buffer: BUFFER_OFF } } : {}) },
      { match: { prefix: '/' }, route: { cluster: '§c1' } },
    ];
    const chain = httpChain(
      { virtual_hosts: [virtualHost('v', ['*'], routes)] },
      { httpFilters: wait ? [BUFFER] : [], fields: { ...(configs.length > 0 ? { upgrade_configs: configs } : {}), ...wait?.onManager } },
    );
    const all = requests.map(({ upgrade: wanted, connection, path }) => {
      const headers: [string, string][] = [];
      if (connection !== '') headers.push(['connection', connection]);
      if (wanted !== '') headers.push(['upgrade', wanted]);
      return httpRequest({ path, headers });
    });
    return { area: 'upgrade', listeners: [listener('l', [chain])], clusters: [cluster(1)], requests: once(all) };
  });
