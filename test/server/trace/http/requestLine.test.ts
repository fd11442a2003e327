/** Which refusal of HTTP/1's codec comes first, and hosts of absolute URLs and CONNECTs: all as a real Envoy 1.40 did it. */
import { expect, test } from 'vitest';
import { fateOf, filterPath, type FilterCall } from '../httpFilters/filterTrace';

const manager = { common_http_protocol_options: { headers_with_underscores_action: 'REJECT_REQUEST' } };
const fate = (call: FilterCall): string => fateOf(filterPath({ filters: [], manager }, call));

const UNDERSCORE: [string, string] = ['foo_bar', '1'];
const CONTROL: [string, string] = ['x', 'a\u0001b'];
const LARGE: [string, string] = ['big', 'y'.repeat(70_000)];

test.each<[string, FilterCall, string]>([
  ['an unknown method before headers', { method: 'FOO', headers: [UNDERSCORE] }, '400 http1.codec_error'],
  ['an unknown method before too large headers', { method: 'FOO', headers: [LARGE] }, '400 http1.codec_error'],
  ['no path before headers', { path: 'nope', headers: [['transfer-encoding', 'gzip']] }, '400 http1.codec_error'],
  ['control characters before the method', { method: 'FOO', headers: [CONTROL] }, '400 http1.invalid_characters'],
  ['too large headers before control characters', { headers: [CONTROL, LARGE] }, '431 http1.headers_too_large'],
  ['headers before the host of a URL', { path: 'http://a_b/', headers: [UNDERSCORE] }, '400 http1.unexpected_underscore'],
])('%s', (_, call, expected) => {
  expect(fate(call)).toBe(`protocol_error ${expected}`);
});

test('of the head of a small limit the size counts first', () => {
  const call: FilterCall = { method: 'FOO', headers: [['big', 'y'.repeat(2000)]] };
  expect(fateOf(filterPath({ filters: [], manager: { max_request_headers_kb: 1 } }, call))).toBe(
    'protocol_error 431 http1.headers_too_large',
  );
});

test.each(['a.test:', 'a.test:65536', 'a.test:99x', 'a_b', '::1', '[::1', '[]', '[::1%25eth0]', 'a@b@c', 'u[@a', ':80', 'a,b', 'a%20b'])(
  'no host of a URL: %s',
  (host) => {
    expect(fate({ path: `http://${host}/` })).toBe('protocol_error 400 http1.invalid_url');
    expect(fate({ path: `ftp://${host}/` })).toBe('protocol_error 400 http1.invalid_url');
  },
);

test.each(['a"b', 'u^@a'])('no URL: http://%s/', (authority) => {
  expect(fate({ path: `http://${authority}/` })).toBe('protocol_error 400 http1.codec_error');
});

test.each(['a.test:0', 'a.test:080', 'u:p@a', ':u@a', 'u%zz@a', '[::1]:80', '[::1.2.3.4]', 'a..b', '-a', 'A-1.b:80'])(
  'a host of a URL: %s',
  (host) => {
    expect(fate({ path: `http://${host}/` })).toBe('upstream a');
  },
);

test.each(['a_b:80', 'a.test', 'a.test:99999', 'u@a:80', ':80', '::1:80', 'http://a:80'])('no target of a CONNECT: %s', (authority) => {
  expect(fate({ method: 'CONNECT', path: '', authority })).toBe('protocol_error 400 http1.invalid_url');
});
