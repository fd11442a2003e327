import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { collectReferences } from '../../../server/src/schema/references/collectReferences';
import { walkMessages } from '../../../server/src/schema/walk/walkMessages';
import { parseJson } from '../../../server/src/syntax/json/parseJson';
import { parseYaml } from '../../../server/src/syntax/yaml/parseYaml';
import { NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../../../server/src/syntax/tree/syntaxTree';
import { spellings } from './spellings';

const tcpProxy = 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';

/** What a walk tells, in order, with pointers. */
function told(tree: SyntaxTree, messageName: string): string[] {
  const lines: string[] = [];
  walkMessages(tree, tree.roots[0] ?? NO_NODE, messageName, {
    message: (node, type) => lines.push(`${tree.pointer(node)} is ${type.name}`),
    field: (value, field) => lines.push(`${tree.pointer(value)} = ${field.name}`),
    unknownField: (value, owner) => lines.push(`${tree.pointer(value)} not in ${owner.name}`),
    unknownType: (node, name) => lines.push(`${tree.pointer(node)} of unknown ${name}`),
  });
  return lines;
}

function json(config: unknown): SyntaxTree {
  return parseJson('a.json', JSON.stringify(config));
}

describe('walkMessages', () => {
  test('tells messages before their fields, repeated fields once, items each', () => {
    expect(told(json({ clusters: [{ name: 'a' }, { name: 'b' }] }), 'envoy.config.bootstrap.v3.Bootstrap.StaticResources')).toEqual([
      ' is envoy.config.bootstrap.v3.Bootstrap.StaticResources',
      '/clusters = clusters',
      '/clusters/0 is envoy.config.cluster.v3.Cluster',
      '/clusters/0/name = name',
      '/clusters/1 is envoy.config.cluster.v3.Cluster',
      '/clusters/1/name = name',
    ]);
  });

  test('walks the values of maps', () => {
    const config = { providers: { p: { issuer: 'i' } } };
    expect(told(json(config), 'envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication')).toEqual([
      ' is envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication',
      '/providers = providers',
      '/providers/p is envoy.extensions.filters.http.jwt_authn.v3.JwtProvider',
      '/providers/p/issuer = issuer',
    ]);
  });

  test('does not look into Struct and Value', () => {
    const config = { filter_metadata: { a: { '@type': `x/${tcpProxy}`, cluster: 'c' } } };
    expect(told(json(config), 'envoy.config.core.v3.Metadata')).toEqual([
      ' is envoy.config.core.v3.Metadata',
      '/filter_metadata = filter_metadata',
    ]);
  });

  test('reads Any by its @type, wherever that stands among the keys', () => {
    const config = { name: 'f', typed_config: { cluster: 'c', '@type': `type.googleapis.com/${tcpProxy}` } };
    expect(told(json(config), 'envoy.config.listener.v3.Filter').slice(2)).toEqual([
      '/typed_config = typed_config',
      `/typed_config is ${tcpProxy}`,
      '/typed_config/cluster = cluster',
    ]);
  });

  test('a well-known message in an Any has its value under `value`', () => {
    const wrapper = { '@type': 'x/google.protobuf.StringValue', value: 'v' };
    expect(told(json(wrapper), '')).toEqual([' is google.protobuf.StringValue', '/value = value']);
    for (const name of ['Duration', 'Struct', 'Timestamp', 'FieldMask'])
      expect(told(json({ '@type': `x/google.protobuf.${name}`, value: {} }), '')).toEqual([]);
  });

  test('tells unknown fields and unknown types, and goes on below them', () => {
    const config = {
      nme: { x: [{ '@type': `x/${tcpProxy}` }] },
      transport_socket: { typed_config: { '@type': 'x/no.such.Thing', a: { b: 1 } } },
    };
    expect(told(json(config), 'envoy.config.cluster.v3.Cluster')).toEqual([
      ' is envoy.config.cluster.v3.Cluster',
      '/nme not in envoy.config.cluster.v3.Cluster',
      `/nme/x/0 is ${tcpProxy}`,
      '/transport_socket = transport_socket',
      '/transport_socket is envoy.config.core.v3.TransportSocket',
      '/transport_socket/typed_config = typed_config',
      '/transport_socket/typed_config of unknown no.such.Thing',
    ]);
  });

  test('says nothing of unknown fields where a message is not fully described', () => {
    expect(told(json({ '@type': 'x/io.istio.http.peer_metadata.Config', new_field: 1 }), '')).toEqual([
      ' is io.istio.http.peer_metadata.Config',
    ]);
  });

  test('null is unset', () => {
    expect(told(json({ name: null }), 'envoy.config.cluster.v3.Cluster')).toEqual([' is envoy.config.cluster.v3.Cluster']);
  });

  test('config dumps need no @type on the resources of their entries', () => {
    const config = { configs: [{ '@type': 'x/envoy.admin.v3.ClustersConfigDump', static_clusters: [{ cluster: { name: 'c' } }] }] };
    for (const { tree } of spellings(config))
      expect(collectReferences(tree, tree.roots[0] ?? NO_NODE, '').map(({ kind, name }) => `${kind} ${name}`)).toEqual(['cluster c']);
  });

  test('walks only what is below the node', () => {
    const tree = json([{ cluster: 'a' }, { cluster: 'b' }, { cluster: 'c' }]);
    const second = tree.nodeAtPointer('/1');
    expect(collectReferences(tree, second, 'envoy.config.route.v3.RouteAction').map(({ name }) => name)).toEqual(['b']);
  });

  test('values of the wrong kind are told and not entered', () => {
    for (const value of [1, 'x', true, [[[]]], [1]])
      expect(told(json({ load_assignment: value }), 'envoy.config.cluster.v3.Cluster')).toEqual([
        ' is envoy.config.cluster.v3.Cluster',
        '/load_assignment = load_assignment',
      ]);
  });

  test('depth and width do not matter', () => {
    const deep = `${'{"and_rules":{"rules":['.repeat(20_000)}{"any":true}${']}}'.repeat(20_000)}`;
    const tree = parseJson('deep.json', deep);
    let messages = 0;
    walkMessages(tree, tree.roots[0] ?? NO_NODE, 'envoy.config.rbac.v3.Permission', { message: () => messages++ });
    expect(messages).toBe(40_001);
    const wide = json(Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`k${index}`, { '@type': `x/no.such.T${index}` }])));
    let unknown = 0;
    walkMessages(wide, wide.roots[0] ?? NO_NODE, 'envoy.config.cluster.v3.Cluster', {
      unknownField: () => unknown++,
      unknownType: () => unknown++,
    });
    expect(unknown).toBe(100_000);
  });
});

