import { describe, expect, test } from 'vitest';
import type { DocumentSymbol } from 'vscode-languageserver-types';
import { findDocumentSymbols, findDocumentSymbolsInSteps } from '../../../server/src/features/symbols/documentSymbols';
import type { FoldingRange } from 'vscode-languageserver-types';
import { findFoldingRanges } from '../../../server/src/features/foldingRanges';
import { readFixture, snapshotOf } from '../../support/fixture';

const BOOTSTRAP = `static_resources:
  listeners:
  - name: web
    address: { socket_address: { address: 0.0.0.0, port_value: 15006 } }
    filter_chains:
    - name: plain
      filters:
      - name: http
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          route_config:
            name: local
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - match: { prefix: / }
                route: { cluster: reviews }
  clusters:
  - name: reviews
    type: STATIC
    load_assignment:
      cluster_name: reviews
      endpoints:
      - lb_endpoints:
        - endpoint: { address: { socket_address: { address: 10.0.0.1, port_value: 80 } } }
`;

function symbolsOf(source: string): DocumentSymbol[] {
  const fixture = readFixture(source);
  return findDocumentSymbols(snapshotOf(fixture), fixture.files[0]?.uri ?? '');
}

/** `name (detail)`, indented by depth. */
function outline(symbols: readonly DocumentSymbol[], depth = 0): string[] {
  return symbols.flatMap(({ name, detail, children = [] }) => [
    `${'  '.repeat(depth)}${name}${detail ? ` (${detail})` : ''}`,
    ...outline(children, depth + 1),
  ]);
}

describe('document symbols', () => {
  test('the proxy, not its brackets', () =>
    expect(outline(symbolsOf(BOOTSTRAP))).toEqual([
      'Listeners (1)',
      '  web (0.0.0.0:15006)',
      '    plain (HTTP, inline routes local)',
      '      http',
      '        local (1 virtual host)',
      '          all (*)',
      '            route 0 (prefix / to reviews)',
      'Clusters (1)',
      '  reviews (STATIC, 1 endpoint, plaintext)',
      '    10.0.0.1:80',
    ]));
  test('endpoints that come by EDS are counted', () => {
    const source = `{"configs": [
 {"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "dynamic_active_clusters": [{"cluster":
   {"@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster", "name": "reviews", "type": "EDS"}}]},
 {"@type": "type.googleapis.com/envoy.admin.v3.EndpointsConfigDump", "dynamic_endpoint_configs": [{"endpoint_config":
   {"@type": "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment", "cluster_name": "reviews", "endpoints": [{"lb_endpoints": [{}, {}, {}]}]}}]}]}`;
    expect(outline(symbolsOf(source))[1]).toContain('EDS, 3 endpoints');
  });
  test('a resource that does not take traffic says so', () => {
    const source = `{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "dynamic_warming_clusters": [{"cluster": {"name": "a", "type": "EDS"}}]}]}`;
    expect(outline(symbolsOf(source))[1]).toContain('warming · EDS');
  });
  test('Istio’s own resources', () =>
    expect(
      outline(symbolsOf('apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: reviews\n  namespace: shop\n')),
    ).toEqual(['Kubernetes resources (1)', '  reviews (VirtualService, shop)']));
  test('what is in them', () => {
    const resource = (kind: string, spec: string) => `apiVersion: ${kind}\nmetadata: { name: r, namespace: shop }\nspec: ${spec}\n`;
    const inside = (kind: string, spec: string) =>
      outline(symbolsOf(resource(kind, spec)))
        .slice(2)
        .map((line) => line.trim());
    expect(
      inside(
        'networking.istio.io/v1\nkind: VirtualService',
        '{ hosts: [a], http: [{ name: one, route: [{ destination: { host: reviews, subset: v1 } }] }, { redirect: { uri: / } }] }',
      ),
    ).toEqual(['one (to reviews v1)', 'http 1 (redirects)']);
    expect(
      inside('networking.istio.io/v1\nkind: DestinationRule', '{ host: a, subsets: [{ name: v1, labels: { version: v1 } }] }'),
    ).toEqual(['v1 (version=v1)']);
    expect(
      inside(
        'networking.istio.io/v1\nkind: Gateway',
        '{ servers: [{ port: { number: 443, name: https, protocol: HTTPS }, hosts: [a.example] }] }',
      ),
    ).toEqual(['https (HTTPS 443 a.example)']);
    expect(
      inside(
        'gateway.networking.k8s.io/v1\nkind: HTTPRoute',
        '{ parentRefs: [{ name: g }], rules: [{ name: all, backendRefs: [{ name: reviews, port: 80 }] }] }',
      ),
    ).toEqual(['all (to reviews)']);
    expect(inside('gateway.networking.k8s.io/v1\nkind: Gateway', '{ listeners: [{ name: web, port: 80, protocol: HTTP }] }')).toEqual([
      'web (HTTP 80)',
    ]);
    expect(
      inside('networking.istio.io/v1alpha3\nkind: EnvoyFilter', '{ configPatches: [{ applyTo: CLUSTER, patch: { operation: ADD } }] }'),
    ).toEqual(['CLUSTER (ADD)']);
    expect(inside('apps/v1\nkind: Deployment', '{ things: [{ name: a }] }')).toEqual([]);
  });
  test('selections lie in their ranges, as LSP demands', () => {
    const check = ({ range, selectionRange, children = [] }: DocumentSymbol): void => {
      expect(selectionRange.start.line).toBeGreaterThanOrEqual(range.start.line);
      expect(selectionRange.end.line).toBeLessThanOrEqual(range.end.line);
      children.forEach(check);
    };
    symbolsOf(BOOTSTRAP).forEach(check);
  });
  test('a bootstrap whose resources come from elsewhere: who it is, where it is asked, what it asks for', () => {
    const text = `node: { id: edge-1, cluster: edge }
admin: { address: { socket_address: { address: 127.0.0.1, port_value: 9901 } } }
dynamic_resources:
  lds_config: { path_config_source: { path: lds.yaml } }
  cds_config: { path_config_source: { path: cds.yaml } }
`;
    const [group, ...others] = symbolsOf(text);
    expect(others).toEqual([]);
    expect(group?.name).toBe('Bootstrap');
    expect(group?.children?.map(({ name, detail }) => `${name} ${detail}`)).toEqual([
      'node edge-1',
      'admin 127.0.0.1:9901',
      'dynamic_resources lds, cds',
    ]);
  });
  test('other documents: none', () => expect(symbolsOf('hello: world')).toEqual([]));
});

