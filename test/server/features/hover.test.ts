import { describe, expect, test } from 'vitest';
import { checkHover, hoverText } from '../../support/check';

const matcher = `static_resources:
  listeners:
  - name: in
    address: { socket_address: { address: 0.0.0.0, port_value: 15001 } }
    filter_chain_matcher:
      matcher_tree:
        input: { name: ip, typed_config: { "@type": type.googleapis.com/envoy.extensions.matching.common_inputs.network.v3.DestinationIPInput } }
        exact_match_map:
          map:
            10.96.0.1:
              matcher:
                matcher_tree:
                  input: { name: port, typed_config: { "@type": type.googleapis.com/envoy.extensions.matching.common_inputs.network.v3.DestinationPortInput } }
                  exact_match_map:
                    map:
                      "9080": { action: { name: LABEL, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: web } } }
      on_no_match: { action: { name: other, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: gone } } }
    filter_chains:
    - name: web
      filters:
      - { name: tcp, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: reviews } }
  clusters:
  - name: reviews
    type: STATIC
    load_assignment:
      cluster_name: reviews
      endpoints:
      - lb_endpoints:
        - { endpoint: { address: { socket_address: { address: 10.0.0.1, port_value: 80 } } } }
        - { health_status: UNHEALTHY, endpoint: { address: { envoy_internal_address: { server_listener_name: inner } } } }
`;

describe('matcher action', () => {
  const text = () => hoverText(matcher.replace('LABEL', 'la<|>bel')) ?? '';
  test('says the conditions on the way to it', () => {
    expect(text()).toContain('destination IP is `10.96.0.1`');
    expect(text()).toContain('destination port is `9080`');
  });
  test('says which chain it picks and where that leads', () => {
    expect(text()).toContain('Picks the filter chain `web`');
    expect(text()).toContain('TCP, cluster reviews');
  });
  test('names the other branches', () => expect(text()).toContain('`gone`'));
  test('says that a chain is missing', () =>
    checkHover(matcher.replace('value: gone', 'value: go<|>ne'), 'which this listener does not have'));
  test('the key of its branch says the same', () =>
    checkHover(matcher.replace('"9080":', '"90<|>80":'), '**Matcher action** `LABEL`', 'Picks the filter chain `web`'));
  test('a branch of several conditions says so far, and what follows', () =>
    checkHover(
      matcher.replace('10.96.0.1:\n', '10.96<|>.0.1:\n'),
      '**Matcher branch**',
      'Taken when destination IP is `10.96.0.1`. Then:',
      '- destination port is `9080`: `web`',
    ));
  test('inside the braces of a branch nothing is said', () =>
    expect(hoverText(matcher.replace('"9080": { action', '"9080": {<|> action'))).toBeUndefined());
});

describe('cluster', () => {
  test('type, endpoints with health, users', () =>
    checkHover(
      matcher.replace('cluster: reviews', 'cluster: revi<|>ews'),
      '**Cluster** `reviews`',
      'STATIC',
      '**1 healthy**',
      '10.0.0.1:80',
      'UNHEALTHY',
      'internal:inner/',
    ));
  test('its Istio name in words', () =>
    checkHover(
      'static_resources: { clusters: [{ name: "outbound|9080|v1|reviews.default.svc.cluster.local<|>", type: EDS }] }',
      'service reviews\\.default\\.svc\\.cluster\\.local, port 9080, subset v1',
      'not in the files',
    ));
  test('a name that nothing defines', () => checkHover(matcher.replace('cluster: reviews', 'cluster: nos<|>uch'), 'not in this proxy'));
});

describe('listener, chain, route, endpoint', () => {
  test('listener', () =>
    checkHover(matcher.replace('name: in\n', 'name: i<|>n\n'), '**Listener** `in`', '0\\.0\\.0\\.0:15001', 'chosen by its matcher'));
  test('filter chain', () => checkHover(matcher.replace('- name: web', '- name: we<|>b'), '**Filter chain** `web`', 'plaintext'));
  test('endpoint', () => checkHover(matcher.replace('address: 10.0.0.1', 'address: 10.0.<|>0.1'), '**Endpoint** `10.0.0.1:80`'));
  test('route', () =>
    checkHover(
      'virtual_hosts: [{ name: v, domains: ["*"], routes: [{ name: ca<|>nary, match: { prefix: /a, headers: [{ name: x-user, string_match: { exact: jason } }] }, route: { weighted_clusters: { clusters: [{ name: a, weight: 1 }, { name: b, weight: 3 }] } } }] }]',
      '**Route** `canary`',
      'prefix /a, header x\\-user \\= jason'.replace('\\=', '='),
      'a \\(25 %\\), b \\(75 %\\)',
    ));
});

test('names of a hostile dump stay text', () => {
  const text = hoverText('static_resources: { clusters: [{ name: "a`b<img src=x>|[x](command:y)<|>" }] }') ?? '';
  expect(text).toContain('``a`b<img src=x>|[x](command:y)``');
});

test('nothing of ours: no hover', () => expect(hoverText('hello: wor<|>ld')).toBeUndefined());

test('the name of a dump’s entry tells of the listener in it', () =>
  checkHover(
    `{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.ListenersConfigDump", "dynamic_listeners": [{"name": "l<|>", "active_state": {"listener":
      {"@type": "type.googleapis.com/envoy.config.listener.v3.Listener", "name": "l", "address": {"socket_address": {"address": "0.0.0.0", "port_value": 80}}}}}]}]}`,
    '**Listener** `l`',
  ));
