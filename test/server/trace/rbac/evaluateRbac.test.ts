import { describe, expect, test } from 'vitest';
import type { RequestConnection } from '../../../../server/src/protocol/trace';
import { any, fate, filter, filterPath, filterSteps, type FilterCall, type FilterFixture } from '../httpFilters/filterTrace';
import { onlyPath, traceOf } from '../support/traceOf';

type Fields = Readonly<Record<string, unknown>>;

const ANY = { any: true };
const DENIED = 'denied 403 rbac_access_denied_matched_policy[p]';
const TEMPLATE = 'envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig';

function rbac(config: Fields): FilterFixture {
  return { filters: [filter('rbac', 'rbac.v3.RBAC', config)] };
}

function rules(action: string, policies: Fields): Fields {
  return { rules: { action, policies } };
}

/** Does the permission hold? A DENY policy shows it. */
function permits(permission: Fields, call: FilterCall = {}, more: Partial<FilterFixture> = {}): string {
  return fate({ ...rbac(rules('DENY', { p: { permissions: [permission], principals: [ANY] } })), ...more }, call);
}

function identifies(principal: Fields, call: FilterCall = {}): string {
  return fate(rbac(rules('DENY', { p: { permissions: [ANY], principals: [principal] } })), call);
}

describe('a permission', () => {
  test.each<[string, Fields, FilterCall, boolean]>([
    ['any', ANY, {}, true],
    ['header', { header: { name: 'x', string_match: { exact: '1' } } }, { headers: { x: '1' } }, true],
    ['header, absent', { header: { name: 'x', string_match: { exact: '1' } } }, {}, false],
    [
      'each header value by itself',
      { header: { name: 'x', string_match: { exact: 'b' } } },
      {
        headers: [
          ['x', 'a'],
          ['x', 'b'],
        ],
      },
      true,
    ],
    ['url_path without query', { url_path: { path: { exact: '/a' } } }, { path: '/a?q=1' }, true],
    ['url_path with another path', { url_path: { path: { exact: '/a' } } }, { path: '/ab' }, false],
    ['url_path with its parameters', { url_path: { path: { exact: '/a/b' } } }, { path: '/a;p=1/b' }, false],
    ['uri_template', { uri_template: { name: 't', typed_config: any(TEMPLATE, { path_template: '/a/{x}' }) } }, { path: '/a/b' }, true],
    [
      'uri_template of two segments',
      { uri_template: { name: 't', typed_config: any(TEMPLATE, { path_template: '/a/{x}' }) } },
      { path: '/a/b/c' },
      false,
    ],
    ['destination_ip', { destination_ip: { address_prefix: '10.0.0.0', prefix_len: 8 } }, {}, true],
    ['another destination_ip', { destination_ip: { address_prefix: '10.0.0.2', prefix_len: 32 } }, {}, false],
    ['destination_port', { destination_port: 80 }, {}, true],
    ['destination_port_range, whose end is outside', { destination_port_range: { start: 70, end: 80 } }, {}, false],
    ['destination_port_range', { destination_port_range: { start: 80, end: 81 } }, {}, true],
    ['requested_server_name of a plain connection', { requested_server_name: { exact: 'a.test' } }, {}, false],
    ['not_rule', { not_rule: { destination_port: 80 } }, {}, false],
    ['and_rules', { and_rules: { rules: [{ destination_port: 80 }, { header: { name: 'x', present_match: true } }] } }, {}, false],
    ['or_rules', { or_rules: { rules: [{ destination_port: 81 }, { destination_port: 80 }] } }, {}, true],
    [
      'inverted metadata that is absent',
      { metadata: { filter: 'n', path: [{ key: 'k' }], value: { string_match: { exact: 'v' } }, invert: true } },
      {},
      true,
    ],
  ])('%s', (_, permission, call, holds) => {
    expect(permits(permission, call)).toBe(holds ? DENIED : 'upstream a');
  });

  test('sees no path parameters where the route ignores them', () => {
    const routeConfiguration = { ignore_path_parameters_in_path_matching: true };
    expect(permits({ url_path: { path: { exact: '/a/b' } } }, { path: '/a;p=1/b' }, { routeConfiguration })).toBe(DENIED);
    expect(permits({ header: { name: ':path', string_match: { exact: '/a/b' } } }, { path: '/a;p=1/b' }, { routeConfiguration })).toBe(
      'upstream a',
    );
  });

  test('reads the metadata of the route', () => {
    const metadata_matcher = { filter: 'n', path: [{ key: 'k' }], value: { string_match: { exact: 'v' } } };
    const route = { metadata: { filter_metadata: { n: { k: 'v' } } } };
    expect(permits({ sourced_metadata: { metadata_matcher, metadata_source: 'ROUTE' } }, {}, { route })).toBe(DENIED);
    expect(permits({ sourced_metadata: { metadata_matcher, metadata_source: 'DYNAMIC' } }, {}, { route })).toBe('upstream a');
  });

  test('of an unknown kind cannot be told, unless another condition fails', () => {
    const matcher = { matcher: { name: 'mine', typed_config: any('envoy.mine.v3.Mine') } };
    expect(permits(matcher)).toBe('insufficient_info');
    expect(permits({ and_rules: { rules: [matcher, { destination_port: 81 }] } })).toBe('upstream a');
    expect(permits({ or_rules: { rules: [matcher, ANY] } })).toBe(DENIED);
  });
});

