/** Per-route settings of HTTP filters that no filter takes (source/common/router/per_filter_config.cc). */
import { readTyped, type ConfigNode } from '../../../../schema/configNode';
import { messageType } from '../../../../schema/table/messageType';
import { isRouteSettings, typesOfCategory } from '../../../../schema/extensions/extensionCategories';
import { ROUTE, ROUTE_CONFIGURATION, VIRTUAL_HOST } from '../../messageNames';
import { refusalRule, type CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { missingOf } from '../schema/missingField';
import { wordTable } from '../../../../text/wordTable';

const FILTER_CONFIG = 'envoy.config.route.v3.FilterConfig';
const FILTERS = 'envoy.extensions.filters.http.';
/** Filters that have no settings on a route (observed with Envoy 1.40; createRouteSpecificFilterConfigTyped of the others). */
const WITHOUT_SETTINGS: ReadonlySet<string> = new Set(
  `a2a adaptive_concurrency admission_control alternate_protocols_cache body_size_limit cache cache_v2 cdn_loop connect_grpc_bridge
   gcp_authn grpc_http1_bridge grpc_stats grpc_web ip_tagging mcp_router original_src proto_api_scrubber proto_message_extraction
   rate_limit_quota router thrift_to_metadata wasm`.split(/\s+/),
);

const RULES = ['request_rules', 'response_rules'];
/** What settings on a route must have besides (the filters' own constructors). */
const DEMANDS: Readonly<Record<string, readonly string[] | undefined>> = wordTable({
  [`${FILTERS}header_to_metadata.v3.Config`]: RULES,
  [`${FILTERS}json_to_metadata.v3.JsonToMetadata`]: RULES,
  [`${FILTERS}local_ratelimit.v3.LocalRateLimit`]: ['token_bucket'],
  [`${FILTERS}bandwidth_limit.v3.BandwidthLimit`]: ['limit_kbps'],
});

const check: CheckMessage = (owner) => owner.map('typed_per_filter_config').map(([name, config]) => checkConfig(name, config));

export const perFilterConfig = refusalRule('per-filter-config', {
  [ROUTE_CONFIGURATION]: check,
  [VIRTUAL_HOST]: check,
  [ROUTE]: check,
  'envoy.config.route.v3.WeightedCluster.ClusterWeight': check,
});

function checkConfig(name: string, config: ConfigNode): Problem | undefined {
  if (!config.isObject || config.isIncomplete) return undefined;
  const typed = readTyped(config);
  if (typed.type !== FILTER_CONFIG) return checkType(name, config, {});
  // What is off is not looked at.
  if (typed.node.bool('disabled')) return undefined;
  const inner = typed.node.get('config');
  if (inner) return checkType(name, inner, { isInner: true, isOptional: typed.node.bool('is_optional') ?? false });
  return errorAt(config, `The settings of the filter "${name}" are empty.`);
}

interface Place {
  /** In a FilterConfig, whose settings may be empty. */
  readonly isInner?: boolean;
  readonly isOptional?: boolean;
}

function checkType(name: string, config: ConfigNode, { isInner = false, isOptional = false }: Place): Problem | undefined {
  const { type, node } = readTyped(config);
  const at = config.entry('@type') ?? config;
  const isKnown = type.startsWith('google.protobuf.') || (type.startsWith('envoy.') && messageType(type)?.complete === true);
  if (type === '' && !isInner && config.entries().length === 0)
    return errorAt(config, `No filter "${name}" is found: an "@type" is missing.`);
  if (type === '' || !isKnown || /\.v3alpha\.|\.dynamo\./.test(type)) return undefined;
  if (!typesOfCategory('filters.http').has(type))
    return isOptional ? undefined : errorAt(at, `No filter "${name}" with settings of the type "${type}" is found.`);
  const isUnsupported = type.startsWith(FILTERS) && WITHOUT_SETTINGS.has(type.slice(FILTERS.length).split('.')[0] ?? '');
  if (isUnsupported)
    return isOptional ? undefined : errorAt(at, `The filter "${name}" does not support settings on a route or virtual host.`);
  const hasFields = node.entries().some(([key]) => key !== '@type');
  const demands = DEMANDS[type];
  if (demands && !config.isIncomplete && !demands.some((field) => node.has(field)))
    return errorAt(config, `On a route the filter needs ${demands.map((field) => `"${field}"`).join(' or ')}.`);
  const own = settingsOf(type);
  if (own === undefined) return undefined;
  const ownType = messageType(own);
  const [missing] = hasFields || !ownType ? [] : missingOf(ownType, []);
  if (!hasFields)
    return missing === undefined ? undefined : errorAt(at, `On a route the filter's settings are of the type "${own}": ${missing}.`);
  return errorAt(at, `The filter's own configuration does not fit here: on a route its settings are of the type "${own}".`);
}

/** The message of the settings on a route of the filter whose own configuration is `type`; undefined where that is the same one, or may be. */
function settingsOf(type: string): string | undefined {
  if (isRouteSettings(type) || type === `${FILTERS}mcp.v3.Mcp`) return undefined;
  const scope = type.slice(0, type.lastIndexOf('.') + 1);
  return [...typesOfCategory('filters.http')].find((other) => other.startsWith(scope) && isRouteSettings(other));
}
