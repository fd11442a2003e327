/** Settings of network and listener filters that Envoy refuses though each value fits its field (source/extensions/filters/network, …/udp, common/tcp_proxy). */
import type { ConfigNode } from '../../../../schema/configNode';
import { BOOTSTRAP, HTTP_CONNECTION_MANAGER, TCP_PROXY } from '../../messageNames';
import type { CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem, RuleContext } from '../../rule';
import { exclusive, isGiven, needsOneOf, repeatedItems } from '../../settingChecks';
import { checkHosts } from './genericProxyRoutes';
import { fillInterval } from './localRateLimit';

const NETWORK = 'envoy.extensions.filters.network';
const UDP = 'envoy.extensions.filters.udp';
const MANAGER = HTTP_CONNECTION_MANAGER.slice(0, HTTP_CONNECTION_MANAGER.lastIndexOf('.'));

export const networkFilterSettings: Readonly<Record<string, CheckMessage>> = {
  [TCP_PROXY]: (proxy) => [accessLogOptions(proxy, 'flush_access_log_on_connected'), accessLogOptions(proxy, 'access_log_flush_interval')],
  [`${TCP_PROXY}.TunnelingConfig`]: (tunnel) => [needsPost(tunnel)],
  'envoy.config.core.v3.TlvEntry': (entry) => [
    entry.parent?.parent && isTcpProxy(entry.parent.parent)
      ? (exclusive(entry, 'value', 'format_string') ?? needsOneOf(entry, ['value', 'format_string']))
      : undefined,
  ],
  [HTTP_CONNECTION_MANAGER]: (manager) => [
    accessLogOptions(manager, 'flush_access_log_on_new_request'),
    accessLogOptions(manager, 'access_log_flush_interval'),
    tooEarly(manager.path('common_http_protocol_options', 'max_response_headers_kb')),
  ],
  [`${MANAGER}.Rds`]: (rds) => [
    rds.string('route_config_name').startsWith('xdstp:')
      ? undefined
      : needsOneOf(rds, ['config_source'], 'An RDS config needs a "config_source".'),
  ],
  [`${NETWORK}.ext_proc.v3.NetworkExternalProcessor`]: (config) => [
    needsOneOf(config, ['grpc_service'], 'A "grpc_service" must be configured.'),
    skipsAll(config.get('processing_mode')),
  ],
  [`${NETWORK}.redis_proxy.v3.RedisProxy`]: (proxy) => {
    const routes = proxy.get('prefix_routes');
    const isEmpty = (routes?.list('routes').length ?? 0) === 0 && !routes?.has('catch_all_route');
    return [
      isEmpty && !proxy.isIncomplete
        ? errorAt(routes ?? proxy, 'The proxy has no upstream: neither routes nor a catch-all route.')
        : undefined,
    ];
  },
  [`${NETWORK}.redis_proxy.v3.RedisProxy.PrefixRoutes`]: (routes) =>
    repeatedItems(
      routes.list('routes'),
      (route) => (routes.bool('case_insensitive') ? route.string('prefix').toLowerCase() : route.string('prefix')),
      (prefix) => `The prefix "${prefix}" already exists.`,
    ),
  [`${NETWORK}.thrift_proxy.v3.ThriftProxy`]: (proxy) => [exclusive(proxy, 'trds', 'route_config'), aggregated(proxy.get('trds'))],
  [`${NETWORK}.thrift_proxy.v3.RouteMatch`]: (match) => [invertsNothing(match)],
  [`${NETWORK}.thrift_proxy.v3.RouteAction`]: (action) =>
    action.list('rate_limits').flatMap((limit) => limit.list('actions').map(thriftRateLimit)),
  [`${NETWORK}.thrift_proxy.filters.header_to_metadata.v3.HeaderToMetadata.Rule`]: metadataRule,
  [`${NETWORK}.thrift_proxy.filters.payload_to_metadata.v3.PayloadToMetadata.Rule`]: metadataRule,
  [`${NETWORK}.dubbo_proxy.v3.DubboFilter`]: (filter) => [dubboFilter(filter)],
  [`${NETWORK}.local_ratelimit.v3.LocalRateLimit`]: (limit) => [fillInterval(limit.get('token_bucket'))],
  'envoy.extensions.filters.listener.local_ratelimit.v3.LocalRateLimit': (limit) => [fillInterval(limit.get('token_bucket'))],
  [`${NETWORK}.dubbo_proxy.v3.DubboProxy`]: (proxy) => [
    exclusive(proxy, 'drds', 'route_config'),
    aggregated(proxy.get('drds')),
    exclusive(proxy, 'multiple_route_config', 'route_config'),
  ],
  [`${NETWORK}.generic_proxy.v3.GenericProxy`]: (proxy) => [lacksRouter(proxy), aggregated(proxy.get('generic_rds'))],
  [`${NETWORK}.generic_proxy.v3.RouteConfiguration`]: checkHosts,
  [`${NETWORK}.reverse_tunnel.v3.ReverseTunnel`]: needsReverseTunnel,
  [`${NETWORK}.zookeeper_proxy.v3.ZooKeeperProxy`]: (proxy) =>
    repeatedItems(
      proxy.list('latency_threshold_overrides'),
      (override) => override.enumName('opcode'),
      (opcode) => `Duplicate opcode ${opcode}.`,
    ),
  'envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector': (inspector) => {
    const size = inspector.get('max_client_hello_size');
    return [size && (size.asNumber() ?? 0) > 65_536 ? errorAt(size, 'A ClientHello has at most 65536 bytes.') : undefined];
  },
  'envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol': (filter) => {
    const versions = filter.list('disallowed_versions').map((version) => version.asString()?.toUpperCase());
    const isAll = ['V1', 'V2'].every((version, index) => versions.includes(version) || versions.includes(String(index)));
    return [isAll ? errorAt(filter.get('disallowed_versions') ?? filter, 'All versions of the PROXY protocol are disallowed.') : undefined];
  },
  [`${UDP}.udp_proxy.v3.UdpProxyConfig`]: (proxy) => [
    exclusive(proxy, 'use_per_packet_load_balancing', 'tunneling_config'),
    exclusive(proxy, 'use_per_packet_load_balancing', 'session_filters'),
  ],
  [`${UDP}.udp_proxy.v3.UdpProxyConfig.UdpTunnelingConfig`]: (tunnel) => [
    needsPost(tunnel),
    postPath(tunnel.get('post_path')),
    proxyPort(tunnel.get('proxy_port')),
  ],
};