describe('a principal', () => {
  test.each<[string, Fields, FilterCall, boolean]>([
    ['authenticated on a plain connection', { authenticated: {} }, {}, false],
    ['not authenticated on a plain connection', { not_id: { authenticated: {} } }, {}, true],
    ['source_ip', { source_ip: { address_prefix: '10.9.0.0', prefix_len: 16 } }, {}, true],
    ['direct_remote_ip', { direct_remote_ip: { address_prefix: '10.8.0.0', prefix_len: 16 } }, {}, false],
    ['remote_ip', { remote_ip: { address_prefix: '0.0.0.0', prefix_len: 0 } }, {}, true],
    ['an IPv6 range for an IPv4 source', { remote_ip: { address_prefix: '::', prefix_len: 0 } }, {}, false],
    ['or_ids', { or_ids: { ids: [{ authenticated: {} }, ANY] } }, {}, true],
    ['and_ids', { and_ids: { ids: [{ authenticated: {} }, ANY] } }, {}, false],
    ['filter_state that is not there', { filter_state: { key: 'k', string_match: { exact: 'v' } } }, {}, false],
  ])('%s', (_, principal, call, holds) => {
    expect(identifies(principal, call)).toBe(holds ? DENIED : 'upstream a');
  });

  test('of an unknown source cannot be told', () => {
    const connection = { source: undefined } as unknown as RequestConnection;
    expect(identifies({ source_ip: { address_prefix: '10.0.0.0', prefix_len: 8 } }, { connection })).toBe('insufficient_info');
  });
});

describe('policies', () => {
  const byHeader = (name: string): Fields => ({ permissions: [{ header: { name, present_match: true } }], principals: [ANY] });

  test('count in the order of their names', () => {
    const fixture = rbac(rules('DENY', { b: byHeader('x'), a: byHeader('x') }));
    expect(fate(fixture, { headers: { x: '1' } })).toBe('denied 403 rbac_access_denied_matched_policy[a]');
  });

  test('that are empty allow nobody, and deny nobody', () => {
    expect(fate(rbac(rules('ALLOW', {})))).toBe('denied 403 rbac_access_denied_matched_policy[none]');
    expect(fate(rbac(rules('DENY', {})))).toBe('upstream a');
    expect(fate(rbac({}))).toBe('upstream a');
  });

  test('of the action LOG let everything pass', () => {
    expect(fate(rbac(rules('LOG', { p: { permissions: [ANY], principals: [ANY] } })))).toBe('upstream a');
  });

  test('write their names without blanks into the details', () => {
    expect(fate(rbac(rules('DENY', { 'a b\tc': { permissions: [ANY], principals: [ANY] } })))).toBe(
      'denied 403 rbac_access_denied_matched_policy[a_b_c]',
    );
  });

  test('need their condition as well', () => {
    const field = { select_expr: { operand: { ident_expr: { name: 'request' } }, field: 'method' } };
    const condition = { call_expr: { function: '_==_', args: [field, { const_expr: { string_value: 'POST' } }] } };
    const fixture = rbac(rules('DENY', { p: { permissions: [ANY], principals: [ANY], condition } }));
    expect(fate(fixture)).toBe('upstream a');
    expect(fate(fixture, { method: 'POST' })).toBe(DENIED);
  });

  test('are each told with the first condition that failed', () => {
    const path = filterPath(
      rbac(rules('ALLOW', { one: byHeader('x'), two: { permissions: [{ destination_port: 81 }], principals: [ANY] } })),
    );
    const [step] = filterSteps(path);
    expect(step?.decision).toBe('filter `rbac` refuses the request with 403');
    expect(step?.rejected.map(({ candidate, because }) => `${candidate}: ${because}`)).toEqual([
      'policy `one`: header `x` is not there',
      'policy `two`: destination port is 80, must be 81',
    ]);
    expect(path.response?.body).toBe('RBAC: access denied');
  });

  test("of Istio are told by their AuthorizationPolicy's name", () => {
    const fixture = rbac(rules('DENY', { 'ns[shop]-policy[no-curl]-rule[2]': { permissions: [ANY], principals: [ANY] } }));
    expect(filterSteps(filterPath(fixture))[0]?.because).toContain('rule 2 of AuthorizationPolicy `no-curl` in namespace `shop`');
  });

  test('that cannot be decided leave the details open where a later one denies', () => {
    const unknown = { permissions: [{ matcher: { name: 'mine', typed_config: any('envoy.mine.v3.Mine') } }], principals: [ANY] };
    const path = filterPath(rbac(rules('DENY', { a: unknown, b: { permissions: [ANY], principals: [ANY] } })));
    expect(path.disposition).toBe('denied');
    expect(path.response?.details).toBeUndefined();
    expect(fate(rbac(rules('ALLOW', { a: unknown, b: { permissions: [ANY], principals: [ANY] } })))).toBe('upstream a');
  });

  test('with an empty range of ports are refused', () => {
    expect(permits({ not_rule: { destination_port_range: { start: 80, end: 80 } } })).toBe('config_rejected');
  });
});

