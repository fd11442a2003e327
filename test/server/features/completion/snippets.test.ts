import { describe, expect, test } from 'vitest';
import { InsertTextFormat, type CompletionItem } from 'vscode-languageserver-types';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { commandNames } from '../../../../server/src/features/diagnostics/commandOperators';
import { findCompletions } from '../../../../server/src/features/completion/completion';
import { placeOf, readFixture } from '../../../support/fixture';

const again = 'editor.suggest';

function itemAt(source: string, label: string): CompletionItem | undefined {
  const { items } = findCompletions(placeOf(readFixture(source)), undefined, { snippets: true, suggestCommand: again });
  return items.find((item) => item.label === label);
}

/** The text after the item was taken, as an editor indents it: lines of a snippet begin where the line of the cursor does. */
function take(source: string, label: string): string {
  const fixture = readFixture(source);
  const { uri } = placeOf(fixture);
  const item = itemAt(source, label);
  const edit = item?.textEdit;
  if (!edit || !('range' in edit)) throw new Error(`${label} is not offered`);
  const text = fixture.files.find((file) => file.uri === uri)?.text ?? '';
  const line = text.split('\n')[edit.range.start.line] ?? '';
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  const newText = edit.newText.replace(/\n/g, `\n${indent}`);
  return TextDocument.applyEdits(TextDocument.create(uri, 'yaml', 1, text), [{ ...edit, newText }, ...(item.additionalTextEdits ?? [])]);
}

const CLUSTER = (lines: string) => `static_resources:
  clusters:
  - name: a
${lines.replace(/^/gm, '    ')}
`;
const MANAGER = (lines: string) => `static_resources:
  listeners:
  - name: l
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
${lines.replace(/^/gm, '          ')}
`;

describe('a key brings what its value takes', () => {
  test('a message with its required fields', () =>
    expect(take(CLUSTER('<|>'), 'load_assignment')).toBe(CLUSTER('load_assignment:\n  cluster_name: $0')));
  test('a list with its first item', () =>
    expect(take(CLUSTER('<|>'), 'health_checks')).toContain(
      '    health_checks:\n    - timeout: $1\n      interval: $2\n      unhealthy_threshold: $3\n      healthy_threshold: $4\n      $0\n',
    ));
  test('a list of words', () =>
    expect(take(MANAGER('route_config:\n  virtual_hosts:\n  - <|>'), 'domains')).toContain('- domains:\n              - $0'));
  test('a map with room for a key', () =>
    expect(take(CLUSTER('<|>'), 'typed_extension_protocol_options')).toBe(CLUSTER('typed_extension_protocol_options:\n  $0')));
  test('a scalar nothing but its place, and what it may be is offered at once', () => {
    expect(take(CLUSTER('<|>'), 'lb_policy')).toBe(CLUSTER('lb_policy: '));
    expect(itemAt(CLUSTER('<|>'), 'lb_policy')?.command?.command).toBe(again);
    expect(itemAt(CLUSTER('<|>'), 'alt_stat_name')?.command).toBeUndefined();
  });
  test('a block that begins with a free text offers nothing of its own accord', () => {
    expect(itemAt(CLUSTER('upstream_bind_config:\n  <|>'), 'source_address')?.command).toBeUndefined();
    expect(itemAt(CLUSTER('upstream_bind_config: { <|> }'), 'source_address')?.command?.command).toBe(again);
  });
  test('one that begins with the name of an extension offers those that fit', () => {
    expect(itemAt(MANAGER('<|>'), 'http_filters')?.command?.command).toBe(again);
    expect(itemAt(CLUSTER('<|>'), 'transport_socket')?.command?.command).toBe(again);
  });
  test('a key that has its value brings nothing', () =>
    expect(take(CLUSTER('load_as<|>: {}'), 'load_assignment')).toBe(CLUSTER('load_assignment: {}')));
  test('nor one whose block stands below', () => {
    expect(take(CLUSTER('load_as<|>\n\n  # mine\n  cluster_name: a'), 'load_assignment')).toBe(
      CLUSTER('load_assignment:\n\n  # mine\n  cluster_name: a'),
    );
    expect(
      itemAt('static_resources:\n  listeners:\n  - name: l\n    address: <|>\n      pipe: { path: a }\n', 'socket_address'),
    ).toBeUndefined();
  });
  test('inside braces', () =>
    expect(take('static_resources: { clusters: [{ name: a, <|> }] }', 'load_assignment')).toBe(
      'static_resources: { clusters: [{ name: a, load_assignment: { $0 } }] }',
    ));
  test('in camelCase where the file is', () =>
    expect(take('staticResources:\n  clusters:\n  - name: a\n    <|>\n', 'loadAssignment')).toContain(
      '    loadAssignment:\n      clusterName: $0\n',
    ));
  test('in Envoy’s own spelling inside an EnvoyFilter', () => {
    const patch = (value: string) =>
      `apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: { name: x }\nspec:\n  configPatches:\n  - applyTo: HTTP_FILTER\n    patch:\n      operation: INSERT_FIRST\n      value:\n        ${value}\n`;
    expect(take(patch('name: <|>'), 'envoy.filters.http.lua')).toContain(
      '        name: envoy.filters.http.lua\n        typed_config:\n          "@type": ',
    );
  });
  test('as the file indents', () =>
    expect(take('static_resources:\n    clusters:\n        - name: a\n          <|>\n', 'health_checks')).toContain(
      '          health_checks:\n              - timeout: $1\n                interval: $2\n',
    ));
  test('in JSON with quotes, brackets and the comma before the next member', () => {
    const source = (key: string) => `{"static_resources": {"clusters": [{ ${key}"name": "a" }]}}`;
    expect(take(source('"<|>" '), 'lb_policy')).toBe(source('"lb_policy": "$0", '));
    expect(take(source('"<|>" '), 'load_assignment')).toBe(source('"load_assignment": {\n\t$0\n}, '));
  });
  test('not for an editor without snippets', () => {
    const { items } = findCompletions(placeOf(readFixture(CLUSTER('<|>'))));
    expect(
      items.every(({ insertTextFormat, textEdit }) => insertTextFormat === undefined && textEdit?.newText.includes('\n') === false),
    ).toBe(true);
  });
});

