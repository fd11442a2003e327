import { describe, expect, test } from 'vitest';
import { checkHover, hoverText } from '../../../support/check';

const ENVOY = `static_resources:
  listeners:
  - name: in
    address: { socket_address: { address: 10.0.0.1, port_value: 80 } }
    filter_chains:
    - name: web
      filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: in
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - name: orders
                match: { prefix: / }
                route: { cluster: a }
                typed_per_filter_config:
                  envoy.filters.http.rbac: { "@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBACPerRoute }
          http_filters:
          - name: envoy.filters.http.rbac
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC
              rules:
                action: DENY
                policies:
                  admins:
                    permissions:
                    - and_rules: { rules: [{ url_path: { path: { prefix: /admin } } }, { not_rule: { destination_port: 8080 } }] }
                    principals:
                    - authenticated: { principal_name: { exact: alice } }
                    - remote_ip: { address_prefix: 10.0.0.0, prefix_len: 8 }
                    - header: { name: x-user, present_match: true }
          - name: envoy.filters.http.router
            typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
  clusters:
  - name: a
    type: STATIC
    load_assignment:
      cluster_name: a
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 10.0.0.9, port_value: 80 } } } }] }]
`;

describe('who, in which order, for whom', () => {
  test('a cluster is named by its routes, as links to their lines', () =>
    checkHover(ENVOY.replace('- name: a\n', '- name: <|>a\n'), 'Named in 1 place: [route `orders`](config.yaml#L19)'));
  test('a filter chain says where its routes go', () => checkHover(ENVOY.replace('- name: web', '- name: w<|>eb'), 'Its routes go to `a`'));
  test('a filter has its place in the order, and is set otherwise by routes', () =>
    checkHover(
      ENVOY.replace('- name: envoy.filters.http.rbac', '- name: envoy.<|>filters.http.rbac'),
      'Filter 1 of 2: before `envoy.filters.http.router`.',
      'Routes set it otherwise in 1 place.',
    ));
  test('the last filter', () =>
    checkHover(ENVOY.replace('- name: envoy.filters.http.router', '- name: envoy.<|>filters.http.router'), 'Filter 2 of 2: after'));
  test('a policy says what it refuses to whom', () =>
    checkHover(
      ENVOY.replace('admins:', 'ad<|>mins:'),
      '**Policy** `admins`',
      '**DENY**',
      'Who: identity is `alice` or remote ip `10.0.0.0/8` or header `x-user` is there',
      'What: (path begins with `/admin` and not destination port `8080`)',
    ));
});

describe('names that mean no resource lead to where they are defined', () => {
  const jwt = (rules: string) =>
    `name: jwt\ntyped_config:\n  "@type": type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication\n  providers:\n    one: { issuer: a }\n  requirement_map:\n    users: { provider_name: one }\n  rules: [${rules}]\n`;

  test('a provider, a requirement', () => {
    checkHover(
      jwt('{ match: { prefix: / }, requires: { provider_name: on<|>e } }'),
      '**JWT provider** `one`, defined in [line 5](config.yaml#L5)',
    );
    checkHover(
      jwt('{ match: { prefix: / }, requirement_name: use<|>rs }'),
      '**JWT requirement** `users`, defined in [line 7](config.yaml#L7)',
    );
  });
  test('a filter that a route sets otherwise', () =>
    checkHover(
      ENVOY.replace('envoy.filters.http.rbac: {', 'envoy.filters.<|>http.rbac: {'),
      '**HTTP filter** `envoy.filters.http.rbac`, defined in [line ',
    ));
});

test('keys of filter state that Envoy knows are explained', () => {
  const set = (key: string) =>
    `name: s\ntyped_config:\n  "@type": type.googleapis.com/envoy.extensions.filters.network.set_filter_state.v3.Config\n  on_new_connection: [{ object_key: ${key} }]\n`;
  checkHover(set('envoy.tcp_<|>proxy.cluster'), '**Filter state** `envoy.tcp_proxy.cluster`: The cluster that the tcp_proxy behind takes');
  expect(hoverText(set('my.<|>own'))).not.toContain('**Filter state**');
});

