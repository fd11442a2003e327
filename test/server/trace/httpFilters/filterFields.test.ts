import { describe, expect, test } from 'vitest';
import { filter, filterPath, sentHeader, type FilterFixture } from './filterTrace';

const one = (type: string, config: Record<string, unknown> = {}, manager: Record<string, unknown> = {}): FilterFixture => ({
  filters: [filter('one', type, config)],
  manager,
});
const share = (numerator: number): object => ({ default_value: { numerator, denominator: 'HUNDRED' } });

describe('fields of filters, as the real Envoy 1.40 reads them', () => {
  test('basic_auth: what may be missing, its realm, and where the name goes', () => {
    const users = { inline_string: 'user:{SHA}nU4eI71bcnBGqeO0t9tXvY1u5oQ=' };
    const type = 'basic_auth.v3.BasicAuth';
    expect(filterPath(one(type, { users, allow_missing: true }), { headers: { authorization: 'Bearer k' } }).disposition).toBe('upstream');
    const wrong = filterPath(one(type, { users, allow_missing: true, realm: 'lab' }), { headers: { authorization: 'Basic eDp5' } });
    expect(wrong).toMatchObject({ disposition: 'denied', response: { code: 401 } });
    expect(wrong.response?.headers?.set).toContainEqual(['www-authenticate', 'Basic realm="lab"']);
  });

  test('fault: no fault may be active, its own body', () => {
    const abort = { http_status: 503, percentage: { numerator: 100 }, response_body: 'injected' };
    expect(filterPath(one('fault.v3.HTTPFault', { abort })).response).toMatchObject({ code: 503, flags: ['FI'], body: 'injected' });
    expect(filterPath(one('fault.v3.HTTPFault', { abort, max_active_faults: 0 })).disposition).toBe('upstream');
  });

  test('fault: a delay stays in the flags of whatever answers', () => {
    const delay = { fixed_delay: '0.001s', percentage: { numerator: 100 } };
    const path = filterPath(one('fault.v3.HTTPFault', { delay, abort: { http_status: 418, percentage: { numerator: 100 } } }));
    expect(path.response?.flags).toEqual(['DI', 'FI']);
  });

  test('cache: sends what it has not stored by itself, and needs a route to a cluster', () => {
    const fixture = one('cache.v3.CacheConfig', { typed_config: {} });
    expect(sentHeader(filterPath(fixture), 'x-envoy-internal')).toBe('true');
    expect(sentHeader(filterPath(fixture, { headers: { authorization: 'k' } }), 'x-envoy-internal')).toBeUndefined();
  });

  test.each([
    ['cache.v3.CacheConfig', 'GET', 'bytes=0-5'],
    ['cache_v2.v3.CacheV2Config', 'GET', undefined],
    ['cache_v2.v3.CacheV2Config', 'HEAD', 'bytes=0-5'],
  ])('%s: a range that %s asks for is sent as %s', (type, method, expected) => {
    const path = filterPath(one(type, { typed_config: {} }), { method, headers: { range: 'bytes=0-5' } });
    expect(sentHeader(path, 'range')).toBe(expected);
  });

  test.each([
    ['authorization', undefined],
    ['if-none-match', undefined],
    ['if-modified-since', undefined],
    ['if-range', undefined],
    ['if-match', 'true'],
    ['if-unmodified-since', 'true'],
  ])('cache: a request with %s, even without a value, is sent with x-envoy-internal: %s', (name, expected) => {
    const path = filterPath(one('cache.v3.CacheConfig', { typed_config: {} }), { headers: { [name]: '' } });
    expect(sentHeader(path, 'x-envoy-internal')).toBe(expected);
  });

  test('grpc_web: an answer of Envoy’s own becomes a status and a message', () => {
    const abort = filter('abort', 'fault.v3.HTTPFault', { abort: { http_status: 503, percentage: { numerator: 100 } } });
    const fixture = { filters: [filter('web', 'grpc_web.v3.GrpcWeb'), abort] };
    const path = filterPath(fixture, { headers: { 'content-type': 'application/grpc-web' } });
    expect(path.response?.headers?.set).toEqual(
      expect.arrayContaining([
        ['content-type', 'application/grpc-web+proto'],
        ['grpc-status', '14'],
        ['grpc-message', 'fault filter abort'],
      ]),
    );
  });

  test('local_ratelimit: tells the limit, and not what is left', () => {
    const config = {
      stat_prefix: 'l',
      token_bucket: { max_tokens: 7, fill_interval: '1s' },
      filter_enabled: share(100),
      enable_x_ratelimit_headers: 'DRAFT_VERSION_03',
    };
    const { headers } = filterPath(one('local_ratelimit.v3.LocalRateLimit', config)).response ?? {};
    expect(headers?.set).toContainEqual(['x-ratelimit-limit', '7']);
    expect(headers?.uncertain).toEqual(['x-ratelimit-remaining', 'x-ratelimit-reset']);
  });

  test('compressor: requests are compressed by length and type', () => {
    const fixture = one('compressor.v3.Compressor', {
      compressor_library: {
        name: 'gzip',
        typed_config: { '@type': 'type.googleapis.com/envoy.extensions.compression.gzip.compressor.v3.Gzip' },
      },
      request_direction_config: { common_config: {} },
    });
    expect(sentHeader(filterPath(fixture, { headers: { 'content-length': '2000' } }), 'content-encoding')).toBe('gzip');
    expect(sentHeader(filterPath(fixture, { headers: { 'content-length': '20' } }), 'content-encoding')).toBeUndefined();
    const image = { 'content-length': '2000', 'content-type': 'image/png' };
    expect(sentHeader(filterPath(fixture, { headers: image }), 'content-encoding')).toBeUndefined();
  });

  test('a request without x-forwarded-proto has no route any more once a filter has it looked up again', () => {
    const removes = filter('remove', 'header_mutation.v3.HeaderMutation', {
      mutations: { request_mutations: [{ remove_on_match: { key_matcher: { prefix: 'x-forwarded-' } } }] },
    });
    const clears = filter('state', 'set_filter_state.v3.Config', {
      on_request_headers: [{ object_key: 'k', factory_key: 'envoy.string', format_string: { text_format_source: { inline_string: 'v' } } }],
      clear_route_cache: true,
    });
    expect(filterPath({ filters: [removes] }).disposition).toBe('upstream');
    expect(filterPath({ filters: [removes, clears] }).disposition).toBe('no_route');
    // The route is looked up by who asks next, which header_mutation does after its own changes.
    expect(filterPath({ filters: [clears, removes] }).disposition).toBe('no_route');
  });
});
