/** Rules of route configurations, matchers and names. */
import { describe, expect, test } from 'vitest';
import { collectDiagnostics } from '../../../../server/src/features/diagnostics/collectDiagnostics';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';
import { checkDiagnostic } from '../../../support/check';
import { readFixture, snapshotOf } from '../../../support/fixture';
import { connectionManager, listener, route, TCP_PROXY, virtualHost } from './configurations';

const TYPE = 'type.googleapis.com/envoy';

describe('duplicate-domain', () => {
  const two = (other: string): string => `name: r\nvirtual_hosts:\n- { name: a, domains: [a.com] }\n- { name: b, domains: [${other}] }`;
  test('in another case', () => checkDiagnostic('duplicate-domain', two('‹|A.com|›')));
  test('another domain', () => checkDiagnostic('duplicate-domain', two('"*.a.com"')));
});

describe('virtual-host-matcher', () => {
  test('a virtual cluster without headers', () =>
    checkDiagnostic('virtual-host-matcher', virtualHost('  virtual_clusters: [{ ‹|name|›: x }]')));
  test('one with headers', () =>
    checkDiagnostic('virtual-host-matcher', virtualHost('  virtual_clusters: [{ name: x, headers: [{ name: y, present_match: true }] }]')));
  test('a matcher beside routes', () =>
    checkDiagnostic('virtual-host-matcher', virtualHost('  ‹|matcher|›: {}\n  routes: [{ match: { prefix: / }, route: { cluster: c } }]')));
});

describe('weighted-clusters', () => {
  const weights = (clusters: string): string => route(`route: { weighted_clusters: { ${clusters} } }`);
  test('all zero', () => checkDiagnostic('weighted-clusters', weights('‹|clusters|›: [{ name: a, weight: 0 }]')));
  test('name and header', () => checkDiagnostic('weighted-clusters', weights('clusters: [{ name: a, cluster_header: ‹|x|›, weight: 1 }]')));
  test('zero by the runtime', () => {
    const routes = `            virtual_hosts:
            - name: v
              domains: ["*"]
              routes:
              - match: { prefix: / }
                route: { weighted_clusters: { runtime_key_prefix: w, CLUSTERS: [{ name: c, weight: 5 }] } }`;
    const bootstrap = (layer: string): string =>
      `layered_runtime: { layers: [{ name: a, static_layer: { ${layer} } }] }${listener(connectionManager(routes))}
  clusters: [{ name: c, load_assignment: { cluster_name: c } }]
`;
    checkDiagnostic('weighted-clusters', bootstrap('w.c: 0').replace('CLUSTERS', '‹|clusters|›'));
    checkDiagnostic('weighted-clusters', bootstrap('w.other: 0').replace('CLUSTERS', 'clusters'));
  });
  test('one zero', () => checkDiagnostic('weighted-clusters', weights('clusters: [{ name: a, weight: 0 }, { name: b, weight: 5 }]')));
});

test('conflicting-rewrites', () => {
  checkDiagnostic(
    'conflicting-rewrites',
    route('route: { cluster: c, prefix_rewrite: /, ‹|regex_rewrite|›: { pattern: { regex: a }, substitution: b } }'),
  );
  checkDiagnostic('conflicting-rewrites', route('route: { cluster: c, prefix_rewrite: / }'));
});

describe('route-action', () => {
  test('a connect config for another upgrade', () =>
    checkDiagnostic(
      'route-action',
      route('route: { cluster: c, upgrade_configs: [{ upgrade_type: websocket, ‹|connect_config|›: {} }] }'),
    ));
  test('CONNECT', () =>
    checkDiagnostic('route-action', route('route: { cluster: c, upgrade_configs: [{ upgrade_type: CONNECT, connect_config: {} }] }')));
  test('an upgrade given twice', () =>
    checkDiagnostic(
      'route-action',
      route('route: { cluster: c, upgrade_configs: [{ upgrade_type: websocket }, { upgrade_type: ‹|WebSocket|› }] }'),
    ));
  test('back-off the wrong way round', () =>
    checkDiagnostic(
      'route-action',
      route('route: { cluster: c, retry_policy: { retry_back_off: { base_interval: 5s, max_interval: ‹|1s|› } } }'),
    ));
});

