import { describe, expect, test } from 'vitest';
import { any, filter, filterPath, filterTrace, sentHeader, type FilterCall, type FilterFixture } from '../httpFilters/filterTrace';
import { hopOf } from '../support/traceOf';

const withManager = (manager: Record<string, unknown>): FilterFixture => ({ filters: [], manager });
const options = (common_http_protocol_options: Record<string, unknown>): FilterFixture => withManager({ common_http_protocol_options });

describe('header lines, as the real Envoy 1.40 reads them', () => {
  const underscored: FilterCall = { headers: { x_a: '1' } };

  test.each([
    ['connection', 'keep-alive', false],
    ['transfer-encoding', 'chunked', false],
    ['te', 'gzip, trailers', false],
    ['te', 'Trailers', true],
    ['upgrade-insecure-requests', '1', true],
  ])('%s: %s on HTTP/2', (name, value, isTaken) => {
    const path = filterPath({ filters: [] }, { headers: { [name]: value }, version: 'http2' });
    expect(path.response?.details).toBe(isTaken ? undefined : 'http2.invalid.header.field');
  });

  test.each<[string, FilterFixture, FilterCall, Record<string, unknown>]>([
    [
      'refused on HTTP/1',
      options({ headers_with_underscores_action: 'REJECT_REQUEST' }),
      underscored,
      { code: 400, flags: ['DPE'], details: 'http1.unexpected_underscore' },
    ],
    [
      'refused on HTTP/2',
      options({ headers_with_underscores_action: 'REJECT_REQUEST' }),
      { ...underscored, version: 'http2' },
      { flags: ['DR'], details: 'http2.unexpected_underscore' },
    ],
    [
      'too many on HTTP/1',
      options({ max_headers_count: 2 }),
      { headers: { a: '1', b: '2' } },
      { code: 431, details: 'http1.too_many_headers' },
    ],
    [
      'too many on HTTP/2',
      options({ max_headers_count: 5 }),
      { headers: { a: '1', b: '2' }, version: 'http2' },
      { flags: ['DR'], details: 'http2.too_many_headers' },
    ],
    [
      'too many on HTTP/2, before they are too large',
      { ...options({ max_headers_count: 5 }), manager: { ...options({ max_headers_count: 5 }).manager, max_request_headers_kb: 1 } },
      { headers: { a: '1', b: '2', c: 'x'.repeat(1500) }, version: 'http2' },
      { details: 'http2.too_many_headers' },
    ],
    [
      'too large on HTTP/2, before they are too many',
      { ...options({ max_headers_count: 5 }), manager: { ...options({ max_headers_count: 5 }).manager, max_request_headers_kb: 1 } },
      { headers: { c: 'x'.repeat(1500), a: '1', b: '2' }, version: 'http2' },
      { details: 'http2.header_list_size_too_large' },
    ],
    [
      'too many with a CONNECT, which has neither scheme nor path',
      options({ max_headers_count: 3 }),
      { headers: { a: '1', b: '2' }, version: 'http2', method: 'CONNECT', path: '' },
      { flags: ['DR'], details: 'http2.too_many_headers' },
    ],
    [
      'a nominated x-forwarded-proto',
      { filters: [] },
      { headers: { connection: 'x-forwarded-proto' } },
      { code: 400, details: 'http1.connection_header_rejected' },
    ],
    [
      'an authority that HTTP/2 does not take',
      { filters: [] },
      { authority: 'a@b', version: 'http2' },
      { flags: ['DPE'], details: 'http2.invalid.header.field' },
    ],
  ])('%s', (_, fixture, call, expected) => {
    expect(filterPath(fixture, call)).toMatchObject({ disposition: 'protocol_error', response: expected });
  });

  test('as many as there may be, without those that a CONNECT has not', () => {
    const call: FilterCall = { headers: { a: '1', b: '2' }, version: 'http2', method: 'CONNECT', path: '' };
    expect(filterPath(options({ max_headers_count: 4 }), call).response?.details).not.toBe('http2.too_many_headers');
  });

  test.each<[string, FilterCall]>([
    ['control characters', { headers: { x: 'a\u0001' } }],
    ['a name that is none', { headers: { 'x@y': '1' } }],
    ['a path with a blank', { path: '/a b' }],
    ['a path with a tab', { path: '/a\tb' }],
    ['a method that is no word', { method: 'GE T' }],
  ])('HTTP/2 resets a stream with %s', (_, call) => {
    const response = { flags: ['DPE'], details: 'http2.invalid.header.field' };
    expect(filterPath({ filters: [] }, { ...call, version: 'http2' })).toMatchObject({ disposition: 'protocol_error', response });
  });

  test('HTTP/2 takes tabs in values, and quotes and more in paths', () => {
    const call: FilterCall = { version: 'http2', path: '/a"<>|ü', headers: { x: 'a\tb' } };
    expect(filterPath({ filters: [] }, call).disposition).toBe('upstream');
  });

  const chunkedLength = { http_protocol_options: { allow_chunked_length: true } };

  test.each<[string, FilterCall['headers'], number, string]>([
    ['a length that is none', { 'content-length': 'many' }, 400, 'codec_error'],
    ['two lengths', [['content-length', '0'], ['content-length', '0']], 400, 'codec_error'], // prettier-ignore
    ['a name that is none', { 'x@y': '1' }, 400, 'codec_error'],
    ['control characters', { x: 'a\u0001' }, 400, 'invalid_characters'],
    ['an encoding of its own', { 'transfer-encoding': 'gzip' }, 501, 'invalid_transfer_encoding'],
    ['length and encoding', { 'transfer-encoding': 'chunked', 'content-length': '3' }, 400, 'content_length_and_chunked_not_allowed'],
  ])('HTTP/1 refuses %s', (_, headers, code, details) => {
    const path = filterPath({ filters: [] }, { ...(headers && { headers }) });
    expect(path).toMatchObject({ disposition: 'protocol_error', response: { code, flags: ['DPE'], details: `http1.${details}` } });
  });

  test('both may be there where the manager allows it', () => {
    const sent = (encoding: string): FilterCall => ({ headers: { 'transfer-encoding': encoding, 'content-length': '3' } });
    expect(filterPath(withManager(chunkedLength), sent('Chunked')).disposition).toBe('upstream');
    expect(filterPath(withManager(chunkedLength), sent('gzip')).response?.code).toBe(400);
  });

  test('what the codec answers goes through local_reply_config, which sees no request and no flags', () => {
    const local_reply_config = {
      mappers: [
        { filter: { response_flag_filter: {} }, status_code: 418 },
        { filter: { status_code_filter: { comparison: { value: { default_value: 400, runtime_key: 'none' } } } }, status_code: 401 },
      ],
      body_format: { text_format_source: { inline_string: '%RESPONSE_CODE_DETAILS%|%REQ(:path)%|%RESPONSE_FLAGS%' } },
    };
    const path = filterPath(withManager({ local_reply_config, via: 'lab', proxy_status_config: {} }), { headers: { x: '\u0001' } });
    expect(path.response).toMatchObject({ code: 401, flags: ['DPE'], body: 'http1.invalid_characters|-|-' });
    expect(path.response?.headers?.append).toEqual([['via', 'lab']]);
  });

  test('what is refused before a filter sees it passes through all of them on its way back', () => {
    const change = { append: { header: { key: 'x-added', value: 'changed' } } };
    const filters = [filter('m', 'header_mutation.v3.HeaderMutation', { mutations: { response_mutations: [change] } })];
    for (const call of [{ headers: { x: '\u0001' } }, { path: 'nowhere' }, { authority: '' }]) {
      expect(filterPath({ filters }, call).response?.headers?.append).toEqual([['x-added', 'changed']]);
    }
  });

  test('are dropped, joined and nominated away', () => {
    const path = filterPath(options({ headers_with_underscores_action: 'DROP_HEADER' }), {
      headers: [['x_a', '1'], ['via', 'one'], ['via', 'two'], ['x', 'keep'], ['y', 'drop'], ['connection', 'y']], // prettier-ignore
    });
    expect(sentHeader(path, 'x_a')).toBeUndefined();
    expect(sentHeader(path, 'via')).toBe('one,two');
    expect(sentHeader(path, 'x')).toBe('keep');
    expect(sentHeader(path, 'y')).toBeUndefined();
  });

  test('crumbs of a cookie are one on HTTP/2', () => {
    const path = filterPath({ filters: [] }, { headers: [['cookie', 'a=1'], ['cookie', 'b=2']], version: 'http2' }); // prettier-ignore
    expect(sentHeader(path, 'cookie')).toBe('a=1; b=2');
  });

  test.each([
    ['http://a.test/p', 'http://a.test/p'],
    ['http://u@a.test/', undefined],
    ['/p#f', undefined],
    ['a:b', undefined],
    ['/a:b', '/a:b'],
  ])('referer %s is passed on as %s', (given, expected) => {
    expect(sentHeader(filterPath({ filters: [] }, { headers: { referer: given } }), 'referer')).toBe(expected);
  });

  test('via is said in the answer, too', () => {
    expect(filterPath(withManager({ via: 'lab' })).response?.headers?.append).toEqual([['via', 'lab']]);
  });
});

