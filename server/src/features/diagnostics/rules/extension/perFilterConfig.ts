/** Per-route settings of HTTP filters that no filter takes (source/common/router/config_impl.cc PerFilterConfigs). */
import { readTyped, type ConfigNode } from '../../../../schema/configNode';
import { ROUTE, ROUTE_CONFIGURATION, VIRTUAL_HOST } from '../../messageNames';
import { refusalRule, type CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

const FILTER_CONFIG = 'envoy.config.route.v3.FilterConfig';
/** Messages of filters whose settings on a route are a message of their own, or that have none. Envoy takes some others in spite of that. */
const REFUSED: ReadonlySet<string> = new Set(
  [
    'router.v3.Router',
    'buffer.v3.Buffer',
    'basic_auth.v3.BasicAuth',
    'ratelimit.v3.RateLimit',
    'oauth2.v3.OAuth2',
    'ext_authz.v3.ExtAuthz',
    'composite.v3.Composite',
  ].map((name) => `envoy.extensions.filters.http.${name}`),
);

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
  if (typed.type !== FILTER_CONFIG) return checkType(name, config, typed.type);
  const inner = typed.node.get('config');
  if (inner) return typed.node.bool('is_optional') ? undefined : checkType(name, inner, readTyped(inner).type);
  return typed.node.bool('disabled') ? undefined : errorAt(config, `The settings of the filter "${name}" are empty.`);
}

function checkType(name: string, config: ConfigNode, type: string): Problem | undefined {
  const at = config.entry('@type') ?? config;
  if (type.startsWith('google.protobuf.')) return errorAt(at, `No filter "${name}" with settings of the type "${type}" is found.`);
  return REFUSED.has(type)
    ? errorAt(at, `The filter "${name}" does not support settings of the type "${type}" on a route or virtual host.`)
    : undefined;
}
