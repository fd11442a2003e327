/** Settings of the bootstrap that do not go together (source/server/configuration_impl.cc, runtime_impl.cc, secret_manager_impl.cc, tag_extractor_impl.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { compileRegex } from '../../../../trace/matcher/regex';
import { BOOTSTRAP, CLUSTER } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { exclusive, repeatedItems } from '../../settingChecks';

const DEFAULT_FLUSH = 5000;

export const bootstrapSettings = refusalRule('bootstrap-settings', {
  [BOOTSTRAP]: (bootstrap) => [
    exclusive(bootstrap, 'stats_flush_interval', 'stats_flush_on_admin'),
    exclusive(bootstrap, 'watchdog', 'watchdogs'),
    checkEviction(bootstrap),
    checkLocator(bootstrap.path('dynamic_resources', 'cds_resources_locator')) ?? collectionSource(bootstrap.get('dynamic_resources')),
    ...jsonLog(bootstrap.path('application_log_config', 'log_format', 'json_format')),
    ...bootstrap.list('config_sources').flatMap((source) => [checkAuthority(source, true), ...repeatedAuthorities(source)]),
    checkAuthority(bootstrap.get('default_config_source'), false),
    ...(bootstrap.path('static_resources')?.list('listeners') ?? []).map(apiListener),
    ...checkLayers(bootstrap),
    ...(bootstrap.path('static_resources')?.list('secrets') ?? []).map(checkSecret),
  ],
  'envoy.config.metrics.v3.TagSpecifier': (tag) => [checkTag(tag)],
});

function checkEviction(bootstrap: ConfigNode): Problem | undefined {
  const every = bootstrap.get('stats_eviction_interval');
  const flush = bootstrap.duration('stats_flush_interval') ?? DEFAULT_FLUSH;
  const eviction = bootstrap.duration('stats_eviction_interval') ?? 0;
  return every && flush > 0 && Math.floor(eviction) % flush !== 0
    ? errorAt(every, '"stats_eviction_interval" must be a multiple of "stats_flush_interval".')
    : undefined;
}

/** xds_resource.cc: what a collection of clusters is named by (that of listeners is read later). */
export function checkLocator(locator: ConfigNode | undefined): Problem | undefined {
  const text = locator?.asString() ?? '';
  if (!locator || text === '') return undefined;
  if (!/^(?:xdstp|http|file):/.test(text))
    return errorAt(locator, `"${text.slice(0, 80)}" does not have an xdstp:, http: or file: scheme.`);
  const type = /^(?:xdstp|http):\/\/[^/]*\/?([^/]*)/.exec(text)?.[1];
  return type === undefined || type === CLUSTER
    ? undefined
    : errorAt(locator, `The type of the resources does not match ${CLUSTER}: it is "${type.slice(0, 80)}".`);
}

/** subscription_factory_impl.cc collectionSubscriptionFromUrl: where a collection of clusters can come from. */
function collectionSource(resources: ConfigNode | undefined): Problem | undefined {
  const locator = resources?.get('cds_resources_locator');
  const source = resources?.get('cds_config');
  const isCollection = /^xdstp:/.test(locator?.asString() ?? '');
  return !locator || !isCollection || source?.isIncomplete || source?.has('ads') || source?.has('api_config_source')
    ? undefined
    : errorAt(source ?? locator, 'A collection of clusters comes by ADS or by gRPC in delta mode: "cds_config" must say so.');
}

/** logger.cc: flags that make no JSON. */
function jsonLog(format: ConfigNode | undefined): (Problem | undefined)[] {
  return (format?.entries() ?? []).map(([, value]) => {
    const flag = /%[v_]/.exec(value.asString() ?? '')?.[0];
    return flag === undefined ? undefined : errorAt(value, `${flag} is not available in a log of JSON.`);
  });
}

/** xds_manager_impl.cc: an authority may stand in several sources, and in each of them once. */
function repeatedAuthorities(source: ConfigNode): Problem[] {
  return repeatedItems(
    source.list('authorities'),
    (authority) => authority.string('name'),
    (name) => `The authority "${name}" is configured more than once in this config source.`,
  );
}

/** xds_manager_impl.cc createAuthority */
function checkAuthority(source: ConfigNode | undefined, needsNames: boolean): Problem | undefined {
  if (!source || source.isIncomplete) return undefined;
  const api = source.get('api_config_source');
  if (!api) return errorAt(source, 'Only "api_config_source" is supported for xdstp-based config sources.');
  if (needsNames && source.list('authorities').length === 0)
    return errorAt(source, 'An xdstp-based config source must have at least one authority.');
  const type = api.get('api_type');
  return /^(?:AGGREGATED_(?:DELTA_)?GRPC|[56])$/i.test(type?.asString() ?? '')
    ? undefined
    : errorAt(type ?? api, 'An xdstp-based config source only supports AGGREGATED_GRPC and AGGREGATED_DELTA_GRPC.');
}