describe('folding', () => {
  const ranges = (source: string, isWanted: (range: FoldingRange) => boolean = () => true, limit?: number) => {
    const fixture = readFixture(source);
    const lines = (fixture.files[0]?.text ?? '').split('\n');
    return findFoldingRanges(snapshotOf(fixture), fixture.files[0]?.uri ?? '', limit)
      .filter(isWanted)
      .map(({ startLine, endLine }) => [lines[startLine]?.trim(), lines[endLine]?.trim()]);
  };
  const isRegion = ({ kind }: FoldingRange) => kind === 'region';
  test('listener, chain, filter, routes and cluster; nothing of one line', () =>
    expect(ranges(BOOTSTRAP, isRegion)).toEqual([
      ['- name: web', 'route: { cluster: reviews }'],
      ['- name: plain', 'route: { cluster: reviews }'],
      ['- name: http', 'route: { cluster: reviews }'],
      ['route_config:', 'route: { cluster: reviews }'],
      ['- name: all', 'route: { cluster: reviews }'],
      ['- match: { prefix: / }', 'route: { cluster: reviews }'],
      ['- name: reviews', '- endpoint: { address: { socket_address: { address: 10.0.0.1, port_value: 80 } } }'],
    ]));
  test('every other object and list, from its key on; a closing bracket stays in sight', () => {
    const yaml = 'static_resources:\n  clusters:\n  - name: c\n    metadata:\n      filter_metadata:\n        a: 1\n';
    expect(ranges(yaml)).toEqual([
      ['static_resources:', 'a: 1'],
      ['clusters:', 'a: 1'],
      ['- name: c', 'a: 1'],
      ['metadata:', 'a: 1'],
      ['filter_metadata:', 'a: 1'],
    ]);
    expect(ranges('{\n "static_resources": {\n  "clusters": [\n   {\n    "name": "c"\n   }\n  ]\n }\n}')).toEqual([
      ['{', '}'],
      ['"static_resources": {', ']'],
      ['"clusters": [', '}'],
      ['{', '"name": "c"'],
    ]);
  });
  test('comments of several lines, not the lines of a script that look like one', () => {
    const isComment = ({ kind }: FoldingRange) => kind === 'comment';
    const yaml = (script: string) =>
      `# one\n#two\n\n# alone\nstatic_resources:\n  # a\n  # b\n  # c\n  clusters:\n  - name: c\n    metadata: ${script}\n`;
    expect(ranges(yaml('{}'), isComment)).toEqual([
      ['# one', '#two'],
      ['# a', '# c'],
    ]);
    expect(ranges(yaml('|\n      # x\n      # y'), isComment)).toHaveLength(2);
  });
  test('resources first where there is little room', () =>
    expect(ranges(BOOTSTRAP, undefined, 2).map(([line]) => line)).toEqual(['- name: web', '- name: reviews']));
  test('other documents: none', () => expect(ranges('a:\n  b:\n    c: 1\n')).toEqual([]));
});

test('the virtual hosts of one route configuration, and the filter chains of one listener, are shown in steps', () => {
  const steps = (text: string) => {
    const fixture = readFixture(text);
    const driven = findDocumentSymbolsInSteps(snapshotOf(fixture), fixture.files[0]?.uri ?? '');
    let count = 0;
    for (let step = driven.next(); !step.done; step = driven.next()) count++;
    return count;
  };
  const many = (item: string) => Array.from({ length: 200 }, (_, index) => item.replaceAll('N', String(index))).join('');
  const hosts = many('\n- { name: vN, domains: [hN.example], routes: [{ match: { prefix: / }, redirect: {} }] }');
  const chains = many('\n- { name: cN, filters: [{ name: f }], filter_chain_match: { destination_port: N } }');
  expect(steps(`name: r\nvirtual_hosts:${hosts}`)).toBeGreaterThan(2);
  expect(steps(`name: l\naddress: { pipe: { path: /a } }\nfilter_chains:${chains}`)).toBeGreaterThan(2);
});
