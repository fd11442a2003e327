/** Filters that wait for the body (each case as a real Envoy 1.40 did it): a trace knows only what the headers announce. */
import { describe, expect, test } from 'vitest';
import { any, fate, fateOf, filter, filterPath, filterTrace, sentHeader, type FilterCall } from './filterTrace';

const JSON_TYPE = { 'content-type': 'application/json' };
const POST = (headers: Record<string, string>): FilterCall => ({ method: 'POST', headers });

describe('json_to_metadata', () => {
  const at = { metadata_namespace: 'n', key: 'k' };
  const rules = [
    { selectors: [{ key: 'a' }], on_present: at, on_missing: { ...at, value: 'missing' }, on_error: { ...at, value: 'error' } },
  ];
  const reader = (more: Record<string, unknown> = {}): Record<string, unknown> =>
    filter('json', 'json_to_metadata.v3.JsonToMetadata', { request_rules: { rules, ...more } });
  const shower = filter('show', 'header_mutation.v3.HeaderMutation', {
    mutations: { request_mutations: [{ append: { header: { key: 'y', value: '%DYNAMIC_METADATA(n:k)%' } } }] },
  });
  const shown = (call: FilterCall, more?: Record<string, unknown>): string | undefined =>
    sentHeader(filterPath({ filters: [reader(more), shower] }, call), 'y');

  test.each<[string, FilterCall, string]>([
    ['no body', POST(JSON_TYPE), 'missing'],
    ['another content type', POST({ 'content-type': 'text/x', 'content-length': '7' }), 'error'],
    ['no content type', POST({ 'content-length': '7' }), 'error'],
  ])('%s', (_, call, expected) => {
    expect(shown(call)).toBe(expected);
  });

  test('no content type where that is allowed', () => {
    expect(shown({}, { allow_empty_content_type: true })).toBe('missing');
  });

  test('a body is not known, and matters only where it decides', () => {
    const call = POST({ ...JSON_TYPE, 'content-length': '7' });
    expect(fate({ filters: [reader()] }, call)).toBe('upstream a');
    const match = { prefix: '/', dynamic_metadata: [{ filter: 'n', path: [{ key: 'k' }], value: { string_match: { exact: '1' } } }] };
    const routes = [
      { match, route: { cluster: 'b' } },
      { match: { prefix: '/' }, route: { cluster: 'a' } },
    ];
    expect(fate({ filters: [reader()], routes }, call)).toBe('insufficient_info');
    expect(fate({ filters: [reader()], routes }, POST(JSON_TYPE))).toBe('upstream a');
  });
});

test.each<Record<string, string>>([{ 'content-length': '7' }, { 'transfer-encoding': 'chunked' }])(
  'a body stays where a filter takes %j away',
  (headers) => {
    const taker = filter('t', 'header_mutation.v3.HeaderMutation', { mutations: { request_mutations: [{ remove: 'content-length' }] } });
    const cache = filter('c', 'cache.v3.CacheConfig', { typed_config: {} });
    expect(sentHeader(filterPath({ filters: [taker, cache] }), 'x-envoy-internal')).toBe('true');
    expect(sentHeader(filterPath({ filters: [taker, cache] }, { headers }), 'x-envoy-internal')).toBeUndefined();
  },
);

const compressorOf = (request_direction_config: object) =>
  filter('c', 'compressor.v3.Compressor', {
    compressor_library: { name: 'g', typed_config: any('envoy.extensions.compression.gzip.compressor.v3.Gzip') },
    request_direction_config,
  });

// Observed with Envoy 1.40: what comes in chunks is long enough, and types are compared without regard to case.
test.each<[Record<string, string>, string | undefined]>([
  [{ 'content-length': '29' }, undefined],
  [{ 'content-length': '30' }, 'gzip'],
  [{ 'transfer-encoding': 'chunked' }, 'gzip'],
  [{ 'content-length': '30', 'content-type': 'TEXT/plain; charset=x' }, 'gzip'],
  [{ 'content-length': '30', 'content-type': 'image/png' }, undefined],
])('a request with %j is compressed: %s', (headers, encoding) => {
  expect(sentHeader(filterPath({ filters: [compressorOf({})] }, POST(headers)), 'content-encoding')).toBe(encoding);
});

// The same, with matchers: they alone decide, on what stands before the parameters.
test.each<[string, string | undefined]>([
  ['a/b', 'gzip'],
  ['a/b; x=1', 'gzip'],
  ['A/b', undefined],
  ['x/y', undefined],
  ['c/d', 'gzip'],
  ['d/e; x=1', undefined],
])('a request of type %s is compressed by matchers: %s', (type, encoding) => {
  const common = { content_type: ['x/y'], content_type_matcher: [{ exact: 'a/b' }, { prefix: 'c/' }, { suffix: 'x=1' }] };
  const sent = filterPath({ filters: [compressorOf({ common_config: common })] }, POST({ 'content-length': '30', 'content-type': type }));
  expect(sentHeader(sent, 'content-encoding')).toBe(encoding);
});

