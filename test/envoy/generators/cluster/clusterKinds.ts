/** Clusters whose kind is an extension, load balancing and endpoints in spellings that no other area has, and cluster specifiers. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { Json, JsonObject, LabCase } from '../../labCase';
import {
  cluster,
  clusters,
  endpoint,
  extension,
  httpChain,
  httpRequest,
  listener,
  often,
  optional,
  socketAddress,
  virtualHost,
} from '../parts';

const kindOf = (name: string, type: string, fields: JsonObject = {}): JsonObject => ({ cluster_type: extension(name, type, fields) });
const plain = (index: number): JsonObject => ({ lb_endpoints: [endpoint(`10.200.0.${index}`)] });
const several: JsonObject = { lb_endpoints: [1, 2, 3].map((index) => ({ ...endpoint(`10.200.1.${index}`) })) };

const originalDestination = optional({
  use_http_header: fc.boolean(),
  http_header_name: fc.constant('x-to'),
  upstream_port_override: fc.constantFrom(9085),
  metadata_key: fc.constant<Json>({ key: 'lab', path: [{ key: 'host' }] }),
}).map(({ http_header_name, ...fields }): JsonObject => ({
  name: '§c1',
  connect_timeout: '1s',
  lb_policy: 'CLUSTER_PROVIDED',
  ...kindOf('envoy.clusters.original_dst', 'clusters.original_dst.v3.OriginalDstCluster', {
    ...fields,
    ...(fields['use_http_header'] === true && http_header_name !== undefined ? { http_header_name } : {}),
  }),
}));

const composite = fc.subarray(['§c2', '§c3', '§none', '§empty'], { minLength: 1 }).map((names): JsonObject => ({
  name: '§c1',
  connect_timeout: '1s',
  lb_policy: 'CLUSTER_PROVIDED',
  ...kindOf('envoy.clusters.composite', 'clusters.composite.v3.ClusterConfig', { clusters: names.map((name) => ({ name })) }),
}));

const policy = (name: string, type: string, fields: JsonObject = {}): JsonObject => ({
  typed_extension_config: extension(name, `load_balancing_policies.${type}`, fields),
});
const roundRobin = policy('rr', 'round_robin.v3.RoundRobin');
const balanced = fc
  .constantFrom<JsonObject[]>(
    { load_balancing_policy: { policies: [policy('own', 'client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin')] } },
    {
      load_balancing_policy: {
        policies: [policy('load', 'load_aware_locality.v3.LoadAwareLocality', { endpoint_picking_policy: { policies: [roundRobin] } })],
      },
    },
    { lb_policy: 'LEAST_REQUEST', least_request_lb_config: { active_request_bias: { default_value: 0, runtime_key: 'lab.bias' } } },
    { lb_policy: 'RING_HASH', ring_hash_lb_config: { minimum_ring_size: 64, maximum_ring_size: 128 } },
    // With more, connections are opened in advance, and the lab tells requests by their connections.
    { preconnect_policy: { predictive_preconnect_ratio: 1 } },
    { circuit_breakers: { per_host_thresholds: [{ max_connections: 0 }] } },
    { circuit_breakers: { per_host_thresholds: [{ max_connections: 5 }] } },
    { common_lb_config: { zone_aware_lb_config: { min_cluster_size: 1 } } },
    { ignore_health_on_host_removal: true },
  )
  .map((fields) => cluster(1, { endpoints: [several], fields }));

const named = (port: number): JsonObject => ({ address: socketAddress('10.200.2.1', port) });
const spelled = fc.constantFrom<JsonObject[]>(
  { endpoints: [{ load_balancer_endpoints: { lb_endpoints: [endpoint('10.200.2.2')] } }] },
  {
    endpoints: [
      { lb_endpoints: [{ endpoint: { address: { socket_address: { protocol: 'TCP', address: '10.200.2.3', port_value: 9080 } } } }] },
    ],
  },
  {
    endpoints: [
      {
        lb_endpoints: [
          {
            endpoint: {
              ...named(9080),
              hostname: 'one.test',
              additional_addresses: [{ address: socketAddress('10.200.2.9', 9080) }],
              health_check_config: { port_value: 9090, hostname: 'health.test', address: socketAddress('10.200.9.9', 9090) },
            },
          },
        ],
      },
    ],
  },
  { endpoints: [{ proximity: 3, ...plain(1) }] },
);
const assigned = spelled.map((assignment) => cluster(1, { fields: { load_assignment: { cluster_name: '§c1', ...assignment } } }));

const scripts = fc.constantFrom(
  'function envoy_on_route(h) return "§c2" end',
  'function envoy_on_route(h) local to = h:headers():get("x-to") if to == nil then return "§c3" end return to end',
  'function envoy_on_route(h) return nil end',
  'function envoy_on_route(h) error("no") end',
);
const specifier: fc.Arbitrary<JsonObject> = fc.oneof(
  fc
    .tuple(scripts, optional({ default_cluster: fc.constantFrom('§c2', '§none') }))
    .map(([inline_string, more]) =>
      extension('lua', 'router.cluster_specifiers.lua.v3.LuaConfig', { source_code: { inline_string }, ...more }),
    ),
);

const hashes = fc.constantFrom<Json[]>(
  [{ header: { header_name: 'x' } }],
  [{ filter_state: { key: 'lab.k' } }],
  [{ connection_properties: { source_ip: true } }],
  [{ query_parameter: { name: 'q' } }],
);

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http2'),
    path: fc.constantFrom('/', '/a?q=1'),
    headers: fc.subarray<[string, string]>([
      ['x', 'abc'],
      ['x-to', '10.9.9.9:9090'],
      ['x-envoy-original-dst-host', '10.8.8.8:9090'],
    ]),
  })
  .map((http) => httpRequest(http));

const noted = extension('metadata', 'filters.http.set_metadata.v3.Config', {
  metadata: [{ metadata_namespace: 'lab', value: { host: '10.7.7.7:9070' } }],
});
const empty: JsonObject = { name: '§empty', connect_timeout: '1s', load_assignment: { cluster_name: '§empty', endpoints: [] } };

export const clusterKinds: fc.Arbitrary<LabCase> = fc
  .record({
    first: fc.oneof(originalDestination, composite, { weight: 2, arbitrary: balanced }, { weight: 2, arbitrary: assigned }),
    specifier: fc.option(specifier, { nil: undefined, freq: 3 }),
    hash: fc.option(hashes, { nil: undefined }),
    notes: fc.boolean(),
    requests: fc.array(client, { minLength: 2, maxLength: 4 }),
  })
  .map(({ first, specifier: chooses, hash, notes, requests }) => {
    const route: JsonObject = { cluster: '§c1', ...(hash ? { hash_policy: hash } : {}) };
    const { cluster: _, ...rest } = route;
    const routes: JsonObject[] = [
      ...(chooses ? [{ match: { prefix: '/a' }, route: { ...rest, inline_cluster_specifier_plugin: { extension: chooses } } }] : []),
      { match: { prefix: '/' }, route },
    ];
    const filters = [
      ...(notes ? [noted] : []),
      extension('state', 'filters.http.set_filter_state.v3.Config', {
        on_request_headers: [
          {
            object_key: 'lab.k',
            factory_key: 'envoy.string',
            format_string: { text_format_source: { inline_string: '%REQ(x)%' } },
            skip_if_empty: true,
          },
        ],
      }),
    ];
    const [, ...others] = clusters(3);
    return {
      area: 'cluster_kind',
      listeners: [listener('l', [httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)] }, { httpFilters: filters })])],
      clusters: [first, ...others, empty],
      requests: often(requests, 12),
    };
  });
