/** Clusters as people tune them: health checks, outliers, retries, internal redirects, options of protocols, and kinds that are extensions. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { Json, JsonObject, LabCase } from '../../labCase';
import {
  authority,
  cluster,
  endpoint,
  extension,
  httpChain,
  httpRequest,
  listener,
  often,
  optional,
  tcpProxy,
  virtualHost,
} from '../parts';

const SELDOM = { timeout: '1s', interval: '1000s', no_traffic_interval: '1000s', unhealthy_threshold: 2, healthy_threshold: 1 };
const checks = fc.constantFrom<JsonObject[]>(
  { ...SELDOM, tcp_health_check: {} },
  { ...SELDOM, http_health_check: { path: '/health', host: 'health.test' } },
  { ...SELDOM, http_health_check: { path: '/health', expected_statuses: [{ start: 200, end: 299 }], method: 'GET' } },
  {
    ...SELDOM,
    initial_jitter: '0.001s',
    tcp_health_check: { send: { text: '4c41422d48454c4c4f0a' }, receive: [{ text: '4c41422d4f4b' }] },
  },
);

const outliers = optional({
  consecutive_5xx: fc.constant(1),
  interval: fc.constant('1000s'),
  max_ejection_percent: fc.constant(100),
  split_external_local_origin_errors: fc.boolean(),
  always_eject_one_host: fc.boolean(),
});

const retries = optional({
  retry_on: fc.constantFrom('5xx', 'connect-failure,refused-stream', 'retriable-status-codes', 'gateway-error,reset'),
  num_retries: fc.constantFrom(0, 2),
  per_try_timeout: fc.constant('1s'),
  retry_host_predicate: fc.constantFrom<Json[]>(
    [extension('p', 'retry.host.previous_hosts.v3.PreviousHostsPredicate')],
    [extension('c', 'retry.host.omit_canary_hosts.v3.OmitCanaryHostsPredicate')],
  ),
  retry_priority: fc.constant<Json>(
    extension('q', 'retry.priority.previous_priorities.v3.PreviousPrioritiesConfig', { update_frequency: 2 }),
  ),
  retriable_status_codes: fc.constant<Json>([503]),
  retriable_headers: fc.constant<Json>([{ name: 'x-lab', string_match: { exact: 'none' } }]),
  retriable_request_headers: fc.constant<Json>([{ name: ':method', string_match: { exact: 'GET' } }]),
  retry_back_off: fc.constant<Json>({ base_interval: '0.01s' }),
});

const redirects = optional({
  max_internal_redirects: fc.constantFrom(0, 2),
  redirect_response_codes: fc.constant<Json>([302, 303]),
  allow_cross_scheme_redirect: fc.boolean(),
  response_headers_to_copy: fc.constant<Json>(['x-lab']),
  predicates: fc.constantFrom<Json[]>(
    [extension('p', 'internal_redirect.previous_routes.v3.PreviousRoutesConfig')],
    [extension('s', 'internal_redirect.safe_cross_scheme.v3.SafeCrossSchemeConfig')],
    [extension('a', 'internal_redirect.allow_listed_routes.v3.AllowListedRoutesConfig', { allowed_route_names: ['r'] })],
  ),
});

const action = optional({
  retry_policy: retries,
  internal_redirect_policy: redirects,
  hedge_policy: fc.constantFrom<Json[]>({ hedge_on_per_try_timeout: true }, { initial_requests: 1 }),
  timeout: fc.constantFrom('0s', '5s'),
  idle_timeout: fc.constant('5s'),
  early_data_policy: fc.constant<Json>(extension('e', 'early_data.v3.DefaultEarlyDataPolicy')),
  max_stream_duration: fc.constantFrom<Json[]>(
    { max_stream_duration: '5s' },
    { grpc_timeout_header_max: '5s', grpc_timeout_header_offset: '0.01s' },
  ),
});

const hosts = (...addresses: string[]): JsonObject[] => [{ lb_endpoints: addresses.map((address) => endpoint(address)) }];

/** Kinds that are extensions; names are addresses, so that no DNS is asked. */
const kinds = fc.constantFrom<JsonObject[]>(
  {},
  {},
  { cluster_type: extension('envoy.cluster.dns', 'clusters.dns.v3.DnsCluster', { all_addresses_in_single_endpoint: true }) },
  { cluster_type: extension('envoy.cluster.dns', 'clusters.dns.v3.DnsCluster', { respect_dns_ttl: true, dns_refresh_rate: '1000s' }) },
  { type: 'STRICT_DNS', dns_refresh_rate: '1000s', respect_dns_ttl: true },
  { type: 'LOGICAL_DNS', dns_lookup_family: 'V4_ONLY' },
);

