/** Settings of HTTP filters that Envoy refuses though each value fits its field (source/extensions/filters/http). */
import type { ConfigNode } from '../../../../schema/configNode';
import { checkLocator } from '../bootstrap/bootstrapSettings';
import type { CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { typesAbove } from '../../typesAbove';
import { exclusive, isGiven, needsOneOf, repeatedItems } from '../../settingChecks';
import { checkBandwidthShare } from './bandwidthShare';
import { checkExternalProcessor } from './externalProcessor';
import { checkLocalRateLimit } from './localRateLimit';
import { checkObject } from './filterStateObject';

const HTTP = 'envoy.extensions.filters.http';
const METADATA_RULE = ['on_present', 'on_missing'];

export const httpFilterSettings: Readonly<Record<string, CheckMessage>> = {
  [`${HTTP}.header_to_metadata.v3.Config.Rule`]: checkHeaderRule,
  [`${HTTP}.json_to_metadata.v3.JsonToMetadata.Rule`]: (rule) =>
    isOfContentParser(rule)
      ? [needsOneOf(rule, [...METADATA_RULE, 'on_error'])]
      : [needsOneOf(rule, METADATA_RULE), needsValue(rule, 'on_missing'), needsValue(rule, 'on_error')],
  [`${HTTP}.thrift_to_metadata.v3.ThriftToMetadata`]: (config) => [
    needsOneOf(config, ['request_rules', 'response_rules']),
    isNamed(config.get('protocol'), ['TWITTER', '3']),
  ],
  [`${HTTP}.thrift_to_metadata.v3.Rule`]: (rule) => [needsOneOf(rule, METADATA_RULE), needsValue(rule, 'on_missing')],
  [`${HTTP}.ext_proc.v3.ExternalProcessor`]: checkExternalProcessor,
  [`${HTTP}.lua.v3.Lua`]: (config) => [exclusive(config, 'inline_code', 'default_source_code')],
  [`${HTTP}.cache.v3.CacheConfig`]: (config) => [needsOneOf(config, ['typed_config', 'disabled'])],
  [`${HTTP}.cache_v2.v3.CacheV2Config`]: (config) => [needsOneOf(config, ['typed_config', 'disabled'])],
  [`${HTTP}.ip_tagging.v3.IPTagging`]: (config) => [
    needsOneOf(config, ['ip_tags', 'ip_tags_datasource']),
    tagsFile(config.get('ip_tags_datasource')),
    exclusive(config, 'ip_tags', 'ip_tags_datasource'),
  ],
  [`${HTTP}.health_check.v3.HealthCheck`]: (config) => {
    const cache = config.get('cache_time');
    return [
      cache && (config.duration('cache_time') ?? 0) > 0 && config.bool('pass_through_mode') === false
        ? errorAt(cache, '"cache_time" must not be set when "pass_through_mode" is off.')
        : undefined,
    ];
  },
  [`${HTTP}.admission_control.v3.AdmissionControl`]: (config) => {
    const least = config.path('sr_threshold', 'default_value') ?? config.get('sr_threshold');
    const share = least && !least.isIncomplete ? (least.number('value') ?? 0) : undefined;
    return [
      least && share !== undefined && share < 1
        ? errorAt(least.get('value') ?? least, 'The success rate threshold cannot be less than 1.0 %.')
        : undefined,
    ];
  },
  [`${HTTP}.admission_control.v3.AdmissionControl.SuccessCriteria`]: (criteria) => [
    ...(criteria.get('http_criteria')?.list('http_success_status') ?? []).map(checkStatusRange),
    ...(criteria.get('grpc_criteria')?.list('grpc_success_status') ?? []).map((code) =>
      (code.asNumber() ?? 0) > 16 ? errorAt(code, 'There is no such gRPC status code.') : undefined,
    ),
  ],
  [`${HTTP}.transform.v3.TransformConfig`]: (config) => [exclusive(config, 'clear_cluster_cache', 'clear_route_cache')],
  [`${HTTP}.composite.v3.ExecuteFilterAction`]: (action) => [
    exclusive(action, 'dynamic_config', 'typed_config'),
    needsOneOf(action, ['typed_config', 'dynamic_config', 'filter_chain', 'filter_chain_name']),
    ...[action.get('filter_chain')].map(
      (chain) => chain && needsOneOf(chain, ['typed_config'], '"filter_chain" must contain at least one filter.'),
    ),
  ],
  [`${HTTP}.on_demand.v3.OnDemandCds`]: (config) => [
    needsOneOf(config, ['source', 'resources_locator']),
    checkLocator(config.get('resources_locator')),
  ],
  [`${HTTP}.bandwidth_share.v3.BandwidthShare`]: checkBandwidthShare,
  [`${HTTP}.filter_chain.v3.FilterChain`]: (chain) =>
    chain
      .list('filters')
      .map((filter) =>
        filter.typed()?.type === `${HTTP}.filter_chain.v3.FilterChainConfig`
          ? errorAt(filter, 'A filter chain filter cannot stand in a filter chain filter.')
          : undefined,
      ),
  [`${HTTP}.aws_lambda.v3.Config`]: (config) => {
    const arn = config.get('arn');
    const text = arn?.asString() ?? '';
    return [arn && text !== '' && !/^arn:(?:[^:]*:){5}[^:]*/.test(text) ? errorAt(arn, `Invalid ARN: "${text.slice(0, 80)}".`) : undefined];
  },
  [`${HTTP}.file_server.v3.FileServerConfig`]: checkFileServer,
  [`${HTTP}.file_server.v3.FileServerConfig.DirectoryBehavior`]: (behavior) => [
    needsOneOf(behavior, ['default_file', 'list']),
    exclusive(behavior, 'default_file', 'list'),
  ],
  [`${HTTP}.local_ratelimit.v3.LocalRateLimit`]: checkLocalRateLimit,
  [`${HTTP}.stateful_session.v3.StatefulSession`]: (config) => [checkSessionName(config.get('session_state'))],
  'envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue': (value) => [checkObject(value)],
  'envoy.config.core.v3.KeyValueMutation': (mutation) => [
    needsOneOf(mutation, ['append', 'remove']),
    exclusive(mutation, 'append', 'remove'),
    noRecord(mutation.get('append')),
  ],
};

/** ip_tagging_filter.cc: tags are loaded from a file. */
function tagsFile(source: ConfigNode | undefined): Problem | undefined {
  const name = source?.get('filename');
  const text = name?.asString() ?? '';
  if (name && text !== '' && !/\.(?:yaml|json)$/.test(text))
    return errorAt(name, 'Unsupported file format: the name of the file with the tags must end with ".yaml" or ".json".');
  return source && !source.isIncomplete && text === '' ? errorAt(source, 'The tags must be in a file: "filename" is not set.') : undefined;
}

/** file_server/config.cc */
function checkFileServer(config: ConfigNode): (Problem | undefined)[] {
  const behaviors = config.list('directory_behaviors');
  return [
    ...repeatedItems(
      config.list('path_mappings'),
      (mapping) => mapping.string('request_path_prefix'),
      (prefix) => `Duplicate "request_path_prefix": ${prefix}.`,
    ),
    ...repeatedItems(
      behaviors.filter((behavior) => isGiven(behavior, 'default_file')),
      (behavior) => behavior.string('default_file'),
      (file) => `Duplicate "default_file" in the behaviors of directories: ${file}.`,
    ),
    ...repeatedItems(
      behaviors.filter((behavior) => behavior.has('list')),
      () => 'list',
      () => 'Directories are listed by more than one "list".',
    ),
  ];
}

function checkHeaderRule(rule: ConfigNode): (Problem | undefined)[] {
  const remove = isGiven(rule, 'remove');
  const present = rule.get('on_header_present');
  const missing = rule.get('on_header_missing');
  return [
    exclusive(rule, 'header', 'cookie'),
    needsOneOf(rule, ['header', 'cookie']),
    needsOneOf(rule, ['on_header_present', 'on_header_missing']),
    present && exclusive(present, 'value', 'regex_value_rewrite'),
    remove && isGiven(rule, 'cookie') ? errorAt(remove, 'A cookie cannot be removed.') : undefined,
    missing && !missing.isIncomplete && missing.string('value') === ''
      ? errorAt(missing, '"on_header_missing" needs a "value".')
      : undefined,
  ];
}

/** A parser of contents takes the same rules, and writes what it finds where no value is given (source/extensions/content_parsers/json/config.cc). */
function isOfContentParser(rule: ConfigNode): boolean {
  return typesAbove(rule)[0] === 'envoy.extensions.content_parsers.json.v3.JsonContentParser';
}

/** A `google.protobuf.Value`: null is one. */
function needsValue(rule: ConfigNode, name: string): Problem | undefined {
  const action = rule.get(name);
  return action && !action.isIncomplete && !action.entry('value') ? errorAt(action, `"${name}" needs a "value".`) : undefined;
}

function isNamed(node: ConfigNode | undefined, names: readonly string[]): Problem | undefined {
  const text = node?.asString()?.toUpperCase() ?? '';
  return node && names.includes(text) ? errorAt(node, `The value ${text} is not supported here.`) : undefined;
}

function checkStatusRange(range: ConfigNode): Problem | undefined {
  const start = range.number('start') ?? 0;
  const end = range.number('end') ?? 0;
  return start > end || start < 100 || end > 600 ? errorAt(range, `Invalid range of HTTP statuses: [${start}, ${end}).`) : undefined;
}

function noRecord(append: ConfigNode | undefined): Problem | undefined {
  return append && !append.isIncomplete && !append.has('record') && !append.has('entry')
    ? errorAt(append, 'There is no record to append.')
    : undefined;
}

const SESSION_NAMES = ['cookie', 'envelope', 'header'].map((name) => `envoy.http.stateful_session.${name}`);

/** Found by its name, other than most extensions. */
function checkSessionName(state: ConfigNode | undefined): Problem | undefined {
  const name = state?.string('name') ?? '';
  return state && !state.isIncomplete && !SESSION_NAMES.includes(name)
    ? errorAt(state.get('name') ?? state, `There is no session state "${name}": it is one of ${SESSION_NAMES.join(', ')}.`)
    : undefined;
}
