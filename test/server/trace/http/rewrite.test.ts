import { describe, expect, test } from 'vitest';
import type { TraceHttp } from '../../../../server/src/protocol/trace';
import { GET, hopOf, onlyPath, traceOf } from '../support/traceOf';
import { httpTrace, type HttpCall } from './httpTrace';

function sent(route: string, call: HttpCall = {}, more = ''): TraceHttp | undefined {
  const routes = `{name: rc, ${more} virtual_hosts: [{name: v, domains: ["*"], request_headers_to_add: [{header: {key: x-l, value: vhost}}], routes: [${route}]}]}`;
  return hopOf(onlyPath(httpTrace({ routes }, call))).upstream?.http;
}

describe('the path', () => {
  test.each([
    ['{match: {prefix: /o}, route: {cluster: a, prefix_rewrite: /n}}', '/o/p?z', '/n/p?z'],
    ['{match: {path: /o}, route: {cluster: a, prefix_rewrite: /n}}', '/o?z', '/n?z'],
    ['{match: {prefix: /FOO, case_sensitive: false}, route: {cluster: a, prefix_rewrite: /n/}}', '/foobar', '/n/bar'],
    ['{match: {safe_regex: {regex: "/.*"}}, route: {cluster: a, prefix_rewrite: /n}}', '/o/p?z', '/n?z'],
    ['{match: {prefix: /}, route: {cluster: a, regex_rewrite: {pattern: {regex: "a"}, substitution: "b"}}}', '/aa?a', '/bb?a'],
    ['{match: {prefix: /}, route: {cluster: a, path_rewrite: "/x%REQ(:path)%"}}', '/o', '/x/o'],
    ['{match: {prefix: /}, route: {cluster: a, regex_rewrite: {pattern: {regex: "b"}, substitution: "c\\\\zd"}}}', '/abe', '/ace'],
    ['{match: {prefix: /}, route: {cluster: a, regex_rewrite: {pattern: {regex: "[a-z/]*"}, substitution: "/x"}}}', '/ab1', '/x1/x'],
    ['{match: {prefix: /}, route: {cluster: a, regex_rewrite: {pattern: {regex: ".*"}, substitution: "/x"}}}', '/ab?q', '/x?q'],
  ])('%s: %s becomes %s', (route, path, expected) => {
    const http = sent(route, { path });
    expect(http?.path).toBe(expected);
    expect(http?.headers).toContainEqual(['x-envoy-original-path', path]);
  });

  test('is made by a template', () => {
    const match =
      '{"@type": type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig, path_template: "/{a}/{b}"}';
    const rewrite =
      '{"@type": type.googleapis.com/envoy.extensions.path.rewrite.uri_template.v3.UriTemplateRewriteConfig, path_template_rewrite: "/{b}-{a}"}';
    const route = `{match: {path_match_policy: {name: m, typed_config: ${match}}}, route: {cluster: a, path_rewrite_policy: {name: r, typed_config: ${rewrite}}}}`;
    expect(sent(route, { path: '/x/y?q' })?.path).toBe('/y-x?q');
  });
});

describe('the host', () => {
  test.each([
    ['{match: {prefix: /}, route: {cluster: a, host_rewrite_literal: lit.test}}', 'lit.test'],
    ['{match: {prefix: /}, route: {cluster: a, host_rewrite_header: x}}', 'x.test'],
    [
      '{match: {prefix: /}, route: {cluster: a, host_rewrite_path_regex: {pattern: {regex: "^/([^/]+).*$"}, substitution: "\\\\1.host"}}}',
      'p.host',
    ],
    ['{match: {prefix: /}, route: {cluster: a, host_rewrite: "%REQ(x)%"}}', 'x.test'],
  ])('%s: %s', (route, expected) => {
    const http = sent(route, { path: '/p', headers: { x: 'x.test' } });
    expect(http?.authority).toBe(expected);
    expect(http?.headers).toContainEqual(['x-envoy-original-host', 'a.test']);
  });
});

describe('headers', () => {
  const three = (action: string): string =>
    `{match: {prefix: /}, route: {cluster: a}, request_headers_to_add: [{header: {key: x-l, value: route}, append_action: ${action}}], request_headers_to_remove: [x-r]}`;

  test('are changed by the route first, then by the virtual host', () => {
    expect(values(sent(three('APPEND_IF_EXISTS_OR_ADD'), { headers: { 'x-r': '1' } }), 'x-l')).toEqual(['route', 'vhost']);
    expect(values(sent(three('OVERWRITE_IF_EXISTS'), { headers: { 'x-l': '1' } }), 'x-l')).toEqual(['route', 'vhost']);
    expect(values(sent(three('OVERWRITE_IF_EXISTS'), {}), 'x-l')).toEqual(['vhost']);
    expect(values(sent(three('ADD_IF_ABSENT'), { headers: { 'x-l': '1' } }), 'x-l')).toEqual(['1', 'vhost']);
  });

  test('are changed the other way round where the most specific wins', () => {
    const http = sent(three('OVERWRITE_IF_EXISTS_OR_ADD'), { headers: { 'x-r': '1' } }, 'most_specific_header_mutations_wins: true,');
    expect(values(http, 'x-l')).toEqual(['route']);
    expect(values(http, 'x-r')).toEqual([]);
  });

  test('with an empty value are left out unless kept', () => {
    const route = (keep: boolean): string =>
      `{match: {prefix: /}, route: {cluster: a}, request_headers_to_add: [{header: {key: x-e, value: "%REQ(none)%"}, keep_empty_value: ${keep}}]}`;
    expect(values(sent(route(false)), 'x-e')).toEqual([]);
    expect(values(sent(route(true)), 'x-e')).toEqual(['']);
  });
});

