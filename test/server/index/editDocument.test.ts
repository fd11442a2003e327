import fc from 'fast-check';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { joinDocuments } from '../../../server/src/index/buildSnapshot';
import type { DocumentFacts } from '../../../server/src/index/documentFacts';
import { collectDiagnostics, spanOfProblem } from '../../../server/src/features/diagnostics/collectDiagnostics';
import { linksOf } from '../../../server/src/index/links/links';
import { movedLinksOf } from '../../../server/src/index/edited/untouchedLinks';
import type { TextEdit } from '../../../server/src/text/text';
import { editDocument, readDocumentFacts } from '../../../server/src/index/readDocumentFacts';

const samples = path.resolve(import.meta.dirname, '../../../samples');
const dumps = fs
  .readdirSync(samples, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .map((file) => fs.readFileSync(path.join(samples, file), 'utf8'))
  .filter((text) => text.length < 200_000 && text.includes('"configs"'))
  .concat(namesOfManagers(), namesOfPolicies());

/** Route configurations apart from the connection managers whose filters they name, headers and metadata: what depends on names elsewhere. */
function namesOfManagers(): string {
  const manager = 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
  const setter = (namespace: string) => ({
    name: 'h2m',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.header_to_metadata.v3.Config',
      request_rules: [{ header: 'X-A', on_header_present: { metadata_namespace: namespace, key: 'k' } }],
    },
  });
  const listener = (name: string, routes: object) => ({
    name,
    active_state: {
      listener: {
        '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
        name,
        filter_chains: [
          {
            filters: [
              {
                name: 'h',
                typed_config: { '@type': manager, ...routes, http_filters: [{ name: 'fault' }, { name: 'cors' }, setter(name)] },
              },
            ],
          },
        ],
      },
    },
  });
  const routes = (name: string) => ({
    '@type': 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
    name,
    request_headers_to_add: [{ header: { key: 'x-a', value: 'v' } }],
    virtual_hosts: [
      {
        name: 'v',
        domains: ['*'],
        typed_per_filter_config: { fault: {}, cors: {} },
        routes: [
          {
            match: {
              prefix: '/',
              runtime_fraction: { default_value: { numerator: 1 }, runtime_key: 'a.c.d' },
              dynamic_metadata: [{ filter: 'b', path: [{ key: 'k' }], value: { present_match: true } }],
            },
          },
        ],
      },
    ],
  });
  const rds = (name: string) => ({ rds: { route_config_name: name, config_source: { ads: {} } } });
  const section = (name: string, body: object) => ({ '@type': `type.googleapis.com/envoy.admin.v3.${name}ConfigDump`, ...body });
  const layers = [{ name: 'first', static_layer: { a: { b: 1, c: { d: true } }, 'e.f': 2 } }];
  const configs = [
    section('Bootstrap', { bootstrap: { layered_runtime: { layers } } }),
    section('Listeners', {
      dynamic_listeners: [listener('a', rds('one')), listener('b', rds('two')), listener('c', { route_config: routes('one') })],
    }),
    section('Routes', {
      static_route_configs: [{ route_config: routes('one') }],
      dynamic_route_configs: [{ route_config: routes('one') }, { route_config: routes('two') }],
    }),
  ];
  return JSON.stringify({ configs }, null, 1);
}

/** The keys of policies are names, and found before the names in the policies. */
function namesOfPolicies(): string {
  const typed = (name: string, fields: object) => ({ '@type': `type.googleapis.com/envoy.${name}`, ...fields });
  const policy = { permissions: [{ header: { name: ':path', present_match: true } }], principals: [{ any: true }] };
  const policies = { 'ns[a]-policy[p]-rule[0]': policy, 'ns[a]-policy[q]-rule[0]': policy };
  const rbac = typed('extensions.filters.http.rbac.v3.RBAC', { rules: { policies } });
  const manager = typed('extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
    route_config: {
      name: 'r',
      virtual_hosts: [{ name: 'v', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'c' } }] }],
    },
    http_filters: [{ name: 'rbac', typed_config: rbac }],
  });
  const listeners = ['a', 'b'].map((name) => ({
    ...{
      name,
      active_state: {
        listener: typed('config.listener.v3.Listener', { name, filter_chains: [{ filters: [{ name: 'h', typed_config: manager }] }] }),
      },
    },
  }));
  return JSON.stringify({ configs: [typed('admin.v3.ListenersConfigDump', { dynamic_listeners: listeners })] }, null, 1);
}

