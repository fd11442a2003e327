import { describe, expect, test } from 'vitest';
import { CompletionItemTag, type CompletionItem } from 'vscode-languageserver-types';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { findCompletions } from '../../../../server/src/features/completion/completion';
import { messageType } from '../../../../server/src/schema/table/messageType';
import type { SchemaComments } from '../../../../server/src/schema/table/schemaComments';
import { placeOf, readFixture } from '../../../support/fixture';

function itemsAt(source: string, comments?: SchemaComments): CompletionItem[] {
  const { items } = findCompletions(placeOf(readFixture(source)), comments);
  return [...items].sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1));
}

const labels = (source: string) => itemsAt(source).map(({ label }) => label);

/** The text after the item was taken. */
function take(source: string, label: string): string {
  const fixture = readFixture(source);
  const { uri } = placeOf(fixture);
  const edit = itemsAt(source).find((item) => item.label === label)?.textEdit;
  if (!edit || !('range' in edit)) throw new Error(`${label} is not offered`);
  const text = fixture.files.find((file) => file.uri === uri)?.text ?? '';
  return TextDocument.applyEdits(TextDocument.create(uri, 'yaml', 1, text), [edit]);
}

const CLUSTER = (lines: string) => `static_resources:
  clusters:
  - name: reviews
${lines.replace(/^/gm, '    ')}
`;
const TCP = 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';
const FILTER = (config: string) => `static_resources:
  listeners:
  - name: l
    filter_chains:
    - filters:
      - name: envoy.filters.network.tcp_proxy
        typed_config:
${config.replace(/^/gm, '          ')}
  clusters:
  - name: reviews
  - name: "a: b"
`;
const MANAGER = (config: string) =>
  FILTER(`"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager\n${config}`);

describe('fields', () => {
  test('on an empty line of a mapping: what is not there yet', () => {
    const found = labels(CLUSTER('<|>\ntype: STATIC'));
    expect(found).toContain('lb_policy');
    expect(found).not.toContain('name');
    expect(found).not.toContain('type');
  });
  test('in the middle of a word, the rest of which is replaced', () =>
    expect(take(CLUSTER('lb_<|>po'), 'lb_policy')).toBe(CLUSTER('lb_policy: ')));
  test('a key that has its value keeps it', () => expect(take(CLUSTER('lb_<|>: RANDOM'), 'lb_policy')).toBe(CLUSTER('lb_policy: RANDOM')));
  test('after a dash, the required ones first', () => expect(labels('static_resources:\n  clusters:\n  - <|>\n')[0]).toBe('name'));
  test('under a key without a value', () => expect(labels(CLUSTER('eds_cluster_config:\n  <|>'))).toEqual(['eds_config', 'service_name']));
  test('a field that opens a mapping gets no space', () =>
    expect(take(CLUSTER('<|>'), 'load_assignment')).toBe(CLUSTER('load_assignment:')));
  test('in flow style', () =>
    expect(take('static_resources: { clusters: [{ name: a, <|> }] }', 'load_assignment')).toBe(
      'static_resources: { clusters: [{ name: a, load_assignment:  }] }',
    ));
  test('of the message behind @type', () => expect(labels(FILTER(`"@type": ${TCP}\n<|>`))).toContain('stat_prefix'));
  test('@type where the message is open', () => expect(take(FILTER('<|>'), '@type')).toContain('          "@type": \n'));
  test('a member of a oneof comes late when another is set', () => {
    const [item] = itemsAt(FILTER(`"@type": ${TCP}\ncluster: a\n<|>`)).filter(({ label }) => label === 'weighted_clusters');
    expect(item?.sortText?.startsWith('3')).toBe(true);
  });
  test('deprecated ones are marked', () =>
    expect(itemsAt(CLUSTER('<|>')).find(({ label }) => label === 'max_requests_per_connection')?.tags).toEqual([
      CompletionItemTag.Deprecated,
    ]));
  test('with what the API says', () => {
    const comments: SchemaComments = { commentOf: (message, member) => (member === undefined ? undefined : `${message} ${member}`) };
    expect(JSON.stringify(itemsAt(CLUSTER('<|>'), comments)[0]?.documentation)).toContain('envoy.config.cluster.v3.Cluster ');
  });
  test('a file that begins, by its name', () => expect(labels('//- envoy.yaml\n<|>')).toContain('static_resources'));
});