describe('uri-template', () => {
  const template = (text: string): string =>
    virtualHost(
      `  routes: [{ match: { path_match_policy: { name: x, typed_config: { "@type": ${TYPE}.extensions.path.match.uri_template.v3.UriTemplateMatchConfig, path_template: ${text} } } }, route: { cluster: c } }]`,
    );
  test.each([
    '/{one/{two}',
    '/{a=**}/{b}',
    '/**/*',
    '/{a}/{a}',
    'a',
    '/a//b',
    '/{a}{b}',
    '/a?b',
    '/{a=}',
    '/{a=*b/c}',
    '/{a=***}',
    '/a{b}c{d}',
    '/a{b=c/*}',
    '/**/a{b}',
    '/*/x*/**/{a}',
    '/a{',
  ])('%s', (text) => checkDiagnostic('uri-template', template(`‹|"${text}"|›`)));
  test.each(['/a/{b}', '/**/a', '/{a=*}/{b=**}', '/*a', '/{a=*/b}', '/', '/v{a}', "/F('{a}')", '/{a}:b/{c}', '/x-{a=**}/b', '/a{b}/**'])(
    '%s is fine',
    (text) => checkDiagnostic('uri-template', template(`"${text}"`)),
  );
  const rewrite = (from: string, to: string): string =>
    virtualHost(
      `  routes: [{ match: { path_match_policy: { name: x, typed_config: { "@type": ${TYPE}.extensions.path.match.uri_template.v3.UriTemplateMatchConfig, path_template: "${from}" } } }, route: { cluster: c, path_rewrite_policy: { name: y, typed_config: { "@type": ${TYPE}.extensions.path.rewrite.uri_template.v3.UriTemplateRewriteConfig, path_template_rewrite: ${to} } } } }]`,
    );
  test.each([
    ['/{a}', '/a//{a}'],
    ['/{a}', '/{a}?b=1'],
    ['/{a}', '{a}'],
    ['/a', '/{b}'],
  ])('%s rewritten to %s', (from, to) => checkDiagnostic('uri-template', rewrite(from, `‹|"${to}"|›`)));
  test.each([
    ['/{a}', '/x-{a}/{a}'],
    ['/a', '/b=c'],
  ])('%s rewritten to %s is fine', (from, to) => checkDiagnostic('uri-template', rewrite(from, `"${to}"`)));
});

describe('protected-header', () => {
  test('a pseudo header', () =>
    checkDiagnostic(
      'protected-header',
      route('route: { cluster: c }, request_headers_to_add: [{ header: { key: ‹|":path"|›, value: x } }]'),
    ));
  test('host', () => checkDiagnostic('protected-header', route('route: { cluster: c }, response_headers_to_remove: [‹|Host|›]')));
  test('another', () =>
    checkDiagnostic('protected-header', route('route: { cluster: c }, request_headers_to_add: [{ header: { key: x-a, value: x } }]')));
});

describe('format-string', () => {
  const value = (text: string): string => route(`route: { cluster: c }, request_headers_to_add: [{ header: { key: x, value: ${text} } }]`);
  test.each(['50% off', '%', '%REQ(x%', '%protocol%'])('%s', (text) => checkDiagnostic('format-string', value(`‹|"${text}"|›`)));
  test.each(['100%%', '%REQ(x)%', '%START_TIME(%Y)%', '%REQ(x):5%', '%DYNAMIC_METADATA(a:b)%'])('%s is fine', (text) =>
    checkDiagnostic('format-string', value(`"${text}"`)),
  );
  test('the hits of a route’s rate limit are not read', () =>
    checkDiagnostic(
      'format-string',
      route(`route: { cluster: c, rate_limits: [{ actions: [{ remote_address: {} }], hits_addend: { format: "%X%" } }] }`),
    ));
});

test('direct-response-body', () => {
  const body = (size: number): string => 'x'.repeat(size);
  checkDiagnostic('direct-response-body', route(`direct_response: { status: 200, body: { inline_string: ‹|${body(4097)}|› } }`));
  checkDiagnostic('direct-response-body', route(`direct_response: { status: 200, body: { inline_string: ${body(4096)} } }`));
});

test('per-filter-config', () => {
  const config = (type: string): string => route(`route: { cluster: c }, typed_per_filter_config: { f: { "@type": ${type} } }`);
  checkDiagnostic('per-filter-config', config('‹|type.googleapis.com/google.protobuf.Struct|›'));
  checkDiagnostic('per-filter-config', config(`${TYPE}.extensions.filters.http.cors.v3.CorsPolicy`));
});

