import { describe, expect, test } from 'vitest';
import { findCodeLenses, resolveCodeLens } from '../../../server/src/features/codeLenses';
import { readFixture, snapshotOf } from '../../support/fixture';

const BOOTSTRAP = `static_resources:
  listeners:
  - name: l
    filter_chains: [{ filters: [{ name: t, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: reviews } }] }]
  clusters:
  - name: reviews
    load_assignment:
      cluster_name: reviews
      endpoints: [{ lb_endpoints: [{ endpoint: {} }, { health_status: UNHEALTHY, endpoint: {} }] }]
`;

function lenses(source: string) {
  const fixture = readFixture(source);
  const snapshot = snapshotOf(fixture);
  return findCodeLenses(snapshot, fixture.files[0]?.uri ?? '').map((lens) => ({
    line: lens.range.start.line,
    command: resolveCodeLens(snapshot, lens).command,
  }));
}

describe('lenses', () => {
  test('trace, references and endpoints, above their things', () =>
    expect(lenses(BOOTSTRAP).map(({ line, command }) => `${line} ${command?.title}`)).toEqual([
      '2 Trace from here',
      '3 Trace from here',
      '5 Trace from here',
      '5 1 reference',
      '5 1/2 endpoints healthy',
    ]));
  test('the health of endpoints is told where somebody says it', () =>
    expect(lenses(BOOTSTRAP.replace('health_status: UNHEALTHY, ', '')).map(({ command }) => command?.title)).toContain('2 endpoints'));
  test('references lead to the places', () => {
    const [found] = lenses(BOOTSTRAP).filter(({ command }) => command?.title === '1 reference');
    expect(found?.command?.command).toBe('envoyLens.showReferences');
    expect(found?.command?.arguments?.[2]).toMatchObject([{ uri: 'config.yaml', range: { start: { line: 3 } } }]);
  });
  test('a trace begins where its lens is', () =>
    expect(lenses(BOOTSTRAP)[0]?.command?.arguments).toEqual(['config.yaml', { line: 2, character: 10 }]));
  test('routes of their own', () =>
    expect(
      lenses('name: r\nvirtual_hosts:\n- name: v\n  domains: ["*"]\n  routes:\n  - match: { prefix: /a }\n  - match: { prefix: / }\n').map(
        ({ line }) => line,
      ),
    ).toEqual([5, 6]));
  test('other documents: none', () => expect(lenses('hello: world')).toEqual([]));
});

describe('lenses of Istio’s own resources', () => {
  const RULE =
    'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: r, namespace: shop }\nspec: { host: reviews }\n';
  const DUMP =
    '{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "dynamic_active_clusters": [{"cluster": {"name": "outbound|80||reviews.shop.svc.cluster.local"}}]}]}';
  test('what became of it, and who names it', () => {
    expect(lenses(`//- rule.yaml\n${RULE}//- dump.json\n${DUMP}`).map(({ line, command }) => `${line} ${command?.title}`)).toEqual([
      '2 1 place in the dumps',
    ]);
    const other = DUMP.replace('reviews', 'ratings');
    expect(lenses(`//- rule.yaml\n${RULE}//- dump.json\n${other}`).map(({ command }) => command?.title)).toEqual(['0 references']);
  });
  test('without a proxy only on kinds that others name', () => {
    expect(lenses(RULE)).toEqual([]);
    const gateway = 'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: edge, namespace: shop }\nspec: {}\n';
    const service =
      'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: v, namespace: shop }\nspec: { gateways: [edge] }\n';
    expect(lenses(`//- gateway.yaml\n${gateway}//- service.yaml\n${service}`).map(({ command }) => command?.title)).toEqual([
      '1 reference',
    ]);
  });
  test('nothing on other resources of Kubernetes', () =>
    expect(lenses('apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: d }\n')).toEqual([]));
});