describe('JSON', () => {
  test('inside quotes, in the spelling of the neighbours', () =>
    expect(take('{"staticResources": {"clusters": [{"name": "a", "<|>"}]}}', 'lbPolicy')).toBe(
      '{"staticResources": {"clusters": [{"name": "a", "lbPolicy": }]}}',
    ));
  test('without quotes', () =>
    expect(take('{"static_resources": {"clusters": [{"name": "a", lb<|>}]}}', 'lb_policy')).toBe(
      '{"static_resources": {"clusters": [{"name": "a", "lb_policy": }]}}',
    ));
  test('before other keys, no comma between', () =>
    expect(labels('{"static_resources": {"clusters": [{"<|>"\n "type": "EDS"}]}}')).toContain('name'));
  test('in text that breaks off', () => expect(labels('{"staticResources": {"clusters": [{"name": "a",\n "<|>')).toContain('lbPolicy'));
  test('values: in quotes and without', () => {
    const source = (value: string) => `{"static_resources": {"clusters": [{"name": "a", "type": ${value}}]}}`;
    expect(take(source('"<|>"'), 'EDS')).toBe(source('"EDS"'));
    expect(take(source('<|>'), 'EDS')).toBe(source('"EDS"'));
  });
});

describe('values', () => {
  test('of an enum', () => expect(labels(CLUSTER('type: <|>'))).toEqual(['EDS', 'LOGICAL_DNS', 'ORIGINAL_DST', 'STATIC', 'STRICT_DNS']));
  test('right behind the colon', () => expect(take(CLUSTER('type:<|>'), 'EDS')).toBe(CLUSTER('type: EDS')));
  test('of a bool, and of a BoolValue', () => {
    expect(labels(CLUSTER('respect_dns_ttl: <|>'))).toEqual(['false', 'true']);
    expect(labels(MANAGER('use_remote_address: t<|>'))).toEqual(['false', 'true']);
  });
  test('an item of a list of enums', () =>
    expect(
      labels('static_resources: { clusters: [{ name: a, common_lb_config: { override_host_status: { statuses: [<|>] } } }] }'),
    ).toContain('HEALTHY'));
  test('free text: none', () => expect(labels(CLUSTER('alt_stat_name: <|>'))).toEqual([]));
});