/** The standard Envoy is built without it: it is for libraries such as Envoy Mobile and gRPC. */
function apiListener(listener: ConfigNode): Problem | undefined {
  const api = listener.path('api_listener', 'api_listener');
  return api && errorAt(api, 'The standard Envoy has no API listeners.');
}

function checkLayers(bootstrap: ConfigNode): (Problem | undefined)[] {
  const layers = bootstrap.get('layered_runtime')?.list('layers') ?? [];
  const admin = layers.flatMap((layer) => layer.get('admin_layer') ?? []);
  const second = admin[1];
  return [
    ...layers.map((layer) => {
      const disk = layer.get('disk_layer');
      if (disk && !disk.isIncomplete && !disk.string('symlink_root'))
        return errorAt(disk.get('symlink_root') ?? disk, 'The layer has no folder: "symlink_root" is missing.');
      const rtds = layer.get('rtds_layer');
      return rtds && !rtds.has('rtds_config') && !rtds.isIncomplete
        ? errorAt(rtds, 'The layer has no source: "rtds_config" is missing.')
        : undefined;
    }),
    second && errorAt(second, 'There is more than one admin layer: at most one may be specified.'),
    ...layers.flatMap((layer) => wrongEntries(layer.get('static_layer'))),
  ];
}

/** Values of a static layer: texts, numbers, booleans, fractions, and objects of these. */
function wrongEntries(layer: ConfigNode | undefined): Problem[] {
  const found: Problem[] = [];
  const pending = layer ? [layer] : [];
  for (let next = pending.pop(); next; next = pending.pop())
    for (const [key, value] of next.entries()) {
      if (value.isArray || value.tree.scalar(value.id) === null) found.push(errorAt(value, `Invalid runtime entry value for "${key}".`));
      else if (value.isObject && !value.has('numerator') && !value.has('denominator')) pending.push(value);
    }
  return found;
}

const SECRETS = ['tls_certificate', 'validation_context', 'session_ticket_keys', 'generic_secret'];

function checkSecret(secret: ConfigNode): Problem | undefined {
  return secret.isIncomplete || SECRETS.some((kind) => secret.has(kind))
    ? undefined
    : errorAt(
        secret,
        'The secret is of no type: set one of "tls_certificate", "validation_context", "session_ticket_keys", "generic_secret".',
      );
}

/** Tags that Envoy knows how to read (source/common/config/well_known_names.h). */
const DEFAULT_TAGS: ReadonlySet<string> = new Set(
  `cluster_name listener_address http_conn_manager_prefix http_user_agent ssl_cipher ssl_curve ssl_sigalg ssl_version ssl_cipher_suite
   clientssl_prefix mongo_prefix mongo_cmd mongo_collection mongo_callsite ratelimit_prefix local_http_ratelimit_prefix
   local_network_ratelimit_prefix local_listener_ratelimit_prefix dns_filter_prefix connection_limit_prefix rbac_prefix rbac_http_prefix
   rbac_policy_name tcp_prefix udp_prefix fault_downstream_cluster dynamo_operation dynamo_table dynamo_partition_id grpc_bridge_service
   grpc_bridge_method virtual_host virtual_cluster response_code response_code_class rds_route_config scoped_rds_config route
   ext_authz_prefix worker_id thrift_prefix redis_prefix proxy_protocol_version proxy_protocol_prefix google_grpc_client_prefix
   tls_certificate`.split(/\s+/),
);

/** Tags are read by the C++ library's expressions, not RE2's: only what no dialect can read is refused. */
function brokenExpression(regex: ConfigNode | undefined): Problem | undefined {
  const compiled = compileRegex(regex?.asString() ?? '');
  const isBroken =
    compiled.kind === 'invalid' && /missing closing|unexpected \)|missing argument to repetition|trailing backslash/.test(compiled.message);
  return regex && isBroken ? errorAt(regex, `Invalid regular expression: ${compiled.message}.`) : undefined;
}

function checkTag(tag: ConfigNode): Problem | undefined {
  const name = tag.string('tag_name');
  const wrong = brokenExpression(tag.get('regex'));
  if (wrong) return wrong;
  const regex = tag.get('regex');
  if (name === '' && regex && regex.asString() !== '' && !tag.isIncomplete) return errorAt(tag, 'A tag needs a name.');
  if (tag.isIncomplete || tag.has('fixed_value') || (regex && regex.asString() !== '')) return undefined;
  if (name === '') return errorAt(tag, 'A tag needs a name.');
  return DEFAULT_TAGS.has(name.replace(/^envoy\./, '')) && name.startsWith('envoy.')
    ? undefined
    : errorAt(tag.get('tag_name') ?? tag, `There is neither a "regex" nor a "fixed_value", and "${name}" is no tag that Envoy knows.`);
}