describe('who the client is', () => {
  const seen = [{ header: { key: 'x-seen', value: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%' } }];
  const extension = (type: string, config: Record<string, unknown>): FilterFixture => ({
    filters: [],
    routeConfiguration: { request_headers_to_add: seen },
    manager: {
      original_ip_detection_extensions: [{ name: 'e', typed_config: any(`envoy.extensions.http.original_ip_detection.${type}`, config) }],
    },
  });
  const cidrs = { xff_trusted_cidrs: { cidrs: [{ address_prefix: '10.0.0.0', prefix_len: 8 }] } };

  test.each([
    ['the last that is not trusted', '203.0.113.9, 10.1.1.1', '203.0.113.9'],
    ['the first where all are trusted', '10.2.2.2, 10.1.1.1', '10.2.2.2'],
    ['the peer where one is no address', '203.0.113.9, nonsense', '10.9.9.9'],
  ])('trusted ranges: %s', (_, forwarded, expected) => {
    const path = filterPath(extension('xff.v3.XffConfig', cidrs), { headers: { 'x-forwarded-for': forwarded } });
    expect(sentHeader(path, 'x-seen')).toBe(expected);
  });

  test('a header that must be there', () => {
    const fixture = extension('custom_header.v3.CustomHeaderConfig', {
      header_name: 'x-real-ip',
      reject_with_status: { code: 'Unauthorized' },
    });
    expect(sentHeader(filterPath(fixture, { headers: { 'x-real-ip': '192.0.2.7' } }), 'x-seen')).toBe('192.0.2.7');
    expect(filterPath(fixture)).toMatchObject({
      disposition: 'denied',
      response: { code: 401, details: 'rejecting_because_detection_failed' },
    });
  });

  test('an extension that is not known', () => {
    expect(filterPath(extension('own.v1.Unknown', {})).disposition).toBe('insufficient_info');
  });
});

describe('bodies in JSON', () => {
  const body = (json_format: unknown, call: FilterCall = {}): string | undefined =>
    filterPath({ filters: [], routes: [], manager: { local_reply_config: { body_format: { json_format } } } }, call).response?.body;

  test('types are kept, keys in order', () => {
    expect(
      body(
        { z: '%RESPONSE_CODE%', a: { text: '%REQ(x)% %RESPONSE_CODE%', none: '%REQ(y)%' }, flags: '%RESPONSE_FLAGS%' },
        { headers: { x: 'v' } },
      ),
    ).toBe('{"a":{"none":null,"text":"v 404"},"flags":"NR","z":404}\n');
  });
});

describe('sessions', () => {
  const state = (type: string, config: Record<string, unknown>): Record<string, unknown> => ({
    session_state: { name: 's', typed_config: any(`envoy.extensions.http.stateful_session.${type}`, config) },
  });
  const hosts = (...list: [string, string][]): Record<string, unknown> => ({
    name: 's',
    load_assignment: {
      cluster_name: 's',
      endpoints: [
        {
          lb_endpoints: list.map(([address, health_status]) => ({
            endpoint: { address: { socket_address: { address, port_value: 80 } } },
            health_status,
          })),
        },
      ],
    },
  });
  const fixture = (
    strict: boolean,
    type = 'header.v3.HeaderBasedSessionState',
    config: Record<string, unknown> = { name: 'x-session' },
  ): FilterFixture => ({
    filters: [filter('session', 'stateful_session.v3.StatefulSession', { ...state(type, config), strict })],
    route: { route: { cluster: 's' } },
    clusters: [hosts(['10.5.0.1', 'HEALTHY'], ['10.5.0.2', 'DRAINING'])],
  });
  const asks = (address: string): FilterCall => ({ headers: { 'x-session': Buffer.from(address).toString('base64') } });

  test('lead to their host', () => {
    const path = filterPath(fixture(false), asks('10.5.0.1:80'));
    expect(hopOf(path).endpoint?.address).toBe('10.5.0.1:80');
    expect(path.response?.headers).toBeUndefined();
  });

  test('to no host that is draining: another is chosen, and the answer names it', () => {
    const path = filterPath(fixture(false), asks('10.5.0.2:80'));
    expect(hopOf(path).endpoint?.address).toBe('10.5.0.1:80');
    expect(path.response?.headers?.set).toEqual([['x-session', Buffer.from('10.5.0.1:80').toString('base64')]]);
    expect(filterPath(fixture(true), asks('10.5.0.2:80')).disposition).toBe('no_endpoint');
  });

  test('in cookies, as a message and as a text', () => {
    const cookie = { cookie: { name: 'c', path: '/a' } };
    const message = Buffer.concat([Buffer.from([10, 11]), Buffer.from('10.5.0.1:80')]).toString('base64');
    for (const value of [message, Buffer.from('10.5.0.1:80').toString('base64')]) {
      const path = filterPath(fixture(true, 'cookie.v3.CookieBasedSessionState', cookie), {
        path: '/a/b',
        headers: { cookie: `c="${value}"` },
      });
      expect(hopOf(path).endpoint?.address).toBe('10.5.0.1:80');
    }
    const elsewhere = filterPath(fixture(true, 'cookie.v3.CookieBasedSessionState', cookie), { path: '/ab' });
    expect(elsewhere.response?.headers).toBeUndefined();
  });
});

describe('copies', () => {
  test('go to clusters that are there', () => {
    const route = { route: { cluster: 'a', request_mirror_policies: [{ cluster: 'b' }, { cluster: 'missing' }] } };
    expect(hopOf(filterPath({ filters: [], route })).mirrors).toEqual([{ cluster: 'b', probability: 1 }]);
  });
});

describe('status codes', () => {
  const codesOf = (fixture: FilterFixture): (number | undefined)[] => filterTrace(fixture).paths.map(({ response }) => response?.code);

  test('are read by their names', () => {
    const limit = { stat_prefix: 's', token_bucket: { max_tokens: 1, fill_interval: '1s' }, status: { code: 'ServiceUnavailable' } };
    const enabled = { default_value: { numerator: 100, denominator: 'HUNDRED' } };
    const fixture: FilterFixture = {
      filters: [filter('limit', 'local_ratelimit.v3.LocalRateLimit', { ...limit, filter_enabled: enabled, filter_enforced: enabled })],
    };
    expect(codesOf(fixture)).toContain(503);
  });
});

describe('filter state', () => {
  test('of the connection is not written again by a request', () => {
    const set = (text: string): Record<string, unknown> => ({
      object_key: 'k',
      factory_key: 'envoy.string',
      format_string: { text_format_source: { inline_string: text } },
    });
    const filters = ['one', 'two'].map((text, index) =>
      filter(`s${index}`, 'set_filter_state.v3.Config', { on_request_headers: [{ ...set(text), read_only: true }] }),
    );
    const seen = { request_headers_to_add: [{ header: { key: 'x-state', value: '%FILTER_STATE(k:PLAIN)%' } }] };
    expect(sentHeader(filterPath({ filters, routeConfiguration: seen }), 'x-state')).toBe('one');
  });
});

describe('upgrades', () => {
  const ignoring = withManager({ http_protocol_options: { ignore_http_11_upgrade: [{ exact: 'websocket' }] } });
  const asking = (upgrade: string, connection = 'Upgrade, x-a'): FilterCall => ({ headers: { connection, upgrade, 'x-a': '1' } });
  const sent = (fixture: FilterFixture, call: FilterCall): (string | undefined)[] => {
    const path = filterPath(fixture, call);
    return [path.response?.details, ...['upgrade', 'connection', 'x-a'].map((name) => sentHeader(path, name))];
  };

  test('that are ignored are not asked for, and what connection names besides is dropped', () => {
    expect(sent(ignoring, asking('websocket'))).toEqual([undefined, undefined, undefined, undefined]);
    expect(sent({ filters: [] }, asking('h2c'))).toEqual([undefined, undefined, undefined, undefined]);
    expect(sent(ignoring, asking('foo'))[0]).toBe('upgrade_failed');
    const both = { ...ignoring, manager: { ...ignoring.manager, upgrade_configs: [{ upgrade_type: 'foo' }] } };
    expect(sent(both, asking('websocket, foo'))).toEqual([undefined, 'foo', 'Upgrade, x-a', '1']);
  });

  const toUdp = (path: string): FilterCall => ({ ...asking('connect-udp', 'upgrade'), path, authority: 'proxy.test' });
  const allowing = withManager({ upgrade_configs: [{ upgrade_type: 'CONNECT-UDP' }] });

  test.each([
    ['/.well-known/masque/udp/a.test/443/', 'a.test:443'],
    ['/.well-known/masque/udp/a%2Etest/443/', 'a.test:443'],
    ['/.well-known/masque/udp/%3A%3A1/443/', '[::1]:443'],
  ])('CONNECT-UDP to %s calls the host of the path', (path, authority) => {
    expect(hopOf(filterPath(allowing, toUdp(path))).upstream?.http?.authority).toBe(authority);
  });

  test.each(['/x', '/.well-known/masque/udp/a.test/443', '/.well-known/masque/udp/a.test//', '/.well-known/masque/udp/a%25b/443/'])(
    'CONNECT-UDP to %s is refused, whatever connection says',
    (path) => {
      const refused = { code: 404, details: 'invalid_path', body: 'The path is incorrect for CONNECT-UDP' };
      expect(filterPath(allowing, toUdp(path)).response).toMatchObject(refused);
      expect(filterPath(allowing, { ...asking('connect-udp', 'close'), path }).response).toMatchObject(refused);
    },
  );
});
