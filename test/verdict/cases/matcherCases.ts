/** Unified matchers at every place that has one: inputs, actions and matchers of other places, `keep_matching`, and what it hides. */
import type { JsonObject } from '../json';
import {
  address,
  bootstrap,
  cluster,
  inAction,
  inBootstrap,
  inHttpFilter,
  inListener,
  inLog,
  inManager,
  inNetworkFilter,
  inRoutes,
  tcp,
  typed,
  type Case,
} from './frame';

interface Place {
  readonly name: string;
  readonly input: JsonObject;
  readonly action: JsonObject;
  readonly make: (name: string, matcher: JsonObject) => Case;
}

const COMMON = 'matching.common_inputs.';
const HEADER = typed('i', '!envoy.type.matcher.v3.HttpRequestHeaderMatchInput', { header_name: 'x-a' });
const ADDRESS = typed('i', `${COMMON}network.v3.SourceIPInput`);
const SKIP = typed('a', 'filters.common.matcher.action.v3.SkipFilter');
const CORS = typed('c', 'filters.http.cors.v3.Cors');
const GENERIC = 'filters.network.generic_proxy.';
const MANAGER = 'filters.network.http_connection_manager.v3.HttpConnectionManager';
const GRPC = { envoy_grpc: { cluster_name: 'c' } };
const RAW = typed('r', 'transport_sockets.raw_buffer.v3.RawBuffer');

const filter = (type: string, field: string, fields: JsonObject = {}): Place['make'] => {
  return (name, matcher) => inHttpFilter(name, `filters.http.${type}`, { ...fields, [field]: matcher });
};

const PLACES: readonly Place[] = [
  {
    name: 'route',
    input: HEADER,
    action: typed('a', '!envoy.config.route.v3.Route', { match: { prefix: '/' }, route: { cluster: 'c' } }),
    make: (name, matcher) => inRoutes(name, { virtual_hosts: [{ name: 'w', domains: ['*'], matcher }] }, '/virtual_hosts/0/matcher'),
  },
  {
    name: 'rbac',
    input: HEADER,
    action: typed('a', '!envoy.config.rbac.v3.Action', { name: 'p' }),
    make: filter('rbac.v3.RBAC', 'shadow_matcher'),
  },
  {
    name: 'udp',
    input: ADDRESS,
    action: typed('a', 'filters.udp.udp_proxy.v3.Route', { cluster: 'c' }),
    make: (name, matcher) => [
      name,
      '/static_resources/listeners/0/listener_filters/0/typed_config/matcher',
      bootstrap([
        {
          name: 'u',
          address: address(53, 'UDP'),
          listener_filters: [typed('x', 'filters.udp.udp_proxy.v3.UdpProxyConfig', { stat_prefix: 'x', matcher })],
        },
      ]),
    ],
  },
  {
    name: 'chains',
    input: ADDRESS,
    action: typed('a', '!google.protobuf.StringValue', { value: 'f' }),
    make: (name, matcher) =>
      inListener(name, { filter_chain_matcher: matcher }, { at: '/filter_chain_matcher', chain: { name: 'f' }, filters: [tcp()] }),
  },
  {
    name: 'sockets',
    input: typed('i', `${COMMON}transport_socket.v3.EndpointMetadataInput`, { filter: 'x', path: [{ key: 'k' }] }),
    action: typed('a', `${COMMON}transport_socket.v3.TransportSocketNameAction`, { name: 'raw' }),
    make: (name, matcher) => [
      name,
      '/static_resources/clusters/2/transport_socket_matcher',
      bootstrap(
        [],
        [
          cluster('x', {
            transport_socket_matches: [{ name: 'raw', match: {}, transport_socket: RAW }],
            transport_socket_matcher: matcher,
          }),
        ],
      ),
    ],
  },
  {
    name: 'delegate',
    input: HEADER,
    action: SKIP,
    make: (name, matcher) =>
      inHttpFilter(name, 'common.matching.v3.ExtensionWithMatcher', { extension_config: CORS, xds_matcher: matcher }),
  },
  {
    name: 'composite',
    input: HEADER,
    action: typed('a', 'filters.http.composite.v3.ExecuteFilterAction', { typed_config: CORS }),
    make: filter('composite.v3.Composite', 'matcher'),
  },
  {
    name: 'quota',
    input: HEADER,
    action: typed('a', 'filters.http.rate_limit_quota.v3.RateLimitQuotaBucketSettings', { reporting_interval: '5s' }),
    make: filter('rate_limit_quota.v3.RateLimitQuotaFilterConfig', 'bucket_matchers', { rlqs_server: GRPC, domain: 'x' }),
  },
  {
    name: 'custom response',
    input: typed('i', '!envoy.type.matcher.v3.HttpResponseStatusCodeMatchInput'),
    action: typed('a', 'http.custom_response.local_response_policy.v3.LocalResponsePolicy', { status_code: 500 }),
    make: filter('custom_response.v3.CustomResponse', 'custom_response_matcher'),
  },
  {
    name: 'client certificate',
    input: HEADER,
    action: typed('a', `${MANAGER}.ForwardClientCertConfig`, { forward_client_cert_details: 'SANITIZE' }),
    make: (name, matcher) => inManager(name, { forward_client_cert_matcher: matcher }, '/forward_client_cert_matcher'),
  },
  {
    name: 'cluster specifier',
    input: HEADER,
    action: typed('a', 'router.cluster_specifiers.matcher.v3.ClusterAction', { cluster: 'c' }),
    make: (name, matcher) => {
      const extension = typed('s', 'router.cluster_specifiers.matcher.v3.MatcherClusterSpecifier', { cluster_matcher: matcher });
      return inAction(name, { inline_cluster_specifier_plugin: { extension }, cluster: null }, '/inline_cluster_specifier_plugin');
    },
  },
  {
    name: 'tags',
    input: typed('i', `${COMMON}stats.v3.StatTagValueInput`),
    action: typed('a', 'matching.actions.transform_stat.v3.TransformStat', { drop_tag: {} }),
    make: (name, rules) => {
      const stat = { name: 'n', tags: [{ name: 't', value_format: '%ROUTE_NAME%', rules }] };
      return inLog(name, 'access_loggers.stats.v3.Config', { stat_prefix: 'x', counters: [{ stat, value_fixed: 1 }] });
    },
  },
  {
    name: 'metrics',
    input: typed('i', `${COMMON}stats.v3.StatFullNameMatchInput`),
    action: typed('a', 'stat_sinks.open_telemetry.v3.SinkConfig.DropAction'),
    make: (name, matcher) => {
      const sink = { grpc_service: GRPC, custom_metric_conversions: matcher };
      return inBootstrap(name, { stats_sinks: [typed('s', 'stat_sinks.open_telemetry.v3.SinkConfig', sink)] }, '/stats_sinks/0');
    },
  },
  {
    name: 'generic route',
    input: typed('i', `${GENERIC}matcher.v3.ServiceMatchInput`),
    action: typed('a', `${GENERIC}action.v3.RouteAction`, { cluster: 'c' }),
    make: (name, routes) =>
      inNetworkFilter(name, `${GENERIC}v3.GenericProxy`, {
        stat_prefix: 'x',
        codec_config: typed('c', `${GENERIC}codecs.http1.v3.Http1CodecConfig`),
        filters: [typed('r', `${GENERIC}router.v3.Router`)],
        route_config: { name: 'r', virtual_hosts: [{ name: 'v', hosts: ['*'], routes }] },
      }),
  },
];

