import { describe, expect, test } from 'vitest';
import { findInlayHints, resolveInlayHint, type InlayHintOptions } from '../../../server/src/features/inlayHints';
import { readFixture, snapshotOf } from '../../support/fixture';

const EVERYTHING = { start: { line: 0, character: 0 }, end: { line: 10_000, character: 0 } };

/** The text before each hint, and the hint. */
function hints(source: string, options?: InlayHintOptions, range = EVERYTHING): string[] {
  const fixture = readFixture(source);
  const [file] = fixture.files;
  const lines = (file?.text ?? '').split('\n');
  return findInlayHints(snapshotOf(fixture), file?.uri ?? '', range, options).map(({ position, label }) => {
    const before = (lines[position.line] ?? '').slice(0, position.character);
    return `${/[^\s[{,]+$/.exec(before)?.[0] ?? ''} ${typeof label === 'string' ? label : ''}`;
  });
}

const CLUSTER = (endpoints: string, name = 'reviews') => `  clusters:
  - name: "${name}"
    type: STATIC
    load_assignment: { cluster_name: "${name}", endpoints: [{ lb_endpoints: [${endpoints}] }] }
`;
const ENDPOINT = (ip: string, more = '') => `{ ${more}endpoint: { address: { socket_address: { address: ${ip}, port_value: 80 } } } }`;
const USE = `static_resources:
  listeners:
  - name: l
    filter_chains: [{ filters: [{ name: t, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: reviews } }] }]
`;

describe('clusters', () => {
  test('one endpoint: its address; several: how many are healthy', () => {
    expect(hints(USE + CLUSTER(ENDPOINT('10.0.0.1')))).toEqual(['reviews 10.0.0.1:80']);
    expect(hints(USE + CLUSTER(`${ENDPOINT('10.0.0.1')}, ${ENDPOINT('10.0.0.2', 'health_status: UNHEALTHY, ')}`))).toEqual([
      'reviews 1/2 healthy',
    ]);
  });
  test('where nobody says how endpoints are, only how many there are', () => {
    expect(hints(USE + CLUSTER(`${ENDPOINT('10.0.0.1')}, ${ENDPOINT('10.0.0.2')}`))).toEqual(['reviews 2 endpoints']);
    expect(hints(`${USE}  clusters: [{ name: reviews, type: STATIC }]\n`)).toEqual(['reviews 0 endpoints']);
    expect(hints(`${USE}  clusters: [{ name: reviews, type: EDS }]\n`)).toEqual(['reviews EDS']);
  });
  test('what an Istio name means, where it is defined', () =>
    expect(hints(`static_resources:\n${CLUSTER('', 'outbound|80||a.b.svc.cluster.local')}`)[0]).toContain(
      'service a.b.svc.cluster.local, port 80',
    ));
  test('only in the range', () =>
    expect(
      hints(USE + CLUSTER(ENDPOINT('10.0.0.1')), undefined, { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } }),
    ).toEqual([]));
});

describe('addresses', () => {
  const ROUTES = (domains: string) => `resources:
- "@type": type.googleapis.com/envoy.config.route.v3.RouteConfiguration
  name: "80"
  virtual_hosts: [{ name: v, domains: [${domains}] }]
`;
  const LISTENER = (address: string) => `resources:
- "@type": type.googleapis.com/envoy.config.listener.v3.Listener
  name: l
  address: { socket_address: { address: ${address}, port_value: 80 } }
`;
  test('a service, by the domains of its virtual host', () => {
    const rds = ROUTES('reviews.default.svc.cluster.local, "10.96.0.7", "[fd00::7]:80"');
    expect(hints(`//- lds.yaml\n${LISTENER('10.96.0.7')}//- rds.yaml\n${rds}`)).toEqual(['10.96.0.7 = service reviews.default']);
    expect(hints(`//- lds.yaml\n${LISTENER('"fd00:0::7"')}//- rds.yaml\n${rds}`)).toEqual(['"fd00:0::7" = service reviews.default']);
  });
  test('a workload, by the metadata of its endpoint', () =>
    expect(
      hints(
        `static_resources:\n${CLUSTER(ENDPOINT('10.244.1.5', 'metadata: { filter_metadata: { istio: { workload: "reviews-v1;shop;reviews;v1;" } } }, '))}`,
      ),
    ).toEqual(['10.244.1.5 = workload reviews-v1.shop']));
  test('an endpoint of a service', () =>
    expect(hints(`static_resources:\n${CLUSTER(ENDPOINT('10.244.1.5'), 'outbound|80||a.b.svc.cluster.local')}`).at(-1)).toBe(
      '10.244.1.5 = endpoint of a.b',
    ));
  test('a proxy whose dump is there, also as a key and as a prefix', () => {
    const other = '//- b.yaml\nnode: { id: "sidecar~10.244.1.9~cart-1.shop~shop.svc.cluster.local" }\nstatic_resources: {}\n';
    const found = hints(`//- a/lds.yaml
resources:
- "@type": type.googleapis.com/envoy.config.listener.v3.Listener
  name: l
  filter_chain_matcher:
    matcher_tree:
      exact_match_map:
        map:
          10.244.1.9: {}
          "10.244.1.9/32": {}
          10.244.1.0/24: {}
${other}`);
    expect(found).toHaveLength(2);
    expect(found[0]).toContain('10.244.1.9: = '.replace(':', ''));
    expect(found[0]).toContain('cart-1.shop');
  });
  test('nobody knows it: nothing', () => expect(hints(LISTENER('192.0.2.1'))).toEqual([]));
});

test('the user may want neither, or one of them', () => {
  const source = `static_resources:\n${CLUSTER(ENDPOINT('10.244.1.5'), 'outbound|80||a.b.svc')}`;
  expect(hints(source, { clusters: false, addresses: false })).toEqual([]);
  expect(hints(source, { clusters: false, addresses: true })).toEqual(['10.244.1.5 = endpoint of a.b']);
  expect(hints(source, { clusters: true, addresses: false })).toHaveLength(1);
});

test('a hint that somebody points at tells what the name’s hover does', () => {
  const snapshot = snapshotOf(readFixture(USE + CLUSTER(ENDPOINT('10.0.0.1'))));
  const [hint] = findInlayHints(snapshot, 'config.yaml', EVERYTHING);
  expect(hint && resolveInlayHint(snapshot, hint).tooltip).toMatchObject({
    kind: 'markdown',
    value: expect.stringContaining('**Cluster** `reviews`') as string,
  });
  expect(
    hint && resolveInlayHint(snapshotOf(readFixture('a: b')), { ...hint, data: { uri: 'none.yaml', position: hint.position } }).tooltip,
  ).toBeUndefined();
});
