import { describe, expect, test } from 'vitest';
import { DocumentHighlightKind } from 'vscode-languageserver-types';
import { findHighlights } from '../../../server/src/features/references';
import { checkReferences } from '../../support/check';
import { offsetsOf, placeOf, readFixture } from '../../support/fixture';

test('a cluster: routes, mirrors and its endpoints', () =>
  checkReferences(
    `static_resources:
  clusters:
  - name: rev<|>iews
    load_assignment: { cluster_name: reviews }
  listeners:
  - name: l
    filter_chains:
    - filters:
      - name: t
        typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: ‹|reviews|› }
      - name: u
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
          stat_prefix: reviews
          weighted_clusters: { clusters: [{ name: ‹|"reviews"|›, weight: 1 }] }
`.replace('cluster_name: reviews', 'cluster_name: ‹|reviews|›'),
  ));

test('an internal listener: the endpoints that lead into it', () =>
  checkReferences(`static_resources:
  listeners:
  - { name: in<|>ner, internal_listener: {} }
  clusters:
  - name: c
    load_assignment: { cluster_name: c, endpoints: [{ lb_endpoints: [{ endpoint: { address: { envoy_internal_address: { server_listener_name: ‹|inner|› } } } }] }] }
`));

test('a filter chain: the actions of its own listener alone', () =>
  checkReferences(`static_resources:
  listeners:
  - name: a
    filter_chain_matcher:
      on_no_match: { action: { name: web, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: ‹|web|› } } }
    filter_chains: [{ name: we<|>b }]
  - name: b
    filter_chain_matcher:
      on_no_match: { action: { name: web, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: web } } }
    filter_chains: [{ name: web }]
`));

test('a key of endpoint metadata: its own cluster, and the routes to it', () =>
  checkReferences(`static_resources:
  clusters:
  - name: a
    lb_subset_config: { subset_selectors: [{ keys: [‹|ver<|>sion|›] }] }
    load_assignment: { cluster_name: a, endpoints: [{ lb_endpoints: [{ metadata: { filter_metadata: { envoy.lb: { version: v1 } } } }] }] }
  - name: b
    lb_subset_config: { subset_selectors: [{ keys: [version] }] }
    load_assignment: { cluster_name: b, endpoints: [{ lb_endpoints: [{ metadata: { filter_metadata: { envoy.lb: { version: v1 } } } }] }] }
  listeners:
  - name: l
    filter_chains:
    - filters:
      - name: t
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
          cluster: a
          metadata_match: { filter_metadata: { envoy.lb: { ‹|version|›: v1 } } }
      - name: u
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
          cluster: b
          metadata_match: { filter_metadata: { envoy.lb: { version: v1 } } }
`));

describe('names in command operators', () => {
  const manager = (format: string, fields: string) => `static_resources:
  listeners:
  - name: l
    filter_chains:
    - filters:
      - name: h
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: h
          access_log:
          - name: log
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
              path: /dev/stdout
              log_format: { text_format_source: { inline_string: "%PROTOCOL% ${format} 100%" } }
${fields.replace(/^/gm, '          ')}
`;
  const routes = (key: string, asked: string) => `route_config:
  name: local
  request_headers_to_add: [{ header: { key: ${key}, value: "%REQ(x-other)%" } }]
  virtual_hosts: [{ name: v, domains: ["*"], routes: [{ match: { prefix: /, headers: [{ name: ${asked} }] }, direct_response: { status: 200 } }] }]`;

  test('of a header that is set, in any case, and of the second of two', () =>
    checkReferences(manager('%REQ(‹|X-User|›)% %RESP(x-team?‹|x-user|›):9%', routes('x-u<|>ser', '‹|x-user|›'))));
  test('of a header in an operator: who asks for it, too', () =>
    checkReferences(manager('%REQ(‹|x-u<|>ser|›)%', routes('x-user', '‹|x-user|›'))));

  const toMetadata = (namespace: string, key: string) => `http_filters:
- name: m
  typed_config:
    "@type": type.googleapis.com/envoy.extensions.filters.http.header_to_metadata.v3.Config
    request_rules: [{ header: x, on_header_present: { metadata_namespace: ${namespace}, key: ${key} } }]`;
  test('of a key of metadata in its namespace, alone', () =>
    checkReferences(
      manager(
        '%DYNAMIC_METADATA(own:‹|user|›:name)% %METADATA(DYNAMIC:own:‹|user|›)% %DYNAMIC_METADATA(other:user)%',
        toMetadata('own', 'us<|>er'),
      ),
    ));
  test('from a namespace that is not set as a whole: those of the key', () =>
    checkReferences(manager('%DYNAMIC_METADATA(o<|>wn:‹|user|›)% %DYNAMIC_METADATA(other:user)%', toMetadata('own', 'user'))));
  test('of an object of filter state', () =>
    checkReferences(
      manager(
        '%FILTER_STATE(‹|my.key|›:PLAIN)%',
        `http_filters:
- name: s
  typed_config:
    "@type": type.googleapis.com/envoy.extensions.filters.http.set_filter_state.v3.Config
    on_request_headers: [{ object_key: my.<|>key, factory_key: envoy.string, format_string: { text_format_source: { inline_string: a } } }]`,
      ),
    ));
  test.each([
    ['%REQ(‹|x-u<|>ser|›)%', '‹|x-user|›'],
    ['%REQ(‹|x-user|›)%', '‹|x-u<|>ser|›'],
  ])('highlights: set and mentioned', (format, set) => {
    const fixture = readFixture(manager(format, routes(set, '‹|x-user|›')));
    const found = findHighlights(placeOf(fixture)).map(({ range, kind }) => ({ ...offsetsOf(fixture, 'config.yaml', range), kind }));
    expect(found.map(({ start, kind }) => ({ start, kind })).sort((a, b) => a.start - b.start)).toEqual(
      fixture.expected.map(({ start }, at) => ({ start, kind: at === 1 ? DocumentHighlightKind.Write : DocumentHighlightKind.Read })),
    );
  });
});

describe('an anchor of YAML: the aliases that name it', () => {
  const routes = (text: string) => `name: r
virtual_hosts:
- name: v
  domains: ["*"] # not &p, not *p
  routes:
${text}`;
  const all = (anchor: string, second: string, third: string) =>
    checkReferences(
      routes(`  - { match: ${anchor} { prefix: / }, redirect: &r { path_redirect: "*p" } }
  - { match: ${second}, redirect: *r }
  - { match: { <<: ${third} }, redirect: *r }
  - { match: &p { prefix: /a }, redirect: *r }
  - { match: *p, redirect: *r }
`),
    );
  test('at the anchor', () => all('&<|>p', '‹|*p|›', '‹|*p|›'));
  test('at an alias', () => all('&p', '‹|*<|>p|›', '‹|*p|›'));
  test('at a merge key', () => all('&p', '‹|*p|›', '‹|*p<|>|›'));
  test('nowhere in a text', () => checkReferences('name: r\nvirtual_hosts: [{ name: v, domains: ["a &<|>p"] }]\n'));
  test('the anchor is highlighted as what is written', () => {
    const fixture = readFixture(
      routes('  - { match: &p { prefix: / }, redirect: &r { path_redirect: a } }\n  - { match: *<|>p, redirect: *r }\n'),
    );
    expect(findHighlights(placeOf(fixture)).map(({ kind }) => kind)).toEqual([DocumentHighlightKind.Write, DocumentHighlightKind.Read]);
  });
});