describe('where a block is to begin', () => {
  test('behind the colon: on the line below', () =>
    expect(take('static_resources:\n  listeners:\n  - name: l\n    address: <|>\n', 'socket_address')).toContain(
      '    address: \n      socket_address:\n        address: $1\n        $0\n',
    ));
  test('a list: with its dash', () => {
    expect(take('static_resources:\n  clusters: <|>\n', 'name')).toBe('static_resources:\n  clusters: \n  - name: \n');
    expect(take('static_resources:\n  clusters:\n    <|>\n', 'name')).toBe('static_resources:\n  clusters:\n    - name: \n');
  });
});

describe('extensions bring their configuration', () => {
  test('a filter its type and its required fields', () =>
    expect(
      take(
        'static_resources:\n  listeners:\n  - name: l\n    filter_chains:\n    - filters:\n      - name: <|>\n',
        'envoy.filters.network.tcp_proxy',
      ),
    ).toContain(`      - name: envoy.filters.network.tcp_proxy
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
          stat_prefix: $1
          $0
`));
  test('its type, beside its name: with the key, below it, and inside it', () => {
    const typed = 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua';
    const filter = (rest: string) => MANAGER(`http_filters:\n- name: envoy.filters.http.lua\n  ${rest}`);
    expect(take(filter('<|>'), 'typed_config')).toBe(filter(`typed_config:\n    "@type": ${typed}\n    $0`));
    expect(take(filter('typed_config:\n    <|>'), '@type')).toBe(filter(`typed_config:\n    "@type": ${typed}`));
    expect(take(filter('typed_config: { <|> }'), '@type')).toContain('{ "@type":');
    const echo = '"name": "envoy.filters.network.echo"';
    expect(
      take(`{"static_resources": {"listeners": [{"filter_chains": [{"filters": [{${echo}, "typed_config": {"<|>"}}]}]}]}}`, '@type'),
    ).toContain('{"@type": "type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo"}');
  });
  test('not when it has one', () =>
    expect(take(MANAGER('http_filters:\n- name: <|>\n  typed_config: {}'), 'envoy.filters.http.router')).toBe(
      MANAGER('http_filters:\n- name: envoy.filters.http.router\n  typed_config: {}'),
    ));
  test('filters of a cluster are upstream filters', () => {
    const options = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
    const source = CLUSTER(
      `typed_extension_protocol_options:\n  ${options}:\n    "@type": type.googleapis.com/${options}\n    http_filters:\n    - name: <|>`,
    );
    expect(take(source, 'envoy.filters.http.upstream_codec')).toContain('v3.UpstreamCodec');
    expect(itemAt(source, 'envoy.filters.http.jwt_authn')).toBeUndefined();
  });
  test('the TLS of a cluster is that of a client', () =>
    expect(take(CLUSTER('transport_socket:\n  name: <|>'), 'envoy.transport_sockets.tls')).toContain('v3.UpstreamTlsContext'));
  test.each([
    ['access loggers', MANAGER('access_log:\n- name: <|>'), 'envoy.access_loggers.stdout', 'StdoutAccessLog'],
    [
      'load balancing policies',
      CLUSTER('load_balancing_policy:\n  policies:\n  - typed_extension_config:\n      name: <|>'),
      'envoy.load_balancing_policies.maglev',
      'Maglev',
    ],
    ['tracers', MANAGER('tracing:\n  provider:\n    name: <|>'), 'envoy.tracers.opentelemetry', 'OpenTelemetryConfig'],
    [
      'retry predicates',
      MANAGER('route_config:\n  virtual_hosts:\n  - retry_policy:\n      retry_host_predicate:\n      - name: <|>'),
      'envoy.retry_host_predicates.previous_hosts',
      'PreviousHostsPredicate',
    ],
  ])('%s', (_, source, name, type) => expect(take(source, name)).toContain(`.${type}\n`));
  test('a filter on a route: its settings for routes', () =>
    expect(
      take(
        MANAGER('http_filters:\n- name: envoy.filters.http.cors\nroute_config:\n  typed_per_filter_config:\n    <|>'),
        'envoy.filters.http.cors',
      ),
    ).toContain(
      'envoy.filters.http.cors:\n                "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy\n',
    ));
  test('the protocol options of a cluster', () => {
    const options = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
    expect(take(CLUSTER('typed_extension_protocol_options:\n  <|>'), options)).toContain(
      `${options}:\n        "@type": type.googleapis.com/${options}\n`,
    );
  });
});