const cluster1 = fc
  .record({
    kind: kinds,
    isSingle: fc.boolean(),
    check: fc.option(checks, { nil: undefined, freq: 2 }),
    more: optional({
      outlier_detection: outliers,
      load_balancing_policy: fc.constantFrom<Json[]>(
        { policies: [{ typed_extension_config: extension('s', 'load_balancing_policies.subset.v3.Subset', subset()) }] },
        { policies: [{ typed_extension_config: extension('r', 'load_balancing_policies.round_robin.v3.RoundRobin', slow()) }] },
        { policies: [{ typed_extension_config: extension('w', 'load_balancing_policies.wrr_locality.v3.WrrLocality', weighted()) }] },
      ),
      upstream_bind_config: fc.constant<Json>({ source_address: { address: '127.0.0.1', port_value: 0 } }),
      upstream_connection_options: fc.constantFrom<Json[]>(
        { tcp_keepalive: { keepalive_time: 10 } },
        { set_local_interface_name_on_upstream_connections: true },
        { happy_eyeballs_config: { first_address_family_version: 'V4', first_address_family_count: 1 } },
      ),
      close_connections_on_host_health_failure: fc.boolean(),
      ignore_health_on_host_removal: fc.boolean(),
      wait_for_warm_on_init: fc.boolean(),
      connection_pool_per_downstream_connection: fc.boolean(),
      track_cluster_stats: fc.constant<Json>({ timeout_budgets: true, request_response_sizes: true }),
      preconnect_policy: fc.constant<Json>({ per_upstream_preconnect_ratio: 1 }),
      warming: fc.constant<Json>(true),
      typed_extension_protocol_options: fc.constant<Json>({
        'envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions': {
          '@type': 'type.googleapis.com/envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions',
          idle_timeout: '100s',
        },
      }),
    }),
  })
  .map(({ kind, isSingle, check, more }) => {
    const { warming: _, ...fields } = more;
    const single = isSingle || 'type' in kind || JSON.stringify(kind).includes('single_endpoint');
    const endpoints = single ? hosts('10.200.0.1') : hosts('10.200.0.1', '10.200.0.11');
    return cluster(1, { endpoints, fields: { ...fields, ...kind, ...(check ? { health_checks: [check] } : {}) } });
  });

function subset(): JsonObject {
  return {
    fallback_policy: 'ANY_ENDPOINT',
    subset_selectors: [{ keys: ['v'] }],
    subset_lb_policy: { policies: [{ typed_extension_config: extension('r', 'load_balancing_policies.random.v3.Random') }] },
  };
}

function slow(): JsonObject {
  return { slow_start_config: { slow_start_window: '1s', min_weight_percent: { value: 10 } } };
}

function weighted(): JsonObject {
  const picking = extension('r', 'load_balancing_policies.client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin');
  return { endpoint_picking_policy: { policies: [{ typed_extension_config: picking }] } };
}

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http2'),
    authority,
    path: fc.constantFrom('/', '/a?x=1'),
    method: fc.constantFrom('GET', 'POST'),
    headers: fc.subarray<[string, string]>([
      ['x-envoy-retry-on', '5xx'],
      ['x-envoy-max-retries', '3'],
      ['grpc-timeout', '1S'],
      ['x-envoy-upstream-rq-timeout-ms', '4000'],
    ]),
  })
  .map((http) => httpRequest(http));

export const clusterOptions: fc.Arbitrary<LabCase> = fc
  .record({
    first: cluster1,
    action,
    isTcp: fc.constantFrom(false, false, false, true),
    requests: fc.array(client, { minLength: 1, maxLength: 2 }),
  })
  .map(({ first, action: fields, isTcp, requests }) => {
    const route = { name: 'r', match: { prefix: '/' }, route: { cluster: '§c1', ...fields } };
    const chain = isTcp
      ? { name: 'tcp', filters: [tcpProxy({ cluster: '§c1', max_connect_attempts: 2 })] }
      : httpChain({ virtual_hosts: [virtualHost('v', ['*'], [route])] });
    return {
      area: 'cluster_option',
      listeners: [listener('l', [chain])],
      clusters: [first],
      requests: often(isTcp ? requests.map(({ connection }) => ({ connection })) : requests, 4),
    };
  });
