import { describe, expect, test } from 'vitest';
import { any, fate, fateOf, filter, filterPath, filterTrace, sentHeader, type FilterCall, type FilterFixture } from './filterTrace';
import { hopOf } from '../support/traceOf';

describe('fault', () => {
  const fault = (config: Record<string, unknown>): FilterFixture => ({ filters: [filter('f', 'fault.v3.HTTPFault', config)] });
  const abort = (more: Record<string, unknown> = {}, numerator = 100): Record<string, unknown> => ({
    abort: { http_status: 418, percentage: { numerator } },
    ...more,
  });
  const ABORTED = 'local_reply 418 fault_filter_abort';

  test('aborts with its status', () => {
    const path = filterPath(fault(abort()));
    expect(fateOf(path)).toBe(ABORTED);
    expect(path.response).toMatchObject({ flags: ['FI'], body: 'fault filter abort' });
  });

  test('asks for cluster, headers and nodes', () => {
    expect(fate(fault(abort({ upstream_cluster: 'b' })))).toBe('upstream a');
    expect(fate(fault(abort({ upstream_cluster: 'a' })))).toBe(ABORTED);
    expect(fate(fault(abort({ headers: [{ name: 'x', present_match: true }] })))).toBe('upstream a');
    expect(fate(fault(abort({ downstream_nodes: ['n'] })))).toBe('upstream a');
    expect(fate(fault(abort({ downstream_nodes: ['n'] })), { headers: { 'x-envoy-downstream-service-node': 'n' } })).toBe(ABORTED);
  });

  test('is a branch of its percentage', () => {
    const { paths } = filterTrace(fault(abort({}, 30)));
    expect(paths.map((path) => [fateOf(path), path.probability])).toEqual([
      ['upstream a', 0.7],
      [ABORTED, 0.3],
    ]);
    expect(fate(fault(abort({}, 30)), { random: 29 })).toBe(ABORTED);
    expect(fate(fault(abort({}, 30)), { random: 30 })).toBe('upstream a');
  });

  test('takes its percentage from the runtime', () => {
    expect(fate(fault(abort({}, 0)), { runtime: { 'fault.http.abort.abort_percent': 100 } })).toBe(ABORTED);
    expect(fate(fault(abort({ abort_percent_runtime: 'mine' }, 100)), { runtime: { mine: 0 } })).toBe('upstream a');
  });

  test('delays first: both flags', () => {
    const delay = { delay: { fixed_delay: '1s', percentage: { numerator: 100 } } };
    expect(filterPath(fault(abort(delay))).response?.flags).toEqual(['DI', 'FI']);
    expect(fate(fault(delay))).toBe('upstream a');
  });

  test('gives gRPC clients its status', () => {
    const fixture = fault({ abort: { grpc_status: 5, percentage: { numerator: 100 } } });
    expect(fate(fixture)).toBe('local_reply 200 fault_filter_abort');
    const grpc = filterPath(fixture, { method: 'POST', headers: { 'content-type': 'application/grpc' } });
    expect(grpc.response?.headers?.set).toContainEqual(['grpc-status', '5']);
  });

  test.each<[Record<string, string>, string]>([
    [{}, 'upstream a'],
    [{ 'x-envoy-fault-abort-request': '419' }, 'local_reply 419 fault_filter_abort'],
    [{ 'x-envoy-fault-abort-request': '41' }, 'upstream a'],
    [{ 'x-envoy-fault-abort-request': '419', 'x-envoy-fault-abort-request-percentage': '0' }, 'upstream a'],
    [{ 'x-envoy-fault-abort-grpc-request': '5' }, 'local_reply 200 fault_filter_abort'],
  ])('is asked for by headers: %j', (headers, expected) => {
    expect(fate(fault({ abort: { header_abort: {}, percentage: { numerator: 100 } } }), { headers })).toBe(expected);
  });

  test("is replaced by the route's", () => {
    const route = { typed_per_filter_config: { f: any('fault.v3.HTTPFault', abort()) } };
    expect(fate({ ...fault({}), route })).toBe(ABORTED);
  });
});