const ROUTER = typed('x', 'filters.http.router.v3.Router');
const CEL = typed('c', '!xds.type.matcher.v3.CelMatcher', { expr_match: { cel_expr_string: 'true' } });

/** A list of one predicate. */
const list = (input: JsonObject, action: JsonObject, rest: { match?: JsonObject; onMatch?: JsonObject } = {}): JsonObject => {
  const single = { input, ...(rest.match ?? { value_match: { exact: 'v' } }) };
  return { matcher_list: { matchers: [{ predicate: { single_predicate: single }, on_match: { action, ...rest.onMatch } }] } };
};
const tree = (input: JsonObject, customMatch: JsonObject): JsonObject => ({ matcher_tree: { input, custom_match: customMatch } });

function casesOf({ name, input, action, make }: Place): Case[] {
  const other = input === HEADER ? ADDRESS : HEADER;
  const keep = { keep_matching: true };
  const matchers: readonly [name: string, matcher: JsonObject][] = [
    ['fine', list(input, action)],
    ['other input', list(other, action)],
    ['no input', list(ROUTER, action)],
    ['no action', list(input, ROUTER)],
    ['no matcher', list(input, action, { match: { custom_match: ROUTER } })],
    ['text as CEL', list(input, action, { match: { custom_match: CEL } })],
    ['CEL as text', list(typed('i', '!xds.type.matcher.v3.HttpAttributesCelMatchInput'), action, { match: { custom_match: CEL } })],
    ['kept', list(input, action, { onMatch: keep })],
    ['kept action', list(input, ROUTER, { onMatch: keep })],
    ['action behind', { ...list(input, action, { onMatch: keep }), on_no_match: { action: ROUTER } }],
    ['input that is kept', list(ROUTER, action, { onMatch: keep })],
    [
      'server names',
      tree(
        input,
        typed('m', '!xds.type.matcher.v3.ServerNameMatcher', { domain_matchers: [{ domains: ['a.com'], on_match: { action } }] }),
      ),
    ],
  ];
  return matchers.map(([what, matcher]) => make(`${name} matcher: ${what}`, matcher));
}

export const matcherCases: readonly Case[] = PLACES.flatMap(casesOf);