describe('@type', () => {
  test('what fits a network filter, what its name says first', () => {
    const found = labels(FILTER('"@type": <|>'));
    expect(found[0]).toBe('envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy');
    expect(found.every((each) => each.startsWith('envoy.extensions.filters.network.'))).toBe(true);
    expect(take(FILTER('"@type": <|>'), 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy')).toContain(`"@type": ${TCP}\n`);
  });
  test('HTTP filters in a connection manager, no parts of theirs', () => {
    const found = labels(MANAGER('http_filters:\n- name: x\n  typed_config: { "@type": "<|>" }'));
    expect(found).toContain('envoy.extensions.filters.http.router.v3.Router');
    expect(found).not.toContain('envoy.extensions.filters.http.jwt_authn.v3.JwtProvider');
  });
  test('transport sockets', () =>
    expect(labels(CLUSTER('transport_socket: { name: t, typed_config: { "@type": <|> } }'))).toContain(
      'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
    ));
  test('the name of an extension, beside it', () => {
    const found = labels(MANAGER('http_filters:\n- name: <|>'));
    expect(found).toContain('envoy.filters.http.router');
    expect(labels(CLUSTER('transport_socket: { name: <|> }'))).toContain('envoy.transport_sockets.tls');
    expect(labels('static_resources: { clusters: [{ name: <|> }] }')).toEqual([]);
  });
  test('inputs of a matcher: of connections in a listener, of requests in a virtual host', () => {
    const tree = '{ matcher_tree: { input: { name: i, typed_config: { "@type": <|> } } } }';
    const ofListener = labels(`static_resources: { listeners: [{ name: l, filter_chain_matcher: ${tree} }] }`);
    expect(ofListener).toContain('envoy.extensions.matching.common_inputs.network.v3.DestinationIPInput');
    expect(ofListener).not.toContain('envoy.type.matcher.v3.HttpRequestHeaderMatchInput');
    const ofRequests = labels(MANAGER(`route_config: { virtual_hosts: [{ matcher: ${tree} }] }`));
    expect(ofRequests).toContain('envoy.type.matcher.v3.HttpRequestHeaderMatchInput');
  });
  test('actions of a matcher, each of which the API knows', () => {
    const found = labels(
      MANAGER('route_config: { virtual_hosts: [{ matcher: { on_no_match: { action: { name: a, typed_config: { "@type": <|> } } } } }] }'),
    );
    expect(found).toContain('envoy.config.route.v3.Route');
    expect(found.filter((name) => messageType(name) === undefined)).toEqual([]);
  });
  test('resources of an xDS file', () => expect(labels('resources:\n- "@type": <|>\n')).toContain('envoy.config.cluster.v3.Cluster'));
});

describe('names that exist', () => {
  test('clusters', () => expect(labels(FILTER(`"@type": ${TCP}\ncluster: <|>`))).toEqual(['a: b', 'reviews']));
  test('quoted where YAML needs it', () => expect(take(FILTER(`"@type": ${TCP}\ncluster: <|>`), 'a: b')).toContain('cluster: "a: b"\n'));
  test('in a quote that is not closed', () =>
    expect(take(FILTER(`"@type": ${TCP}\ncluster: "re<|>`), 'reviews')).toContain('cluster: "reviews"\n'));
  test('of the other files of the proxy', () =>
    expect(
      labels(`//- a/lds.yaml
resources:
- "@type": type.googleapis.com/envoy.config.listener.v3.Listener
  name: l
  filter_chains:
  - filters:
    - name: h
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        rds: { route_config_name: <|> }
//- a/rds.yaml
resources:
- "@type": type.googleapis.com/envoy.config.route.v3.RouteConfiguration
  name: web
`),
    ).toEqual(['web']));
  test('filter chains of the own listener alone', () =>
    expect(
      labels(`static_resources:
  listeners:
  - name: a
    filter_chains: [{ name: one, filters: [] }]
  - name: b
    filter_chain_matcher:
      on_no_match: { action: { name: x, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: <|> } } }
    filter_chains: [{ name: two, filters: [] }]
`),
    ).toEqual(['two']));
  test('internal listeners alone', () =>
    expect(
      labels(`static_resources:
  listeners:
  - { name: inner, internal_listener: {} }
  - { name: outer, address: { socket_address: { address: 0.0.0.0, port_value: 1 } } }
  clusters:
  - name: c
    load_assignment: { cluster_name: c, endpoints: [{ lb_endpoints: [{ endpoint: { address: { envoy_internal_address: { server_listener_name: <|> } } } }] }] }
`),
    ).toEqual(['inner']));
  test('HTTP filters as keys of their per-route configuration', () =>
    expect(
      labels(
        MANAGER(`http_filters:
- name: my-lua
route_config:
  virtual_hosts:
  - name: v
    domains: ["*"]
    typed_per_filter_config:
      <|>`),
      ),
    ).toEqual(['my-lua']));
  test('JWT providers', () =>
    expect(
      labels(
        MANAGER(`http_filters:
- name: jwt
  typed_config:
    "@type": type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication
    providers: { google: {}, azure: {} }
    rules: [{ match: { prefix: / }, requires: { provider_name: <|> } }]`),
      ),
    ).toEqual(['azure', 'google']));
});

describe('text that breaks off anywhere', () => {
  const whole = FILTER(`"@type": ${TCP}\nstat_prefix: "x"\ncluster: reviews`);
  const flow = '{"static_resources": {"clusters": [{"name": "a", "type": "EDS", "lb_policy": "RANDOM"}]}}';
  test.each([whole, flow])('is answered', (text) => {
    for (let end = 0; end <= text.length; end++) expect(Array.isArray(itemsAt(`${text.slice(0, end)}<|>`))).toBe(true);
  });
  test('what is offered replaces the token alone', () => {
    for (let end = 1; end <= flow.length; end++) {
      for (const { textEdit } of itemsAt(`${flow.slice(0, end)}<|>${flow.slice(end)}`).slice(0, 1))
        expect(textEdit && 'range' in textEdit && textEdit.range.start.character <= end && end <= textEdit.range.end.character).toBe(true);
    }
  });
});

describe('nothing', () => {
  test('in comments', () => expect(labels(CLUSTER('# <|>'))).toEqual([]));
  test('in other files', () => {
    expect(labels('apiVersion: v1\nkind: Pod\nmetadata:\n  <|>\n')).toEqual([]);
    expect(labels('hello: a\n<|>')).toEqual([]);
  });
  test('in dumps', () =>
    expect(
      labels(
        '{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "static_clusters": [{"cluster": {"name": "a", "<|>"}}]}]}',
      ),
    ).toEqual([]));
  test('in metadata, which is free', () => expect(labels(CLUSTER('metadata:\n  filter_metadata:\n    x:\n      <|>'))).toEqual([]));
});

test('keys of filter state: those that Envoy can make, and to matchers those that are set', () => {
  const listener = (key: string, asked: string) =>
    `static_resources:
  listeners:
  - name: l
    filter_chains:
    - filters:
      - name: s
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.set_filter_state.v3.Config
          on_new_connection:
          - object_key: ${key}
      - name: r
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.rbac.v3.RBAC
          rules:
            policies:
              p:
                principals:
                - filter_state:
                    key: ${asked}
`;
  expect(labels(listener('<|>', 'x'))).toContain('envoy.tcp_proxy.cluster');
  expect(labels(listener('my.own', '<|>'))).toEqual(['my.own']);
});
