import { describe, expect, test } from 'vitest';
import { canonicalPath } from '../../../../server/src/trace/http/normalise/canonicalPath';
import { hopOf, onlyPath } from '../support/traceOf';
import { httpTrace, type HttpCall } from './httpTrace';

const ALL =
  '{name: rc, virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: a}}, {match: {connect_matcher: {}}, route: {cluster: b}}]}]}';

describe('path normalisation', () => {
  test.each([
    ['/a/../b', '/b'],
    ['/a/./b', '/a/b'],
    ['/a/..', '/'],
    ['/../..', '/'],
    ['/a\\..\\b', '/b'],
    ['/a/%2e%2E/b', '/b'],
    ['/a/..;x/b', '/b'],
    ['/a/.;x', '/a/'],
    ['/a/%2e%2e;x/b', '/a/..;x/b'],
    ['/a/..;x\\b/c', '/c'],
    ['/%7Ea%2Fb', '/~a%2Fb'],
    ['/a|"b', '/a%7C%22b'],
    ['/a%', '/a%'],
    ['/a//../b', '/a/b'],
    ['/...', '/...'],
  ])('%s becomes %s, as Envoy 1.40 makes it', (path, expected) => {
    expect(canonicalPath(path)).toBe(expected);
  });

  test('refuses an escaped null', () => {
    expect(canonicalPath('/%00')).toBeUndefined();
  });

  test.each<[string, string, Record<string, unknown>]>([
    ['', '/a#b', { disposition: 'bad_request', response: { code: 400, details: 'path_normalization_failed' } }],
    ['path_with_escaped_slashes_action: REJECT_REQUEST', '/a%2Fb', { disposition: 'bad_request', response: { code: 400 } }],
    [
      'path_with_escaped_slashes_action: UNESCAPE_AND_REDIRECT',
      '/a%2Fb?x=%2F',
      { disposition: 'redirect', response: { code: 307, location: '/a/b?x=%2F' } },
    ],
    ['path_with_escaped_slashes_action: REJECT_REQUEST', '/a?x=%2F', { disposition: 'upstream' }],
  ])('%s %s', (manager, path, expected) => {
    expect(onlyPath(httpTrace({ manager, routes: ALL }, { path }))).toMatchObject(expected);
  });

  test.each([
    ['merge_slashes: true', '//a///b//?q=//', '/a/b/?q=//'],
    ['path_with_escaped_slashes_action: UNESCAPE_AND_FORWARD', '/a%2Fb%5cc', '/a/b\\c'],
    ['normalize_path: true', '/x/../a?y=..', '/a?y=..'],
  ])('%s: %s becomes %s', (manager, path, expected) => {
    expect(hopOf(onlyPath(httpTrace({ manager, routes: ALL }, { path }))).upstream?.http?.path).toBe(expected);
  });
});

describe('the host', () => {
  test.each([
    ['strip_any_host_port: true', 'a.test:81', 'a.test'],
    ['strip_matching_host_port: true', 'a.test:80', 'a.test'],
    ['strip_matching_host_port: true', 'a.test:81', 'a.test:81'],
    ['strip_any_host_port: true', '[::1]:81', '[::1]'],
    ['strip_trailing_host_dot: true', 'a.test.', 'a.test'],
    ['strip_trailing_host_dot: true', 'a.test.:80', 'a.test:80'],
  ])('%s: %s becomes %s', (manager, authority, expected) => {
    expect(hopOf(onlyPath(httpTrace({ manager, routes: ALL }, { authority }))).upstream?.http?.authority).toBe(expected);
  });
});