describe('invalid-regex', () => {
  test('look-ahead', () =>
    checkDiagnostic('invalid-regex', virtualHost('  routes: [{ match: { safe_regex: { regex: ‹|"(?=a)"|› } }, route: { cluster: c } }]')));
  describe('larger than Envoy takes', () => {
    const matcher = (regex: string): string =>
      connectionManager(
        `            virtual_hosts: [{ name: v, domains: ["*"], routes: [{ match: { safe_regex: { ${regex} } }, direct_response: { status: 200 } }] }]`,
      );
    const bootstrap = (regex: string, more = ''): void => checkDiagnostic('invalid-regex', more + listener(matcher(regex)));
    const limit = (value: string): string =>
      `layered_runtime: { layers: [{ name: a, static_layer: { re2.max_program_size.error_level: ${value} } }] }`;
    test('by default 100 instructions', () => bootstrap('regex: ‹|"a{97}"|›'));
    test('less', () => bootstrap('regex: "a{96}"'));
    test('what it begins with is not counted', () => bootstrap(`regex: "^/${'a'.repeat(120)}$"`));
    test('by its own limit', () => bootstrap('google_re2: { max_program_size: 6 }, regex: ‹|abc|›'));
    test('within its own limit', () => bootstrap('google_re2: { max_program_size: 7 }, regex: abc'));
    test('by the runtime', () => bootstrap('regex: ‹|"[^/]{30}"|›', limit('50')));
    test('within that', () => bootstrap('regex: "[^/]{90}"', limit('200')));
    test('a file on the disk may say more', () =>
      bootstrap('regex: "a{200}"', 'layered_runtime: { layers: [{ name: a, disk_layer: { symlink_root: /runtime } }] }'));
    test('the bootstrap may be elsewhere', () =>
      checkDiagnostic('invalid-regex', virtualHost('  routes: [{ match: { safe_regex: { regex: "a{200}" } }, route: { cluster: c } }]')));
  });
  test('RE2 reads it', () =>
    checkDiagnostic('invalid-regex', virtualHost('  routes: [{ match: { safe_regex: { regex: "^/(a|b)+$" } }, route: { cluster: c } }]')));
});

describe('matchers', () => {
  const names = (domain: string): string =>
    listener(`    filter_chain_matcher: { matcher_tree: { input: { name: i, typed_config: { "@type": ${TYPE}.extensions.matching.common_inputs.network.v3.ServerNameInput } }, custom_match: { name: m, typed_config: { "@type": type.googleapis.com/xds.type.matcher.v3.ServerNameMatcher, domain_matchers: [{ domains: [${domain}], on_match: { action: { name: a, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: a } } } }] } } } }
    filter_chains: [{ name: ‹N›, filters: [${TCP_PROXY}] }]`);
  test('wildcards', () => {
    checkDiagnostic('server-name-matcher', names('‹|"a.*"|›').replace('‹N›', 'a'));
    checkDiagnostic('server-name-matcher', names('"*.a"').replace('‹N›', 'a'));
  });
  test('a chain that no action names', () => {
    checkDiagnostic('unreachable-filter-chain', names('a').replace('‹N›', '‹|b|›'));
    checkDiagnostic('unreachable-filter-chain', names('a').replace('‹N›', 'a'));
  });
  test('a chain that a control plane adds to every listener is a hint', () => {
    const chains = { filter_chain_matcher: { matcher_list: {} }, filter_chains: [{ name: 'direct-tcp' }] };
    const severities = (text: object) =>
      collectDiagnostics(buildSnapshot([{ uri: 'a.json', text: JSON.stringify(text) }]), 'a.json').flatMap(({ code, severity }) =>
        code === 'unreachable-filter-chain' ? [severity] : [],
      );
    const listener = { name: 'l', ...chains };
    expect(severities({ static_resources: { listeners: [listener] } })).toEqual(['warning']);
    const section = { '@type': 'type.googleapis.com/envoy.admin.v3.ListenersConfigDump', static_listeners: [{ listener }] };
    expect(severities({ configs: [section] })).toEqual(['hint']);
  });
  const list = (first: string, second: string): string => `
name: l
address: { socket_address: { address: 1.1.1.1, port_value: 80 } }
filter_chains: [{ name: a, filters: [${TCP_PROXY}] }]
filter_chain_matcher:
  matcher_list:
    matchers:
    - predicate: { single_predicate: { input: { name: p, typed_config: { "@type": ${TYPE}.extensions.matching.common_inputs.network.v3.DestinationPortInput } }, value_match: { exact: "1" } } }
      on_match: { action: { name: x, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: a } } }
    - ${first}: { single_predicate: { input: { name: p, typed_config: { "@type": ${TYPE}.extensions.matching.common_inputs.network.v3.DestinationPortInput } }, value_match: { exact: "${second}" } } }
      on_match: { action: { name: x, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: a } } }`;
  test('the same predicate twice', () => checkDiagnostic('unreachable-matcher-branch', list('‹|predicate|›', '1')));
  test('another predicate', () => checkDiagnostic('unreachable-matcher-branch', list('predicate', '2')));
  const entry = (value: string, mark = 'predicate'): string =>
    `{ ${mark}: { single_predicate: { input: { name: i, typed_config: { "@type": type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput, header_name: ":path" } }, value_match: ${value} } }, on_match: { action: { name: a } } }`;
  const entries = (...texts: string[]): void =>
    checkDiagnostic('unreachable-matcher-branch', virtualHost(`  matcher: { matcher_list: { matchers: [${texts.join(', ')}] } }`));
  test('a prefix of a prefix', () => entries(entry('{ prefix: /a }'), entry('{ prefix: /ab }', '‹|predicate|›'), entry('{ prefix: / }')));
  test('an expression that matches the text', () =>
    entries(entry('{ safe_regex: { regex: "/a+" } }'), entry('{ exact: /aa }', '‹|predicate|›'), entry('{ prefix: /a }')));
  test('in another case only where case does not count', () =>
    entries(
      entry('{ exact: /a, ignore_case: true }'),
      entry('{ exact: /A }', '‹|predicate|›'),
      entry('{ prefix: /A, ignore_case: true }'),
    ));
  test('keep_matching of a route matcher', () => {
    checkDiagnostic('keep-matching', virtualHost('  matcher: { on_no_match: { keep_matching: ‹|true|›, action: { name: x } } }'));
    checkDiagnostic('keep-matching', virtualHost('  matcher: { on_no_match: { action: { name: x } } }'));
  });
});

