/** Filters that headers decide, as Envoy 1.40 was seen to run them. */
import { describe, expect, test } from 'vitest';
import { any, fate, fateOf, filter, filterPath, sentHeader, type FilterCall, type FilterFixture } from './filterTrace';
import { hopOf } from '../support/traceOf';

type Fields = Record<string, unknown>;
const X = 'envoy.extensions.';

const mutation = (name: string, value: string): Fields =>
  filter(name, 'header_mutation.v3.HeaderMutation', {
    mutations: {
      request_mutations: [{ append: { header: { key: 'h', value } } }],
      response_mutations: [{ append: { header: { key: 'r', value } } }],
    },
  });
const abort = (http_status: number): Fields =>
  filter('abort', 'fault.v3.HTTPFault', { abort: { http_status, percentage: { numerator: 100 } } });
const sentAll = (fixture: FilterFixture, call: FilterCall = {}): string[] =>
  (filterPath(fixture, call).hops[0]?.upstream?.http?.headers ?? []).filter(([name]) => name === 'h').map(([, value]) => value);
const by = (name: string, fields: Fields, type: string): Fields => ({ input: { name, typed_config: any(type, fields) } });

describe('a filter chain in the place of a filter', () => {
  const chain = (...filters: Fields[]): Fields => ({ filters });
  const own = filter('own', 'filter_chain.v3.FilterChainConfig', { default_filter_chain: chain(mutation('a', 'd1'), mutation('b', 'd2')) });
  const perRoute = (...filters: Fields[]): Fields => ({
    typed_per_filter_config: { own: any('filter_chain.v3.FilterChainConfigPerRoute', { filter_chain: chain(...filters) }) },
  });

  test('runs its own filters, then the levels’ of the route; a name that comes again drops the earlier one', () => {
    expect(sentAll({ filters: [own] })).toEqual(['d1', 'd2']);
    const virtualHost = perRoute(mutation('v', 'v1'));
    expect(sentAll({ filters: [own], virtualHost, route: perRoute(mutation('b', 'p2'), mutation('c', 'p3')) })).toEqual([
      'd1',
      'v1',
      'p2',
      'p3',
    ]);
  });

  test('shows an answer to the later filters of the list', () => {
    const path = filterPath({ filters: [own], route: perRoute(abort(418), mutation('z', 'late')) });
    expect([fateOf(path), path.response?.headers?.append]).toEqual([
      'local_reply 418 fault_filter_abort',
      [
        ['r', 'late'],
        ['r', 'd2'],
        ['r', 'd1'],
      ],
    ]);
  });
});

describe('a composite filter with a matcher of its own', () => {
  const run = (action: Fields): Fields => ({ action: { name: 'run', typed_config: any('composite.v3.ExecuteFilterAction', action) } });
  const matcher = {
    matcher_tree: {
      ...by('x', { header_name: 'x' }, 'envoy.type.matcher.v3.HttpRequestHeaderMatchInput'),
      exact_match_map: { map: { one: run({ typed_config: mutation('m', 'one') }), all: run({ filter_chain_name: 'n' }) } },
    },
  };
  const own = filter('own', 'composite.v3.Composite', {
    matcher,
    named_filter_chains: { n: { typed_config: [mutation('m', 'n1'), mutation('m', 'n2')] } },
  });
  const route = {
    typed_per_filter_config: {
      own: any('composite.v3.CompositePerRoute', { matcher: { on_no_match: run({ typed_config: abort(418) }) } }),
    },
  };

  test('runs what its action says; the route may have another matcher', () => {
    expect(sentAll({ filters: [own] }, { headers: { x: 'one' } })).toEqual(['one']);
    expect(sentAll({ filters: [own] }, { headers: { x: 'all' } })).toEqual(['n1', 'n2']);
    expect(sentAll({ filters: [own] })).toEqual([]);
    expect(fate({ filters: [own], route }, { headers: { x: 'one' } })).toBe('local_reply 418 fault_filter_abort');
  });

  test('runs nothing where nobody has the chain that its action names', () => {
    expect(fate({ filters: [filter('own', 'composite.v3.Composite', { matcher })] }, { headers: { x: 'all' } })).toBe('upstream a');
  });
});