describe('words that the API does not list', () => {
  const labels = (source: string) => findCompletions(placeOf(readFixture(source))).items.map(({ label }) => label);
  const ROUTE = (route: string) => MANAGER(`route_config:\n  virtual_hosts:\n  - routes:\n    - ${route}`);
  test('reasons to try again, one after another', () =>
    expect(take(ROUTE('route:\n        retry_policy:\n          retry_on: 5xx,<|>'), 'gateway-error')).toContain(
      'retry_on: 5xx,gateway-error\n',
    ));
  test('pseudo-headers', () => expect(labels(ROUTE('match: { headers: [{ name: <|> }] }'))).toContain(':method'));
});

describe('command operators', () => {
  const LOG = (format: string) =>
    MANAGER(
      `access_log:\n- name: l\n  typed_config:\n    "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog\n    log_format: { text_format_source: { inline_string: "${format}" } }`,
    );
  test('behind a percent sign', () => {
    expect(take(LOG('%START_TIME% %<|> x'), 'RESPONSE_CODE')).toBe(LOG('%START_TIME% %RESPONSE_CODE% x'));
    expect(take(LOG('[%RE<|>'), 'REQ')).toBe(LOG('[%REQ($1)%$0'));
    expect(itemAt(LOG('%<|>'), 'REQ')?.insertTextFormat).toBe(InsertTextFormat.Snippet);
  });
  test('one that is written already keeps its parameters', () => expect(take(LOG('%RE<|>(:path)%'), 'REQ')).toBe(LOG('%REQ(:path)%')));
  test('all that Envoy has, in words, and none that lint refuses', () => {
    const items = findCompletions(placeOf(readFixture(LOG('%<|>')))).items;
    expect(items.map(({ label }) => label).toSorted()).toEqual(commandNames().toSorted());
    expect(items.filter(({ documentation }) => typeof documentation !== 'object' || documentation.value === '')).toEqual([]);
    expect(items.map(({ label }) => label)).not.toContain('UPSTREAM_LOCAL_CERT');
  });
  test('none behind one that ends, nor behind a number', () => {
    expect(itemAt(LOG('%START_TIME%<|>'), 'REQ')).toBeUndefined();
    expect(itemAt(LOG('50%<|>'), 'REQ')).toBeUndefined();
  });
});

