/** Fields of load balancing policies that are extensions: rings, subsets, fallbacks, hosts named by metadata, and hash policies of the cluster. */
import fc from 'fast-check';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { cluster, endpoint, extension, httpChain, httpRequest, listener, often, optional, virtualHost } from '../parts';

const host = fc.record({
  health: fc.constantFrom('HEALTHY', 'HEALTHY', 'HEALTHY', 'UNHEALTHY', 'DEGRADED'),
  version: fc.constantFrom<Json[]>('v1', 'v2', ['v1', 'v2'], 1),
  stage: fc.constantFrom('prod', 'dev', undefined),
  weight: fc.constantFrom(1, 3),
  hostname: fc.constantFrom('one.test', 'two.test', ''),
});

const localities = fc
  .array(fc.record({ hosts: fc.array(host, { minLength: 1, maxLength: 3 }), weight: fc.constantFrom(undefined, 1, 4) }), {
    minLength: 1,
    maxLength: 2,
  })
  .map((list) =>
    list.map(({ hosts, weight }, at): JsonObject => ({
      locality: { region: 'r', zone: `z${at}`, sub_zone: 's' },
      ...(weight === undefined ? {} : { load_balancing_weight: weight }),
      proximity: at,
      metadata: { filter_metadata: { lab: { at } } },
      lb_endpoints: hosts.map(({ health, version, stage, weight: own, hostname }, index) => {
        const given = endpoint(`10.200.${at + 1}.${index + 1}`) as { endpoint: JsonObject };
        return {
          endpoint: { ...given.endpoint, ...(hostname === '' ? {} : { hostname }) },
          health_status: health,
          load_balancing_weight: own,
          metadata: { filter_metadata: { 'envoy.lb': { version, ...(stage === undefined ? {} : { stage }) } } },
        };
      }),
    })),
  );

const wrap = (name: string, type: string, fields: JsonObject = {}): JsonObject => ({
  typed_extension_config: extension(name, `load_balancing_policies.${type}`, fields),
});

const consistent = optional({
  use_hostname_for_hashing: fc.boolean(),
  hash_balance_factor: fc.constantFrom(100, 150),
  hash_policy: fc.constant<Json>([{ header: { header_name: 'x' } }]),
}).map((fields): Json => fields);
const zone = fc.constantFrom<Json[]>(
  { zone_aware_lb_config: { routing_enabled: { value: 100 }, min_cluster_size: 1 } },
  { zone_aware_lb_config: { fail_traffic_on_panic: true } },
  { locality_weighted_lb_config: {} },
);

const ring = optional({
  hash_function: fc.constantFrom('XX_HASH', 'MURMUR_HASH_2'),
  minimum_ring_size: fc.constantFrom(8, 1024),
  maximum_ring_size: fc.constantFrom(2048, 8388608),
  consistent_hashing_lb_config: consistent,
  locality_weighted_lb_config: fc.constant<Json>({}),
}).map((fields) => wrap('ring', 'ring_hash.v3.RingHash', fields));
const oldRing = optional({ use_hostname_for_hashing: fc.boolean(), hash_balance_factor: fc.constant(120) }).map((fields) =>
  wrap('ring', 'ring_hash.v3.RingHash', fields),
);
const maglev = optional({
  table_size: fc.constantFrom(11, 65537),
  consistent_hashing_lb_config: consistent,
  locality_weighted_lb_config: fc.constant<Json>({}),
}).map((fields) => wrap('maglev', 'maglev.v3.Maglev', fields));
const least = optional({
  choice_count: fc.constantFrom(2, 5),
  active_request_bias: fc.constant<Json>({ default_value: 0.5, runtime_key: '§bias' }),
  enable_full_scan: fc.boolean(),
  selection_method: fc.constantFrom('N_CHOICES', 'FULL_SCAN'),
  locality_lb_config: zone,
}).map((fields) => wrap('least', 'least_request.v3.LeastRequest', fields));
const plain = optional({ locality_lb_config: zone }).map((fields) => wrap('round', 'round_robin.v3.RoundRobin', fields));
const random = optional({ locality_lb_config: zone }).map((fields) => wrap('random', 'random.v3.Random', fields));
const leaf = fc.oneof(ring, oldRing, maglev, least, plain, random);

