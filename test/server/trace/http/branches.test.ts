import { describe, expect, test } from 'vitest';
import type { Trace } from '../../../../server/src/protocol/trace';
import { hopOf, onlyPath } from '../support/traceOf';
import { httpTrace, type HttpCall } from './httpTrace';

function shares(trace: Trace): Record<string, number | null> {
  return Object.fromEntries(
    trace.paths.map((path) => [hopOf(path).cluster ?? '', path.probability && Math.round(path.probability * 1e6) / 1e6]),
  );
}

function routesOf(...routes: string[]): { routes: string } {
  return { routes: `{name: rc, virtual_hosts: [{name: v, domains: ["*"], routes: [${routes.join(', ')}]}]}` };
}

const WEIGHTED = '{match: {prefix: /}, route: {cluster: x}}'.replace(
  'cluster: x',
  'weighted_clusters: {header_name: x-rand, runtime_key_prefix: w, clusters: [{name: a, weight: 80}, {name: b, weight: 20}, {name: c, weight: 0}]}',
);

describe('weights', () => {
  test('give a path each; weight 0 gives none', () => {
    expect(shares(httpTrace(routesOf(WEIGHTED)))).toEqual({ a: 0.8, b: 0.2 });
  });

  test.each<[HttpCall, string]>([
    [{ random: 79 }, 'a'],
    [{ random: 180 }, 'b'],
    [{ headers: { 'x-rand': '85' } }, 'b'],
    [{ runtime: { 'w.a': 0, 'w.b': 0, 'w.c': 1 } }, 'c'],
  ])('are pinned by %j: %s', (call, cluster) => {
    expect(hopOf(onlyPath(httpTrace(routesOf(WEIGHTED), call))).cluster).toBe(cluster);
  });

  test('are drawn when the header is no single number', () => {
    const headers: [string, string][] = [
      ['x-rand', '85'],
      ['x-rand', '1'],
    ];
    expect(httpTrace(routesOf(WEIGHTED), { headers }).paths).toHaveLength(2);
  });

  test('of all zero are refused', () => {
    const route = '{match: {prefix: /}, route: {weighted_clusters: {clusters: [{name: a, weight: 0}]}}}';
    expect(onlyPath(httpTrace(routesOf(route))).disposition).toBe('config_rejected');
  });
});

describe('runtime fractions', () => {
  const fraction = (numerator: number, cluster: string): string =>
    `{match: {prefix: /, runtime_fraction: {default_value: {numerator: ${numerator}}, runtime_key: k.${cluster}}}, route: {cluster: ${cluster}}}`;
  const rest = '{match: {prefix: /}, route: {cluster: c}}';

  test('branch, except 0 and 100', () => {
    expect(shares(httpTrace(routesOf(fraction(30, 'a'), rest)))).toEqual({ a: 0.3, c: 0.7 });
    expect(shares(httpTrace(routesOf(fraction(0, 'a'), rest)))).toEqual({ c: 1 });
    expect(shares(httpTrace(routesOf(fraction(100, 'a'), rest)))).toEqual({ a: 1 });
  });

  test('of one request read one number: a later, smaller fraction is never reached', () => {
    expect(shares(httpTrace(routesOf(fraction(30, 'a'), fraction(20, 'b'), rest)))).toEqual({ a: 0.3, c: 0.7 });
    expect(shares(httpTrace(routesOf(fraction(30, 'a'), fraction(50, 'b'), rest)))).toEqual({ a: 0.3, b: 0.2, c: 0.5 });
  });

  test('follow the runtime, of the request or of the bootstrap', () => {
    expect(shares(httpTrace(routesOf(fraction(30, 'a'), rest), { runtime: { 'k.a': 100 } }))).toEqual({ a: 1 });
    const bootstrap = 'layered_runtime: {layers: [{name: s, static_layer: {k: {a: 0}}}]}';
    expect(shares(httpTrace({ ...routesOf(fraction(30, 'a'), rest), bootstrap }))).toEqual({ c: 1 });
  });
});

test('mirrors are named with their probability', () => {
  const route =
    '{match: {prefix: /}, route: {cluster: a, request_mirror_policies: [{cluster: b, runtime_fraction: {default_value: {numerator: 25}}}, {cluster: c}]}}';
  const hop = hopOf(onlyPath(httpTrace(routesOf(route))));
  expect(hop.mirrors).toEqual([
    { cluster: 'b', probability: 0.25 },
    { cluster: 'c', probability: 1 },
  ]);
});

describe('a hash policy', () => {
  const hashed = (policies: string): { routes: string } =>
    routesOf(
      `{match: {prefix: /}, route: {hash_policy: [${policies}], weighted_clusters: {use_hash_policy: true, clusters: [{name: a, weight: 50}, {name: b, weight: 50}]}}}`,
    );
  const policyStep = (trace: Trace): string =>
    hopOf(onlyPath(trace))
      .steps.map(({ decision }) => decision)
      .find((decision) => decision.includes('hashed')) ?? '';

  test('draws the weighted cluster, always the same one', () => {
    const byUser = hashed('{header: {header_name: x-user}}');
    const drawn = (user: string): string | undefined => hopOf(onlyPath(httpTrace(byUser, { headers: { 'x-user': user } }))).cluster;
    expect(new Set(['bob', 'eve', 'ann', 'kim', 'joe', 'sue'].map(drawn))).toEqual(new Set(['a', 'b']));
    expect(drawn('bob')).toBe(drawn('bob'));
    expect(policyStep(httpTrace(byUser, { headers: { 'x-user': 'bob' } }))).toContain(
      'the request is hashed by header `x-user` (`bob`): 0x',
    );
  });

  test('that finds nothing leaves the choice to chance; a cookie that Envoy makes comes too late for it', () => {
    expect(shares(httpTrace(hashed('{header: {header_name: x-user}}')))).toEqual({ a: 0.5, b: 0.5 });
    expect(shares(httpTrace(hashed('{cookie: {name: c, ttl: 0s}}')))).toEqual({ a: 0.5, b: 0.5 });
  });

  test('that is terminal ends the list', () => {
    const headers = { 'x-user': 'bob', 'x-other': 'q' };
    const [one, both] = ['{header: {header_name: x-user}, terminal: true}', '{header: {header_name: x-user}}'].map((first) =>
      policyStep(httpTrace(hashed(`${first}, {header: {header_name: x-other}}`), { headers })),
    );
    expect(one).not.toContain('x-other');
    expect(both).toContain('x-other');
  });
});
