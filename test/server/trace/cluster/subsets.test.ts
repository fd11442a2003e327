import { describe, expect, test } from 'vitest';
import { bootstrap, cluster, group, trace, ways } from './clusterTrace';

describe('weights of localities in subsets', () => {
  const groups = [
    group([{ ip: '10.1.0.1', lb: { version: 'v1' } }, { ip: '10.1.0.2', lb: { version: 'v2' } }], { locality: { zone: 'a' }, load_balancing_weight: 8 }), // prettier-ignore
    group([{ ip: '10.2.0.1', lb: { version: 'v1' } }], { locality: { zone: 'b' }, load_balancing_weight: 1 }),
  ];
  test.each<[object, string[]]>([
    [{}, ['upstream 10.1.0.1:80 0.5', 'upstream 10.2.0.1:80 0.5']],
    [{ locality_weight_aware: true }, ['upstream 10.1.0.1:80 0.889', 'upstream 10.2.0.1:80 0.111']],
    [{ locality_weight_aware: true, scale_locality_weight: true }, ['upstream 10.1.0.1:80 0.8', 'upstream 10.2.0.1:80 0.2']],
  ])('%j', (more, expected) => {
    const own = cluster(groups, {
      common_lb_config: { locality_weighted_lb_config: {} },
      lb_subset_config: { subset_selectors: [{ keys: ['version'] }], ...more },
    });
    const files = bootstrap([own], { metadata_match: { filter_metadata: { 'envoy.lb': { version: 'v1' } } } });
    expect(ways(trace(files))).toEqual(expected);
  });
});

describe('subsets', () => {
  const hosts = [
    group([{ ip: '10.1.0.1', lb: { version: 'v1' } }, { ip: '10.1.0.2', lb: { version: 'v2', stage: 'p' } }, { ip: '10.1.0.3' }]),
  ];
  const wanting = (subset: object, lb: object): string[] =>
    ways(
      trace(
        bootstrap(
          [cluster(hosts, { lb_subset_config: { subset_selectors: [{ keys: ['version'] }, { keys: ['stage', 'version'] }], ...subset } })],
          { metadata_match: { filter_metadata: { 'envoy.lb': lb } } },
        ),
      ),
    );
  const all = ['upstream 10.1.0.1:80 0.333', 'upstream 10.1.0.2:80 0.333', 'upstream 10.1.0.3:80 0.333'];

  test.each<[string, object, object, string[]]>([
    ['the subset', {}, { version: 'v1' }, ['upstream 10.1.0.1:80 1']],
    ['two keys', {}, { version: 'v2', stage: 'p' }, ['upstream 10.1.0.2:80 1']],
    ['a key that no selector has', {}, { stage: 'p' }, ['no_endpoint - 1']],
    ['redundant keys', { allow_redundant_keys: true }, { version: 'v1', other: 'x' }, ['upstream 10.1.0.1:80 1']],
    ['ANY_ENDPOINT', { fallback_policy: 'ANY_ENDPOINT' }, { version: 'v9' }, all],
    [
      'DEFAULT_SUBSET',
      { fallback_policy: 'DEFAULT_SUBSET', default_subset: { version: 'v2' } },
      { version: 'v9' },
      ['upstream 10.1.0.2:80 1'],
    ],
    [
      'panic_mode_any after an empty default',
      { fallback_policy: 'DEFAULT_SUBSET', default_subset: { version: 'v8' }, panic_mode_any: true },
      { version: 'v9' },
      all,
    ],
    ['panic_mode_any does nothing with NO_FALLBACK', { panic_mode_any: true }, { version: 'v9' }, ['no_endpoint - 1']],
    [
      'the selector’s own policy',
      { fallback_policy: 'NO_FALLBACK', subset_selectors: [{ keys: ['version'], fallback_policy: 'ANY_ENDPOINT' }] },
      { version: 'v9' },
      all,
    ],
    [
      'KEYS_SUBSET',
      {
        subset_selectors: [
          { keys: ['version'] },
          { keys: ['stage', 'version'], fallback_policy: 'KEYS_SUBSET', fallback_keys_subset: ['version'] },
        ],
      },
      { version: 'v1', stage: 'q' },
      ['upstream 10.1.0.1:80 1'],
    ],
    [
      'FALLBACK_LIST',
      { metadata_fallback_policy: 'FALLBACK_LIST' },
      { fallback_list: [{ version: 'v9' }, { version: 'v1' }] },
      ['upstream 10.1.0.1:80 1'],
    ],
    [
      'the first host alone, whatever its health',
      { subset_selectors: [{ keys: ['version'], single_host_per_subset: true }] },
      { version: 'v1' },
      ['upstream 10.1.0.1:80 1'],
    ],
    [
      'no fallback of a selector with whose keys an earlier one begins',
      {
        fallback_policy: 'NO_FALLBACK',
        subset_selectors: [{ keys: ['stage', 'version'] }, { keys: ['stage'], fallback_policy: 'ANY_ENDPOINT' }],
      },
      { stage: 'none' },
      ['no_endpoint - 1'],
    ],
  ])('%s', (_, subset, lb, expected) => {
    expect(wanting(subset, lb)).toEqual(expected);
  });
});

