/** Virtual hosts whose routes are found by a matcher tree. */
import fc from 'fast-check';
import type { JsonObject, LabCase } from '../../labCase';
import { matcherTree, type MatcherInput } from '../matcher/matcherTree';
import { clusters, httpChain, listener, once, plainRequest } from '../parts';

const INPUTS: MatcherInput[] = [
  headerInput('x', ['abc', 'abcdef', '5', 'a']),
  headerInput('y', ['abc', 'bob', '17']),
  headerInput(':path', ['/a', '/a/b', '/', '/b']),
  headerInput(':method', ['GET', 'POST']),
];

function headerInput(header_name: string, words: readonly string[]): MatcherInput {
  return {
    input: {
      name: 'header',
      typed_config: { '@type': 'type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput', header_name },
    },
    words,
    kind: 'text',
  };
}

const match = fc.constantFrom<JsonObject[]>({ prefix: '/' }, { prefix: '/a' }, { path: '/b' });

const action = fc.tuple(match, fc.integer({ min: 1, max: 3 })).map(([matched, index]): JsonObject => {
  const route = { '@type': 'type.googleapis.com/envoy.config.route.v3.Route', match: matched, route: { cluster: `§c${index}` } };
  return { name: 'route', typed_config: route };
});

export const routeMatcher: fc.Arbitrary<LabCase> = fc
  .record({ matcher: matcherTree(INPUTS, action), requests: fc.array(plainRequest, { minLength: 4, maxLength: 9 }) })
  .map(({ matcher, requests }) => ({
    area: 'route_matcher',
    listeners: [listener('l', [httpChain({ virtual_hosts: [{ name: 'v', domains: ['*'], matcher }] })])],
    clusters: clusters(3),
    requests: once(requests),
  }));