describe('custom responses', () => {
  const policy = (fields: Fields): Fields => ({
    action: { name: 'p', typed_config: any(`${X}http.custom_response.local_response_policy.v3.LocalResponsePolicy`, fields) },
  });
  const own = (fields: Fields, code = '404'): Fields =>
    filter('own', 'custom_response.v3.CustomResponse', {
      custom_response_matcher: {
        matcher_tree: {
          ...by('code', {}, `envoy.type.matcher.v3.HttpResponseStatusCode${code.endsWith('x') ? 'Class' : ''}MatchInput`),
          exact_match_map: { map: { [code]: policy(fields) } },
        },
      },
    });
  const routes = [
    { match: { prefix: '/ok' }, route: { cluster: 'a' } },
    { match: { prefix: '/' }, direct_response: { status: 404, body: { inline_string: 'direct' } } },
  ];
  const response_headers_to_add = [{ header: { key: 'c', value: '%RESPONSE_CODE%' } }];

  test('take the place of Envoy’s own answers, with nothing left of the first one', () => {
    const filters = [
      mutation('before', '1'),
      own({ status_code: 499, body: { inline_string: 'mine' }, response_headers_to_add }),
      mutation('after', '2'),
    ];
    const { response } = filterPath({ filters, routes });
    expect(response).toMatchObject({ code: 499, body: 'mine', details: '', headers: { set: [], append: [['c', '404']], remove: [] } });
    expect(fate({ filters, routes }, { path: '/ok' })).toBe('upstream a');
  });

  test('fit a class of codes, format the body, and may keep the details', () => {
    const body_format = { text_format_source: { inline_string: '%LOCAL_REPLY_BODY%|%RESPONSE_CODE%' } };
    const { response } = filterPath({ filters: [own({ body_format, preserve_response_code_details: true }, '4xx')], routes });
    expect(response).toMatchObject({ code: 404, body: 'direct|404', details: 'direct_response' });
    expect(filterPath({ filters: [own({})], routes }).response).toMatchObject({ code: 404, details: '' });
  });

  // Observed with Envoy 1.40: an action that keeps on matching is lost, and those behind it; the filter's own counts then.
  test('are lost where they keep on matching', () => {
    const code = { input: by('code', {}, 'envoy.type.matcher.v3.HttpResponseStatusCodeMatchInput').input, value_match: { prefix: '4' } };
    const item = (status_code: number, more: Fields = {}): Fields => ({
      predicate: { single_predicate: code },
      on_match: { ...policy({ status_code }), ...more },
    });
    const kept = { matcher_list: { matchers: [item(410, { keep_matching: true }), item(411)] } };
    const custom = (custom_response_matcher: Fields): Fields => any('custom_response.v3.CustomResponse', { custom_response_matcher });
    const filters = [{ name: 'own', typed_config: custom(kept) }];
    expect(filterPath({ filters, routes }).response?.code).toBe(404);
    const [, direct] = routes;
    const ofRoute = [{ ...direct, typed_per_filter_config: { own: custom(kept) } }];
    expect(filterPath({ filters: [own({ status_code: 499 })], routes: ofRoute }).response?.code).toBe(499);
  });

  // Observed with Envoy 1.40.
  test('leave the details of what the codec refuses', () => {
    const filters = [own({ status_code: 499, response_code_details: 'mine' }, '400')];
    expect(filterPath({ filters, routes }, { method: 'NONE' }).response).toMatchObject({ code: 499, details: 'http1.codec_error' });
    expect(filterPath({ filters, routes }, { authority: '' }).response).toMatchObject({ code: 499, details: 'mine' });
  });

  test.each([
    ['true', '/', 499, []],
    ['false', '/', 404, []],
    ['true', '/ok', undefined, undefined],
    ['false', '/ok', undefined, ['*']],
  ])('may be chosen by whether the answer is Envoy’s own: %s, %s', (key, path, code, uncertain) => {
    const input = by('local', {}, 'envoy.type.matcher.v3.HttpResponseLocalReplyMatchInput');
    const custom_response_matcher = { matcher_tree: { ...input, exact_match_map: { map: { [key]: policy({ status_code: 499 }) } } } };
    const { response } = filterPath(
      { filters: [filter('own', 'custom_response.v3.CustomResponse', { custom_response_matcher })], routes },
      { path },
    );
    expect(response?.code).toBe(code);
    expect(response?.headers?.uncertain ?? []).toEqual(uncertain ?? []);
  });
});

