import { describe, test } from 'vitest';
import { checkHover } from '../../../support/check';

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
