/** Weights of localities and endpoints, subsets with every fallback, dropped load. */
import fc from 'fast-check';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { cluster, endpoint, extension, httpChain, httpRequest, listener, often, optional, virtualHost } from '../parts';

const host = fc.record({
  health: fc.constantFrom('HEALTHY', 'HEALTHY', 'HEALTHY', 'UNHEALTHY', 'DEGRADED', 'DRAINING'),
  version: fc.constantFrom('v1', 'v2', undefined),
  stage: fc.constantFrom('prod', 'dev', ['prod', 'dev'], 3, true),
  weight: fc.constantFrom(undefined, 1, 4),
});

const locality = fc.record({
  hosts: fc.array(host, { minLength: 0, maxLength: 3 }),
  weight: fc.constantFrom(undefined, undefined, 1, 5),
  priority: fc.constantFrom(0, 0, 0, 1),
});

const localities = fc.array(locality, { minLength: 1, maxLength: 3 }).map((list) => {
  const gap = !list.some(({ priority }) => priority === 0);
  return list.map(({ hosts, weight, priority }, at): JsonObject => ({
    locality: { region: 'r', zone: `z${at}` },
    priority: gap ? 0 : priority,
    ...(weight === undefined ? {} : { load_balancing_weight: weight }),
    lb_endpoints: hosts.map(({ health, version, stage, weight: own }, index) =>
      endpoint(`10.200.${at + 1}.${index + 1}`, 9080, {
        health_status: health,
        ...(own === undefined ? {} : { load_balancing_weight: own }),
        metadata: { filter_metadata: { 'envoy.lb': { stage, ...(version === undefined ? {} : { version }) } } },
      }),
    ),
  }));
});

const common = optional({
  healthy_panic_threshold: fc.constantFrom(0, 0, 50, 100).map((value) => ({ value })),
  locality_weighted_lb_config: fc.constant({}),
});

const drop = fc.option(
  fc
    .array(
      fc
        .constantFrom([0, 'HUNDRED'], [100, 'HUNDRED'], [10000, 'TEN_THOUSAND'], [0, 'MILLION'])
        .map(([numerator = 0, denominator = '']): JsonObject => ({ category: 'lab', drop_percentage: { numerator, denominator } })),
      { minLength: 1, maxLength: 1 },
    )
    .map((list): JsonObject => ({ drop_overloads: list })),
  { nil: undefined, freq: 4 },
);

const lbPolicy = fc.constantFrom<JsonObject[]>({}, { lb_policy: 'ROUND_ROBIN' }, { lb_policy: 'RANDOM' }, { lb_policy: 'LEAST_REQUEST' });

const policy = fc
  .tuple(drop, optional({ overprovisioning_factor: fc.constantFrom(100, 140), weighted_priority_health: fc.boolean() }))
  .map(([drops, more]): JsonObject => ({ ...drops, ...more }));

function lastCluster(fields: JsonObject, endpoints: readonly JsonObject[], more: JsonObject): JsonObject {
  const own = cluster(1, { endpoints, fields });
  return { ...own, load_assignment: { ...(own['load_assignment'] as JsonObject), policy: more } };
}

function caseOf(area: string, own: JsonObject, route: JsonObject, httpFilters: readonly JsonObject[] = []): LabCase {
  const routes = [{ match: { prefix: '/' }, route: { cluster: '§c1', ...route } }];
  const chain = httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)] }, { httpFilters });
  return { area, listeners: [listener('l', [chain])], clusters: [own], requests: often([httpRequest({ headers: [['x', 'v1']] })], 40) };
}

export const localityWeights: fc.Arbitrary<LabCase> = fc
  .record({ localities, common, policy, lb: lbPolicy })
  .map(({ localities: endpoints, common: common_lb_config, policy: more, lb }) =>
    caseOf('locality_weights', lastCluster({ ...lb, common_lb_config }, endpoints, more), {}),
  );

const FALLBACKS = ['NO_FALLBACK', 'ANY_ENDPOINT', 'DEFAULT_SUBSET'];

const selector = fc
  .tuple(
    fc.constantFrom<string[][]>(['version'], ['stage'], ['stage', 'version']),
    fc.constantFrom<JsonObject[]>(
      {},
      {},
      { fallback_policy: 'NO_FALLBACK' },
      { fallback_policy: 'ANY_ENDPOINT' },
      { fallback_policy: 'DEFAULT_SUBSET' },
      { fallback_policy: 'KEYS_SUBSET' },
    ),
    fc.constantFrom(false, false, false, true),
  )
  .map(([keys, fallback, single]): JsonObject => {
    const subset: JsonObject = fallback['fallback_policy'] === 'KEYS_SUBSET' ? { fallback_keys_subset: keys.slice(0, 1) } : {};
    const one: JsonObject =
      single && keys.length === 1 && fallback['fallback_policy'] === undefined ? { single_host_per_subset: true } : {};
    return { keys, ...fallback, ...subset, ...one };
  });

const subsetConfig = fc
  .tuple(
    fc.uniqueArray(selector, { minLength: 1, maxLength: 3, selector: ({ keys }) => JSON.stringify(keys) }),
    fc.constantFrom(...FALLBACKS),
    optional({
      default_subset: fc.constantFrom<JsonObject[]>({ version: 'v1' }, { stage: 'prod' }, {}),
      panic_mode_any: fc.boolean(),
      list_as_any: fc.boolean(),
      scale_locality_weight: fc.boolean(),
      locality_weight_aware: fc.boolean(),
      metadata_fallback_policy: fc.constantFrom('METADATA_NO_FALLBACK', 'FALLBACK_LIST'),
    }),
  )
  .map(([subset_selectors, fallback_policy, more]): JsonObject => ({ subset_selectors, fallback_policy, ...more }));

const wanted = fc.constantFrom<JsonObject[]>(
  {},
  { version: 'v1' },
  { version: 'v2' },
  { version: 'v3' },
  { stage: 'prod' },
  { stage: 3 },
  { stage: true },
  { stage: ['prod', 'dev'] },
  { version: 'v1', stage: 'prod' },
  { version: 'v2', stage: 'none' },
  { version: 'v9', fallback_list: [{ version: 'v1' }, { version: 'v2' }] },
  { fallback_list: [{ version: 'v9' }, { version: 'v2' }] },
  { other: 'x', version: 'v1' },
);

const dynamicMatch: fc.Arbitrary<JsonObject | undefined> = fc.option(
  fc.constant(
    extension('to_metadata', 'filters.http.header_to_metadata.v3.Config', {
      request_rules: [{ header: 'x', on_header_present: { metadata_namespace: 'envoy.lb', key: 'version', type: 'STRING' } }],
    }),
  ),
  { nil: undefined, freq: 4 },
);

export const subsetFallbacks: fc.Arbitrary<LabCase> = fc
  .record({ localities, common, subsetConfig, wanted, filter: dynamicMatch, lb: lbPolicy })
  .map(({ localities: endpoints, common: common_lb_config, subsetConfig: lb_subset_config, wanted: match, filter, lb }) => {
    const metadata_match: Json = { filter_metadata: { 'envoy.lb': match } };
    const own = lastCluster({ ...lb, common_lb_config, lb_subset_config }, endpoints, {});
    return caseOf('subset_fallback', own, Object.keys(match).length > 0 ? { metadata_match } : {}, filter ? [filter] : []);
  });