describe('filters for agents', () => {
  const mcp = (mode: string): FilterFixture => ({ filters: [filter('m', 'mcp.v3.Mcp', { traffic_mode: mode })] });
  const json = { 'content-type': 'application/json', 'content-length': '9' };
  test.each<[string, FilterCall, string]>([
    ['PASS_THROUGH', {}, 'upstream a'],
    ['PASS_THROUGH', { method: 'POST', headers: json }, 'upstream a'],
    ['NOOP', { method: 'POST', headers: json }, 'upstream a'],
    ['REJECT_NO_MCP', {}, 'denied 400 mcp_reject_no_mcp'],
    ['REJECT_NO_MCP', { headers: { accept: 'text/event-stream' } }, 'upstream a'],
    ['REJECT_NO_MCP', { method: 'POST', headers: { 'content-length': '1' } }, 'denied 400 mcp_reject_no_mcp'],
    ['REJECT_NO_MCP', { method: 'POST', headers: json }, 'insufficient_info'],
  ])('MCP in the mode %s: %j, %s', (mode, call, expected) => {
    expect(fate(mcp(mode), call)).toBe(expected);
  });

  test('A2A refuses what is no message of it', () => {
    const a2a: FilterFixture = { filters: [filter('a', 'a2a.v3.A2a', { traffic_mode: 'REJECT' })] };
    expect(filterPath(a2a).response).toMatchObject({ code: 400, details: 'a2a_filter_reject', body: 'Only A2A traffic is allowed' });
    expect(fate(a2a, { method: 'POST', headers: json })).toBe('insufficient_info');
  });

  test('the bridge from MCP to REST minds its own paths', () => {
    const bridge: FilterFixture = { filters: [filter('b', 'mcp_json_rest_bridge.v3.McpJsonRestBridge')] };
    expect([fate(bridge), fate(bridge, { method: 'POST', path: '/mcp', headers: json })]).toEqual(['upstream a', 'insufficient_info']);
  });
});

describe('encodings', () => {
  const gzip = { name: 'gzip', typed_config: any(`${X}compression.gzip.decompressor.v3.Gzip`) };
  const decompressor = (more: Fields = {}): FilterFixture => ({
    filters: [filter('d', 'decompressor.v3.Decompressor', { decompressor_library: gzip, ...more })],
  });
  const accepted = (fixture: FilterFixture, value?: string): string | undefined =>
    sentHeader(filterPath(fixture, value === undefined ? {} : { headers: { 'accept-encoding': value } }), 'accept-encoding');

  test('a decompressor offers its own to the upstream, and takes it off', () => {
    expect(accepted(decompressor())).toBe('gzip');
    expect(accepted(decompressor(), 'br, gzip;q=0.5')).toBe('br,gzip');
    expect(accepted(decompressor({ request_direction_config: { advertise_accept_encoding: false } }))).toBeUndefined();
    const path = filterPath(decompressor(), { method: 'POST', headers: { 'content-encoding': 'gzip', 'content-length': '3' } });
    expect([sentHeader(path, 'content-encoding'), sentHeader(path, 'content-length')]).toEqual([undefined, undefined]);
  });

  test('a compressor may keep them from the upstream', () => {
    const compressor = (remove: boolean): FilterFixture => ({
      filters: [filter('c', 'compressor.v3.Compressor', { response_direction_config: { remove_accept_encoding_header: remove } })],
    });
    expect([accepted(compressor(true), 'br'), accepted(compressor(false), 'br')]).toEqual([undefined, 'br']);
  });
});

test('Connect becomes gRPC, but errors stay plain', () => {
  const bridge = filter('b', 'connect_grpc_bridge.v3.FilterConfig');
  const path = filterPath({ filters: [bridge] }, { path: '/s.v/M?connect=v1&encoding=proto', headers: { 'connect-timeout-ms': '1500' } });
  expect(path.hops[0]?.upstream?.http).toMatchObject({ method: 'POST', path: '/s.v/M' });
  expect(['content-type', 'te', 'grpc-encoding', 'grpc-timeout'].map((name) => sentHeader(path, name))).toEqual([
    'application/grpc+proto',
    'trailers',
    'identity',
    '1500m',
  ]);
  expect(fate({ filters: [bridge, abort(404)] }, { headers: { 'content-type': 'application/connect+proto' } })).toBe(
    'local_reply 404 fault_filter_abort',
  );
});

