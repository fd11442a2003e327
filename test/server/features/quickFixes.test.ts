/** Quick fixes: the text after each. */
import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextEdit } from 'vscode-languageserver-types';
import { collectDiagnostics } from '../../../server/src/features/diagnostics/collectDiagnostics';
import { findFixAll, findQuickFixes } from '../../../server/src/features/quickFixes';
import { offsetsOf, readFixture, snapshotOf, type Fixture } from '../../support/fixture';

const EVERYWHERE = { start: { line: 0, character: 0 }, end: { line: 10_000, character: 0 } };

/** The text after the first fix, and its title. */
function fixed(source: string): { title: string | undefined; text: string } {
  const fixture = readFixture(source);
  const uri = fixture.files[0]?.uri ?? '';
  const action = findQuickFixes(collectDiagnostics(snapshotOf(fixture), uri), EVERYWHERE)[0];
  return { title: action?.title, text: applied(fixture, uri, action?.edit?.changes?.[uri] ?? []) };
}

function applied(fixture: Fixture, uri: string, edits: readonly TextEdit[]): string {
  let text = fixture.files[0]?.text ?? '';
  for (const { range, newText } of [...edits].reverse()) {
    const { start, end } = offsetsOf(fixture, uri, range);
    text = text.slice(0, start) + newText + text.slice(end);
  }
  return text;
}

/** After the fix the rule is content. */
function checkCured(code: string, source: string): void {
  const before = readFixture(source);
  expect(problems(before, code)).not.toEqual([]);
  const { text } = fixed(source);
  expect(problems({ ...before, files: [{ uri: before.files[0]?.uri ?? '', text }] }, code)).toEqual([]);
}

function problems(fixture: Fixture, code: string): string[] {
  const uri = fixture.files[0]?.uri ?? '';
  return collectDiagnostics(snapshotOf(fixture), uri).flatMap((problem) =>
    problem.code === code || problem.code === 'unknown-field' ? [problem.message] : [],
  );
}

describe('did you mean', () => {
  test('a field, in the quotes of the file', () => {
    expect(fixed('static_resources: { clusters: [{ name: a, conect_timeout: 1s }] }').text).toBe(
      'static_resources: { clusters: [{ name: a, connect_timeout: 1s }] }',
    );
    expect(fixed('{"static_resources": {"clusters": [{"name": "a", "conectTimeout": "1s"}]}}').text).toBe(
      '{"static_resources": {"clusters": [{"name": "a", "connectTimeout": "1s"}]}}',
    );
  });
  test('an enum value', () =>
    expect(fixed('static_resources: { clusters: [{ name: a, lb_policy: ROUND_ROBBIN }] }')).toEqual({
      title: 'Change to "ROUND_ROBIN"',
      text: 'static_resources: { clusters: [{ name: a, lb_policy: ROUND_ROBIN }] }',
    }));
  test('nothing near', () => expect(fixed('static_resources: { clusters: [{ name: a, nothing_like_it: 1 }] }').title).toBeUndefined());
});

test('rename a duplicate', () =>
  expect(fixed('static_resources: { clusters: [{ name: a }, { name: a-2 }, { name: a }] }').text).toContain('{ name: a-3 }'));

const PROXY =
  '"typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy", "stat_prefix": "t", "cluster": "c"}';

