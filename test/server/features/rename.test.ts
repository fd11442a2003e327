import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { findRefusal, findRenameProblem, prepareRename, renameName } from '../../../server/src/features/rename';
import { offsetsOf, placeOf, readFixture } from '../../support/fixture';

const TCP = 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';

/** The files after the rename, those without a change left out; null where it is refused. */
function renamed(source: string, newName: string): string[] | null {
  const fixture = readFixture(source);
  const edit = renameName(placeOf(fixture), newName);
  if (!edit) return null;
  return fixture.files.flatMap(({ uri, text }) => {
    const edits = edit.changes?.[uri];
    return edits ? [TextDocument.applyEdits(TextDocument.create(uri, 'yaml', 1, text), edits)] : [];
  });
}

const BOOTSTRAP = (use: string, name: string, endpoints: string) => `static_resources:
  listeners:
  - name: l
    filter_chains: [{ filters: [{ name: t, typed_config: { "@type": ${TCP}, stat_prefix: reviews, cluster: ${use} } }] }]
  clusters:
  - name: ${name}
    load_assignment: { cluster_name: ${endpoints} }
`;

describe('a cluster', () => {
  test('from its use: definition, uses and endpoints, each in its own quotes', () =>
    expect(renamed(BOOTSTRAP('re<|>views', '"reviews"', "'reviews'"), 'ratings')).toEqual([
      BOOTSTRAP('ratings', '"ratings"', "'ratings'"),
    ]));
  test('from its definition', () =>
    expect(renamed(BOOTSTRAP('reviews', 're<|>views', 'reviews'), 'ratings')).toEqual([BOOTSTRAP('ratings', 'ratings', 'ratings')]));
  test('a name that YAML would not read as text is quoted', () =>
    expect(renamed(BOOTSTRAP('reviews', 're<|>views', 'reviews'), 'a: b')).toEqual([BOOTSTRAP('"a: b"', '"a: b"', '"a: b"')]));
  test('in JSON', () =>
    expect(renamed('{"static_resources": {"clusters": [{"name": "re<|>views"}]}}', 'a"b')).toEqual([
      '{"static_resources": {"clusters": [{"name": "a\\"b"}]}}',
    ]));
  test('in every file of the proxy', () =>
    expect(
      renamed(
        `//- a/cds.yaml
resources:
- { "@type": type.googleapis.com/envoy.config.cluster.v3.Cluster, name: re<|>views, type: STATIC }
//- a/rds.yaml
resources:
- { "@type": type.googleapis.com/envoy.config.route.v3.RouteConfiguration, name: r, virtual_hosts: [{ name: v, domains: ["*"], routes: [{ match: { prefix: / }, route: { cluster: reviews } }] }] }
`,
        'ratings',
      )?.map((text) => text.split('ratings').length - 1),
    ).toEqual([1, 1]));
});

describe('YAML aliases', () => {
  const anchored = (prefix: string, name: string, use: string) =>
    BOOTSTRAP(use, name, 'reviews').replace('stat_prefix: reviews', `stat_prefix: ${prefix}`);
  test('what repeats a name is renamed where the anchor is', () =>
    expect(renamed(BOOTSTRAP('&r re<|>views', '*r', 'reviews'), 'ratings')).toEqual([BOOTSTRAP('&r ratings', '*r', 'ratings')]));
  test('what repeats another text becomes the name', () =>
    expect(renamed(anchored('&r reviews', '*r', 're<|>views'), 'ratings')).toEqual([
      anchored('&r reviews', 'ratings', 'ratings').replace('cluster_name: reviews', 'cluster_name: ratings'),
    ]));
  describe('an anchor and all that name it', () => {
    const file = (anchor: string, first: string, second: string) =>
      `static_resources:\n  clusters:\n  - &${anchor} { name: a, connect_timeout: &t 1s }\n  - *${first}\n  - { name: b, connect_timeout: *t }\n  - *${second}\n`;
    test.each([
      ['from the anchor', file('c<|>', 'c', 'c')],
      ['from an alias', file('c', 'c', 'c<|>')],
    ])('%s', (_, source) => expect(renamed(source, 'base')).toEqual([file('base', 'base', 'base')]));
    test('of a scalar that is no name', () =>
      expect(renamed(file('c', 'c', 'c').replace('*t', '*t<|>'), 'slow')).toEqual([
        file('c', 'c', 'c').replace('&t', '&slow').replace('*t', '*slow'),
      ]));
    test('not to a name that is there already, or that YAML does not take', () => {
      const place = placeOf(readFixture(file('c<|>', 'c', 'c')));
      expect(prepareRename(place)?.placeholder).toBe('c');
      expect(findRefusal(place)).toBeUndefined();
      expect(findRenameProblem(place, 't')).toBe('There is an anchor "t" already.');
      expect(findRenameProblem(place, 'a b')).toContain('letters');
      expect(findRenameProblem(place, 'x')).toBeUndefined();
    });
  });
});