test('bodies that are announced as too long, files, and what only a database knows', () => {
  const limit: FilterFixture = { filters: [filter('l', 'body_size_limit.v3.BodySizeLimit', { max_request_bytes: 5 })] };
  expect(fate(limit, { method: 'POST', headers: { 'content-length': '6' } })).toBe('local_reply 413 request_payload_too_large');
  expect(fate(limit, { method: 'POST', headers: { 'content-length': '5' } })).toBe('upstream a');
  const files: FilterFixture = {
    filters: [
      filter('f', 'file_server.v3.FileServerConfig', { path_mappings: [{ request_path_prefix: '/files', file_path_prefix: '/www' }] }),
    ],
  };
  expect(['/x', '/files/a'].map((path) => fate(files, { path }))).toEqual(['upstream a', 'insufficient_info']);
  expect(fate(files, { path: '/files/a', method: 'POST' })).toBe('local_reply 405 file_server_rejected_method');
  const provider = {
    name: 'p',
    typed_config: any(`${X}geoip_providers.maxmind.v3.MaxMindConfig`, {
      common_provider_config: { geo_headers_to_add: { country: 'x-country' } },
    }),
  };
  const geoip = filterPath({ filters: [filter('g', 'geoip.v3.Geoip', { provider })] }, { headers: { 'x-country': 'mine' } });
  expect([fateOf(geoip), geoip.hops[0]?.upstream?.http?.unknownHeaders]).toEqual(['upstream a', ['x-country']]);
});