describe('the codec', () => {
  test.each<[HttpCall, Record<string, unknown>]>([
    [
      { path: 'x' },
      { disposition: 'protocol_error', response: { code: 400, flags: ['DPE'], details: 'http1.codec_error', body: 'Bad Request' } },
    ],
    [
      { path: 'x', version: 'http2' },
      { disposition: 'protocol_error', response: { flags: ['DPE'], details: 'http2.violation.of.messaging.rule' } },
    ],
    [
      { method: 'CONNECT', version: 'http2', headers: [[':protocol', 'websocket']] },
      { disposition: 'protocol_error', response: { flags: ['DPE'], details: 'http2.invalid.header.field' } },
    ],
    [{ path: '/a b' }, { disposition: 'protocol_error' }],
    [{ path: '*' }, { disposition: 'protocol_error', response: { details: 'http1.invalid_url' } }],
    [{ path: 'http://' }, { disposition: 'protocol_error', response: { details: 'http1.invalid_url' } }],
    [{ path: 'ws://h/p' }, { disposition: 'protocol_error', response: { details: 'http1.invalid_scheme' } }],
    [{ path: 'http://h?q' }, { disposition: 'bad_request', response: { code: 404, details: 'absolute_path_rejected' } }],
    [{ method: 'FOO' }, { disposition: 'protocol_error', response: { details: 'http1.codec_error' } }],
    [{ method: 'M-SEARCH' }, { disposition: 'protocol_error', response: { details: 'http1.codec_error' } }],
    [{ method: 'QUERY' }, { disposition: 'bad_request', response: { code: 400, details: 'query_missing_content_type' } }],
    [
      { method: 'QUERY', authority: '' },
      { disposition: 'bad_request', response: { details: 'query_missing_content_type' } },
    ],
    [{ authority: 'a b' }, { disposition: 'protocol_error', response: { details: 'http.invalid_authority' } }],
    [
      { path: '*', method: 'OPTIONS' },
      { disposition: 'bad_request', response: { code: 404, details: 'absolute_path_rejected' } },
    ],
    [{ authority: '' }, { disposition: 'bad_request', response: { code: 400, details: 'missing_host_header' } }],
    [
      { method: 'CONNECT', authority: 'h.test', path: '' },
      { disposition: 'protocol_error', response: { details: 'http1.invalid_url' } },
    ],
  ])('refuses %j', (call, expected) => {
    expect(onlyPath(httpTrace({ routes: ALL }, call))).toMatchObject(expected);
  });

  test.each<HttpCall>([{ method: 'MSEARCH' }, { method: 'QUERY', headers: { 'content-type': 'a/b' } }])('takes %j', (call) => {
    expect(onlyPath(httpTrace({ routes: ALL }, call)).disposition).toBe('upstream');
  });

  test('takes host and path of an absolute URL', () => {
    const http = hopOf(onlyPath(httpTrace({ routes: ALL }, { path: 'http://user@other.test/p?q' }))).upstream?.http;
    expect(http).toMatchObject({ authority: 'other.test', path: '/p?q' });
  });

  test.each(['', '/', 'h.test:443'])('takes no path of a CONNECT: %j', (path) => {
    const manager = 'upgrade_configs: [{upgrade_type: CONNECT}]';
    const routes = '{virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {connect_matcher: {}}, route: {cluster: a}}]}]}';
    const sent = hopOf(onlyPath(httpTrace({ manager, routes }, { method: 'CONNECT', authority: 'h.test:443', path }))).upstream?.http;
    expect(sent).toMatchObject({ method: 'CONNECT', authority: 'h.test:443', path: '' });
  });

  test('of the wrong version refuses the bytes', () => {
    expect(onlyPath(httpTrace({ manager: 'codec_type: HTTP1', routes: ALL }, { version: 'http2' })).disposition).toBe('protocol_error');
  });
});

describe('an upgrade', () => {
  const upgrade = { headers: { connection: 'keep-alive, Upgrade', upgrade: 'WebSocket' } };

  test('is refused with 403 unless manager or route allow it', () => {
    expect(onlyPath(httpTrace({ routes: ALL }, upgrade))).toMatchObject({
      disposition: 'local_reply',
      response: { code: 403, details: 'upgrade_failed' },
    });
    expect(onlyPath(httpTrace({ manager: 'upgrade_configs: [{upgrade_type: websocket}]', routes: ALL }, upgrade)).disposition).toBe(
      'upstream',
    );
    expect(
      onlyPath(httpTrace({ manager: 'upgrade_configs: [{upgrade_type: websocket, enabled: false}]', routes: ALL }, upgrade)).disposition,
    ).toBe('local_reply');
  });

  test('without route is 404', () => {
    expect(onlyPath(httpTrace({ routes: 'virtual_hosts: []' }, upgrade)).disposition).toBe('no_route');
  });

  test('CONNECT takes connect_matcher routes alone, and ends here with connect_config', () => {
    const routes =
      '{name: rc, virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: a}}, {match: {connect_matcher: {}}, route: {cluster: b, upgrade_configs: [{upgrade_type: CONNECT, connect_config: {}}]}}]}]}';
    const path = onlyPath(httpTrace({ routes }, { version: 'http2', method: 'CONNECT', authority: 'h.test:443', path: '' }));
    expect(hopOf(path)).toMatchObject({ route: { index: 1 }, terminatesTunnel: true, response: { code: 200 }, cluster: 'b' });
    expect(hopOf(path).upstream?.http).toBeUndefined();
  });
});

