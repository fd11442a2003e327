/** An edge proxy as people write it: hosts, routes, filters and header rules together, alone or before a second one behind an internal listener. */
import fc from 'fast-check';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { cluster, connectionManager, endpoint, extension, listener, once, optional, typed, virtualHost } from '../parts';
import { headerRules, overrides, templateRoute } from './routes';
import { templateRequest } from './requests';

const filters: readonly JsonObject[] = [
  extension('cors', 'filters.http.cors.v3.Cors'),
  extension('csrf', 'filters.http.csrf.v3.CsrfPolicy', { filter_enabled: { default_value: { numerator: 0 } } }),
  extension('fault', 'filters.http.fault.v3.HTTPFault', {
    abort: { header_abort: {}, percentage: { numerator: 100 } },
    headers: [{ name: 'x-user', string_match: { exact: 'bob' } }],
  }),
  extension('rbac', 'filters.http.rbac.v3.RBAC', {
    rules: {
      action: 'DENY',
      policies: {
        evil: {
          permissions: [{ url_path: { path: { prefix: '/old' } } }],
          principals: [{ remote_ip: { address_prefix: '203.0.113.0', prefix_len: 24 } }],
        },
      },
    },
  }),
  extension('to_metadata', 'filters.http.header_to_metadata.v3.Config', {
    request_rules: [{ header: 'x-tenant', on_header_present: { metadata_namespace: 'lab', key: 'tenant', type: 'STRING' }, remove: true }],
  }),
  extension('lua', 'filters.http.lua.v3.Lua', {
    default_source_code: {
      inline_string: `function envoy_on_request(h)
  local user = h:headers():get("x-user")
  if user ~= nil and user ~= "jason" then h:headers():replace("x-version", "v1-" .. user) end
  h:headers():remove("x-b3-sampled")
end`,
    },
  }),
  {
    ...extension('late', 'filters.http.header_mutation.v3.HeaderMutation', {
      mutations: {
        request_mutations: [{ append: { header: { key: 'x-late', value: '%REQ(x-version)%' } } }, { remove: 'accept-language' }],
        response_mutations: [{ append: { header: { key: 'x-late-answer', value: '%REQ(x-late)%' }, append_action: 'ADD_IF_ABSENT' } }],
      },
    }),
    disabled: true,
  },
  extension('limit', 'filters.http.local_ratelimit.v3.LocalRateLimit', {
    stat_prefix: 'l',
    token_bucket: { max_tokens: 100000, tokens_per_fill: 100000, fill_interval: '60s' },
    filter_enabled: { default_value: { numerator: 100 } },
  }),
  extension('buffer', 'filters.http.grpc_stats.v3.FilterConfig', { stats_for_all_methods: false }),
];

const managerFields = optional({
  use_remote_address: fc.boolean(),
  xff_num_trusted_hops: fc.constantFrom(0, 1),
  skip_xff_append: fc.boolean(),
  normalize_path: fc.boolean(),
  merge_slashes: fc.boolean(),
  path_with_escaped_slashes_action: fc.constantFrom('KEEP_UNCHANGED', 'UNESCAPE_AND_FORWARD', 'REJECT_REQUEST'),
  strip_any_host_port: fc.constant(true),
  strip_trailing_host_dot: fc.boolean(),
  preserve_external_request_id: fc.boolean(),
  server_header_transformation: fc.constantFrom('PASS_THROUGH', 'APPEND_IF_ABSENT'),
  via: fc.constant('lab'),
  scheme_header_transformation: fc.constantFrom<Json[]>({ scheme_to_overwrite: 'https' }, { match_upstream: true }),
  http_protocol_options: fc.constant<Json>({ accept_http_10: true }),
  append_x_forwarded_port: fc.boolean(),
  generate_request_id: fc.boolean(),
});
const hostFields = fc
  .tuple(
    headerRules,
    overrides,
    optional({
      require_tls: fc.constantFrom('NONE', 'EXTERNAL_ONLY', 'ALL'),
      include_request_attempt_count: fc.boolean(),
      include_attempt_count_in_response: fc.boolean(),
      virtual_clusters: fc.constant<Json>([
        { name: 'users', headers: [{ name: ':path', string_match: { safe_regex: { regex: '/api/v\\d/users/.*' } } }] },
      ]),
      request_mirror_policies: fc.constant<Json>([{ cluster: '§c3', runtime_fraction: { default_value: { numerator: 0 } } }]),
    }),
  )
  .map(([rules, own, more]) => ({ ...rules, ...own, ...more }));

const DOMAINS: readonly (readonly string[])[] = [
  ['shop.example.com', 'shop.example.com:*'],
  ['shop.example.com', 'shop.example.com:443'],
  ['*.shop.example.com', '*-canary.internal'],
  ['shop.*', 'shop-*'],
  ['*.example.com:20000', '10.1.1.1:20000', '10.1.1.1'],
];