describe('cors', () => {
  const cors = (policy: Record<string, unknown>, route: Record<string, unknown> = {}): FilterFixture => ({
    filters: [filter('cors', 'cors.v3.Cors')],
    virtualHost: { typed_per_filter_config: { cors: any('cors.v3.CorsPolicy', policy) } },
    route: { typed_per_filter_config: { cors: any('cors.v3.CorsPolicy', route) } },
  });
  const policy = { allow_origin_string_match: [{ exact: 'http://a.com' }], max_age: '10' };
  const preflight = (origin: string): FilterCall => ({ method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET' } });

  test('answers a preflight of an allowed origin; what the route leaves out the virtual host gives', () => {
    const path = filterPath(cors(policy, { allow_methods: 'GET' }), preflight('http://a.com'));
    expect(fateOf(path)).toBe('local_reply 200 cors_response');
    expect(path.response?.headers?.set).toEqual([
      ['access-control-allow-origin', 'http://a.com'],
      ['access-control-allow-methods', 'GET'],
      ['access-control-max-age', '10'],
    ]);
  });

  test('allows with * what the client asks for', () => {
    const path = filterPath(cors(policy, { allow_methods: '*', allow_headers: '*' }), preflight('http://a.com'));
    expect(path.response?.headers?.set.slice(1, 3)).toEqual([
      ['access-control-allow-methods', 'GET'],
      ['access-control-allow-headers', ''],
    ]);
  });

  test('leaves open what it echoes of a header that only the running Envoy knows', () => {
    const fixture = cors({ ...policy, allow_private_network_access: true }, { allow_headers: '*' });
    const change = (key: string): Record<string, unknown> => ({ append: { header: { key, value: '%CONNECTION_ID%' } } });
    const names = ['access-control-request-headers', 'access-control-request-private-network'];
    const writer = filter('w', 'header_mutation.v3.HeaderMutation', { mutations: { request_mutations: names.map(change) } });
    const path = filterPath({ ...fixture, filters: [writer, ...fixture.filters] }, preflight('http://a.com'));
    expect(path.response?.headers?.uncertain).toEqual(['access-control-allow-headers', 'access-control-allow-private-network']);
  });

  test('lets everything else pass', () => {
    expect(fate(cors(policy), preflight('http://b.com'))).toBe('upstream a');
    expect(fate(cors(policy), { method: 'OPTIONS', headers: { origin: 'http://a.com' } })).toBe('upstream a');
    expect(fate(cors(policy), { headers: { origin: 'http://a.com', 'access-control-request-method': 'GET' } })).toBe('upstream a');
    expect(
      fate(
        cors({ ...policy, filter_enabled: { default_value: { numerator: 0 } } }, { filter_enabled: { default_value: { numerator: 0 } } }),
        preflight('http://a.com'),
      ),
    ).toBe('upstream a');
  });

  test('answers the preflight of another origin where it is told not to forward it', () => {
    expect(fate(cors({ ...policy, forward_not_matching_preflights: false }), preflight('http://b.com'))).toBe(
      'local_reply 200 cors_response',
    );
  });

  test('allows private networks to who asks for them', () => {
    const names = { origin: 'http://a.com', 'access-control-request-method': 'GET', 'access-control-request-private-network': 'true' };
    const asks: FilterCall = { method: 'OPTIONS', headers: names };
    const told = (more: object, call: FilterCall): unknown => filterPath(cors({ ...policy, ...more }), call).response?.headers?.set;
    const header = ['access-control-allow-private-network', 'true'];
    expect(told({ allow_private_network_access: true }, asks)).toContainEqual(header);
    expect(told({ allow_private_network_access: true }, preflight('http://a.com'))).not.toContainEqual(header);
    expect(told({}, asks)).not.toContainEqual(header);
  });

  test('allows all by an exact *', () => {
    expect(fate(cors({ allow_origin_string_match: [{ exact: '*' }] }), preflight('x'))).toBe('local_reply 200 cors_response');
  });
});

describe('csrf', () => {
  const fixture: FilterFixture = {
    filters: [
      filter('csrf', 'csrf.v3.CsrfPolicy', {
        filter_enabled: { default_value: { numerator: 100 } },
        additional_origins: [{ exact: 'b.com:80' }],
      }),
    ],
  };
  const REFUSED = 'denied 403 csrf_origin_mismatch';

  test.each<[string, Record<string, string>, string]>([
    ['GET', {}, 'upstream a'],
    ['POST', {}, REFUSED],
    ['POST', { origin: 'http://a.test' }, 'upstream a'],
    ['PUT', { origin: 'http://a.test:80' }, REFUSED],
    ['PATCH', { origin: 'null' }, REFUSED],
    ['DELETE', { referer: 'http://a.test/x' }, 'upstream a'],
    ['POST', { origin: 'http://b.com:80' }, 'upstream a'],
    ['POST', { origin: 'a.test' }, 'upstream a'],
  ])('%s with %j: %s', (method, headers, expected) => {
    expect(fate(fixture, { method, headers })).toBe(expected);
  });
});

describe('health_check', () => {
  const fixture = (config: Record<string, unknown>): FilterFixture => ({
    filters: [filter('h', 'health_check.v3.HealthCheck', { headers: [{ name: ':path', string_match: { exact: '/h' } }], ...config })],
  });

  test('answers what it picks out, unless it passes it through', () => {
    expect(fate(fixture({ pass_through_mode: false }), { path: '/h' })).toBe('local_reply 200 health_check_ok');
    expect(fate(fixture({ pass_through_mode: false }), { path: '/' })).toBe('upstream a');
    expect(fate(fixture({ pass_through_mode: true }), { path: '/h' })).toBe('upstream a');
  });

  test('counts the hosts of clusters where it asks for healthy ones', () => {
    const config = { pass_through_mode: false, cluster_min_healthy_percentages: { a: { value: 50 } } };
    expect(fate(fixture(config), { path: '/h' })).toBe('local_reply 200 health_check_ok_cluster_healthy');
  });
});

describe('credentials', () => {
  const keys: FilterFixture = {
    filters: [
      filter('k', 'api_key_auth.v3.ApiKeyAuth', {
        credentials: [{ key: 'k1', client: 'c1' }],
        key_sources: [{ header: 'authorization' }, { query: 'k' }],
        forwarding: { hide_credentials: true },
      }),
    ],
  };

  test.each([
    [{ key_sources: [] }, 'denied 401 missing_key_sources'],
    [{ credentials: [] }, 'denied 401 missing_credentials'],
  ])('are refused where the filter has none to compare with, or looks nowhere: %j', (fields, expected) => {
    const config = { credentials: [{ key: 'k1', client: 'c1' }], key_sources: [{ query: 'k' }], ...fields };
    expect(fate({ filters: [filter('k', 'api_key_auth.v3.ApiKeyAuth', config)] }, { path: '/?k=k1' })).toBe(expected);
  });

  test.each<[FilterCall, string]>([
    [{}, 'denied 401 missing_api_key'],
    [{ path: '/?k=k1' }, 'upstream a'],
    [{ path: '/?k=k2' }, 'denied 401 unknown_api_key'],
    [{ headers: { authorization: 'Bearer k1' } }, 'upstream a'],
  ])('an API key: %j', (call, expected) => {
    expect(fate(keys, call)).toBe(expected);
  });

  test('an API key of a client whom the route does not allow', () => {
    const route = { typed_per_filter_config: { k: any('api_key_auth.v3.ApiKeyAuthPerRoute', { allowed_clients: ['c2'] }) } };
    expect(fate({ ...keys, route }, { path: '/?k=k1' })).toBe('denied 403 client_not_allowed');
  });

  test('a credential that a dump keeps back is there, with an unknown value', () => {
    const generic = any('envoy.extensions.http.injected_credentials.generic.v3.Generic', { credential: { name: 'kept' }, header: 'x-key' });
    const filters = [filter('i', 'credential_injector.v3.CredentialInjector', { credential: { name: 'g', typed_config: generic } })];
    const sent = hopOf(filterPath({ filters })).upstream?.http;
    expect(sent?.headers).toContainEqual(['x-key', '?']);
    expect(sent?.unknownHeaders).toEqual(['x-key']);
  });

  const users = { users: { inline_string: 'user1:{SHA}tESsBmE/yNY3lb6a0L6vVQEZNqw=\n' } };
  test.each<[string | undefined, string]>([
    [undefined, 'denied 401 no_credential_for_basic_auth'],
    ['Bearer x', 'denied 401 invalid_scheme_for_basic_auth'],
    ['Basic xx', 'denied 401 invalid_format_for_basic_auth'],
    ['Basic dXNlcjI6dGVzdDE=', 'denied 401 invalid_credential_for_basic_auth'],
    ['Basic dXNlcjE6dGVzdDE=', 'upstream a'],
  ])('a password: %s', (authorization, expected) => {
    expect(
      fate({ filters: [filter('b', 'basic_auth.v3.BasicAuth', users)] }, { headers: authorization === undefined ? {} : { authorization } }),
    ).toBe(expected);
  });

  test.each<[string, ReturnType<typeof filter>]>([
    ['authorization', filter('b', 'basic_auth.v3.BasicAuth', users)],
    ['authorization', filter('k', 'api_key_auth.v3.ApiKeyAuth', { credentials: [{ key: 'k1', client: 'c1' }], key_sources: [{ header: 'authorization' }] })], // prettier-ignore
    ['origin', filter('c', 'csrf.v3.CsrfPolicy', { filter_enabled: { default_value: { numerator: 100 } } })],
    ['referer', filter('c', 'csrf.v3.CsrfPolicy', { filter_enabled: { default_value: { numerator: 100 } } })],
  ])('a header %s whose value an earlier filter keeps to itself', (header, reader) => {
    const generic = any('envoy.extensions.http.injected_credentials.generic.v3.Generic', { credential: { name: 'kept' }, header });
    const injector = filter('i', 'credential_injector.v3.CredentialInjector', { credential: { name: 'g', typed_config: generic } });
    expect(fate({ filters: [injector, reader] }, { method: 'POST' })).toBe('insufficient_info');
  });

  test('passwords that are kept back', () => {
    const redacted = { users: { inline_string: '[redacted]' } };
    expect(
      fate({ filters: [filter('b', 'basic_auth.v3.BasicAuth', redacted)] }, { headers: { authorization: 'Basic dXNlcjE6dGVzdDE=' } }),
    ).toBe('insufficient_info');
  });
});

describe('limits', () => {
  const on = { default_value: { numerator: 100 } };
  const bucket = { stat_prefix: 's', token_bucket: { max_tokens: 1, fill_interval: '1s' } };

  test('of local_ratelimit that nobody enforces mark the request where no token is left', () => {
    const marks = {
      ...bucket,
      filter_enabled: on,
      request_headers_to_add_when_not_enforced: [{ header: { key: 'x-over', value: 'yes' } }],
    };
    const seen = (fields: object): (string | undefined)[] =>
      filterTrace({ filters: [filter('l', 'local_ratelimit.v3.LocalRateLimit', { ...marks, ...fields })] }).paths.map(
        ({ disposition, hops }) => hops[0]?.upstream?.http?.headers.find(([name]) => name === 'x-over')?.[1] ?? disposition,
      );
    expect(seen({}).sort()).toEqual(['upstream', 'yes']);
    expect(seen({ filter_enforced: on }).sort()).toEqual(['local_reply', 'upstream']);
  });

  test('of local_ratelimit have two outcomes without shares', () => {
    const { paths } = filterTrace({
      filters: [filter('l', 'local_ratelimit.v3.LocalRateLimit', { ...bucket, filter_enabled: on, filter_enforced: on })],
    });
    expect(paths.map(fateOf)).toEqual(['upstream a', 'local_reply 429 local_rate_limited']);
    expect(paths.map(({ probability }) => probability)).toEqual([null, null]);
  });

  test('that are not enforced limit nothing', () => {
    expect(fate({ filters: [filter('l', 'local_ratelimit.v3.LocalRateLimit', { ...bucket, filter_enabled: on })] })).toBe('upstream a');
  });

  test.each([
    ['10.9.0.0', false, 'insufficient_info'],
    ['10.8.0.0', false, 'upstream a'],
    ['10.9.0.0', true, 'upstream a'],
  ])('of a service may be for addresses in or out of a range (%s/16, invert_match: %s)', (address_prefix, invert_match, expected) => {
    const address_matcher = { ranges: [{ address_prefix, prefix_len: 16 }], invert_match };
    const route = {
      route: { cluster: 'a', rate_limits: [{ actions: [{ remote_address_match: { descriptor_value: 'v', address_matcher } }] }] },
    };
    expect(fate({ filters: [filter('l', 'ratelimit.v3.RateLimit', { domain: 'd' })], route })).toBe(expected);
  });

  test('of a service are asked for only where a descriptor comes about', () => {
    const filters = [filter('l', 'ratelimit.v3.RateLimit', { domain: 'd' })];
    const route = { route: { cluster: 'a', rate_limits: [{ actions: [{ request_headers: { header_name: 'x', descriptor_key: 'k' } }] }] } };
    expect(fate({ filters })).toBe('upstream a');
    expect(fate({ filters, route })).toBe('upstream a');
    expect(fate({ filters, route }, { headers: { x: '1' } })).toBe('insufficient_info');
  });
});

test.each([
  ['me', 'denied 502 cdn_loop_detected'],
  ['you, me;x=1', 'denied 502 cdn_loop_detected'],
  ['a b', 'denied 400 invalid_cdn_loop_header'],
  ['a,,b', 'upstream a'],
])('cdn_loop with %s: %s', (loop, expected) => {
  expect(fate({ filters: [filter('c', 'cdn_loop.v3.CdnLoopConfig', { cdn_id: 'me' })] }, { headers: { 'cdn-loop': loop } })).toBe(expected);
});

test.each([
  ['', 'me'],
  ['you', 'you,me'],
])('cdn_loop adds its id to "%s"', (loop, sent) => {
  const path = filterPath({ filters: [filter('c', 'cdn_loop.v3.CdnLoopConfig', { cdn_id: 'me' })] }, { headers: { 'cdn-loop': loop } });
  expect(sentHeader(path, 'cdn-loop')).toBe(sent);
});

describe('ext_authz', () => {
  const service = { grpc_service: { envoy_grpc: { cluster_name: 'authz' } } };
  const off = { filter_enabled: { default_value: { numerator: 0 } } };

  test('decides by its failure mode where there is no such service', () => {
    expect(fate({ filters: [filter('e', 'ext_authz.v3.ExtAuthz', service)] })).toBe('denied 403 ext_authz_error');
    expect(fate({ filters: [filter('e', 'ext_authz.v3.ExtAuthz', { ...service, failure_mode_allow: true })] })).toBe('upstream a');
  });

  test('decides by its failure mode where no host of its service is ever used', () => {
    const asked = (health_status: string, value: number): string => {
      const lb_endpoints = [{ health_status, endpoint: { address: { socket_address: { address: '10.2.0.1', port_value: 80 } } } }];
      const load_assignment = { cluster_name: 'authz', endpoints: [{ lb_endpoints }] };
      const authz = { name: 'authz', load_assignment, common_lb_config: { healthy_panic_threshold: { value } } };
      return fate({ filters: [filter('e', 'ext_authz.v3.ExtAuthz', service)], clusters: [authz] });
    };
    expect(asked('UNHEALTHY', 0)).toBe('denied 403 ext_authz_error');
    expect(asked('UNHEALTHY', 50)).toBe('insufficient_info');
    expect(asked('DEGRADED', 0)).toBe('insufficient_info');
  });

  test('is not asked about requests without a route, whatever deny_at_disable says', () => {
    const deny_at_disable = { default_value: { value: true }, runtime_key: 'k' };
    const filters = [filter('e', 'ext_authz.v3.ExtAuthz', { ...service, ...off, deny_at_disable })];
    const routes = [{ match: { prefix: '/other' }, route: { cluster: 'a' } }];
    expect(fate({ filters, routes })).toBe('no_route 404 route_not_found');
    expect(fate({ filters, virtualHost: { require_tls: 'ALL' } })).toBe('denied 403 ext_authz_error');
  });

  test('refuses a body that is longer than it may send, before it asks', () => {
    const call: FilterCall = { method: 'POST', headers: { 'content-length': '5' } };
    const withBody = (with_request_body: Record<string, unknown>): FilterFixture => ({
      filters: [filter('e', 'ext_authz.v3.ExtAuthz', { ...service, failure_mode_allow: true, with_request_body })],
    });
    expect(fate(withBody({ max_request_bytes: 3 }), call)).toBe('local_reply 413 request_payload_too_large');
    expect(fate(withBody({ max_request_bytes: 5 }), call)).toBe('upstream a');
    expect(fate(withBody({ max_request_bytes: 3, allow_partial_message: true }), call)).toBe('upstream a');
  });

  test('leaves the way open and names its service', () => {
    const asked = { grpc_service: { envoy_grpc: { cluster_name: 'a' } } };
    const path = filterPath({ filters: [filter('e', 'ext_authz.v3.ExtAuthz', asked)] });
    expect(path.disposition).toBe('insufficient_info');
    expect(path.missing?.[0]).toContain('`a`');
  });

  test('is not asked where it is off', () => {
    const route = { typed_per_filter_config: { e: any('ext_authz.v3.ExtAuthzPerRoute', { disabled: true }) } };
    expect(fate({ filters: [filter('e', 'ext_authz.v3.ExtAuthz', service)], route })).toBe('upstream a');
    expect(fate({ filters: [filter('e', 'ext_authz.v3.ExtAuthz', { ...service, ...off })] })).toBe('upstream a');
    const deny_at_disable = { default_value: true, runtime_key: 'k' };
    expect(fate({ filters: [filter('e', 'ext_authz.v3.ExtAuthz', { ...service, ...off, deny_at_disable })] })).toBe(
      'denied 403 ext_authz_error',
    );
  });
});

const BODY_ALONE = { request_header_mode: 'SKIP', response_header_mode: 'SKIP', request_body_mode: 'BUFFERED' };

test.each([
  [{}, 'insufficient_info'],
  [{ observability_mode: true }, 'upstream a'],
  [{ processing_mode: { request_header_mode: 'SKIP' } }, 'upstream a'],
  [{ processing_mode: BODY_ALONE }, 'upstream a'],
])('ext_proc %j: %s', (config, expected) => {
  expect(fate({ filters: [filter('e', 'ext_proc.v3.ExternalProcessor', config)] })).toBe(expected);
});

test('ext_proc that sees bodies alone is asked about requests that have one', () => {
  const filters = (service: string): FilterFixture['filters'] => [
    filter('e', 'ext_proc.v3.ExternalProcessor', { grpc_service: { envoy_grpc: { cluster_name: service } }, processing_mode: BODY_ALONE }),
  ];
  const upload = { method: 'POST', headers: { 'content-length': '5' } };
  expect(fate({ filters: filters('a') }, upload)).toBe('insufficient_info');
  expect(fate({ filters: filters('nobody') }, upload)).toBe('local_reply 500 ext_proc_error_gRPC_error_14{Cluster_not_available}');
  expect(fate({ filters: filters('nobody') }, { method: 'POST' })).toBe('upstream a');
});
