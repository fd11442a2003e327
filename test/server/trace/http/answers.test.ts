import { describe, expect, test } from 'vitest';
import { onlyPath } from '../support/traceOf';
import { httpTrace, type HttpCall } from './httpTrace';

function answer(route: string, call: HttpCall = {}): ReturnType<typeof onlyPath> {
  return onlyPath(httpTrace({ routes: `{name: rc, virtual_hosts: [{name: v, domains: ["*"], routes: [${route}]}]}` }, call));
}

describe('a redirect leads', () => {
  test.each([
    [
      '{match: {prefix: /}, redirect: {host_redirect: b.com, path_redirect: "/n?x=1", strip_query: true}}',
      '/a?z=1',
      'a.test',
      'http://b.com/n?x=1',
    ],
    ['{match: {prefix: /}, redirect: {path_redirect: /n}}', '/a?z=1', 'a.test', 'http://a.test/n?z=1'],
    ['{match: {prefix: /o}, redirect: {prefix_rewrite: /n}}', '/o/p?z', 'a.test', 'http://a.test/n/p?z'],
    ['{match: {prefix: /}, redirect: {https_redirect: true}}', '/h?k', 'a.test:80', 'https://a.test/h?k'],
    ['{match: {prefix: /}, redirect: {https_redirect: true}}', '/h', 'a.test:8080', 'https://a.test:8080/h'],
    ['{match: {prefix: /}, redirect: {https_redirect: true}}', '/h', '[::1]:80', 'https://[::1]/h'],
    ['{match: {prefix: /}, redirect: {https_redirect: true, port_redirect: 8443}}', '/p', 'a.test:80', 'https://a.test:8443/p'],
    ['{match: {prefix: /}, redirect: {host_redirect: "b.com:99", port_redirect: 80}}', '/p', 'a.test', 'http://b.com:99:80/p'],
    [
      '{match: {prefix: /}, redirect: {regex_rewrite: {pattern: {regex: "^/re/(.*)"}, substitution: "/x/\\\\1"}}}',
      '/re/k?x',
      'a.test',
      'http://a.test/x/k?x',
    ],
    ['{match: {prefix: /}, redirect: {strip_query: true}}', '/q?x=1', 'a.test', 'http://a.test/q'],
    ['{match: {prefix: /}, redirect: {path_redirect: new}}', '/q', 'a.test', 'http://a.test/new'],
  ])('%s, %s of %s: %s', (route, path, authority, location) => {
    const { disposition, response } = answer(route, { path, authority });
    expect(disposition).toBe('redirect');
    expect(response?.location).toBe(location);
  });

  test('with the code that it names', () => {
    expect(answer('{match: {prefix: /}, redirect: {response_code: PERMANENT_REDIRECT}}').response?.code).toBe(308);
    expect(answer('{match: {prefix: /}, redirect: {response_code: FOUND}}').response?.code).toBe(302);
  });
});

test('the manager’s via stands behind one that the route has written', () => {
  const route = '{match: {prefix: /}, direct_response: {status: 200}, response_headers_to_add: [{header: {key: via, value: r}}]}';
  const routes = `{name: rc, virtual_hosts: [{name: v, domains: ["*"], routes: [${route}]}]}`;
  expect(onlyPath(httpTrace({ routes, manager: 'via: m' })).response?.headers?.append).toEqual([['via', 'r, m']]);
});

test('a gRPC status that the route has written stays in an answer of Envoy’s own', () => {
  const route = '{match: {prefix: /}, route: {cluster: none}, response_headers_to_add: [{header: {key: grpc-status, value: "5"}}]}';
  const { response } = answer(route, { headers: { 'content-type': 'application/grpc' } });
  expect([...(response?.headers?.set ?? []), ...(response?.headers?.append ?? [])].filter(([name]) => name === 'grpc-status')).toEqual([
    ['grpc-status', '5'],
  ]);
});

