/** Weighted clusters in full: names from headers, a random value from a header, own header changes and rewrites, runtime. */
import fc from 'fast-check';
import type { JsonObject, LabCase } from '../../labCase';
import { cluster, endpoint, httpChain, httpRequest, listener, often, optional, virtualHost } from '../parts';

const added = (value: string): JsonObject[] => [{ header: { key: 'x-weight', value } }];

const entry = fc
  .tuple(
    fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 1, max: 3 }).map((index): JsonObject => ({ name: `§c${index}` })) },
      { weight: 1, arbitrary: fc.constant<JsonObject>({ cluster_header: 'x-to' }) },
    ),
    fc.constantFrom(0, 1, 1, 3, 10),
    optional({
      request_headers_to_add: fc.constantFrom(added('one'), added('%REQ(:path)%')),
      request_headers_to_remove: fc.constant(['x']),
      response_headers_to_add: fc.constant(added('answer')),
      response_headers_to_remove: fc.constant(['x-lab']),
      host_rewrite_literal: fc.constant('rewritten.test'),
      metadata_match: fc.constantFrom('v1', 'v2').map((version) => ({ filter_metadata: { 'envoy.lb': { version } } })),
    }),
  )
  .map(([to, weight, more]): JsonObject => ({ ...to, weight, ...more }));

const HASHED: readonly JsonObject[] = [
  { header: { header_name: 'x' } },
  { header: { header_name: 'x', regex_rewrite: { pattern: { regex: 'b+' }, substitution: 'z' } } },
  { header: { header_name: ':path' } },
  { query_parameter: { name: 'q' } },
  { cookie: { name: 'c' } },
  { connection_properties: { source_ip: true } },
];

const hashPolicies = fc
  .array(fc.tuple(fc.constantFrom(...HASHED), fc.boolean()), { minLength: 1, maxLength: 3 })
  .map((list) => list.map(([policy, terminal]): JsonObject => ({ ...policy, ...(terminal ? { terminal } : {}) })));

const weighting = fc
  .tuple(
    fc.array(entry, { minLength: 1, maxLength: 3 }).filter((list) => list.some(({ weight }) => weight !== 0)),
    fc.constantFrom<JsonObject[]>(
      {},
      {},
      { header_name: 'x-random' },
      { runtime_key_prefix: '§weights' },
      { use_hash_policy: true },
      { use_hash_policy: true },
    ),
  )
  .map(([list, more]): JsonObject => ({ clusters: list, ...more }));

const client = fc
  .record({
    random: fc.option(fc.constantFrom('0', '1', '2', '7', '12', 'abc', '-1', '99999999999999999999', ''), { nil: undefined }),
    to: fc.option(fc.constantFrom('§c1', '§c3', '§none'), { nil: undefined }),
    x: fc.constantFrom(0, 1, 1, 2),
    path: fc.constantFrom('/a', '/a?q=1', '/a?q=%41&q=2'),
    cookie: fc.boolean(),
  })
  .map(({ random, to, x, path, cookie }) => {
    const headers: [string, string][] = [];
    if (random !== undefined) headers.push(['x-random', random]);
    if (to !== undefined) headers.push(['x-to', to]);
    if (x > 0) headers.push(['x', 'abc']);
    if (x > 1) headers.push(['x', 'aab']);
    if (cookie) headers.push(['cookie', 'b=1; c="x"']);
    return httpRequest({ headers, path });
  });

export const weightedClusters: fc.Arbitrary<LabCase> = fc
  .record({
    weighting,
    outer: optional({
      metadata_match: fc.constantFrom('v1', 'v2').map((version) => ({ filter_metadata: { 'envoy.lb': { version, stage: 's0' } } })),
      prefix_rewrite: fc.constant('/p'),
      host_rewrite_literal: fc.constant('outer.test'),
      hash_policy: hashPolicies,
    }),
    runtime: fc.boolean(),
    requests: fc.array(client, { minLength: 1, maxLength: 3 }),
  })
  .map(({ weighting: weighted_clusters, outer, runtime, requests }) => {
    const hosts = ['v1', 'v2'].map((version, index) =>
      endpoint(`10.200.0.${index + 11}`, 9080, { metadata: { filter_metadata: { 'envoy.lb': { version, stage: 's0' } } } }),
    );
    const subsets = {
      lb_subset_config: { fallback_policy: 'ANY_ENDPOINT', subset_selectors: [{ keys: ['version'] }, { keys: ['stage', 'version'] }] },
    };
    const routes = [{ match: { prefix: '/' }, route: { weighted_clusters, ...outer } }];
    return {
      area: 'weighted_clusters',
      listeners: [listener('l', [httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)] })])],
      clusters: [cluster(1, { endpoints: [{ lb_endpoints: hosts }], fields: subsets }), cluster(2), cluster(3)],
      ...(runtime ? { runtime: { '§weights.§c1': 0, '§weights.§c2': 5 } } : {}),
      requests: often(requests, 16),
    };
  });