test('one of several alternatives is not required, but must not be empty', () => {
  const text = hoverText(ENVOY.replace('cluster: a }', 'clus<|>ter: a }'));
  expect(text).toContain('Rules: not empty');
  expect(text).not.toContain('required');
  checkHover(ENVOY.replace('stat_prefix', 'stat<|>_prefix'), 'Rules: required');
});

describe('every kind of rule of a policy has words', () => {
  const policy = (permission: string, principal = '{ any: true }') =>
    `name: rbac\ntyped_config:\n  "@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC\n  rules:\n    policies:\n      one<|>s: { permissions: [${permission}], principals: [${principal}] }\n`;
  const what = (permission: string, words: string) => checkHover(policy(permission), `What: ${words}`);
  const who = (principal: string, words: string) => checkHover(policy('{ any: true }', principal), `Who: ${words}`);

  test('metadata by its keys, of the request or of the route', () => {
    what(
      '{ metadata: { filter: jwt, path: [{ key: claims }, { key: aud }], value: { list_match: { one_of: { string_match: { exact: shop } } } } } }',
      'metadata `jwt › claims › aud` has an item that is `shop`',
    );
    what(
      '{ sourced_metadata: { metadata_source: ROUTE, metadata_matcher: { filter: f, path: [{ key: k }], value: { bool_match: true }, invert: true } } }',
      'not route metadata `f › k` is `true`',
    );
  });
  test('numbers, nulls and alternatives', () => {
    const metadata = (value: string) => `{ metadata: { filter: f, path: [{ key: k }], value: ${value} } }`;
    what(metadata('{ double_match: { range: { start: 1, end: 5 } } }'), 'metadata `f › k` from 1 to under 5');
    what(metadata('{ double_match: { exact: 2 } }'), 'metadata `f › k` is `2`');
    what(metadata('{ null_match: {} }'), 'metadata `f › k` is null');
    what(
      metadata('{ or_match: { value_matchers: [{ string_match: { prefix: a } }, { present_match: true }] } }'),
      'metadata `f › k` begins with `a` or is there',
    );
  });
  test('ranges of ports and of headers', () => {
    what('{ destination_port_range: { start: 80, end: 90 } }', 'destination port from 80 to under 90');
    what('{ header: { name: age, range_match: { start: 18, end: 99 } } }', 'header `age` from 18 to under 99');
    what('{ header: { name: x, string_match: { exact: a }, invert_match: true } }', 'not header `x` is `a`');
  });
  test('filter state, by text or by address', () => {
    who('{ filter_state: { key: peer, string_match: { exact: alice } } }', 'filter state `peer` is `alice`');
    who(
      '{ filter_state: { key: peer, address_match: { ranges: [{ address_prefix: 10.0.0.0, prefix_len: 8 }] } } }',
      'filter state `peer` in `10.0.0.0/8`',
    );
  });
  test('extensions by their template or their type', () => {
    what(
      '{ uri_template: { name: t, typed_config: { "@type": type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig, path_template: "/a/*" } } }',
      'path fits `/a/*`',
    );
    what(
      '{ matcher: { name: m, typed_config: { "@type": type.googleapis.com/envoy.extensions.rbac.matchers.upstream_ip_port.v3.UpstreamIpPortMatcher } } }',
      'what `envoy.extensions.rbac.matchers.upstream_ip_port.v3.UpstreamIpPortMatcher` says',
    );
  });
});

test('the resource that a dump names says what it is for', () =>
  checkHover(
    `//- file:///dump.yaml
static_resources: { clusters: [{ name: c, metadata: { filter_metadata: { istio: { config: /apis/networking.istio.io/v1/namespaces/shop/virtual-<|>service/pay } } } }] }
//- file:///istio.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: pay, namespace: shop }
spec: { hosts: [pay.example, "*.pay.example"], gateways: [mesh] }
`,
    '**VirtualService** `shop/pay`',
    'hosts: `pay.example`, `*.pay.example` · gateways: `mesh`',
  ));