describe('values that make a subset', () => {
  const asking = (hosts: object[], subset: object, lb: object): string[] =>
    ways(trace(bootstrap([cluster([group(hosts as never)], { lb_subset_config: subset })], { metadata_match: { filter_metadata: { 'envoy.lb': lb } } }))); // prettier-ignore

  test('are the same whatever the order of their fields', () => {
    const hosts = [{ ip: '10.1.0.1', lb: { place: { room: 1, floor: [2, 3] } } }];
    const subset = { subset_selectors: [{ keys: ['place'] }] };
    expect(asking(hosts, subset, { place: { floor: [2, 3], room: 1 } })).toEqual(['upstream 10.1.0.1:80 1']);
    expect(asking(hosts, subset, { place: { floor: [3, 2], room: 1 } })).toEqual(['no_endpoint - 1']);
  });

  test('forget the keys before an empty list, with list_as_any', () => {
    const hosts = [
      { ip: '10.1.0.1', lb: { a: [], b: ['x', 'y'] } },
      { ip: '10.1.0.2', lb: { b: 'x' } },
    ];
    const subset = { list_as_any: true, subset_selectors: [{ keys: ['a', 'b'] }] };
    expect(asking(hosts, subset, { b: 'x' })).toEqual(['upstream 10.1.0.1:80 1']);
    expect(asking(hosts, { ...subset, list_as_any: false }, { b: 'x' })).toEqual(['no_endpoint - 1']);
    expect(asking(hosts, subset, { a: 'z', b: 'x' })).toEqual(['no_endpoint - 1']);
  });
});

test('the extension without selectors gives what its fallback gives', () => {
  const policy = (name: string, config: object): object => ({
    policies: [{ typed_extension_config: { name, typed_config: { '@type': `type.googleapis.com/envoy.extensions.load_balancing_policies.${name}`, ...config } } }], // prettier-ignore
  });
  const inner = policy('round_robin.v3.RoundRobin', {});
  const asked = (more: object): string[] =>
    ways(trace(bootstrap([cluster([group([{ ip: '10.1.0.1' }])], { load_balancing_policy: policy('subset.v3.Subset', { subset_lb_policy: inner, ...more }) })]))); // prettier-ignore
  expect(asked({})).toEqual(['no_endpoint - 1']);
  expect(asked({ fallback_policy: 'ANY_ENDPOINT' })).toEqual(['upstream 10.1.0.1:80 1']);
});

test('a cluster without subsets: what the route asks for counts for nothing, which is told', () => {
  const hosts = cluster([group([{ ip: '10.1.0.1', lb: { version: 'v1' } }, { ip: '10.1.0.2' }])]);
  const { paths } = trace(bootstrap([hosts], { metadata_match: { filter_metadata: { 'envoy.lb': { version: 'v2' } } } }));
  expect(paths).toHaveLength(2);
  expect(paths[0]?.hops[0]?.steps).toContainEqual(
    expect.objectContaining({
      decision: 'any host may be used, though the request asks for `version=v2`',
      because: 'cluster `c` has no subsets (lb_subset_config)',
    }),
  );
});
