/** Filters that few people have (each observed with Envoy 1.40). */
import { expect, test } from 'vitest';
import { hopOf } from '../support/traceOf';
import { any, fate, fateOf, filter, filterPath, sentHeader, type FilterFixture } from './filterTrace';

test('a signed request has another host, and headers that only the running Envoy knows', () => {
  const signing = { service_name: 's3', region: 'r', host_rewrite: 'signed.test' };
  const upstream = hopOf(filterPath({ filters: [filter('s', 'aws_request_signing.v3.AwsRequestSigning', signing)] })).upstream?.http;
  expect(upstream?.authority).toBe('signed.test');
  expect(upstream?.unknownHeaders).toEqual(['x-amz-content-sha256', 'authorization', 'x-amz-date']);
});

test.each([
  ['tok', 'tok'],
  ['', undefined],
])('a signed request names the session %j of its credentials, not what the client says', (session_token, expected) => {
  const credential_provider = { inline_credential: { access_key_id: 'a', secret_access_key: 's', session_token } };
  const signing = filter('s', 'aws_request_signing.v3.AwsRequestSigning', { service_name: 's3', region: 'r', credential_provider });
  const path = filterPath({ filters: [signing] }, { headers: { 'x-amz-security-token': 'mine' } });
  expect(sentHeader(path, 'x-amz-security-token')).toBe(expected);
});

test('a signature in the query leaves the headers alone', () => {
  const signing = { service_name: 's3', region: 'r', query_string: {} };
  const upstream = hopOf(filterPath({ filters: [filter('s', 'aws_request_signing.v3.AwsRequestSigning', signing)] })).upstream?.http;
  expect(upstream?.unknownHeaders).toEqual(['x-amz-content-sha256', ':path']);
});

function quotaOf(settings: Record<string, unknown>): FilterFixture {
  const action = { name: 'b', typed_config: any('rate_limit_quota.v3.RateLimitQuotaBucketSettings', settings) };
  const input = { name: 'i', typed_config: any('envoy.type.matcher.v3.HttpRequestHeaderMatchInput', { header_name: ':path' }) };
  const bucket_matchers = { matcher_tree: { input, prefix_match_map: { map: { '/': { action } } } } };
  const rlqs_server = { envoy_grpc: { cluster_name: 'none' } };
  return { filters: [filter('q', 'rate_limit_quota.v3.RateLimitQuotaFilterConfig', { domain: 'd', rlqs_server, bucket_matchers })] };
}
const falling = (strategy: Record<string, unknown>): Record<string, unknown> => ({
  no_assignment_behavior: { fallback_rate_limit: strategy },
});

test.each([
  ['nothing is said', {}, 'upstream a'],
  ['all are allowed', falling({ blanket_rule: 'ALLOW_ALL' }), 'upstream a'],
  ['all are denied', falling({ blanket_rule: 'DENY_ALL' }), 'local_reply 429 rate_limited_by_quota'],
  ['some are allowed', falling({ token_bucket: { max_tokens: 1 } }), 'insufficient_info'],
])('where no quota ever comes and %s', (_, settings, expected) => {
  expect(fate(quotaOf(settings))).toBe(expected);
});

test('a request that no quota lets pass gets what the bucket says', () => {
  const deny_response_settings = {
    http_status: { code: 'ServiceUnavailable' },
    http_body: 'bm90IG5vdw==',
    response_headers_to_add: [{ header: { key: 'X-Quota', value: 'none' } }],
  };
  const settings = { ...falling({ blanket_rule: 'DENY_ALL' }), deny_response_settings };
  const { response } = filterPath(quotaOf(settings));
  expect([response?.code, response?.body, response?.headers?.append]).toEqual([503, 'not now', [['x-quota', 'none']]]);
  const grpc = { ...settings, deny_response_settings: { grpc_status: { code: 8, message: 'too many' } } };
  const told = filterPath(quotaOf(grpc), { method: 'POST', headers: { 'content-type': 'application/grpc' } }).response;
  expect([told?.code, told?.headers?.set]).toEqual([
    200,
    [
      ['grpc-status', '8'],
      ['grpc-message', 'too many'],
    ],
  ]);
});

