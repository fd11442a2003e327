import { describe, expect, test } from 'vitest';
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';
import { findWorkspaceSymbols } from '../../../server/src/features/symbols/workspaceSymbols';
import { offsetsOf, readFixture, snapshotOf } from '../../support/fixture';

const CLUSTERS = `static_resources:
  clusters:
  - name: productpage
  - name: reviews
  - name: xreviews
  - name: r-e-v
`;

const names = (query: string, source = CLUSTERS) => findWorkspaceSymbols(snapshotOf(readFixture(source)), query).map(({ name }) => name);

describe('by name', () => {
  test('what has the letters in order, whole hits first', () => expect(names('rev')).toEqual(['reviews', 'xreviews', 'r-e-v']));
  test('without case', () => expect(names('REVI')).toEqual(['reviews', 'xreviews']));
  test('nothing asked: all', () => expect(names('')).toHaveLength(4));
  test('the whole name, its beginning, a word in it, somewhere in it, beginnings of its words, letters in order', () => {
    const all = ['authorized', 'api-auth', 'oauth', 'auth', 'a-unique-thing-here', 'a1u1t1h1']
      .map((name) => `  - name: ${name}`)
      .join('\n');
    expect(names('auth', `static_resources:\n  clusters:\n${all}\n`)).toEqual([
      'auth',
      'authorized',
      'api-auth',
      'oauth',
      'a-unique-thing-here',
      'a1u1t1h1',
    ]);
  });
  test('humps of capitals', () =>
    expect(names('pc', 'static_resources: { clusters: [{ name: epic }, { name: PassthroughCluster }] }')[0]).toBe('PassthroughCluster'));
  test('of two short names the shorter', () =>
    expect(names('rev', 'static_resources: { clusters: [{ name: reviews-v2 }, { name: reviews }] }')).toEqual(['reviews', 'reviews-v2']));
  test('a cluster before its endpoints', () => {
    const text = 'static_resources: { clusters: [{ name: a }], secrets: [{ name: a }] }';
    expect(findWorkspaceSymbols(snapshotOf(readFixture(text)), 'a').map(({ kind }) => kind)).toEqual([5, 20]);
  });
  test('no hit', () => expect(names('zzz')).toEqual([]));
  test('the place is the name', () => {
    const fixture = readFixture(CLUSTERS);
    const [found] = findWorkspaceSymbols(snapshotOf(fixture), 'productpage');
    expect(found && 'range' in found.location && offsetsOf(fixture, found.location.uri, found.location.range).text).toBe('productpage');
  });
  test('Istio’s own resources too', () =>
    expect(names('review', 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: reviews-route }\n')).toEqual([
      'reviews-route',
    ]));
});

test('one of tens of thousands of names', () => {
  const text = `static_resources:\n  clusters:\n${Array.from({ length: 30_000 }, (_, number) => `  - name: outbound|80||service-${number}.default`).join('\n')}\n`;
  const snapshot = buildSnapshot([{ uri: 'a.yaml', text }]);
  expect(findWorkspaceSymbols(snapshot, 'obse299')[0]?.name).toContain('service-299');
});