test('cel-expression', () => {
  const condition = (name: string): string => `{"call_expr": {"function": ${name}, "args": [{"const_expr": {"bool_value": false}}]}}`;
  checkDiagnostic('cel-expression', condition('‹|"undefined_extent"|›'));
  checkDiagnostic('cel-expression', condition('"!_"'));
  checkDiagnostic('cel-expression', condition('‹|"_==_"|›'));
  const policy = (text: string, key = '"condition"'): string =>
    `{"@type": "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC", "rules": {"policies": {"p": {"permissions": [{"any": true}], "principals": [{"any": true}], ${key}: ${text}}}}}`;
  checkDiagnostic('cel-expression', policy(condition('"lowerAscii"'), '‹|"condition"|›'));
  checkDiagnostic('cel-expression', policy(condition('"!_"')));
  checkDiagnostic('cel-expression', policy(condition('‹|"_==_"|›')));
});

describe('shadowed-route', () => {
  const routes = (...matches: string[]): string =>
    virtualHost(
      `  routes:\n${matches.map((match) => `  - ${match.startsWith('!') ? `‹|match|›: ${match.slice(1)}` : `match: ${match}`}\n    route: { cluster: c }`).join('\n')}`,
    );
  const check = (...matches: string[]): void => checkDiagnostic('shadowed-route', routes(...matches));
  test('everything, then something', () => check('{ prefix: / }', '!{ path: /x }'));
  test('a shorter prefix', () => check('{ prefix: /a }', '!{ prefix: /ab }', '{ prefix: /b }'));
  test('the special one first', () => check('{ path: /x }', '{ prefix: / }'));
  test('with a condition it takes only some', () => check('{ prefix: /, headers: [{ name: x, present_match: true }] }', '{ path: /x }'));
  test('the same conditions', () =>
    check('{ prefix: /, headers: [{ name: x, present_match: true }] }', '!{ path: /x, headers: [{ name: x, present_match: true }] }'));
  test('a share goes on', () => check('{ prefix: /, runtime_fraction: { default_value: { numerator: 50 } } }', '{ path: /x }'));
  test('whole segments', () =>
    check('{ path_separated_prefix: /a }', '!{ prefix: /a/b }', '!{ path: /a }', '{ prefix: /ab }', '{ prefix: /a }'));
  test('another case', () => check('{ prefix: /a }', '{ prefix: /A, case_sensitive: false }'));
  test('CONNECT is for connect_matcher alone', () => check('{ prefix: / }', '{ connect_matcher: {} }'));
  const header = (name: string): string => `{ name: ${name}, present_match: true }`;
  test('fewer of the same conditions', () =>
    check(
      `{ prefix: /a, headers: [${header('x')}] }`,
      `!{ path: /a/b, headers: [${header('y')}, ${header('x')}] }`,
      `{ path: /a/b, headers: [${header('y')}] }`,
    ));
  test('a regular expression that matches the path', () =>
    check('{ safe_regex: { regex: "/a[0-9]+" } }', '!{ path: /a12 }', '{ path: /ab }', '{ prefix: /a1 }'));
  test('a regular expression for everything', () => check('{ safe_regex: { regex: ".*" } }', '!{ prefix: /x }'));
  test('a header in any case of its name, then a text in it', () =>
    check(
      `{ prefix: /a, headers: [${header('X')}] }`,
      '!{ prefix: /a, headers: [{ name: x, string_match: { exact: y } }] }',
      '{ prefix: /a, headers: [{ name: x, string_match: { exact: y }, invert_match: true }] }',
    ));
  test('a wider text in a header', () =>
    check(
      '{ prefix: /, headers: [{ name: x, string_match: { prefix: a } }] }',
      '!{ prefix: /b, headers: [{ name: x, string_match: { exact: ab } }] }',
      '{ prefix: /b, headers: [{ name: x, string_match: { prefix: A } }] }',
    ));
  test('an expression or a template that begins with the prefix', () =>
    check(
      '{ prefix: /ab }',
      '!{ safe_regex: { regex: "/ab/[0-9]+" } }',
      '{ safe_regex: { regex: "/ab?" } }',
      '{ safe_regex: { regex: "/abc|/d" } }',
    ));
  test('a prefix in any case', () =>
    check('{ prefix: /aB, case_sensitive: false }', '!{ path: /Ab/c }', '!{ prefix: /abC, case_sensitive: false }', '{ prefix: /a }'));
  test('a query parameter that is there', () =>
    check(
      '{ prefix: /, query_parameters: [{ name: q }] }',
      '!{ prefix: /a, query_parameters: [{ name: q, string_match: { exact: y } }] }',
    ));
  test('the same regular expression', () => check('{ safe_regex: { regex: "/a.*" } }', '!{ safe_regex: { regex: "/a.*" } }'));
});

