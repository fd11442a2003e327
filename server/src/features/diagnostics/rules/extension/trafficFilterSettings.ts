/** Settings of HTTP filters about traffic that Envoy refuses: limits, taps, caches of names, answers (source/extensions/filters/http, …/common). */
import type { ConfigNode } from '../../../../schema/configNode';
import type { CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { exclusive, isGiven, needsOneOf } from '../../settingChecks';
import { isUnvalidated } from '../../typesAbove';
import { checkFormat, formatPieces } from '../route/formatString';
import { checkUrl } from './authFilterSettings';

const HTTP = 'envoy.extensions.filters.http';
const MAX_HOSTS = 1024;

const WITH_MODULE = [
  'filters.http.dynamic_modules.v3.DynamicModuleFilter',
  'filters.http.dynamic_modules.v3.DynamicModuleFilterPerRoute',
  'filters.network.dynamic_modules.v3.DynamicModuleNetworkFilter',
  'filters.listener.dynamic_modules.v3.DynamicModuleListenerFilter',
  'filters.udp.dynamic_modules.v3.DynamicModuleUdpListenerFilter',
  'bootstrap.dynamic_modules.v3.DynamicModuleBootstrapExtension',
  'load_balancing_policies.dynamic_modules.v3.DynamicModulesLoadBalancerConfig',
];

export const trafficFilterSettings: Readonly<Record<string, CheckMessage>> = {
  [`${HTTP}.adaptive_concurrency.v3.GradientControllerConfig.MinimumRTTCalculationParams`]: (params) => [
    needsOneOf(params, ['interval', 'fixed_value']),
  ],
  [`${HTTP}.cdn_loop.v3.CdnLoopConfig`]: (config) => [checkCdnId(config.get('cdn_id'))],
  'envoy.extensions.http.custom_response.redirect_policy.v3.RedirectPolicy': (policy) => [
    checkUrl(policy.get('uri')),
    noFragment(policy.path('redirect_action', 'path_redirect')),
    ...['prefix_rewrite', 'regex_rewrite'].map((name) => noRewrite(policy.path('redirect_action', name), name)),
  ],
  'envoy.config.core.v3.KeyValueAppend': (append) => [textValue(append.get('record'))],
  // Requests that pass through are not answered by shares.
  [`${HTTP}.health_check.v3.HealthCheck`]: (config) =>
    config.bool('pass_through_mode') ? [] : config.map('cluster_min_healthy_percentages').map(([, share]) => notANumber(share)),
  [`${HTTP}.ratelimit.v3.RateLimit`]: withoutStages,
  [`${HTTP}.ratelimit.v3.RateLimitPerRoute`]: withoutStages,
  [`${HTTP}.local_ratelimit.v3.LocalRateLimit`]: (config) =>
    config.list('rate_limits').flatMap((limit) => unsupportedFields(limit, ['stage', 'disable_key', 'limit'])),
  [`${HTTP}.composite.v3.Composite`]: (config) =>
    config
      .map('named_filter_chains')
      .map(([name, chain]) => needsOneOf(chain, ['typed_config'], `The named filter chain "${name}" must contain at least one filter.`)),
  'envoy.extensions.common.async_files.v3.AsyncFileManagerConfig': (config) =>
    isUnvalidated(config) ? [needsOneOf(config, ['thread_pool'])] : [],
  'envoy.extensions.http.cache.file_system_http_cache.v3.FileSystemHttpCacheConfig': (cache) => [
    isUnvalidated(cache) ? needsOneOf(cache, ['manager_config'], 'The "manager_config" is missing.') : undefined,
  ],
  'envoy.extensions.common.dynamic_forward_proxy.v3.DnsCacheConfig': (cache) => [tooManyNames(cache)],
  'envoy.extensions.http.original_ip_detection.xff.v3.XffConfig': (xff) => [
    (xff.number('xff_num_trusted_hops') ?? 0) > 0 ? exclusive(xff, 'xff_num_trusted_hops', 'xff_trusted_cidrs') : undefined,
  ],
  'envoy.extensions.router.cluster_specifiers.lua.v3.LuaConfig': (config) => [needsFunction(config.get('source_code'), 'envoy_on_route')],
  'envoy.extensions.matching.input_matchers.consistent_hashing.v3.ConsistentHashing': (matcher) => [aboveModulo(matcher)],
  'envoy.extensions.dynamic_modules.v3.DynamicModuleConfig': (config) => [
    needsOneOf(config, ['name', 'module'], 'One of "name" and "module" must be set.'),
    moduleSource(config.path('module', 'local')),
  ],
  ...Object.fromEntries(WITH_MODULE.map((type) => [`envoy.extensions.${type}`, needsModule])),
  'envoy.extensions.rate_limit_descriptors.jwt_claim.v3.Descriptor': (descriptor) => [
    needsOneOf(descriptor, ['header_name', 'cookie'], 'The token must be in a header or a cookie: "header_name" or "cookie" must be set.'),
    exclusive(descriptor, 'header_name', 'cookie'),
  ],
  'envoy.extensions.rate_limit_descriptors.expr.v3.Descriptor': (descriptor) => [
    needsOneOf(descriptor, ['text', 'parsed'], 'The expression is missing: "text" or "parsed" must be set.'),
  ],
  'envoy.extensions.compression.zstd.compressor.v3.Zstd': (zstd) => [emptySource(zstd.get('dictionary'))],
  'envoy.extensions.compression.zstd.decompressor.v3.Zstd': (zstd) => zstd.list('dictionaries').map(emptySource),
  'envoy.extensions.string_matcher.lua.v3.Lua': (config) => [needsFunction(config.get('source_code'), 'envoy_match')],
};

/** A module is asked for, though no rule of the API says so. */
function needsModule(config: ConfigNode): (Problem | undefined)[] {
  return [needsOneOf(config, ['dynamic_module_config'], 'The module is missing: "dynamic_module_config" must be set.')];
}

/** dynamic_modules/dynamic_modules.cc: a module is a file. */
function moduleSource(source: ConfigNode | undefined): Problem | undefined {
  return source && !source.isIncomplete && !source.has('filename')
    ? errorAt(source, 'Only a local file ("filename") or a remote source is supported for modules.')
    : undefined;
}

/** consistent_hashing/config.cc */
function aboveModulo(matcher: ConfigNode): Problem | undefined {
  const [threshold, modulo] = [matcher.number('threshold') ?? 0, matcher.number('modulo') ?? 0];
  return threshold > modulo && !matcher.isIncomplete
    ? errorAt(matcher.get('threshold') ?? matcher, `The threshold cannot be greater than the modulo: ${threshold} > ${modulo}.`)
    : undefined;
}

function emptySource(source: ConfigNode | undefined): Problem | undefined {
  const text = source?.get('inline_string') ?? source?.get('inline_bytes');
  return text?.asString() === '' ? errorAt(text, 'The dictionary cannot be empty.') : undefined;
}

/** RFC 8586: a host with an optional port, or a token (cdn_loop/parser.cc ParseCdnId). */
function checkCdnId(id: ConfigNode | undefined): Problem | undefined {
  const text = id?.asString() ?? '';
  return id && text !== '' && !/^(?:\[[0-9a-fA-F:.]*\]|[!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?::\d*)?$/.test(text)
    ? errorAt(id, `"${text.slice(0, 80)}" is not a valid CDN identifier: a host with an optional port, or a token.`)
    : undefined;
}

function noRewrite(rewrite: ConfigNode | undefined, name: string): Problem | undefined {
  return rewrite && rewrite.asString() !== '' ? errorAt(rewrite, `"${name}" is not supported for a custom response.`) : undefined;
}

function noFragment(path: ConfigNode | undefined): Problem | undefined {
  return path?.asString()?.includes('#') ? errorAt(path, 'A #fragment is not supported in a custom response.') : undefined;
}

/** header_mutation.cc: what is appended to a query is text. */
function textValue(record: ConfigNode | undefined): Problem | undefined {
  if (!record || record.isIncomplete) return undefined;
  const value = record.get('value');
  return value && typeof value.tree.scalar(value.id) === 'string'
    ? undefined
    : errorAt(value ?? record, 'The value of a record must be a text.');
}

function notANumber(share: ConfigNode): Problem | undefined {
  const value = share.get('value');
  return value?.asString() === 'NaN' ? errorAt(value, 'The least share of healthy hosts is not a number (NaN).') : undefined;
}

function withoutStages(config: ConfigNode): (Problem | undefined)[] {
  return config.list('rate_limits').flatMap((limit) => unsupportedFields(limit, ['stage', 'disable_key']));
}

/** ratelimit_config.cc: what rate limits in a filter's own configuration cannot have. */
function unsupportedFields(limit: ConfigNode, names: readonly string[]): (Problem | undefined)[] {
  const fields = names.map((name) => {
    const field = limit.get(name);
    return field?.asString() === ''
      ? undefined
      : field && errorAt(field, `"${name}" is not supported in a rate limit of the filter itself.`);
  });
  return [...fields, checkHits(limit.get('hits_addend'))];
}

function oneOperator(format: ConfigNode | undefined): Problem | undefined {
  const pieces = formatPieces(format?.asString() ?? '');
  return format && pieces !== undefined && pieces > 1
    ? errorAt(format, 'The format of the hits must be exactly one command operator.')
    : undefined;
}

/** Of the rate limits of routes Envoy reads no hits (router/router_ratelimit.cc). */
function checkHits(hits: ConfigNode | undefined): Problem | undefined {
  if (!hits) return undefined;
  const both =
    isGiven(hits, 'format') && exclusive(hits, 'number', 'format', 'The hits are given by a "format" or a "number", not by both.');
  return (
    both ??
    checkFormat(hits.get('format')) ??
    oneOperator(hits.get('format')) ??
    needsOneOf(hits, ['number', 'format'], 'The hits must be given by either a "format" or a "number".')
  );
}

function tooManyNames(cache: ConfigNode): Problem | undefined {
  const names = cache.list('preresolve_hostnames');
  const limit = cache.number('max_hosts') ?? MAX_HOSTS;
  const at = cache.get('preresolve_hostnames');
  return at && names.length > limit
    ? errorAt(at, `${names.length} names are to be resolved in advance, more than the cache holds ("max_hosts": ${limit}).`)
    : undefined;
}

function needsFunction(source: ConfigNode | undefined, name: string): Problem | undefined {
  const code = source?.get('inline_string');
  const text = code?.asString() ?? '';
  return code && !new Set(text.match(/[A-Za-z_]\w*/g)).has(name)
    ? errorAt(code, `The Lua code has no global function "${name}".`)
    : undefined;
}