const corpus = join(process.env['ENVOY_LENS_SHARED'] ?? resolve(__dirname, '../../../../shared'), 'corpus');

describe.skipIf(!existsSync(corpus))(`every file of the corpus (skipped without ${corpus})`, () => {
  const files = existsSync(corpus) ? corpusFiles() : [];

  test('is walked without an exception', () => {
    const unknownTypes = new Set<string>();
    const unknownFields = new Set<string>();
    let references = 0;
    for (const { path, tree } of trees(files))
      for (const node of tops(tree)) {
        const message = guessed(tree, node, path);
        references += collectReferences(tree, node, message).length;
        walkMessages(tree, node, message, {
          unknownType: (_, name) => unknownTypes.add(name),
          unknownField: (value, owner) => unknownFields.add(`${owner.name}.${tree.key(value) ?? ''}`),
        });
      }
    expect(references).toBeGreaterThan(50_000);
    expect([...unknownTypes]).toEqual([]);
    // One of the documents has a field that Envoy has not.
    expect([...unknownFields]).toEqual(['envoy.config.bootstrap.v3.Bootstrap.dynamic_sockets']);
  });
});

function corpusFiles(): string[] {
  return readdirSync(corpus, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(json|ya?ml)(\.gz)?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function* trees(files: readonly string[]): Generator<{ path: string; tree: SyntaxTree }> {
  for (const path of files) {
    const bytes = readFileSync(path);
    const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    yield { path, tree: /\.ya?ml/.test(path) ? parseYaml(path, text) : parseJson(path, text) };
  }
}

function tops(tree: SyntaxTree): NodeId[] {
  return tree.roots.flatMap((root) => (tree.kind(root) === NodeKind.array ? tree.children(root) : [root]));
}

function guessed(tree: SyntaxTree, node: NodeId, path: string): string {
  const [, resource = ''] = /\.(clusters|listeners|routes|endpoints)\.yaml$/.exec(path) ?? [];
  const byName: Record<string, string> = {
    clusters: 'envoy.config.cluster.v3.Cluster',
    listeners: 'envoy.config.listener.v3.Listener',
    routes: 'envoy.config.route.v3.RouteConfiguration',
    endpoints: 'envoy.config.endpoint.v3.ClusterLoadAssignment',
  };
  if (tree.child(node, 'static_resources') !== NO_NODE || tree.child(node, 'dynamic_resources') !== NO_NODE)
    return 'envoy.config.bootstrap.v3.Bootstrap';
  return byName[resource] ?? '';
}