describe('dangling-reference', () => {
  const boot = (clusters: string, validate = ''): string => `
static_resources:
  clusters: [${clusters}]
  listeners:
  - name: l
    address: { socket_address: { address: 1.1.1.1, port_value: 80 } }
    filter_chains: [{ filters: [{ name: h, typed_config: { "@type": ${TYPE}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: h, route_config: { name: r,${validate} virtual_hosts: [{ name: v, domains: ["*"], routes: [{ match: { prefix: / }, route: { cluster: CLUSTER } }] }] } } }] }]`;
  const severities = (source: string): string[] => {
    const fixture = readFixture(source);
    return collectDiagnostics(snapshotOf(fixture), 'config.yaml').flatMap(({ code, severity }) =>
      code === 'dangling-reference' ? [severity] : [],
    );
  };
  test('an unknown cluster of an inline route', () => {
    checkDiagnostic('dangling-reference', boot('').replace('CLUSTER', '‹|nowhere|›'));
    expect(severities(boot('').replace('CLUSTER', 'nowhere'))).toEqual(['error']);
  });
  test('the clusters that nothing names may be meant', () => {
    const source = boot('{ name: renamed }, { name: c }').replace('CLUSTER', 'nowhere');
    const fixture = readFixture(source);
    const problems = collectDiagnostics(snapshotOf(fixture), 'config.yaml').filter(({ code }) => code === 'dangling-reference');
    expect(problems.map(({ related = [] }) => related.map(({ at }) => at.asString()))).toEqual([['renamed', 'c']]);
  });
  test('a warning where Envoy does not look', () =>
    expect(severities(boot('', ' validate_clusters: false,').replace('CLUSTER', 'nowhere'))).toEqual(['warning']));
  test('a known one', () => checkDiagnostic('dangling-reference', boot('{ name: c }').replace('CLUSTER', 'c')));
  test('one that is not static, named by a listener that a file brings after the clusters', () => {
    const [, listener = ''] = boot('').replace('CLUSTER', 'c').split('  - name: l');
    const files = {
      'shop/envoy.yaml': `
dynamic_resources:
  lds_config: { path_config_source: { path: ./lds.yaml } }
  cds_config: { path_config_source: { path: ./cds.yaml } }`,
      'shop/lds.yaml': `resources:\n  - "@type": ${TYPE}.config.listener.v3.Listener\n    name: l${listener}`,
      'shop/cds.yaml': `resources: [{ "@type": ${TYPE}.config.cluster.v3.Cluster, name: c }]`,
    };
    const told = (clusters: string) => {
      const sources = Object.entries({ ...files, 'shop/cds.yaml': clusters }).map(([uri, text]) => ({ uri, text }));
      return collectDiagnostics(buildSnapshot(sources), 'shop/lds.yaml').map(({ code, severity }) => `${code} ${severity}`);
    };
    expect(told(files['shop/cds.yaml']).join()).not.toContain('dangling-reference');
    expect(told(files['shop/cds.yaml'].replace('name: c', 'name: d'))).toContain('dangling-reference error');
  });
  test('an unknown cluster of a priority group', () => {
    const type = `${TYPE}.extensions.router.cluster_specifiers.priority_group.v3.PriorityGroupClusterSpecifier`;
    const groups = '[{ name: g, clusters: [{ cluster_name: nowhere, weight: 1 }] }]';
    const plugin = `inline_cluster_specifier_plugin: { extension: { name: p, typed_config: { "@type": ${type}, priority_groups: ${groups} } } }`;
    expect(severities(boot('').replace('cluster: CLUSTER', plugin))).toEqual(['error']);
  });
  test('a plugin that only the route configuration could define', () =>
    checkDiagnostic('dangling-reference', route('route: { cluster_specifier_plugin: ‹|nowhere|› }')));
});