describe('a direct response', () => {
  test('has its code and body, and headers that the route adds', () => {
    const route = `{match: {prefix: /}, direct_response: {status: 503, body: {inline_string: nope}}, response_headers_to_add: [{header: {key: x-a, value: "%REQ(:path)%"}, append_action: OVERWRITE_IF_EXISTS_OR_ADD}], response_headers_to_remove: [x-b]}`;
    const { disposition, response } = answer(route, { path: '/p' });
    expect(disposition).toBe('direct_response');
    expect(response).toMatchObject({
      code: 503,
      details: 'direct_response',
      body: 'nope',
      headers: { set: [['x-a', '/p']], remove: ['x-b'] },
    });
  });

  test('reaches a gRPC client as HTTP 200 with a grpc-status', () => {
    const { response } = answer('{match: {prefix: /}, direct_response: {status: 403}}', {
      headers: { 'content-type': 'application/grpc' },
    });
    expect(response).toMatchObject({ code: 200, headers: { set: [['grpc-status', '7']] } });
  });

  test('has a body that a format makes', () => {
    const direct =
      '{status: 200, body: {inline_string: hi}, body_format: {text_format_source: {inline_string: "<%LOCAL_REPLY_BODY% %REQ(:path)%>"}}}';
    expect(answer(`{match: {prefix: /}, direct_response: ${direct}}`, { path: '/p' }).response?.body).toBe('<hi /p>');
  });

  test('has a Location with 201', () => {
    expect(answer('{match: {prefix: /}, direct_response: {status: 201}}', { path: '/p' }).response?.location).toBe('http://a.test/p');
  });
});

describe('the location', () => {
  const adding = (action: string, more: string): string =>
    `{match: {prefix: /}, ${action}, response_headers_to_add: [{header: {key: location, value: /n}${more}}]}`;
  const OVERWRITE = ', append_action: OVERWRITE_IF_EXISTS_OR_ADD';

  test.each([
    [adding('direct_response: {status: 404}', ''), '/n'],
    [adding('direct_response: {status: 302}', ''), 'http://a.test/,/n'],
    [adding('redirect: {path_redirect: /r}', ''), 'http://a.test/r,/n'],
    [adding('redirect: {path_redirect: /r}', OVERWRITE), '/n'],
    ['{match: {prefix: /}, redirect: {path_redirect: /r}, response_headers_to_remove: [location]}', undefined],
    [adding('redirect: {path_redirect: /r}', ', append_action: ADD_IF_ABSENT'), 'http://a.test/r'],
    [adding('redirect: {path_redirect: /r}', ', append_action: OVERWRITE_IF_EXISTS'), '/n'],
    [adding('direct_response: {status: 302}', ', append_action: OVERWRITE_IF_EXISTS'), '/n'],
    [adding('direct_response: {status: 200}', ', append_action: ADD_IF_ABSENT'), '/n'],
    [adding('direct_response: {status: 200}', ', append_action: OVERWRITE_IF_EXISTS'), undefined],
  ])('of %s is %s', (route, expected) => {
    expect(answer(route).response?.location).toBe(expected);
  });
});

test('a cluster that does not exist answers with the code that the route names', () => {
  expect(answer('{match: {prefix: /}, route: {cluster_header: x}}').response).toMatchObject({
    code: 503,
    flags: ['NC'],
    details: 'cluster_not_found',
  });
  const missing = answer('{match: {prefix: /}, route: {cluster_header: x, cluster_not_found_response_code: NOT_FOUND}}', {
    headers: { x: 'nowhere' },
  });
  expect(missing.disposition).toBe('no_cluster');
  expect(missing.response?.code).toBe(404);
  expect(answer('{match: {prefix: /}, non_forwarding_action: {}}').disposition).toBe('no_cluster');
});

test.each([
  ['a', 'users'],
  ['absent', ''],
])('the virtual cluster is told where there is the cluster %s: %j', (cluster, told) => {
  const named = 'virtual_clusters: [{name: users, headers: [{name: ":path", string_match: {prefix: /}}]}]';
  const shown = 'response_headers_to_add: [{header: {key: x, value: "-%VIRTUAL_CLUSTER_NAME%"}}]';
  const routes = `{name: rc, virtual_hosts: [{name: v, domains: ["*"], ${named}, ${shown}, routes: [{match: {prefix: /}, route: {cluster: ${cluster}}}]}]}`;
  expect(JSON.stringify(onlyPath(httpTrace({ routes })).response?.headers)).toContain(`["x","-${told}"]`);
});

