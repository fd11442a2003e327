/** What a format gives while the request is made, and while the answer is: each line as a real Envoy 1.40 did it. */
import { expect, test } from 'vitest';
import { filter, filterPath, sentHeader, type FilterFixture } from '../httpFilters/filterTrace';

type Fields = Record<string, unknown>;

const list = (formats: readonly string[]): Fields[] =>
  formats.map((value, index) => ({ header: { key: `h${index}`, value: `[${value}]` }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' }));

function sent(formats: readonly string[], route: Fields = {}): (string | undefined)[] {
  const path = filterPath({ filters: [], route: { request_headers_to_add: list(formats), ...route } }, { path: '/old?x=%41+&y' });
  return formats.map((_, index) => path.hops[0]?.upstream?.http?.headers.find(([name]) => name === `h${index}`)?.[1]);
}

function answered(formats: readonly string[], fixture: Partial<FilterFixture> = {}): (string | undefined)[] {
  const route = { response_headers_to_add: list(formats), ...fixture.route };
  const path = filterPath({ filters: [], ...fixture, route }, { path: '/old?x=%41+&y' });
  return formats.map((_, index) => path.response?.headers?.set.find(([name]) => name === `h${index}`)?.[1]);
}

test('a request knows of no host and no answer', () => {
  const formats = [
    '%UPSTREAM_HOST%',
    '%UPSTREAM_REMOTE_PORT%',
    '%RESPONSE_CODE%',
    '%RESPONSE_FLAGS%',
    '%RESPONSE_CODE_DETAILS%',
    '%RESP(a)%',
  ];
  expect(sent(formats)).toEqual(['[]', '[]', '[0]', '[-]', '[]', '[]']);
});

test('a request knows its cluster and its attempt', () => {
  expect(sent(['%UPSTREAM_CLUSTER%', '%UPSTREAM_REQUEST_ATTEMPT_COUNT%'])).toEqual(['[a]', '[1]']);
});

test('an answer knows the host', () => {
  expect(answered(['%UPSTREAM_REMOTE_PORT%', '%RESPONSE_CODE_DETAILS%', '%UPSTREAM_PROTOCOL%'])).toEqual([
    '[80]',
    '[via_upstream]',
    '[HTTP/1.1]',
  ]);
});

test('queries are read raw, or decoded as far as they are visible', () => {
  expect(sent(['%QUERY_PARAMS%', '%QUERY_PARAMS(DECODED)%', '%QUERY_PARAM(x)%', '%QUERY_PARAM(y)%'])).toEqual([
    '[x=%41+&y]',
    '[x=A+&y]',
    '[A+]',
    '[]',
  ]);
});

test('the path before it was rewritten is there for the answer, not yet for the request', () => {
  const formats = ['%PATH(NQ)%', '%PATH(NQ:ORIG)%', '%PATH(NQ:PATH)%'];
  const rewritten = { route: { cluster: 'a', prefix_rewrite: '/new' } };
  expect(sent(formats, rewritten)).toEqual(['[/old]', '[]', '[/old]']);
});

test('addresses become networks', () => {
  expect(sent(['%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(8)%'])[0]).toMatch(/^\[\d+\.0\.0\.0\/8\]$/);
});

test('the first operator of a COALESCE that gives something counts', () => {
  const first = (...operators: unknown[]): string => `%COALESCE(${JSON.stringify({ operators })})%`;
  const path = (length: number): Fields => ({ command: 'REQ', param: ':PATH', max_length: length });
  expect(sent([first('ROUTE_NAME', 'PROTOCOL'), first({ command: 'REQ', param: 'x-no' }, path(4)), first('FILTER_CHAIN_NAME')])).toEqual([
    '[r]',
    '[/old]',
    '[]',
  ]);
});

test('what only a connection to a host has is nothing, or zero, until there is one', () => {
  const formats = ['%UPSTREAM_LOCAL_PORT%', '%UPSTREAM_HOST_NAMES_ATTEMPTED%', '%UPSTREAM_WIRE_BYTES_SENT%', '%CEL(upstream.address)%'];
  expect(sent(formats)).toEqual(['[]', '[]', '[0]', '[]']);
  const routes = [
    { match: { prefix: '/' }, direct_response: { status: 418 }, response_headers_to_add: list([...formats, '%CEL(response.code)%']) },
  ];
  expect(filterPath({ filters: [], routes }).response?.headers?.set.map(([, value]) => value)).toEqual(['[]', '[]', '[0]', '[]', '[]']);
});

test('a filter of the upstream sees the host, and no connection to it', () => {
  const formats = ['%UPSTREAM_HOST%', '%UPSTREAM_REMOTE_ADDRESS%', '%UPSTREAM_HOSTS_ATTEMPTED%', '%UPSTREAM_CONNECTION_ID%'];
  const append = list(formats).map((each) => ({ append: each }));
  const upstream_http_filters = [
    filter('m', 'header_mutation.v3.HeaderMutation', { mutations: { request_mutations: append } }),
    filter('c', 'upstream_codec.v3.UpstreamCodec'),
  ];
  const path = filterPath({ filters: [filter('router', 'router.v3.Router', { upstream_http_filters })], withoutRouter: true });
  expect(formats.map((_, index) => sentHeader(path, `h${index}`))).toEqual(['[10.50.0.1:80]', '[]', '[]', '[0]']);
});