test('of a body whose type only Envoy knows nobody can tell whether it is compressed', () => {
  const typed = filter('m', 'header_mutation.v3.HeaderMutation', {
    mutations: { request_mutations: [{ append: { header: { key: 'content-type', value: '%CONNECTION_ID%' } } }] },
  });
  const asked = (header: object): string => {
    const rules = { action: 'DENY', policies: { p: { permissions: [{ header }], principals: [{ any: true }] } } };
    return fate({ filters: [typed, compressorOf({}), filter('r', 'rbac.v3.RBAC', { rules })] }, POST({ 'content-length': '30' }));
  };
  expect(asked({ name: 'content-encoding', present_match: true })).toBe('insufficient_info');
  expect(asked({ name: 'content-length', string_match: { exact: '30' } })).toBe('insufficient_info');
  expect(asked({ name: 'content-type', present_match: true })).toBe('denied 403 rbac_access_denied_matched_policy[p]');
});

test('a route turns compression off for answers, not for requests', () => {
  const off = { c: any('compressor.v3.CompressorPerRoute', { disabled: true }) };
  const routes = [{ match: { prefix: '/' }, route: { cluster: 'a' }, typed_per_filter_config: off }];
  const path = filterPath({ filters: [compressorOf({})], routes }, POST({ 'content-length': '30' }));
  expect(sentHeader(path, 'content-encoding')).toBe('gzip');
  expect(path.response?.headers).toBeUndefined();
});

describe('buffer', () => {
  const filters = [filter('b', 'buffer.v3.Buffer', { max_request_bytes: 2 })];
  const perRoute = (config: Record<string, unknown>): Record<string, unknown> => ({
    typed_per_filter_config: { b: any('buffer.v3.BufferPerRoute', config) },
  });
  const REFUSED = 'local_reply 413 request_payload_too_large';

  test.each<[string, Record<string, unknown>, string]>([
    ['3', {}, REFUSED],
    ['2', {}, 'upstream a'],
    ['3', perRoute({ buffer: { max_request_bytes: 5 } }), 'upstream a'],
    ['6', perRoute({ buffer: { max_request_bytes: 5 } }), REFUSED],
    ['3', perRoute({ disabled: true }), 'upstream a'],
  ])('%s bytes, %j: %s', (length, virtualHost, expected) => {
    expect(fateOf(filterPath({ filters, virtualHost }, POST({ 'content-length': length })))).toBe(expected);
  });

  test.each<['http2', string, string[]]>([
    ['http2', '2', ['upstream a']],
    ['http2', '3', [REFUSED, 'upstream a']],
    ['http2', '16386', [REFUSED, 'upstream a']],
    ['http2', '16387', [REFUSED]],
  ])('%s, where the last DATA frame is not kept: %s bytes', (version, length, expected) => {
    const { paths } = filterTrace({ filters }, { ...POST({ 'content-length': length }), version });
    expect(paths.map(fateOf)).toEqual(expected);
  });

  const UPGRADE = { connection: 'upgrade', upgrade: 'websocket' };
  const upgrade_configs = [{ upgrade_type: 'websocket' }, { upgrade_type: 'CONNECT' }];
  const DURATION = { common_http_protocol_options: { max_stream_duration: '0.4s' } };

  test.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
    ['nothing is said', {}, {}, 'local_reply 408 stream_idle_timeout'],
    ['the request must be there soon', { request_timeout: '0.3s' }, {}, 'local_reply 408 request_overall_timeout'],
    ['the stream may not last', DURATION, {}, 'local_reply 408 max_duration_timeout'],
    [
      'the route says how long',
      { stream_idle_timeout: '0s' },
      { max_stream_duration: { max_stream_duration: '1s' } },
      'local_reply 408 max_duration_timeout',
    ],
    ['the route may be idle for longer', { request_timeout: '9s' }, { idle_timeout: '10s' }, 'local_reply 408 request_overall_timeout'],
    ['nothing ends it', { stream_idle_timeout: '0s' }, {}, 'closed'],
  ])('a tunnel has no end to wait for: %s', (_, manager, action, expected) => {
    const route = { route: { cluster: 'a', ...action } };
    const fixture = { filters, manager: { upgrade_configs, ...manager }, route };
    expect(fateOf(filterPath(fixture, { headers: UPGRADE }))).toBe(expected);
    const connect = { ...fixture, routes: [{ match: { connect_matcher: {} }, ...route }] };
    expect(fateOf(filterPath(connect, { method: 'CONNECT', authority: 'a.test:80', path: '' }))).toBe(expected);
    expect(fate({ ...fixture, virtualHost: perRoute({ disabled: true }) }, { headers: UPGRADE })).toBe('upstream a');
    expect(fate(fixture)).toBe('upstream a');
  });

  test('an idle stream has its flag', () => {
    const path = filterPath({ filters, manager: { upgrade_configs } }, { headers: UPGRADE });
    expect(path.response).toMatchObject({ code: 408, flags: ['SI'], body: 'stream timeout' });
  });
});

describe('gRPC-Web as text', () => {
  const web = { filters: [filter('w', 'grpc_web.v3.GrpcWeb')] };
  const call = (length: string, type = 'application/grpc-web-text'): FilterCall => ({
    method: 'POST',
    headers: { 'content-type': type, 'content-length': length },
  });

  test('is refused where its length is no base64, once the route and its host are found', () => {
    expect(fateOf(filterPath(web, call('5')))).toBe('bad_request 400 grpc_base_64_decode_failed_bad_size');
    expect(fateOf(filterPath({ ...web, route: { route: { cluster: 'none' } } }, call('5')))).toBe('no_cluster 503 cluster_not_found');
    expect(fateOf(filterPath(web, call('8')))).toBe('upstream a');
    expect(fateOf(filterPath(web, call('5', 'application/grpc-web')))).toBe('upstream a');
  });
});