test('filters of the upstream side change what the host gets', () => {
  const options = any(`${X}upstreams.http.v3.HttpProtocolOptions`, {
    explicit_http_config: { http_protocol_options: {} },
    http_filters: [mutation('up', 'c'), filter('codec', 'upstream_codec.v3.UpstreamCodec')],
  });
  const address = { socket_address: { address: '10.60.0.1', port_value: 80 } };
  const clusters = [
    {
      name: 'u',
      load_assignment: { cluster_name: 'u', endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
      typed_extension_protocol_options: { [`${X}upstreams.http.v3.HttpProtocolOptions`]: options },
    },
  ];
  const path = filterPath({ filters: [], clusters, routes: [{ match: { prefix: '/' }, route: { cluster: 'u' } }] });
  expect([sentHeader(path, 'h'), path.response?.headers?.append]).toEqual(['c', [['r', 'c']]]);
});

test('health checks ask how many hosts of clusters are healthy', () => {
  const address = { socket_address: { address: '10.60.0.1', port_value: 80 } };
  const host = (health_status: string): Fields => ({ endpoint: { address }, health_status });
  const clusters = [
    { name: 'half', load_assignment: { cluster_name: 'half', endpoints: [{ lb_endpoints: [host('HEALTHY'), host('UNHEALTHY')] }] } },
    { name: 'empty', load_assignment: { cluster_name: 'empty' } },
  ];
  const check = (shares: Record<string, number>): string => {
    const cluster_min_healthy_percentages = Object.fromEntries(Object.entries(shares).map(([name, value]) => [name, { value }]));
    return fate({
      filters: [filter('h', 'health_check.v3.HealthCheck', { pass_through_mode: false, cluster_min_healthy_percentages })],
      clusters,
    });
  };
  expect(check({ half: 50 })).toBe('local_reply 200 health_check_ok_cluster_healthy');
  expect(check({ half: 51 })).toBe('local_reply 503 health_check_failed_cluster_unhealthy');
  expect(check({ empty: 1 })).toBe('local_reply 503 health_check_failed_cluster_empty');
  expect(check({ empty: 0, half: 0 })).toBe('local_reply 200 health_check_ok_cluster_healthy');
  expect(check({ nowhere: 0 })).toBe('local_reply 503 health_check_failed_no_cluster_found');
});

test('Thrift messages become metadata, which only the body tells', () => {
  const own = filter('t', 'thrift_to_metadata.v3.ThriftToMetadata', {
    request_rules: [{ field: 'METHOD_NAME', on_missing: { metadata_namespace: 'l', key: 'k', value: 'missing' } }],
  });
  const virtualHost = { request_headers_to_add: [{ header: { key: 'md', value: '%DYNAMIC_METADATA(l:k)%' } }] };
  const sent = (headers: Record<string, string>): string | undefined =>
    sentHeader(filterPath({ filters: [own], virtualHost }, { headers }), 'md');
  expect([sent({}), sent({ 'content-type': 'application/x-thrift' })]).toEqual([undefined, 'missing']);
});

test('a script may ask for a host', () => {
  const endpoint = (ip: string): Fields => ({ endpoint: { address: { socket_address: { address: ip, port_value: 80 } } } });
  const clusters = [
    {
      name: 'two',
      load_assignment: { cluster_name: 'two', endpoints: [{ lb_endpoints: [endpoint('10.60.0.1'), endpoint('10.60.0.2')] }] },
    },
  ];
  const asking = (given: string): FilterFixture => ({
    filters: [
      filter('l', 'lua.v3.Lua', {
        default_source_code: {
          inline_string: `function envoy_on_request(h) h:setUpstreamOverrideHost(${given}) h:headers():add("y", "1") end`,
        },
      }),
    ],
    clusters,
    routes: [{ match: { prefix: '/' }, route: { cluster: 'two' } }],
  });
  expect(filterPath(asking('"10.60.0.2:80"')).hops[0]?.endpoint?.address).toBe('10.60.0.2:80');
  expect(fate(asking('"10.60.0.9:80", true'))).toBe('no_endpoint 503 no_healthy_upstream');
});

test('a rate limit quota is asked for requests of a bucket only; gRPC messages are metadata that nobody else reads', () => {
  const bucket_matchers = {
    matcher_tree: {
      ...by('x', { header_name: 'x' }, 'envoy.type.matcher.v3.HttpRequestHeaderMatchInput'),
      exact_match_map: { map: { a: { action: { name: 'b', typed_config: any('rate_limit_quota.v3.RateLimitQuotaBucketSettings') } } } },
    },
  };
  const quota: FilterFixture = { filters: [filter('q', 'rate_limit_quota.v3.RateLimitQuotaFilterConfig', { bucket_matchers })] };
  expect([fate(quota), fate(quota, { headers: { x: 'a' } })]).toEqual(['upstream a', 'insufficient_info']);
  const reader = filter('e', 'grpc_field_extraction.v3.GrpcFieldExtractionConfig');
  const value = '%DYNAMIC_METADATA(envoy.filters.http.grpc_field_extraction:k)%';
  const virtualHost = { request_headers_to_add: [{ header: { key: 'md', value } }] };
  const unknown = (headers: Record<string, string>): readonly string[] | undefined =>
    filterPath({ filters: [reader], virtualHost }, { headers }).hops[0]?.upstream?.http?.unknownHeaders;
  expect([unknown({}), unknown({ 'content-type': 'application/grpc' })]).toEqual([undefined, ['md']]);
});

describe('the JSON transcoder', () => {
  const transcoder = (config: Fields): Fields =>
    filter('json', 'grpc_json_transcoder.v3.GrpcJsonTranscoder', { proto_descriptor: '/d.pb', services: ['p.S'], ...config });

  test('has the route looked up again by what its descriptor says', () => {
    expect(filterPath({ filters: [transcoder({})] }).disposition).toBe('insufficient_info');
    expect(filterPath({ filters: [transcoder({})] }, { headers: { 'content-type': 'application/grpc' } }).disposition).toBe('upstream');
    expect(filterPath({ filters: [transcoder({ services: [] })] }).disposition).toBe('upstream');
  });

  test('leaves the route as it is where it shall', () => {
    const config = { match_incoming_request_route: true };
    expect(filterPath({ filters: [transcoder(config)] }).hops[0]?.cluster).toBe('a');
    const strict = { ...config, request_validation_options: { reject_unknown_method: true } };
    expect(filterPath({ filters: [transcoder(strict)] }).disposition).toBe('insufficient_info');
  });
});

test('a header to which something is added stays unknown', () => {
  const write = { append: { header: { key: 'x-forwarded-host', value: '%CONNECTION_ID%' } } };
  const writer = filter('w', 'header_mutation.v3.HeaderMutation', { mutations: { request_mutations: [write] } });
  const route = { route: { cluster: 'a', host_rewrite_literal: 'b.test', append_x_forwarded_host: true } };
  const http = hopOf(filterPath({ filters: [writer], route })).upstream?.http;
  expect(http?.headers.find(([name]) => name === 'x-forwarded-host')?.[1]).toMatch(/,a\.test$/);
  expect(http?.unknownHeaders).toContain('x-forwarded-host');
});