// Observed with Envoy 1.40: it has told the client to go on.
test.each([
  [{}, undefined, '0'],
  [{ expect: '100-Continue' }, undefined, '100'],
  [{ expect: '100-continue' }, 'proxy_100_continue: true', '0'],
])('the code before there is an answer, of a request with %j: %s', (headers, manager, body) => {
  const route =
    '{match: {prefix: /}, direct_response: {status: 418, body_format: {text_format_source: {inline_string: "%RESPONSE_CODE%"}}}}';
  const routes = `{name: rc, virtual_hosts: [{name: v, domains: ["*"], routes: [${route}]}]}`;
  expect(onlyPath(httpTrace({ routes, ...(manager && { manager }) }, { headers })).response).toMatchObject({ code: 418, body });
});

test('local_reply_config changes code and body', () => {
  const manager = `
local_reply_config:
  mappers:
  - filter: {status_code_filter: {comparison: {op: EQ, value: {default_value: 404, runtime_key: k}}}}
    status_code: 410
  body_format: {text_format_source: {inline_string: "LR %RESPONSE_CODE% %LOCAL_REPLY_BODY%"}}`;
  const path = onlyPath(httpTrace({ manager, routes: 'virtual_hosts: []' }));
  expect(path.response).toMatchObject({ code: 410, body: 'LR 410 ', details: 'route_not_found' });
});

test.each([
  ['a text', '{inline_string: gone}'],
  ['bytes', '{inline_bytes: Z29uZQ==}'],
])('a mapper of local replies gives a body as %s', (_, body) => {
  const mapper = `{filter: {status_code_filter: {comparison: {op: EQ, value: {default_value: 404, runtime_key: k}}}}, body: ${body}}`;
  const path = onlyPath(httpTrace({ manager: `local_reply_config: {mappers: [${mapper}]}`, routes: 'virtual_hosts: []' }));
  expect(path.response).toMatchObject({ code: 404, body: 'gone' });
});

test.each<[string, HttpCall, string | undefined]>([
  ['a whole URL', { path: 'https://o.test/x' }, 'https://o.test/n'],
  ['x-forwarded-proto', { headers: { 'x-forwarded-proto': 'HTTPS' } }, 'https://a.test/n'],
  ['nothing valid', { headers: { 'x-forwarded-proto': 'foo' } }, 'http://a.test/n'],
  [
    'several values',
    {
      headers: [
        ['x-forwarded-proto', 'https'],
        ['x-forwarded-proto', 'http'],
      ],
    },
    'http://a.test/n',
  ],
  ['an empty x-forwarded-proto: no route', { headers: { 'x-forwarded-proto': '' } }, undefined],
])('the scheme of an HTTP/1 request comes from %s', (_, call, location) => {
  expect(answer('{match: {prefix: /}, redirect: {path_redirect: /n}}', call).response?.location).toBe(location);
});

test('a CONNECT is redirected to no location, for it has no path', () => {
  const routes =
    '{name: rc, virtual_hosts: [{name: v, domains: ["*"], require_tls: ALL, routes: [{match: {prefix: /}, route: {cluster: a}}]}]}';
  const manager = 'upgrade_configs: [{upgrade_type: CONNECT}]';
  const redirect =
    '{name: rc, virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {connect_matcher: {}}, redirect: {https_redirect: true}}]}]}';
  const answer = (call: HttpCall, own = routes): unknown => onlyPath(httpTrace({ routes: own, manager }, call));
  const connect: HttpCall = { method: 'CONNECT', authority: 'a.test:80', path: '' };
  const plain = { disposition: 'direct_response', response: { code: 301, details: 'direct_response' } };
  expect(answer({ path: '/x' })).toMatchObject({ disposition: 'redirect', response: { code: 301, location: 'https://a.test/x' } });
  for (const own of [routes, redirect]) {
    expect(answer(connect, own)).toMatchObject(plain);
    expect(answer(connect, own)).not.toHaveProperty('response.location');
  }
});