describe('add the inspector', () => {
  const chain = `{"filter_chain_match": {"server_names": ["a.com"]}, "filters": [{"name": "t", ${PROXY}}]}`;
  test('block YAML, no list yet', () => {
    const source = `static_resources:\n  listeners:\n  - name: l\n    address: { socket_address: { address: 1.1.1.1, port_value: 80 } }\n    filter_chains:\n    - ${chain}\n`;
    checkCured('missing-inspector', source);
    expect(fixed(source).text).toContain(
      '  - name: l\n    listener_filters:\n    - name: envoy.filters.listener.tls_inspector\n      typed_config:\n        "@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector\n    address: ',
    );
  });
  test('block YAML, a comment behind the name, and nothing but the name', () => {
    const source = (fields: string): string => `static_resources:\n  listeners:\n  - ${fields}\n`;
    const commented = fixed(source(`name: l # front\n    filter_chains:\n    - ${chain}`)).text;
    expect(commented).toMatch(/- name: l # front\n {4}listener_filters:\n[^]*\n {4}filter_chains:/);
    const first = fixed(source(`filter_chains:\n    - ${chain}\n    name: l`)).text;
    expect(first).toMatch(/- listener_filters:\n[^]*\n {4}filter_chains:/);
  });
  test('block YAML, before others', () => {
    const source = `static_resources:\n  listeners:\n  - name: l\n    listener_filters:\n    - name: o\n      typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.listener.original_dst.v3.OriginalDst }\n    filter_chains:\n    - ${chain}\n`;
    checkCured('missing-inspector', source);
    expect(fixed(source).text).toMatch(
      /listener_filters:\n {4}- name: envoy\.filters\.listener\.tls_inspector\n {6}typed_config:\n.*\n {4}- name: o/,
    );
  });
  test('pretty JSON', () => checkCured('missing-inspector', `{\n  "name": "l",\n  "filter_chains": [\n    ${chain}\n  ]\n}`));
  test('one line', () => checkCured('missing-inspector', `{"name": "l", "listener_filters": [], "filter_chains": [${chain}]}`));
});

describe('add the router', () => {
  const CORS = '"name": "cors", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors"}';
  const MANAGER = '"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
  test('block YAML', () => {
    const source = `name: l\nfilter_chains:\n- filters:\n  - name: h\n    typed_config:\n      ${MANAGER}\n      stat_prefix: h\n      http_filters:\n      - name: cors\n        typed_config:\n          "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors # allow\n      route_config: { name: r }\n`;
    checkCured('terminal-http-filter', source);
    expect(fixed(source).text).toContain(
      '# allow\n      - name: envoy.filters.http.router\n        typed_config:\n          "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router\n      route_config',
    );
  });
  test('JSON', () =>
    checkCured(
      'terminal-http-filter',
      `{"name": "l", "filter_chains": [{"filters": [{"name": "h", "typed_config": {${MANAGER.replace(': type', ': "type')}", "stat_prefix": "h", "http_filters": [\n  {${CORS}}\n]}}]}]}`,
    ));
});

test('only what touches the range', () => {
  const snapshot = snapshotOf(readFixture('static_resources:\n  clusters:\n  - name: a\n    conect_timeout: 1s\n'));
  expect(
    findQuickFixes(collectDiagnostics(snapshot, 'config.yaml'), { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } }),
  ).toEqual([]);
  expect(
    findQuickFixes(collectDiagnostics(snapshot, 'config.yaml'), { start: { line: 3, character: 6 }, end: { line: 3, character: 6 } }),
  ).toHaveLength(1);
});

test('all fixes of a document in one action, none of them over another', () => {
  const fixture = readFixture('static_resources:\n  clusters:\n  - name: a\n    conect_timeout: 1s\n  - name: b\n    conect_timeout: 2s\n');
  const [action] = findFixAll(collectDiagnostics(snapshotOf(fixture), 'config.yaml'));
  expect(action?.kind).toBe('source.fixAll.envoyLens');
  const document = TextDocument.create('config.yaml', 'yaml', 1, fixture.files[0]?.text ?? '');
  expect(TextDocument.applyEdits(document, action?.edit?.changes?.['config.yaml'] ?? [])).toBe(
    'static_resources:\n  clusters:\n  - name: a\n    connect_timeout: 1s\n  - name: b\n    connect_timeout: 2s\n',
  );
  expect(findFixAll(collectDiagnostics(snapshotOf(readFixture('static_resources: { clusters: [] }')), 'config.yaml'))).toEqual([]);
});

/** What stands there after the fix, in both languages; the rule is content with it. */
function checkFix(code: string, before: string, after: string): void {
  checkCured(code, before);
  expect(fixed(before).text).toBe(after);
}

const cluster = (fields: string): string => `static_resources:\n  clusters:\n  - name: c\n${fields}`;
const jsonCluster = (fields: string): string => `{"static_resources": {"clusters": [{"name": "c", ${fields}}]}}`;

describe('durations', () => {
  test('without a unit', () => {
    checkFix('wrong-type', cluster('    connect_timeout: 5\n'), cluster('    connect_timeout: 5s\n'));
    checkFix('wrong-type', jsonCluster('"connect_timeout": 5'), jsonCluster('"connect_timeout": "5s"'));
  });
  test('in another unit', () => {
    checkFix('wrong-type', cluster('    connect_timeout: 250ms\n'), cluster('    connect_timeout: 0.25s\n'));
    checkFix('wrong-type', jsonCluster('"connect_timeout": "2m"'), jsonCluster('"connect_timeout": "120s"'));
    expect(fixed(cluster('    connect_timeout: 0\n')).title).toBeUndefined();
    expect(fixed(cluster('    connect_timeout: 315576000001s\n')).title).toBeUndefined();
  });
});

test('quotes around a text that reads as something else', () => {
  checkFix('wrong-type', cluster('    alt_stat_name: 010\n'), cluster('    alt_stat_name: "010"\n'));
  checkFix('wrong-type', jsonCluster('"alt_stat_name": true'), jsonCluster('"alt_stat_name": "true"'));
});