describe('what can be renamed', () => {
  const prepared = (source: string) => {
    const fixture = readFixture(source);
    const place = placeOf(fixture);
    const found = prepareRename(place);
    return found && { text: offsetsOf(fixture, place.uri, found.range).text, placeholder: found.placeholder };
  };
  test('the name without its quotes is offered', () =>
    expect(prepared(BOOTSTRAP('reviews', '"re<|>views"', 'reviews'))).toEqual({ text: '"reviews"', placeholder: 'reviews' }));
  test('not what nothing defines', () => expect(prepared(BOOTSTRAP('no<|>such', 'reviews', 'reviews'))).toBeNull());
  test('not what is no name', () =>
    expect(prepared(BOOTSTRAP('reviews', 'reviews', 'reviews').replace('stat_prefix: r', 'stat_prefix: <|>r'))).toBeNull());
  test('not in a dump', () =>
    expect(
      prepared(
        '{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "static_clusters": [{"cluster": {"name": "a<|>"}}]}]}',
      ),
    ).toBeNull());
});

describe('a new name', () => {
  const problem = (source: string, newName: string) => findRenameProblem(placeOf(readFixture(source)), newName);
  const two = 'static_resources:\n  clusters: [{ name: re<|>views }, { name: ratings }]\n  listeners: [{ name: front }]\n';
  test('must not be empty', () => expect(problem(two, ' ')).toBe('A name must not be empty.'));
  test('must not be that of another of its kind', () => expect(problem(two, 'ratings')).toBe('There is a cluster "ratings" already.'));
  test('may be that of another kind, its own, or new', () => {
    for (const name of ['front', 'reviews', 'details']) expect(problem(two, name)).toBeUndefined();
  });
});

describe('names of Istio’s own YAML', () => {
  const resource = (file: string, kind: string, name: string, spec: string) =>
    `//- ${file}\napiVersion: networking.istio.io/v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n`;
  const plain = (source: string) => source.replace(/^\/\/.*\n/, '');
  test('a subset, from its use', () => {
    const rule = (subset: string) =>
      resource('rule.yaml', 'DestinationRule', 'r', `{ host: reviews, subsets: [{ name: ${subset} }, { name: v2 }] }`);
    const service = (subset: string) =>
      resource(
        'service.yaml',
        'VirtualService',
        'v',
        `{ http: [{ route: [{ destination: { host: reviews, subset: ${subset} } }, { destination: { host: ratings, subset: v1 } }] }] }`,
      );
    expect(renamed(rule('"v1"') + service('v<|>1'), 'stable')).toEqual([plain(rule('"stable"')), plain(service('stable'))]);
    expect(findRenameProblem(placeOf(readFixture(rule('v<|>1'))), 'v2')).toContain('already');
    expect(findRenameProblem(placeOf(readFixture(rule('v<|>1'))), 'Not this')).toContain('lower-case');
  });
  test('a gateway, whose namespace stays', () => {
    const gateway = (name: string) => resource('gateway.yaml', 'Gateway', name, '{ servers: [] }');
    const service = (name: string) => resource('service.yaml', 'VirtualService', 'v', `{ gateways: [${name}, shop/${name}, other/edge] }`);
    expect(renamed(gateway('ed<|>ge') + service('edge'), 'door')).toEqual([plain(gateway('door')), plain(service('door'))]);
  });
  test('reasons for a refusal', () => {
    const refusal = (source: string) => findRefusal(placeOf(readFixture(source)));
    expect(refusal(resource('rule.yaml', 'DestinationRule', 'r', '{ host: re<|>views }'))).toContain('A host');
    expect(refusal(resource('service.yaml', 'VirtualService', 'v', '{ gateways: [no<|>ne] }'))).toContain(
      'Nothing in the workspace defines "none"',
    );
    expect(
      refusal(
        '{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "static_clusters": [{"cluster": {"name": "c<|>"}}]}]}',
      ),
    ).toContain('running proxy');
    expect(refusal(BOOTSTRAP('no<|>ne', 'reviews', 'reviews'))).toContain('Nothing in the files of this proxy defines "none"');
    expect(refusal(BOOTSTRAP('re<|>views', 'reviews', 'reviews'))).toBeUndefined();
    expect(refusal('static_resources: { clus<|>ters: [] }')).toBeUndefined();
  });
});