describe('pieces', () => {
  const labels = (source: string) => findCompletions(placeOf(readFixture(source))).items.map(({ label }) => label);
  test('a list of routes', () => expect(labels('- match: { prefix: / }\n  route:\n    <|>\n')).toContain('cluster'));
  test('a list whose next item begins', () =>
    expect(labels('- match: { prefix: / }\n  route: { cluster: a }\n- <|>\n')).toContain('match'));
  test('a list of resources without types', () =>
    expect(labels('- name: a\n  tls_certificate: { private_key: { filename: b } }\n- name: b\n  <|>\n')).toContain('validation_context'));
  test('a file of resources, by its name', () => {
    expect(labels('//- lds.yaml\n<|>')).toContain('resources');
    expect(labels('//- lds.yaml\nresources:\n- <|>\n')).toEqual(['@type']);
  });
});

describe('on the line below a key that has nothing yet, at its column', () => {
  const ROUTE = (lines: string) => MANAGER(`route_config:\n  virtual_hosts:\n  - domains: ["*"]\n${lines.replace(/^/gm, '    ')}`);
  test('the keys inside it, indented', () =>
    expect(take('static_resources:\n<|>', 'listeners')).toBe('static_resources:\n  listeners:\n  - $0'));
  test('half a word', () =>
    expect(take(CLUSTER('load_assignment:\ncl<|>'), 'cluster_name')).toBe(CLUSTER('load_assignment:\n  cluster_name: ')));
  test('an item of a list', () => expect(take(ROUTE('routes:\n<|>'), '- match')).toBe(ROUTE('routes:\n- match:\n    $0')));
  test('the type of what may be anything', () =>
    expect(
      take(CLUSTER('transport_socket:\n  name: envoy.transport_sockets.tls\n  typed_config:\n  <|>'), '@type')
        .split('\n')
        .slice(5, 7)
        .join('\n'),
    ).toMatch(/^ {6}typed_config:\n {8}"@type": type\.googleapis\.com\/.*UpstreamTlsContext/));
  test('more of an item, at the column of its dash', () => {
    const after = (lines: string, label: string) =>
      take(`static_resources:\n  listeners:\n${lines}`, label).split('\n').slice(2).join('\n');
    expect(after('  - name: a\n  ad<|>', 'address')).toBe('  - name: a\n    address:\n      $0');
    expect(after('    - name: a\n    <|>', 'address')).toBe('    - name: a\n      address:\n        $0');
    expect(after('    - name: a\n  <|>', 'address')).toBe('    - name: a\n      address:\n        $0');
    expect(after('  - name: a\n  <|>', '- name')).toBe('  - name: a\n  - name: ');
    expect(after('  - name: a\n  <|>', 'clusters')).toBe('  - name: a\n  clusters:\n  - name: $0');
    expect(itemAt('static_resources:\n  listeners:\n  - name: a\n    <|>', '- name')).toBeUndefined();
  });
  test('and the keys beside it, as before', () => expect(take('static_resources:\n<|>', 'node')).toBe('static_resources:\nnode:\n  $0'));
  test('nothing where it holds a text', () => expect(take(CLUSTER('alt_stat_name:\n<|>'), 'lb_policy')).toContain('\n    lb_policy: '));
  test('nothing inside braces', () => expect(itemAt('static_resources: {\n  listeners:,\n  <|>\n}', 'address')).toBeUndefined());
});

test('a colon that was typed offers words, and no block that the Enter key would take', () => {
  const offered = (source: string) =>
    findCompletions(placeOf(readFixture(source)), undefined, { snippets: true, isColonTyped: true }).items.map(({ label }) => label);
  expect(offered('static_resources:<|>')).toEqual([]);
  expect(offered(CLUSTER('lb_policy:<|>'))).toContain('MAGLEV');
});

describe('JSON gets the commas that it needs', () => {
  const cluster = (member: string, rest = '') => `{ "static_resources": { "clusters": [{\n"name": "a"${member}\n${rest}}] } }`;
  const taken = (member: string, rest?: string) => take(`//- envoy.json\n${cluster(member, rest)}`, 'type');
  test('behind the member above', () => {
    expect(taken('\n<|>')).toBe(cluster(',\n"type": "$0"'));
    expect(taken(', "outlier_detection": {}\n"ty<|>"')).toBe(cluster(', "outlier_detection": {},\n"type": "$0"'));
  });
  test('behind itself', () =>
    expect(taken(',\n"ty<|>"', '"connect_timeout": "1s"')).toBe(cluster(',\n"type": "$0",', '"connect_timeout": "1s"')));
  test('not where one stands, nor in a comment', () => {
    expect(taken(',\n<|>')).toBe(cluster(',\n"type": "$0"'));
    expect(taken(' // the first\n<|>')).toBe(cluster(' // the first\n"type": "$0"'));
  });
});