test.each([
  [true, 'upstream a'],
  [false, 'local_reply 404 cache_no_route'],
])('the second cache asks for a route to a cluster unless it is disabled: %s', (disabled, expected) => {
  const config = { disabled, typed_config: any('envoy.extensions.http.cache_v2.simple_http_cache.v3.SimpleHttpCacheV2Config') };
  const routes = [{ match: { prefix: '/' }, ...(disabled ? { route: { cluster: 'a' } } : { direct_response: { status: 200 } }) }];
  expect(fate({ filters: [filter('c', 'cache_v2.v3.CacheV2Config', config)], routes })).toBe(expected);
});

test('a cache that asks by itself adds the address of its machine to those who forwarded the request', () => {
  const config = { typed_config: any('envoy.extensions.http.cache_v2.simple_http_cache.v3.SimpleHttpCacheV2Config') };
  const call = { headers: { 'x-forwarded-for': '192.0.2.1' } };
  const http = filterPath({ filters: [filter('c', 'cache_v2.v3.CacheV2Config', config)] }, call).hops[0]?.upstream?.http;
  expect(http?.headers).toContainEqual(['x-forwarded-for', '192.0.2.1,?']);
  expect(http?.unknownHeaders).toContain('x-forwarded-for');
});

test('whether an answer is compressed stands in a header where the compressor says so', () => {
  const compressor_library = { name: 'gzip', typed_config: any('envoy.extensions.compression.gzip.compressor.v3.Gzip') };
  const config = { compressor_library, response_direction_config: { status_header_enabled: true } };
  const path = filterPath({ filters: [filter('c', 'compressor.v3.Compressor', config)] });
  expect(JSON.stringify(path.response?.headers)).toContain('x-envoy-compression-status');
});

test('the realm of a refusal is the route’s', () => {
  const users = { inline_string: 'user:{SHA}nU4eI71bcnBGqeO0t9tXvY1u5oQ=' };
  const own = any('basic_auth.v3.BasicAuthPerRoute', { users, realm: 'route' });
  const routes = [{ match: { prefix: '/' }, route: { cluster: 'a' }, typed_per_filter_config: { b: own } }];
  const path = filterPath({ filters: [filter('b', 'basic_auth.v3.BasicAuth', { users, realm: 'filter' })], routes });
  expect(path.response?.headers?.set).toContainEqual(['www-authenticate', 'Basic realm="route"']);
});

test.each<[string, object, string]>([
  ['http1', { ignore_query_parameters: true }, '/s/M'],
  ['http2', { ignore_query_parameters: true }, '/s/M?q=1'],
  ['http1', {}, '/s/M?q=1'],
])('a bridge of gRPC over %s with %j sends %s', (version, config, expected) => {
  const call = { version: version as 'http1', method: 'POST', path: '/s/M?q=1', headers: { 'content-type': 'application/grpc' } };
  const path = filterPath({ filters: [filter('b', 'grpc_http1_bridge.v3.Config', { ...config })] }, call);
  expect(path.hops[0]?.upstream?.http?.path).toBe(expected);
});

test('a request that a bridge makes gRPC of is told how long its stream may last', () => {
  const bridge = filter('b', 'grpc_http1_bridge.v3.Config', { upgrade_protobuf_to_grpc: true });
  const routes = [{ match: { prefix: '/' }, route: { cluster: 'a', max_stream_duration: { max_stream_duration: '3s' } } }];
  const call = { method: 'POST', headers: { 'content-type': 'application/x-protobuf' } };
  expect(filterPath({ filters: [bridge], routes }, call).hops[0]?.upstream?.http?.headers).toContainEqual(['grpc-timeout', '3000m']);
});

test('a reverse bridge asks for no route on behalf of a request without a body', () => {
  const bridge = filter('b', 'grpc_http1_bridge.v3.Config', { upgrade_protobuf_to_grpc: true });
  const reverse = filter('r', 'grpc_http1_reverse_bridge.v3.FilterConfig', { content_type: 'application/x-protobuf' });
  const request_mutations = [{ remove: 'x-forwarded-proto' }];
  const removal = filter('m', 'header_mutation.v3.HeaderMutation', { mutations: { request_mutations } });
  const call = { method: 'HEAD', headers: { 'content-type': 'application/x-protobuf' } };
  expect(fate({ filters: [bridge, reverse, removal] }, call)).toBe('no_route 404 route_not_found');
});

