import { expect, test } from 'vitest';
import { findSemanticTokens, TOKEN_TYPES } from '../../../server/src/features/semanticTokens';
import { readFixture, snapshotOf } from '../../support/fixture';

/** `text type`, with `!` for definitions. */
function tokens(source: string): string[] {
  const fixture = readFixture(source);
  const [file] = fixture.files;
  const lines = (file?.text ?? '').split('\n');
  const { data } = findSemanticTokens(snapshotOf(fixture), file?.uri ?? '');
  const found: string[] = [];
  let line = 0;
  let column = 0;
  for (let at = 0; at < data.length; at += 5) {
    const [down = 0, right = 0, length = 0, type = 0, modifiers = 0] = data.slice(at, at + 5);
    column = down === 0 ? column + right : right;
    line += down;
    found.push(`${lines[line]?.slice(column, column + length)} ${TOKEN_TYPES[type]}${modifiers === 1 ? '!' : ''}`);
  }
  return found;
}

test('names that refer and names that define, in document order', () =>
  expect(
    tokens(`static_resources:
  listeners:
  - name: web
    filter_chains:
    - name: chain
      filters:
      - name: t
        typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: reviews, cluster: reviews }
  clusters:
  - { name: reviews, load_assignment: { cluster_name: reviews } }
`),
  ).toEqual(['web interface!', 'chain method!', 'reviews class', 'reviews class!', 'reviews class']));

test('in JSON, quotes included', () =>
  expect(tokens('{"static_resources": {"clusters": [{"name": "a"}, {"name": "b"}]}}')).toEqual(['"a" class!', '"b" class!']));

test('other documents: none', () => expect(tokens('cluster: reviews')).toEqual([]));

test('names of Istio’s own YAML', () => {
  expect(
    tokens(`apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: v }
spec: { gateways: [mesh, edge], http: [{ route: [{ destination: { host: reviews, subset: v1 } }] }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: r }
spec: { host: reviews, subsets: [{ name: v1 }] }
`),
  ).toEqual(['v namespace!', 'edge interface', 'reviews class', 'v1 class', 'r namespace!', 'reviews class', 'v1 class!']);
  expect(tokens('apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: d }\n')).toEqual([]);
});
