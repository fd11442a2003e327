/** Settings of load balancing policies, transport sockets and cluster extensions that Envoy refuses (source/extensions). */
import { readTyped, type ConfigNode } from '../../../../schema/configNode';
import { hasMessage } from '../../../../schema/table/readTable';
import { typesOfCategory } from '../../../../schema/extensions/extensionCategories';
import type { CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { backOffTimes, exclusive, needsOneOf } from '../../settingChecks';
import { refuseProtected } from '../route/protectedHeader';
import { isUnvalidated, typesAbove } from '../../typesAbove';
import { isLate } from '../cluster/configSourceCluster';
import { checkSelector } from '../cluster/loadBalancing';
import { isPrime } from '../cluster/isPrime';

const POLICIES = 'envoy.extensions.load_balancing_policies';
const SOCKETS = 'envoy.extensions.transport_sockets';
const CLIENT_WEIGHTED = `${POLICIES}.client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin`;

const HASHED = ['header', 'cookie', 'connection_properties', 'query_parameter', 'filter_state'];

export const upstreamSettings: Readonly<Record<string, CheckMessage>> = {
  [`${POLICIES}.ring_hash.v3.RingHash`]: (policy) => {
    const least = policy.get('minimum_ring_size');
    const most = policy.get('maximum_ring_size');
    return [
      (least?.asNumber() ?? 1024) > (most?.asNumber() ?? 8_388_608)
        ? errorAt(least ?? most ?? policy, "The ring's minimum size is above its maximum size.")
        : undefined,
    ];
  },
  [`${POLICIES}.maglev.v3.Maglev`]: (policy) => {
    const size = policy.get('table_size');
    return [size && !isPrime(size.asNumber() ?? 2) ? errorAt(size, 'The table size of Maglev must be a prime number.') : undefined];
  },
  [`${POLICIES}.wrr_locality.v3.WrrLocality`]: (policy) => [pickingPolicy(policy)],
  [`${POLICIES}.load_aware_locality.v3.LoadAwareLocality`]: (policy) => [known(policy.get('endpoint_picking_policy'), policy)],
  [`${POLICIES}.subset.v3.Subset`]: (policy) => [
    known(policy.get('subset_lb_policy'), policy),
    ...policy.list('subset_selectors').map(checkSelector),
  ],
  [`${POLICIES}.override_host.v3.OverrideHost`]: (policy) => [
    ...policy
      .list('override_host_sources')
      .flatMap((source) => [needsOneOf(source, ['header', 'metadata']), exclusive(source, 'header', 'metadata')]),
    known(policy.get('fallback_policy'), policy),
  ],
  // Refused in routes; policies are not validated, and common/http/hash_policy.cc gives up (observed with Envoy 1.40).
  'envoy.config.route.v3.RouteAction.HashPolicy': (policy) => [
    isUnvalidated(policy) ? needsOneOf(policy, HASHED, 'Envoy crashes: nothing says what is hashed.') : undefined,
  ],
  [`${SOCKETS}.internal_upstream.v3.InternalUpstreamTransport`]: needsSocket,
  [`${SOCKETS}.proxy_protocol.v3.ProxyProtocolUpstreamTransport`]: needsSocket,
  [`${SOCKETS}.tap.v3.Tap`]: needsSocket,
  [`${SOCKETS}.tcp_stats.v3.Config`]: needsSocket,
  'envoy.config.cluster.v3.OutlierDetection': (detection) => [ejectionTimes(detection)],
  'envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig': (monitor) => [
    monitor.isIncomplete || hasHeapLimit(monitor.get('max_heap_size_bytes_runtime')) || (monitor.number('max_heap_size_bytes') ?? 0) > 0
      ? undefined
      : errorAt(monitor.get('max_heap_size_bytes') ?? monitor, '"max_heap_size_bytes" must be greater than 0.'),
    (monitor.number('max_heap_size_bytes') ?? 0) > 0 ? exclusive(monitor, 'max_heap_size_bytes', 'max_heap_size_bytes_runtime') : undefined,
  ],
  'envoy.extensions.health_checkers.thrift.v3.Thrift': (check) => [
    supported(check, 'transport', ['FRAMED', 'UNFRAMED', 'HEADER', '1', '2', '3']),
    supported(check, 'protocol', ['BINARY', 'LAX_BINARY', 'COMPACT', '1', '2', '3']),
  ],
  'envoy.config.core.v3.BackoffStrategy': (backOff) => (isPreparedLate(backOff) ? [] : [backOffTimes(backOff)]),
  'envoy.config.core.v3.GrpcService.GoogleGrpc': (service) => [credentialsName(service.get('credentials_factory_name'))],
  'envoy.config.core.v3.GrpcService': (service) => (isMadeLater(service) ? [] : service.list('initial_metadata').map(grpcMetadata)),
  'envoy.config.core.v3.ApiConfigSource': (source) => [fillRate(source.path('rate_limit_settings', 'fill_rate'))],
  'envoy.extensions.geoip_providers.maxmind.v3.MaxMindConfig': (config) => [
    needsOneOf(
      config,
      ['city_db_path', 'isp_db_path', 'asn_db_path', 'anon_db_path', 'country_db_path'],
      'At least one database must be configured.',
    ),
  ],
};

/** RuntimeUInt64, with a default that stands for the limit. */
function hasHeapLimit(runtime: ConfigNode | undefined): boolean {
  return runtime !== undefined && (runtime.isIncomplete || (runtime.number('default_value') ?? 0) > 0);
}

function pickingPolicy(policy: ConfigNode): Problem | undefined {
  const picking = policy.get('endpoint_picking_policy');
  if (picking?.isIncomplete || policy.isIncomplete) return undefined;
  if (!picking) return errorAt(policy, 'There is no supported policy that picks endpoints: "endpoint_picking_policy" is missing.');
  const types = picking.list('policies').map((each) => readTyped(each.path('typed_extension_config', 'typed_config') ?? each).type);
  return types.includes(CLIENT_WEIGHTED)
    ? undefined
    : errorAt(picking, 'Only client_side_weighted_round_robin is supported as the policy that picks endpoints.');
}

/** A list of policies of which Envoy must know one. */
function known(list: ConfigNode | undefined, owner: ConfigNode): Problem | undefined {
  if (list?.isIncomplete || owner.isIncomplete) return undefined;
  const types = (list?.list('policies') ?? []).map((each) => readTyped(each.path('typed_extension_config', 'typed_config') ?? each).type);
  return types.some((type) => typesOfCategory('load_balancing_policies').has(type) || (type !== '' && !hasMessage(type)))
    ? undefined
    : errorAt(list ?? owner, 'None of the load balancing policies inside is one that Envoy has.');
}

function needsSocket(config: ConfigNode): (Problem | undefined)[] {
  return [needsOneOf(config, ['transport_socket'], 'The socket needs a "transport_socket" inside it.')];
}

const BASE_EJECTION = 30_000;
const MAX_EJECTION = 300_000;

function ejectionTimes(detection: ConfigNode): Problem | undefined {
  const base = detection.duration('base_ejection_time') ?? BASE_EJECTION;
  const most = detection.duration('max_ejection_time') ?? Math.max(MAX_EJECTION, base);
  const at = detection.get('max_ejection_time');
  return at && most < base ? errorAt(at, '"max_ejection_time" cannot be smaller than "base_ejection_time".') : undefined;
}

/** A health check cannot find out the protocol by itself. */
function supported(check: ConfigNode, field: string, names: readonly string[]): Problem | undefined {
  if (check.isIncomplete || names.includes(check.string(field).toUpperCase())) return undefined;
  return errorAt(check.get(field) ?? check, `A Thrift health check needs a "${field}": ${names.slice(0, 3).join(', ')}.`);
}

/** Streams that deliver configuration are prepared at once, all other streams of gRPC with the first request. */
function isPreparedLate(backOff: ConfigNode): boolean {
  return backOff.isField('retry_back_off') && !isReadAtOnce(backOff);
}

/** Retries of these are prepared at once (asked of Envoy 1.40). */
function isReadAtOnce(backOff: ConfigNode): boolean {
  if (backOff.enclosing('envoy_grpc')) {
    const source = backOff.enclosing('api_config_source')?.parent;
    return source ? !isLate(source) && !source.isField('rds_config_source') : backOff.enclosing('ads_config') !== undefined;
  }
  return READ_AT_ONCE.test(typesAbove(backOff)[0] ?? '');
}

const READ_AT_ONCE = /^envoy\.extensions\.(?:filters\.http\.(?:jwt_authn|gcp_authn)|access_loggers\.open_telemetry)\./;

/** Some filters and reports make their clients when they have something to send, and listeners are asked for last (observed with Envoy 1.40). */
function isMadeLater(name: ConfigNode): boolean {
  return typesAbove(name).some((type) => LATER.test(type)) || name.enclosing(...LATER_FIELDS) !== undefined;
}

const LATER = /^envoy\.extensions\.filters\.\w+\.(?:ext_authz|ratelimit|ext_proc|thrift_proxy\.filters\.ratelimit)\./;
const LATER_FIELDS = ['load_stats_config', 'hds_config', 'lds_config', 'event_service'];

/** config/utility.cc parseRateLimitSettings */
function fillRate(rate: ConfigNode | undefined): Problem | undefined {
  const text = rate?.asString() ?? '';
  return rate && /^(?:NaN|-?Infinity)$/.test(text) && !isMadeLater(rate)
    ? errorAt(rate, `The value of "fill_rate" (${text}) must not be NaN nor infinite.`)
    : undefined;
}

/** What Envoy's own client (grpc/async_client_impl.cc) and the gRPC library (async_client_manager_impl.cc) take as metadata; the library encodes values of binary headers. */
function grpcMetadata(header: ConfigNode): Problem | undefined {
  const [key, value] = [header.get('key'), header.get('value')];
  const service = header.owner;
  // The client of this tracer is made with its first span.
  if (!service?.has('google_grpc')) return /OpenTelemetryConfig$/.test(typesAbove(header)[0] ?? '') ? undefined : refuseProtected(key);
  if (key && /[^\w.-]/.test(key.asString() ?? '')) return errorAt(key, 'Illegal characters in the key of gRPC initial metadata.');
  return value && !header.string('key').endsWith('-bin') && /[^ -~]/.test(value.asString() ?? '')
    ? errorAt(value, 'Illegal ASCII value of gRPC initial metadata.')
    : refuseProtected(key);
}

const CREDENTIALS = ['', 'envoy.grpc_credentials.default', 'envoy.grpc_credentials.file_based_metadata'];

function credentialsName(name: ConfigNode | undefined): Problem | undefined {
  const text = name?.asString() ?? '';
  return name && !CREDENTIALS.includes(text) && !isMadeLater(name)
    ? errorAt(name, `Unknown google grpc credentials factory: "${text.slice(0, 80)}".`)
    : undefined;
}