describe('a matcher', () => {
  const input = { name: 'i', typed_config: any('envoy.type.matcher.v3.HttpRequestHeaderMatchInput', { header_name: 'x' }) };
  const action = (name: string, kind: string): Fields => ({
    action: { name: 'a', typed_config: any('envoy.config.rbac.v3.Action', { name, action: kind }) },
  });
  const fixture = rbac({
    matcher: {
      matcher_tree: { input, exact_match_map: { map: { yes: action('y', 'ALLOW'), log: action('l', 'LOG'), no: action('n', 'DENY') } } },
    },
    ...rules('DENY', { ignored: { permissions: [ANY], principals: [ANY] } }),
  });

  test.each([
    ['yes', 'upstream a'],
    ['log', 'upstream a'],
    ['no', 'denied 403 rbac_access_denied_matched_policy[n]'],
    ['else', 'denied 403 rbac_access_denied_matched_policy[none]'],
  ])('takes the place of rules: %s', (x, expected) => {
    expect(fate(fixture, { headers: { x } })).toBe(expected);
  });
});

test('what the rules said is there for later filters', () => {
  const asked = (key: string, exact: string): Fields => ({
    metadata: { filter: 'envoy.filters.http.rbac', path: [{ key }], value: { string_match: { exact } } },
  });
  const shadow = {
    shadow_rules: { action: 'DENY', policies: { s: { permissions: [ANY], principals: [ANY] } } },
    shadow_rules_stat_prefix: 'istio_',
  };
  const after = (key: string, exact: string): string =>
    fate({
      filters: [
        ...rbac({ ...shadow, ...rules('ALLOW', { e: { permissions: [ANY], principals: [ANY] } }) }).filters,
        ...rbac(rules('DENY', { p: { permissions: [asked(key, exact)], principals: [ANY] } })).filters,
      ],
    });
  expect(after('istio_shadow_effective_policy_id', 's')).toBe(DENIED);
  expect(after('istio_shadow_engine_result', 'denied')).toBe(DENIED);
  expect(after('enforced_effective_policy_id', 'e')).toBe(DENIED);
  expect(after('enforced_engine_result', 'denied')).toBe('upstream a');
});

test('an authenticated client is known by the URI SANs of its certificate', () => {
  const yaml = (principal: string): string => `
static_resources:
  listeners:
  - name: l
    address: {socket_address: {address: 0.0.0.0, port_value: 443}}
    filter_chains:
    - transport_socket:
        name: tls
        typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext, common_tls_context: {validation_context: {trusted_ca: {inline_string: x}}}}
      filters:
      - name: rbac
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.rbac.v3.RBAC
          rules: {action: DENY, policies: {p: {permissions: [{any: true}], principals: [${principal}]}}}
      - {name: echo, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}}
`;
  const me = 'spiffe://td/ns/shop/sa/me';
  const dispositionOf = (principal: string, peerPrincipals: string[] = []): string =>
    onlyPath(traceOf(yaml(principal), { connection: { destination: '10.0.0.1:443', sni: 'a.test', peerPrincipals } })).disposition;
  expect(dispositionOf(`{authenticated: {principal_name: {exact: "${me}"}}}`, [me])).toBe('denied');
  expect(dispositionOf('{authenticated: {principal_name: {prefix: "spiffe://other/"}}}', [me])).toBe('closed');
  expect(dispositionOf('{authenticated: {}}')).toBe('denied');
  expect(dispositionOf(`{authenticated: {principal_name: {exact: "${me}"}}}`)).toBe('closed');
  // A trace does not tell the DNS names and the subject: they decide where one of them could fit.
  expect(dispositionOf('{authenticated: {principal_name: {exact: "client.test"}}}', [me])).toBe('insufficient_info');
  expect(dispositionOf('{authenticated: {principal_name: {safe_regex: {regex: "CN=.*"}}}}', [me])).toBe('insufficient_info');
  expect(dispositionOf('{authenticated: {principal_name: {safe_regex: {regex: "spiffe://x/.*|client[^/]*"}}}}', [me])).toBe(
    'insufficient_info',
  );
  expect(dispositionOf('{authenticated: {principal_name: {safe_regex: {regex: "spiffe://x/(a|b)"}}}}', [me])).toBe('closed');
  expect(dispositionOf('{authenticated: {principal_name: {exact: "client.test"}}}')).toBe('closed');
  expect(dispositionOf('{authenticated: {principal_name: {exact: ""}}}')).toBe('denied');
});

