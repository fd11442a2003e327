import { describe, expect, test } from 'vitest';
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';
import { findWorkspaceSymbols } from '../../../server/src/features/workspaceSymbols';
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

test('tens of thousands of names take no time', () => {
  const text = `static_resources:\n  clusters:\n${Array.from({ length: 30_000 }, (_, number) => `  - name: outbound|80||service-${number}.default`).join('\n')}\n`;
  const snapshot = buildSnapshot([{ uri: 'a.yaml', text }]);
  findWorkspaceSymbols(snapshot, 'warm');
  const start = performance.now();
  expect(findWorkspaceSymbols(snapshot, 'obse299')[0]?.name).toContain('service-299');
  expect(performance.now() - start).toBeLessThan(500);
});
