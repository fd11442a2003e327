/** Where unified matchers stand, and what each place takes: inputs, actions, matchers of trees (asked of Envoy 1.40; source/common/matcher/matcher.h). */
import { typesOfCategory } from '../../schema/extensions/extensionCategories';

export interface MatcherPlace {
  /** Example: `A route matcher` */
  readonly name: string;
  /** The fields of the message that are such matchers. */
  readonly fields: readonly string[];
  /** Full names of messages. */
  readonly inputs: ReadonlySet<string>;
  readonly actions: ReadonlySet<string>;
  readonly customMatchers: ReadonlySet<string>;
  /** What becomes of `keep_matching`: it is refused, it is done, or Envoy loses the action (validation_visitor.h: errors that nobody looks at). */
  readonly keeping: 'refused' | 'done' | 'lost';
}

const extension = (names: string): string[] => names.split(' ').map((name) => `envoy.extensions.${name}`);
const common = (names: string): string[] => names.split(' ').map((name) => `envoy.extensions.matching.common_inputs.${name}`);

const ENVIRONMENT = [...typesOfCategory('matching.common_inputs')];
const STATE = common('network.v3.FilterStateInput');
const CONNECTION = common(
  'network.v3.DestinationIPInput network.v3.DestinationPortInput network.v3.DirectSourceIPInput network.v3.NetworkNamespaceInput network.v3.ServerNameInput network.v3.SourceIPInput network.v3.SourcePortInput ssl.v3.DnsSanInput ssl.v3.SubjectInput ssl.v3.UriSanInput',
);
const DATAGRAM = common(
  'network.v3.DestinationIPInput network.v3.DestinationPortInput network.v3.SourceIPInput network.v3.SourcePortInput network.v3.NetworkNamespaceInput',
);
const HEADER = 'envoy.type.matcher.v3.HttpRequestHeaderMatchInput';
const CEL = 'xds.type.matcher.v3.HttpAttributesCelMatchInput';

const inputsOf = (data: string): ReadonlySet<string> => new Set([...ENVIRONMENT, ...typesOfCategory(`matching.${data}.input`)]);
const ON_REQUESTS = { inputs: inputsOf('http'), customMatchers: typesOfCategory('matching.http.custom_matchers') };
const ON_CONNECTIONS = { inputs: inputsOf('network'), customMatchers: typesOfCategory('matching.network.custom_matchers') };
const on = (data: string): Pick<MatcherPlace, 'inputs' | 'customMatchers'> => ({ inputs: inputsOf(data), customMatchers: new Set() });

const HTTP_CONNECTION_MANAGER = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
const MATCHERS = ['matcher', 'shadow_matcher'];
const RBAC_ACTION: ReadonlySet<string> = new Set(['envoy.config.rbac.v3.Action']);
const FILTER_ACTIONS: ReadonlySet<string> = new Set(
  extension('filters.common.matcher.action.v3.SkipFilter filters.http.composite.v3.ExecuteFilterAction'),
);
const COMPOSITE: MatcherPlace = {
  ...ON_REQUESTS,
  name: 'The matcher of the composite filter',
  fields: ['matcher'],
  actions: FILTER_ACTIONS,
  keeping: 'refused',
};

const GENERIC_ROUTES: MatcherPlace = {
  ...on('generic_proxy_request_input'),
  name: 'A matcher of generic routes',
  fields: ['routes'],
  actions: new Set(extension('filters.network.generic_proxy.action.v3.RouteAction')),
  keeping: 'refused',
};