test('shadow rules that cannot be decided matter only to a filter that asks what they said', () => {
  const time = { select_expr: { operand: { ident_expr: { name: 'request' } }, field: 'time' } };
  const condition = { call_expr: { function: '_==_', args: [time, time] } };
  const shadow = filter('shadow', 'rbac.v3.RBAC', {
    shadow_rules: { action: 'DENY', policies: { s: { permissions: [ANY], principals: [ANY], condition } } },
    shadow_rules_stat_prefix: 'istio_',
  });
  const metadata = {
    filter: 'envoy.filters.http.rbac',
    path: [{ key: 'istio_shadow_engine_result' }],
    value: { string_match: { exact: 'denied' } },
  };
  const asking = filter('asking', 'rbac.v3.RBAC', {
    rules: { action: 'DENY', policies: { p: { permissions: [{ metadata }], principals: [ANY] } } },
  });
  expect(fate({ filters: [shadow] })).toBe('upstream a');
  expect(fate({ filters: [shadow, asking] })).toBe('insufficient_info');
});

test('shadow rules are told and change nothing', () => {
  const path = filterPath(rbac({ shadow_rules: { action: 'DENY', policies: { s: { permissions: [ANY], principals: [ANY] } } } }));
  expect(path.disposition).toBe('upstream');
  expect(filterSteps(path)[0]?.decision).toContain('would refuse the request');
});

test('a network filter refuses header rules, and sees no path', () => {
  const networkRbac = (permission: string): string => `
static_resources:
  listeners:
  - name: l
    address: {socket_address: {address: 0.0.0.0, port_value: 80}}
    filter_chains:
    - filters:
      - name: rbac
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.rbac.v3.RBAC
          rules: {action: DENY, policies: {p: {permissions: [${permission}], principals: [{any: true}]}}}
      - {name: echo, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}}
`;
  const dispositionOf = (permission: string): string =>
    onlyPath(traceOf(networkRbac(permission), { connection: { destination: '10.0.0.1:80' } })).disposition;
  expect(dispositionOf('{not_rule: {header: {name: x, present_match: true}}}')).toBe('config_rejected');
  expect(dispositionOf('{url_path: {path: {prefix: /}}}')).toBe('closed');
  expect(dispositionOf('{any: true}')).toBe('denied');
});

test('a rule that must not hold is told by its kind', () => {
  const policy = { permissions: [{ not_rule: { header: { name: 'x', present_match: true } } }], principals: [{ not_id: { any: true } }] };
  const [step] = filterSteps(filterPath(rbac(rules('ALLOW', { p: policy })), { headers: { x: '1' } }));
  expect(step?.rejected[0]?.because).toBe('`header` holds, and must not (`not_rule`)');
});

test.each([
  ['10.0.0.7:8079', false],
  ['10.0.0.7:8080', true],
  ['10.0.0.7:8081', true],
  ['10.0.0.7:8082', false],
])('the range of upstream ports has its end in it: %s, %s', (authority, isIn) => {
  const dns_cache_config = { name: 'c' };
  const cluster = {
    name: 'd',
    lb_policy: 'CLUSTER_PROVIDED',
    cluster_type: {
      name: 'envoy.clusters.dynamic_forward_proxy',
      typed_config: any('envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig', { dns_cache_config }),
    },
  };
  const saves = filter('d', 'dynamic_forward_proxy.v3.FilterConfig', { dns_cache_config, save_upstream_address: true });
  const upstream_port_range = { start: 8080, end: 8081 };
  const matcher = {
    name: 'm',
    typed_config: any('envoy.extensions.rbac.matchers.upstream_ip_port.v3.UpstreamIpPortMatcher', { upstream_port_range }),
  };
  const denies = filter('r', 'rbac.v3.RBAC', rules('DENY', { p: { permissions: [{ matcher }], principals: [ANY] } }));
  expect(fate({ filters: [saves, denies], clusters: [cluster], route: { route: { cluster: 'd' } } }, { authority })).toBe(
    isIn ? DENIED : 'upstream d',
  );
});
