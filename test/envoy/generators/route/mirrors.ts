/** Copies of requests: who gets one, by policies of route, virtual host and route configuration. */
import fc from 'fast-check';
import type { JsonObject, LabCase } from '../../labCase';
import { cluster, clusters, httpChain, listener, once, optional, plainRequest, virtualHost } from '../parts';

const CLUSTERS = 4;

const share = fc.constantFrom(0, 100, 100).map((numerator): JsonObject => ({ default_value: { numerator, denominator: 'HUNDRED' } }));

const policy = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 1, max: CLUSTERS }).map((index): JsonObject => ({ cluster: `§c${index}` })) },
      { weight: 1, arbitrary: fc.constantFrom('x', 'y').map((cluster_header): JsonObject => ({ cluster_header })) },
    ),
    optional({ runtime_fraction: share, disable_shadow_host_suffix_append: fc.boolean() }),
  )
  .map(([to, more]) => ({ ...to, ...more }));

const policies = fc
  .option(fc.array(policy, { minLength: 1, maxLength: 2 }), { nil: undefined })
  .map((list): JsonObject => (list ? { request_mirror_policies: list } : {}));

export const mirrors: fc.Arbitrary<LabCase> = fc
  .record({
    own: policies,
    other: policies,
    host: policies,
    configuration: policies,
    requests: fc.array(plainRequest, { minLength: 3, maxLength: 6 }),
  })
  .map(({ own, other, host, configuration, requests }) => {
    const routes = [
      { match: { prefix: '/a' }, route: { cluster: '§c5', ...own } },
      { match: { prefix: '/b' }, route: { weighted_clusters: { clusters: [{ name: '§c6', weight: 1 }] }, ...other } },
      { match: { prefix: '/' }, route: { cluster: '§c5' } },
    ];
    const chain = httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes, host)], ...configuration });
    return {
      area: 'mirror',
      listeners: [listener('l', [chain])],
      clusters: [...clusters(CLUSTERS), cluster(5), cluster(6)],
      requests: once(requests),
    };
  });