const FALLBACKS = ['NO_FALLBACK', 'ANY_ENDPOINT', 'DEFAULT_SUBSET'];
const selectors = fc.constantFrom<JsonObject[][]>(
  [{ keys: ['version'] }],
  [{ keys: ['version'], fallback_policy: 'ANY_ENDPOINT' }],
  [{ keys: ['version', 'stage'], fallback_policy: 'KEYS_SUBSET', fallback_keys_subset: ['version'] }, { keys: ['version'] }],
  [{ keys: ['stage'], fallback_policy: 'DEFAULT_SUBSET' }, { keys: ['version'] }],
  [{ keys: ['version'], single_host_per_subset: true }],
);
const subset = fc
  .tuple(
    leaf,
    selectors,
    fc.constantFrom(...FALLBACKS),
    optional({
      default_subset: fc.constantFrom<Json[]>({ version: 'v1' }, { stage: 'prod' }, {}),
      allow_redundant_keys: fc.boolean(),
      locality_weight_aware: fc.constant(true),
      panic_mode_any: fc.boolean(),
      list_as_any: fc.boolean(),
      metadata_fallback_policy: fc.constant('FALLBACK_LIST'),
    }),
    fc.boolean(),
  )
  .map(([inner, subset_selectors, fallback_policy, more, scale]) =>
    wrap('subset', 'subset.v3.Subset', {
      fallback_policy,
      subset_selectors,
      subset_lb_policy: { policies: [inner] },
      ...more,
      ...(scale && 'locality_weight_aware' in more ? { scale_locality_weight: true } : {}),
    }),
  );
const override = fc
  .tuple(
    leaf,
    fc.constantFrom<JsonObject[]>(
      { metadata: { key: 'lab', path: [{ key: 'host' }] } },
      { header: 'x-host', metadata: { key: 'lab', path: [{ key: 'host' }] } },
      { metadata: { key: 'lab', path: [{ key: 'deep' }, { key: 'host' }] } },
    ),
    fc.constantFrom<JsonObject[]>({}, { selected_host_key: { key: 'lab', path: [{ key: 'chosen' }] } }),
  )
  .map(([inner, source, more]) =>
    wrap('override', 'override_host.v3.OverrideHost', {
      override_host_sources: [source],
      fallback_policy: { policies: [inner] },
      ...more,
    }),
  );

const wanted = fc.constantFrom<JsonObject[]>(
  {},
  { version: 'v1' },
  { version: 'v1', stage: 'dev' },
  { stage: 'prod' },
  { version: 1 },
  { fallback_list: [{ version: 'v9' }, { version: 'v2' }] },
);

const OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const clusterHash = fc.constantFrom<JsonObject[]>(
  {},
  {},
  {
    typed_extension_protocol_options: {
      [OPTIONS]: {
        '@type': `type.googleapis.com/${OPTIONS}`,
        explicit_http_config: { http_protocol_options: {} },
        hash_policy: [{ header: { header_name: 'y' } }],
      },
    },
  },
);

const metadataFilter = (value: string): JsonObject =>
  extension('set', 'filters.http.set_metadata.v3.Config', {
    metadata: [{ metadata_namespace: 'lab', value: { host: value, deep: { host: value } } }],
  });

export const seldomBalancing: fc.Arbitrary<LabCase> = fc
  .record({
    localities,
    policy: fc.oneof({ weight: 2, arbitrary: leaf }, { weight: 3, arbitrary: subset }, { weight: 1, arbitrary: override }),
    wanted,
    clusterHash,
    hashed: fc.boolean(),
    panic: fc.constantFrom(0, 50, undefined),
    named: fc.constantFrom('10.200.1.1:9080', '10.200.2.1:9080', '10.9.9.9:9080', ''),
    headers: fc.subarray<[string, string]>([
      ['x', 'abc'],
      ['y', 'def'],
      ['x-host', '10.200.1.2:9080'],
    ]),
  })
  .map(({ localities: endpoints, policy, wanted: asked, clusterHash: own, hashed, panic, named, headers }) => {
    const fields: JsonObject = {
      load_balancing_policy: { policies: [policy] },
      ...own,
      ...(panic === undefined ? {} : { common_lb_config: { healthy_panic_threshold: { value: panic } } }),
    };
    const route: JsonObject = {
      cluster: '§c1',
      ...(Object.keys(asked).length === 0 ? {} : { metadata_match: { filter_metadata: { 'envoy.lb': asked } } }),
      ...(hashed ? { hash_policy: [{ header: { header_name: 'x' } }] } : {}),
    };
    const routes = [{ match: { prefix: '/' }, route }];
    const httpFilters = named === '' ? [] : [metadataFilter(named)];
    return {
      area: 'seldom_balancing',
      listeners: [listener('l', [httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)] }, { httpFilters })])],
      clusters: [cluster(1, { endpoints, fields })],
      requests: often([httpRequest({ headers })], 30),
    };
  });