/** By the full name of the message that has the matcher. */
export const MATCHER_PLACES: Readonly<Record<string, MatcherPlace>> = {
  'envoy.config.route.v3.VirtualHost': {
    ...ON_REQUESTS,
    name: 'A route matcher',
    fields: ['matcher'],
    inputs: new Set([...ENVIRONMENT, ...STATE, HEADER]),
    actions: new Set(['envoy.config.route.v3.Route', 'envoy.config.route.v3.RouteList']),
    keeping: 'refused',
  },
  'envoy.config.listener.v3.Listener': {
    ...ON_CONNECTIONS,
    name: 'A filter chain matcher',
    fields: ['filter_chain_matcher'],
    actions: new Set(['google.protobuf.StringValue']),
    keeping: 'lost',
  },
  'envoy.config.cluster.v3.Cluster': {
    ...on('transport_socket'),
    name: 'A matcher of transport sockets',
    fields: ['transport_socket_matcher'],
    actions: typesOfCategory('matching.action'),
    keeping: 'lost',
  },
  [HTTP_CONNECTION_MANAGER]: {
    ...ON_REQUESTS,
    name: 'A matcher of forwarded client certificates',
    fields: ['forward_client_cert_matcher'],
    actions: new Set([`${HTTP_CONNECTION_MANAGER}.ForwardClientCertConfig`]),
    keeping: 'lost',
  },
  'envoy.extensions.filters.http.rbac.v3.RBAC': {
    ...ON_REQUESTS,
    name: 'The matcher of the RBAC HTTP filter',
    fields: MATCHERS,
    inputs: new Set([...ENVIRONMENT, ...STATE, ...CONNECTION, ...common('network.v3.DynamicMetadataInput'), HEADER, CEL]),
    actions: RBAC_ACTION,
    keeping: 'refused',
  },
  'envoy.extensions.filters.network.rbac.v3.RBAC': {
    ...ON_REQUESTS,
    name: 'The matcher of the RBAC network filter',
    fields: MATCHERS,
    inputs: new Set([...ENVIRONMENT, ...STATE, ...CONNECTION]),
    actions: RBAC_ACTION,
    keeping: 'refused',
  },
  'envoy.extensions.filters.udp.udp_proxy.v3.UdpProxyConfig': {
    name: 'The matcher of the UDP proxy',
    fields: ['matcher'],
    inputs: new Set([...ENVIRONMENT, ...DATAGRAM]),
    customMatchers: new Set(['xds.type.matcher.v3.IPMatcher']),
    actions: new Set(extension('filters.udp.udp_proxy.v3.Route')),
    keeping: 'lost',
  },
  'envoy.extensions.common.matching.v3.ExtensionWithMatcher': {
    ...ON_REQUESTS,
    name: 'The matcher of a filter',
    fields: ['matcher', 'xds_matcher'],
    actions: FILTER_ACTIONS,
    keeping: 'refused',
  },
  'envoy.extensions.common.matching.v3.ExtensionWithMatcherPerRoute': {
    ...ON_REQUESTS,
    name: "A route's matcher of a filter",
    fields: ['xds_matcher'],
    actions: FILTER_ACTIONS,
    keeping: 'lost',
  },
  'envoy.extensions.filters.http.composite.v3.Composite': COMPOSITE,
  'envoy.extensions.filters.http.composite.v3.CompositePerRoute': COMPOSITE,
  'envoy.extensions.filters.http.rate_limit_quota.v3.RateLimitQuotaFilterConfig': {
    ...ON_REQUESTS,
    name: 'A matcher of buckets',
    fields: ['bucket_matchers'],
    actions: new Set(extension('filters.http.rate_limit_quota.v3.RateLimitQuotaBucketSettings')),
    keeping: 'done',
  },
  'envoy.extensions.filters.http.custom_response.v3.CustomResponse': {
    ...ON_REQUESTS,
    name: 'A matcher of custom responses',
    fields: ['custom_response_matcher'],
    actions: typesOfCategory('http.custom_response'),
    keeping: 'lost',
  },
  'envoy.extensions.filters.http.bandwidth_share.v3.BandwidthShare': {
    ...ON_REQUESTS,
    name: 'A selector of tenants',
    fields: ['tenant_name_selector'],
    actions: new Set(['google.protobuf.StringValue', 'envoy.config.core.v3.SubstitutionFormatString']),
    keeping: 'lost',
  },
  'envoy.extensions.router.cluster_specifiers.matcher.v3.MatcherClusterSpecifier': {
    ...ON_REQUESTS,
    name: 'A matcher of clusters',
    fields: ['cluster_matcher'],
    actions: new Set(extension('router.cluster_specifiers.matcher.v3.ClusterAction')),
    keeping: 'lost',
  },
  'envoy.extensions.access_loggers.stats.v3.Config.Tag': {
    ...on('stat_tag_matching_data'),
    name: 'A matcher of tags',
    fields: ['rules'],
    actions: new Set(extension('matching.actions.transform_stat.v3.TransformStat')),
    keeping: 'lost',
  },
  'envoy.extensions.stat_sinks.open_telemetry.v3.SinkConfig': {
    ...on('stat_matching_data'),
    name: 'A matcher of metrics',
    fields: ['custom_metric_conversions'],
    actions: new Set(
      extension('stat_sinks.open_telemetry.v3.SinkConfig.ConversionAction stat_sinks.open_telemetry.v3.SinkConfig.DropAction'),
    ),
    keeping: 'lost',
  },
  'envoy.extensions.filters.network.generic_proxy.v3.VirtualHost': GENERIC_ROUTES,
  'envoy.extensions.filters.network.generic_proxy.v3.RouteConfiguration': GENERIC_ROUTES,
};