/** network/ext_proc/config.cc */
function skipsAll(mode: ConfigNode | undefined): Problem | undefined {
  return mode?.isEnum('process_read', 'SKIP', 1) && mode.isEnum('process_write', 'SKIP', 1)
    ? errorAt(mode, 'Both the read and the write path are skipped: at least one must be enabled.')
    : undefined;
}

/** Routes of these protocols are only delivered by ADS (…/rds_impl.h). */
function aggregated(discovery: ConfigNode | undefined): Problem | undefined {
  const type = discovery?.path('config_source', 'api_config_source', 'api_type');
  const api = discovery?.path('config_source', 'api_config_source');
  return api && !/^AGGREGATED_/i.test(type?.asString() ?? '') && !/^[56]$/.test(type?.asString() ?? '')
    ? errorAt(type ?? api, 'Only an aggregated "api_type" is supported here.')
    : undefined;
}

/** thrift_proxy/router/router_impl.cc: what is empty matches everything, and its inverse nothing. */
function invertsNothing(match: ConfigNode): Problem | undefined {
  const name = match.get('method_name') ?? match.get('service_name');
  return name?.asString() === '' && match.bool('invert')
    ? errorAt(name, 'An empty name cannot be inverted: no request would match.')
    : undefined;
}

const THRIFT_ACTIONS = ['source_cluster', 'destination_cluster', 'request_headers', 'remote_address', 'generic_key', 'header_value_match'];