describe('the client', () => {
  const external =
    '{name: rc, virtual_hosts: [{name: v, domains: ["*"], require_tls: EXTERNAL_ONLY, routes: [{match: {prefix: /}, route: {cluster: a}}]}]}';
  const ranges = 'use_remote_address: true\ninternal_address_config: {cidr_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}';

  test('is internal by its address in the ranges, without X-Forwarded-For', () => {
    const path = onlyPath(httpTrace({ manager: ranges, routes: external }));
    expect(hopOf(path).upstream?.http?.headers).toContainEqual(['x-envoy-internal', 'true']);
    expect(onlyPath(httpTrace({ manager: ranges, routes: external }, { headers: { 'x-forwarded-for': '10.1.1.1' } })).disposition).toBe(
      'redirect',
    );
    expect(onlyPath(httpTrace({ manager: 'use_remote_address: true', routes: external })).disposition).toBe('redirect');
  });

  test.each([
    ['10.9.9.9', true],
    ['127.0.0.1', true],
    ['127.0.0.5', false],
    ['fd00::1', true],
    ['fc00::1', false],
    ['203.0.113.9', false],
  ])('is internal by a private address where no ranges are given: %s, %s', (source, isInternal) => {
    const manager = 'use_remote_address: true\ninternal_address_config: {unix_sockets: true}';
    const path = onlyPath(httpTrace({ manager, routes: ALL }, { connection: { source } }));
    expect(hopOf(path).upstream?.http?.headers.some(([name]) => name === 'x-envoy-internal')).toBe(isInternal);
  });

  test("cannot claim to be internal, nor send an edge's x-envoy headers", () => {
    const http = hopOf(
      onlyPath(httpTrace({ routes: ALL }, { headers: { 'x-envoy-internal': 'true', 'x-envoy-retry-on': '5xx', 'x-mine': '1' } })),
    ).upstream?.http;
    expect(http?.headers.map(([name]) => name)).toEqual(expect.arrayContaining(['x-mine', 'x-forwarded-proto']));
    expect(http?.headers.some(([name]) => name === 'x-envoy-internal' || name === 'x-envoy-retry-on')).toBe(false);
  });
});

test('early header mutations are made before the route is chosen', () => {
  const type = 'type.googleapis.com/envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation';
  const manager = `early_header_mutation_extensions: [{name: e, typed_config: {"@type": ${type}, mutations: [{remove: x}, {append: {header: {key: y, value: "1"}}}]}}]`;
  const routes =
    '{name: rc, virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /, headers: [{name: x, present_match: false}, {name: y}]}, route: {cluster: a}}]}]}';
  expect(onlyPath(httpTrace({ manager, routes }, { headers: { x: '1' } })).disposition).toBe('upstream');
  expect(onlyPath(httpTrace({ routes }, { headers: { x: '1' } })).disposition).toBe('no_route');
});

describe('a header that Envoy makes', () => {
  const byHeader = (matcher: string): string =>
    `{name: rc, virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /, headers: [${matcher}]}, route: {cluster: a}}, {match: {prefix: /}, route: {cluster: b}}]}]}`;
  const fate = (matcher: string, manager = '', headers: Record<string, string> = {}): string => {
    const path = onlyPath(httpTrace({ routes: byHeader(matcher), manager }, { headers }));
    return path.disposition === 'upstream' ? (hopOf(path).cluster ?? '') : path.disposition;
  };

  test('is there, and its value is not known', () => {
    expect(fate('{name: x-request-id, present_match: true}')).toBe('a');
    expect(fate('{name: x-request-id, string_match: {exact: "1"}}')).toBe('insufficient_info');
    expect(fate('{name: x-request-id, string_match: {exact: "1"}}', '', { 'x-request-id': '1' })).toBe('a');
    expect(fate('{name: x-request-id, present_match: true}', 'generate_request_id: false')).toBe('b');
  });

  test('at the edge takes the place of the client’s', () => {
    const matcher = '{name: x-request-id, string_match: {exact: "1"}}';
    const client = { 'x-request-id': '1' };
    expect(fate(matcher, 'use_remote_address: true', client)).toBe('insufficient_info');
    expect(fate(matcher, 'use_remote_address: true\npreserve_external_request_id: true', client)).toBe('a');
  });
});