function values(http: TraceHttp | undefined, name: string): string[] {
  return http?.headers.filter(([key]) => key === name).map(([, value]) => value) ?? [];
}

test('auto_host_rewrite takes the name of the chosen host, as Envoy 1.40 does', () => {
  const clusterOf = (name: string, type: string, host: string, more = ''): string =>
    `{name: ${name}, type: ${type}, load_assignment: {cluster_name: ${name}, endpoints: [{lb_endpoints: [{endpoint: {${more}address: {socket_address: {address: ${host}, port_value: 80}}}}]}]}}`;
  const clusters = [
    clusterOf('named', 'STATIC', '10.1.1.1', 'hostname: static.host, '),
    clusterOf('plain', 'STATIC', '10.1.1.2'),
    clusterOf('dns', 'STRICT_DNS', 'up.test'),
    clusterOf('ip', 'STRICT_DNS', '10.1.1.3'),
  ];
  const hostSentTo = (cluster: string): (string | undefined)[] => {
    const yaml = `
static_resources:
  listeners:
  - name: l
    address: {socket_address: {address: 0.0.0.0, port_value: 80}}
    filter_chains:
    - filters:
      - name: http
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: http
          route_config: {virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: ${cluster}, auto_host_rewrite: true, append_x_forwarded_host: true}}]}]}
          http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]
  clusters: [${clusters.join(', ')}]`;
    const http = hopOf(
      onlyPath(
        traceOf(yaml, { connection: { destination: '10.0.0.1:80', source: '10.9.9.9:1000' }, http: { ...GET, authority: 'x.test' } }),
      ),
    ).upstream?.http;
    const header = (name: string): string | undefined => http?.headers.find(([each]) => each === name)?.[1];
    return [http?.authority, header('x-envoy-original-host'), header('x-forwarded-host')];
  };
  expect(hostSentTo('named')).toEqual(['static.host', 'x.test', 'x.test']);
  expect(hostSentTo('plain')).toEqual(['x.test', undefined, undefined]);
  expect(hostSentTo('dns')).toEqual(['up.test', 'x.test', 'x.test']);
  expect(hostSentTo('ip')).toEqual(['10.1.1.3', 'x.test', 'x.test']);
});

test('the host of a dynamic forward proxy is called with its port', () => {
  const type = 'type.googleapis.com/envoy.extensions';
  const socket = `transport_socket: {name: tls, typed_config: {'@type': ${type}.transport_sockets.tls.v3.UpstreamTlsContext, sni: s.test, auto_host_sni: true}}`;
  const cluster = `{name: any, lb_policy: CLUSTER_PROVIDED, ${socket}, cluster_type: {name: d, typed_config: {'@type': ${type}.clusters.dynamic_forward_proxy.v3.ClusterConfig, dns_cache_config: {name: c}}}}`;
  const routes =
    '{name: rc, virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: any, auto_host_rewrite: true}}]}]}';
  const upstream = (authority: string) => hopOf(onlyPath(httpTrace({ routes, extraClusters: `  - ${cluster}` }, { authority }))).upstream;
  expect(upstream('10.8.8.8')).toMatchObject({ sni: '10.8.8.8:443', http: { authority: '10.8.8.8:443' } });
  expect(upstream('a.test:81')).toMatchObject({ sni: 'a.test:81', http: { authority: 'a.test:81' } });
});

test('auto_host_rewrite calls an original destination by its cluster and its address', () => {
  const cluster = '{name: pass, type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED, original_dst_lb_config: {use_http_header: true}}';
  const route = '{match: {prefix: /}, route: {cluster: pass, auto_host_rewrite: true}}';
  const routes = `{name: rc, virtual_hosts: [{name: v, domains: ["*"], routes: [${route}]}]}`;
  const call = { headers: { 'x-envoy-original-dst-host': '10.8.8.8:7001' } };
  expect(hopOf(onlyPath(httpTrace({ routes, extraClusters: `  - ${cluster}` }, call))).upstream?.http?.authority).toBe('pass10.8.8.8:7001');
});