const configuration = fc
  .tuple(
    fc.subarray(
      DOMAINS.map((_, index) => index),
      { minLength: 1, maxLength: 3 },
    ),
    fc.array(fc.tuple(fc.array(templateRoute, { minLength: 2, maxLength: 4 }), hostFields), { minLength: 4, maxLength: 4 }),
    headerRules,
    overrides,
    optional({
      ignore_port_in_host_matching: fc.boolean(),
      most_specific_header_mutations_wins: fc.boolean(),
      internal_only_headers: fc.constant(['x-token']),
    }),
  )
  .map(([chosen, hosts, rules, own, more]): JsonObject => {
    const seen = new Set<string>();
    const named = chosen.flatMap((index) => {
      const domains = (DOMAINS[index] ?? []).filter((domain) => !seen.has(domain));
      for (const domain of domains) seen.add(domain);
      return domains.length === 0 ? [] : [domains];
    });
    const virtual_hosts = [...named, ['*']].map((domains, index) => {
      const [routes = [], fields = {}] = hosts[index] ?? [];
      const list = routes.map((route, at): JsonObject => ({ name: `r${index}-${at}`, ...route }));
      return virtualHost(
        `v${index}`,
        domains,
        [...list, { name: `rest${index}`, match: { prefix: '/' }, route: { cluster: '§c2' } }],
        fields,
      );
    });
    return { virtual_hosts, validate_clusters: false, ...rules, ...own, ...more };
  });

const RAW = { name: 'raw', typed_config: typed('transport_sockets.raw_buffer.v3.RawBuffer') };
const behind = (passes: boolean): JsonObject => ({
  name: '§c3',
  connect_timeout: '1s',
  load_assignment: {
    cluster_name: '§c3',
    endpoints: [{ lb_endpoints: [{ endpoint: { address: { envoy_internal_address: { server_listener_name: '§in' } } } }] }],
  },
  ...(passes
    ? {
        transport_socket: {
          name: 'i',
          typed_config: typed('transport_sockets.internal_upstream.v3.InternalUpstreamTransport', { transport_socket: RAW }),
        },
      }
    : {}),
});

/** `§c1` has versions, named hosts and a hash; `§c2` is plain. */
function ownClusters(policy: string): JsonObject[] {
  const host = (index: number, version: string): JsonObject => {
    const given = endpoint(`10.200.1.${index}`, 9080, { metadata: { filter_metadata: { 'envoy.lb': { version } } } }) as {
      endpoint: JsonObject;
    };
    return { ...given, endpoint: { ...given.endpoint, hostname: `host${index}.local:8443` } };
  };
  const fields = { lb_policy: policy, lb_subset_config: { fallback_policy: 'ANY_ENDPOINT', subset_selectors: [{ keys: ['version'] }] } };
  return [cluster(1, { endpoints: [{ lb_endpoints: [host(1, 'v1'), host(2, 'v2')] }], fields }), cluster(2)];
}

export const templates: fc.Arbitrary<LabCase> = fc
  .record({
    outer: configuration,
    inner: configuration,
    filters: fc.subarray([...filters]),
    innerFilters: fc.subarray([...filters], { maxLength: 3 }),
    outerFields: managerFields,
    innerFields: managerFields,
    policy: fc.constantFrom('ROUND_ROBIN', 'RING_HASH', 'LEAST_REQUEST'),
    isDouble: fc.constantFrom(false, false, true),
    passes: fc.boolean(),
    requests: fc.array(templateRequest, { minLength: 6, maxLength: 12 }),
  })
  .map(({ outer, inner, filters: own, innerFilters, outerFields, innerFields, policy, isDouble, passes, requests }) => {
    const chain = (routes: JsonObject, list: readonly JsonObject[], fields: JsonObject): JsonObject => ({
      name: 'http',
      filters: [connectionManager(known(routes, list), list, fields)],
    });
    const second: JsonObject = { name: '§in', internal_listener: {}, filter_chains: [chain(onlyOnward(inner), innerFilters, innerFields)] };
    return {
      area: 'template',
      listeners: [listener('l', [chain(outer, own, outerFields)]), ...(isDouble ? [second] : [])],
      clusters: [...ownClusters(policy), isDouble ? behind(passes) : cluster(3)],
      requests: once(requests),
    };
  });

/** Overrides of filters that are not there Envoy refuses. */
function known(routes: JsonObject, list: readonly JsonObject[]): JsonObject {
  const names = new Set(list.map(({ name }) => name));
  const visit = (value: Json): Json => {
    if (Array.isArray(value)) return value.map((item: Json) => visit(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value as JsonObject).map(([key, child]) => [
        key,
        key === 'typed_per_filter_config'
          ? Object.fromEntries(Object.entries(child as JsonObject).filter(([name]) => names.has(name)))
          : visit(child),
      ]),
    );
  };
  return visit(routes) as JsonObject;
}

/** The second proxy must not lead to itself. */
function onlyOnward(routes: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(routes).replaceAll('§c3', '§c2').replaceAll('x-cluster', 'x-no-cluster')) as JsonObject;
}