/** All that is known of a document's names, in words, and what is wrong with it. */
function described(facts: DocumentFacts): object {
  const snapshot = joinDocuments([facts]);
  return {
    problems: collectDiagnostics(snapshot, facts.uri).map((problem) => ({
      ...{ code: problem.code, severity: problem.severity, message: problem.message, span: spanOfProblem(problem) },
      related: problem.related?.map(({ message, at }) => ({ message, at: at.id })),
    })),
    names: facts.names.slice().map(({ kind, name, node, isKey, scopeNode, qualifier, resource, site }) => ({
      ...{ kind, name, node, isKey, scopeNode, qualifier, role: site.role },
      of: `${resource.kind} ${resource.name} ${resource.node.id}`,
    })),
    links: linksOf(snapshot, facts.uri).map(({ status, targets }) => ({ status, targets: targets.map(({ node }) => node.id) })),
  };
}

const pieces = fc.constantFrom(
  ...['x', '', '1', '\n', '"name": "other", ', '"cluster": "c", ', ', {"name": "more"}', '"@type": "type.googleapis.com/x.Y", ', '{', '"'],
);
const number = fc.nat({ max: 1_000_003 });

/** Edits as people make them: in a name, of a value, of a member; and characters anywhere. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('characters' as const), at: number, removed: fc.nat(3), inserted: pieces }),
  fc.record({ kind: fc.constant('name' as const), at: number, like: number }),
  fc.record({ kind: fc.constant('value' as const), at: number, like: number }),
  fc.record({ kind: fc.constant('member' as const), at: number, like: number }),
  fc.record({ kind: fc.constant('removal' as const), at: number, like: number }),
);
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function editOf({ tree, names }: DocumentFacts, made: Change): TextEdit {
  const pick = (of: number, at: number) => (at * 7919) % of;
  const written = ({ start, end }: { start: number; end: number }) => tree.text.slice(start, end);
  if (made.kind === 'characters') {
    const start = pick(tree.text.length, made.at);
    return { start, end: Math.min(tree.text.length, start + made.removed), inserted: made.inserted };
  }
  const [node, like] = [pick(tree.size, made.at), pick(tree.size, made.like)];
  switch (made.kind) {
    case 'name': {
      const [one, other] = [names.at(pick(names.length, made.at))?.node ?? 0, names.at(pick(names.length, made.like))?.node ?? 0];
      return { ...tree.span(one), inserted: written(tree.span(other)) };
    }
    case 'value':
      return { ...tree.span(node), inserted: written(tree.span(like)) };
    case 'member': {
      const start = tree.memberStart(node);
      return { start, end: start, inserted: `${written({ start: tree.memberStart(like), end: tree.end(like) })}, ` };
    }
    case 'removal': {
      const next = tree.nextSibling(node);
      return { start: tree.memberStart(node), end: next < 0 ? tree.end(node) : tree.memberStart(next), inserted: '' };
    }
  }
}

test('after any edits a document is what reading it anew gives', () => {
  expect(dumps.length).toBeGreaterThan(3);
  let moved = 0;
  fc.assert(
    fc.property(fc.constantFrom(...dumps), fc.array(change, { minLength: 1, maxLength: 4 }), fc.boolean(), (dump, changes, isSeen) => {
      let facts = readDocumentFacts({ uri: 'dump.json', text: dump });
      for (const each of changes) {
        const content = String(facts.tree.text);
        if (isSeen) expect(described(facts)).toEqual(described(readDocumentFacts({ uri: 'dump.json', text: content })));
        const edit = editOf(facts, each);
        const next = content.slice(0, edit.start) + edit.inserted + content.slice(edit.end);
        if (next.length > 400_000) break;
        facts = editDocument(facts, edit) ?? readDocumentFacts({ uri: 'dump.json', text: next });
        if (movedLinksOf(facts.names)) moved++;
        expect(String(facts.tree.text) === next).toBe(true);
      }
      expect(described(facts)).toEqual(described(readDocumentFacts({ uri: 'dump.json', text: String(facts.tree.text) })));
    }),
    { numRuns: 300 },
  );
  // Some are moved, whatever the chance.
  expect(moved).toBeGreaterThan(10);
}, 120_000);

test('a second name takes a resource away from those who named it by the first', () => {
  const text = dumps.find((dump) => dump.includes('"name": "80",')) ?? '';
  const facts = readDocumentFacts({ uri: 'dump.json', text });
  described(facts);
  const start = text.indexOf('"virtual_hosts"', text.indexOf('"name": "80",'));
  const edited = editDocument(facts, { start, end: start, inserted: '"name": "other", ' });
  if (!edited) throw new Error('the edit is not taken over');
  expect(described(edited)).toEqual(described(readDocumentFacts({ uri: 'dump.json', text: String(edited.tree.text) })));
  expect(JSON.stringify(described(edited))).toContain('There is no route configuration');
});

test('runtime layers of the bootstrap, whose keys are joined, keep no edit from leaving other links as they are', () => {
  const facts = readDocumentFacts({ uri: 'dump.json', text: namesOfManagers() });
  const { joined } = facts.names.columns;
  expect([...joined.values()]).toContain('a.c.d');
  described(facts);
  const at = String(facts.tree.text).lastIndexOf('"prefix": "/"') + '"prefix": "/'.length;
  const edited = editDocument(facts, { start: at, end: at, inserted: 'x' });
  if (!edited) throw new Error('the edit is not taken over');
  expect(movedLinksOf(edited.names)?.open.length).toBeLessThan(movedLinksOf(edited.names)?.size ?? 0);
  expect([...edited.names.columns.joined]).toEqual([...joined]);
});

test('names that are not met in document order keep no edit from leaving other names as they are', () => {
  const facts = readDocumentFacts({ uri: 'dump.json', text: namesOfPolicies() });
  described(facts);
  const at = String(facts.tree.text).lastIndexOf('"prefix": "/"') + '"prefix": "/'.length;
  const edited = editDocument(facts, { start: at, end: at, inserted: 'x' });
  if (!edited) throw new Error('the edit is not taken over');
  expect(movedLinksOf(edited.names)).toBeDefined();
  expect(described(edited)).toEqual(described(readDocumentFacts({ uri: 'dump.json', text: String(edited.tree.text) })));
});

test('a cluster whose name an earlier one has loses its endpoints with the list that it names', () => {
  const section = (name: string, body: object) => ({ '@type': `type.googleapis.com/envoy.admin.v3.${name}ConfigDump`, ...body });
  const cluster = { name: 'c', type: 'EDS', eds_cluster_config: { service_name: 'listed' } };
  const listOf = (name: string, endpoints: object[]) => ({ endpoint_config: { cluster_name: name, endpoints } });
  const one = { lb_endpoints: [{ endpoint: { address: { pipe: { path: '/p' } } } }] };
  const clusters = [{ cluster: { name: 'c', type: 'STATIC' } }, { cluster }];
  const endpoints = [listOf('other', []), listOf('listed', [one])];
  const text = JSON.stringify({
    configs: [section('Clusters', { static_clusters: clusters }), section('Endpoints', { static_endpoint_configs: endpoints })],
  });
  const facts = readDocumentFacts({ uri: 'dump.json', text });
  described(facts);
  const start = text.indexOf('"other"');
  const edited = editDocument(facts, { start, end: start + '"other"'.length, inserted: '"listed"' });
  if (!edited) throw new Error('the edit is not taken over');
  expect(described(edited)).toEqual(described(readDocumentFacts({ uri: 'dump.json', text: String(edited.tree.text) })));
});