test('external authorization in shadow mode lets pass whatever the service says', () => {
  const grpc_service = { envoy_grpc: { cluster_name: 'none' } };
  expect(fate({ filters: [filter('z', 'ext_authz.v3.ExtAuthz', { grpc_service, shadow_mode: true })] })).toBe('upstream a');
});

test('a strict session whose host is not there fails with the status that it asks for', () => {
  const session_state = {
    name: 's',
    typed_config: any('envoy.extensions.http.stateful_session.header.v3.HeaderBasedSessionState', { name: 's' }),
  };
  const fateWith = (more: object): string =>
    fate(
      { filters: [filter('s', 'stateful_session.v3.StatefulSession', { session_state, strict: true, ...more })] },
      { headers: { s: Buffer.from('10.9.9.9:80').toString('base64') } },
    );
  expect([fateWith({}), fateWith({ status_on_strict_destination_not_found: 410 })]).toEqual([
    'no_endpoint 503 no_healthy_upstream',
    'no_endpoint 410 no_healthy_upstream',
  ]);
});

// Observed with Envoy 1.40: the aggregate itself has no hosts.
test.each([
  [true, 'no_endpoint 503 no_healthy_upstream'],
  [false, 'upstream a'],
])('a session names no host of an aggregate (strict: %s): %s', (strict, expected) => {
  const session_state = {
    name: 's',
    typed_config: any('envoy.extensions.http.stateful_session.header.v3.HeaderBasedSessionState', { name: 's' }),
  };
  const typed_config = any('envoy.extensions.clusters.aggregate.v3.ClusterConfig', { clusters: ['a'] });
  const aggregate = { name: 'all', lb_policy: 'CLUSTER_PROVIDED', cluster_type: { name: 'envoy.clusters.aggregate', typed_config } };
  const path = filterPath(
    {
      filters: [filter('s', 'stateful_session.v3.StatefulSession', { session_state, strict })],
      routes: [{ match: { prefix: '/' }, route: { cluster: 'all' } }],
      clusters: [aggregate],
    },
    { headers: { s: base64('10.50.0.1:80') } },
  );
  expect(fateOf(path).replace('upstream all', 'upstream a')).toBe(expected);
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

test.each([
  [undefined, undefined, 'upstream a'],
  [`${base64('10.50.0.1:80')};UV:${base64('theirs')}`, 'theirs', 'upstream a'],
  [`;;${base64('10.9.9.9:80')};x;UV:${base64('theirs')}`, 'theirs', 'no_endpoint 503 no_healthy_upstream'],
  [base64('10.9.9.9:80'), base64('10.9.9.9:80'), 'upstream a'],
  [`${base64('10.9.9.9:80')};UV:?`, `${base64('10.9.9.9:80')};UV:?`, 'upstream a'],
])('an envelope names the host before what the upstream wrote into it: %s', (header, sent, expected) => {
  const type = 'envoy.extensions.http.stateful_session.envelope.v3.EnvelopeSessionState';
  const session_state = { name: 's', typed_config: any(type, { header: { name: 'X-Session' } }) };
  const fixture = { filters: [filter('s', 'stateful_session.v3.StatefulSession', { session_state, strict: true })] };
  const path = filterPath(fixture, { headers: header === undefined ? {} : { 'x-session': header } });
  expect(fateOf(path)).toBe(expected);
  if (path.disposition !== 'upstream') return;
  expect(sentHeader(path, 'x-session')).toBe(sent);
  expect(path.response?.headers?.uncertain).toEqual(['x-session']);
});

test('a session cookie with a time of its own is in the answer, and its value is not known', () => {
  const cookie = { name: 'c', ttl: '60s' };
  const type = 'envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState';
  const session_state = { name: 's', typed_config: any(type, { cookie }) };
  const path = filterPath({ filters: [filter('s', 'stateful_session.v3.StatefulSession', { session_state })] });
  expect(path.response?.headers?.uncertain).toEqual(['set-cookie']);
});