test('duplicate-name', () => {
  checkDiagnostic('duplicate-name', 'static_resources: { clusters: [{ name: a }, { name: ‹|a|› }] }');
  checkDiagnostic('duplicate-name', 'static_resources: { clusters: [{ name: a }, { name: b }], secrets: [{ name: a }] }');
});

describe('unreachable-domain', () => {
  const routes = (domains: string, fields: string): string => `\nname: r\n${fields}\nvirtual_hosts:\n- name: v\n  domains: [${domains}]\n`;
  test('a port that is left out', () =>
    checkDiagnostic(
      'unreachable-domain',
      routes('a.com, ‹|"a.com:80"|›, ‹|"*.a.com:80"|›, ‹|"[::1]:80"|›, "[::1]", ‹|"b.com:*"|›', 'ignore_port_in_host_matching: true'),
    ));
  test('a port that counts', () => checkDiagnostic('unreachable-domain', routes('a.com, "a.com:80"', 'validate_clusters: false')));
  test('a port that the connection manager takes away', () =>
    checkDiagnostic(
      'unreachable-domain',
      `\nstatic_resources: { listeners: [{ name: l, filter_chains: [{ filters: [{ name: h, typed_config: { "@type": ${TYPE}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, strip_any_host_port: true, route_config: { virtual_hosts: [{ name: v, domains: [‹|"a.com:80"|›] }] } } }] }] }] }`,
    ));
});

test('a predicate of several parts', () => {
  const single = (value: string): string =>
    `{ single_predicate: { input: { name: i, typed_config: { "@type": type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput, header_name: ":path" } }, value_match: ${value} } }`;
  const entry = (predicate: string, mark = 'predicate'): string => `{ ${mark}: ${predicate}, on_match: { action: { name: a } } }`;
  const all = (...parts: string[]): string => `{ and_matcher: { predicate: [${parts.join(', ')}] } }`;
  const any = (...parts: string[]): string => `{ or_matcher: { predicate: [${parts.join(', ')}] } }`;
  const [a, ab, b] = ['{ prefix: /a }', '{ prefix: /ab }', '{ prefix: /b }'].map(single);
  const check = (...entries: string[]): void =>
    checkDiagnostic('unreachable-matcher-branch', virtualHost(`  matcher: { matcher_list: { matchers: [${entries.join(', ')}] } }`));
  check(entry(a ?? ''), entry(all(b ?? '', ab ?? ''), '‹|predicate|›'), entry(any(b ?? '', ab ?? '')));
  check(entry(any(a ?? '', b ?? '')), entry(any(ab ?? '', b ?? ''), '‹|predicate|›'), entry(all(b ?? '', ab ?? ''), '‹|predicate|›'));
  check(entry(all(a ?? '', b ?? '')), entry(ab ?? ''));
});