describe('clusters that choose endpoints themselves', () => {
  test('a policy that is there', () =>
    checkFix(
      'load-balancing',
      jsonCluster('"type": "ORIGINAL_DST", "lb_policy": "ROUND_ROBIN"'),
      jsonCluster('"type": "ORIGINAL_DST", "lb_policy": "CLUSTER_PROVIDED"'),
    ));
  test('not where another policy is used', () => {
    const type = '"@type": type.googleapis.com/envoy.extensions';
    const aggregate = `cluster_type: { name: a, typed_config: { ${type}.clusters.aggregate.v3.ClusterConfig, clusters: [b] } }`;
    const policy = `{ name: r, typed_config: { ${type}.load_balancing_policies.round_robin.v3.RoundRobin } }`;
    const used = `load_balancing_policy: { policies: [{ typed_extension_config: ${policy} }] }`;
    expect(fixed(cluster(`    ${aggregate}\n    ${used}\n`)).title).toBeUndefined();
  });
  test('none', () =>
    checkFix(
      'load-balancing',
      cluster('    type: ORIGINAL_DST\n'),
      'static_resources:\n  clusters:\n  - name: c\n    lb_policy: CLUSTER_PROVIDED\n    type: ORIGINAL_DST\n',
    ));
});

describe('the terminal filter behind the others', () => {
  const type = 'type.googleapis.com/envoy.extensions.filters';
  const tcp = `name: t, typed_config: { "@type": ${type}.network.tcp_proxy.v3.TcpProxy, stat_prefix: s, cluster: c }`;
  const rbac = `name: r, typed_config: { "@type": ${type}.network.rbac.v3.RBAC, stat_prefix: s }`;
  const listener = (filters: string): string =>
    `static_resources:\n  listeners:\n  - name: l\n    address: { socket_address: { address: 1.1.1.1, port_value: 80 } }\n    filter_chains:\n    - filters:${filters}`;
  test('in braces', () =>
    checkFix('terminal-network-filter', listener(` [{ ${tcp} }, { ${rbac} }]\n`), listener(` [{ ${rbac} }, { ${tcp} }]\n`)));
  test('in blocks', () => {
    const block = (name: string, path: string, fields: string): string =>
      `\n      - name: ${name}\n        typed_config:\n          "@type": ${type}.network.${path}\n          stat_prefix: s${fields}`;
    const [first, second] = [block('t', 'tcp_proxy.v3.TcpProxy', '\n          cluster: c'), block('r', 'rbac.v3.RBAC', '')];
    checkFix('terminal-network-filter', listener(`${first}${second}\n`), listener(`${second}${first}\n`));
  });
});

test('the extension of the bootstrap for internal listeners', () =>
  checkCured(
    'internal-listener',
    'static_resources:\n  listeners:\n  - name: l\n    internal_listener: {}\n    filter_chains: [{ filters: [] }]\n',
  ));

test('the configuration that a name tells', () => {
  const listener = (filter: string): string =>
    `static_resources:\n  listeners:\n  - name: l\n    address: { socket_address: { address: 1.1.1.1, port_value: 80 } }\n    listener_filters:\n    - ${filter}\n    filter_chains: [{ filters: [] }]\n`;
  checkFix(
    'unknown-extension',
    listener('name: envoy.filters.listener.tls_inspector'),
    listener(
      'typed_config:\n        "@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector\n      name: envoy.filters.listener.tls_inspector',
    ),
  );
});

test('the version of the protocol', () =>
  checkFix(
    'removed-field',
    'static_resources: {}\ndynamic_resources: { ads_config: { api_type: GRPC, transport_api_version: V2 } }\n',
    'static_resources: {}\ndynamic_resources: { ads_config: { api_type: GRPC, transport_api_version: V3 } }\n',
  ));

test('what took the place of a deprecated field', () =>
  checkFix(
    'deprecated-field',
    'name: r\nvirtual_hosts:\n- name: v\n  domains: ["*"]\n  routes:\n  - match: { prefix: /, headers: [{ name: x, exact_match: y }] }\n    route: { cluster: c }\n',
    'name: r\nvirtual_hosts:\n- name: v\n  domains: ["*"]\n  routes:\n  - match: { prefix: /, headers: [{ name: x, string_match: { exact: y } }] }\n    route: { cluster: c }\n',
  ));

test('a cluster of nearly that name', () => {
  const source = (name: string): string =>
    `${cluster('    connect_timeout: 1s\n')}  - name: reviews\n  listeners:\n  - name: l\n    address: { socket_address: { address: 1.1.1.1, port_value: 80 } }\n    filter_chains: [{ filters: [{ name: t, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: s, cluster: ${name} } }] }]\n`;
  checkFix('dangling-reference', source('reveiws'), source('reviews'));
});