/** thrift_proxy/router/router_ratelimit_impl.cc */
function thriftRateLimit(action: ConfigNode): Problem | undefined {
  return action.isIncomplete || action.entries().length === 0 || THRIFT_ACTIONS.some((name) => action.has(name))
    ? undefined
    : errorAt(action, `Thrift routes do not support this action of rate limits: it is one of ${THRIFT_ACTIONS.join(', ')}.`);
}

/** thrift_proxy/filters: what to write, and for an absent header or field which value. */
function metadataRule(rule: ConfigNode): (Problem | undefined)[] {
  const missing = rule.get('on_missing');
  return [
    needsOneOf(rule, ['on_present', 'on_missing']),
    missing && !missing.isIncomplete && !missing.string('value') ? errorAt(missing, '"on_missing" needs a "value".') : undefined,
  ];
}

/** Found by its name (dubbo_proxy/config.cc). */
function dubboFilter(filter: ConfigNode): Problem | undefined {
  const name = filter.get('name');
  const text = name?.asString() ?? '';
  return name && text !== '' && text !== 'envoy.filters.dubbo.router'
    ? errorAt(name, `There is no Dubbo filter "${text.slice(0, 80)}": only envoy.filters.dubbo.router.`)
    : undefined;
}

function proxyPort(port: ConfigNode | undefined): Problem | undefined {
  const value = port?.asNumber();
  return port && value !== undefined && (value === 0 || value > 65_535)
    ? errorAt(port, 'The port must be between 1 and 65535.')
    : undefined;
}

function isTcpProxy(owner: ConfigNode): boolean {
  return owner.has('stat_prefix') && (owner.entry('@type')?.asString() ?? '').endsWith('tcp_proxy.v3.TcpProxy');
}

/** `access_log_options` take the place of older fields. */
function accessLogOptions(owner: ConfigNode, old: string): Problem | undefined {
  return exclusive(owner, 'access_log_options', old);
}

function needsPost(tunnel: ConfigNode): Problem | undefined {
  const path = isGiven(tunnel, 'post_path');
  return path && !tunnel.bool('use_post') ? errorAt(path, '"post_path" needs "use_post".') : undefined;
}

function postPath(path: ConfigNode | undefined): Problem | undefined {
  const text = path?.asString() ?? '';
  return path && text !== '' && !text.startsWith('/') ? errorAt(path, 'The path must start with "/".') : undefined;
}

function tooEarly(limit: ConfigNode | undefined): Problem | undefined {
  return limit && errorAt(limit, '"max_response_headers_kb" cannot be set on a connection manager: it is for clusters.');
}

const GENERIC_ROUTER = 'envoy.extensions.filters.network.generic_proxy.router.v3.Router';

function lacksRouter(proxy: ConfigNode): Problem | undefined {
  const filters = proxy.list('filters');
  if (proxy.isIncomplete || proxy.get('filters')?.isIncomplete) return undefined;
  const at = filters.findIndex((filter) => filter.typed()?.type === GENERIC_ROUTER);
  if (at < 0) return errorAt(proxy.get('filters') ?? proxy, "A terminal filter (the generic proxy's router) is necessary.");
  const next = filters[at + 1];
  return next && errorAt(next, 'The terminal filter must be the last one.');
}

const REVERSE_TUNNEL = 'envoy.extensions.bootstrap.reverse_tunnel.upstream_socket_interface.v3.UpstreamReverseConnectionSocketInterface';

function needsReverseTunnel(config: ConfigNode, { messages }: RuleContext): (Problem | undefined)[] {
  const [bootstrap] = messages(BOOTSTRAP);
  if (!bootstrap || bootstrap.isIncomplete) return [];
  const hasExtension = bootstrap.list('bootstrap_extensions').some((extension) => extension.typed()?.type === REVERSE_TUNNEL);
  return [
    hasExtension ? undefined : errorAt(config, 'The bootstrap extension for reverse tunnels (upstream socket interface) is missing.'),
  ];
}
