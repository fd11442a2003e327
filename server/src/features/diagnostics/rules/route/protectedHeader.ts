/** Headers that configuration may not change: those with a colon, and Host (source/common/router/header_parser.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { HTTP_CONNECTION_MANAGER, ROUTE, ROUTE_CONFIGURATION, TCP_PROXY, VIRTUAL_HOST } from '../../messageNames';
import { refusalRule, type CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';

const PROTECTED = /^(?::.*|host)$/i;

const check: CheckMessage = (owner) => [
  ...['request_headers_to_add', 'response_headers_to_add', 'headers_to_add'].flatMap((field) =>
    owner.list(field).flatMap((option) => refuseKey(option.path('header', 'key'))),
  ),
  ...['request_headers_to_remove', 'response_headers_to_remove'].flatMap((field) =>
    owner
      .list(field)
      .filter((name) => PROTECTED.test(name.asString() ?? ''))
      .map((name) => errorAt(name, ':-prefixed or host headers may not be removed.')),
  ),
];

function refuseKey(key: ConfigNode | undefined) {
  return key && PROTECTED.test(key.asString() ?? '') ? [errorAt(key, ':-prefixed or host headers may not be modified.')] : [];
}

export const protectedHeader = refusalRule('protected-header', {
  [ROUTE_CONFIGURATION]: check,
  [VIRTUAL_HOST]: check,
  [ROUTE]: check,
  'envoy.config.route.v3.WeightedCluster.ClusterWeight': check,
  'envoy.config.core.v3.HealthCheck.HttpHealthCheck': check,
  [`${TCP_PROXY}.TunnelingConfig`]: check,
  [`${HTTP_CONNECTION_MANAGER.slice(0, HTTP_CONNECTION_MANAGER.lastIndexOf('.'))}.ResponseMapper`]: check,
  'envoy.config.common.mutation_rules.v3.HeaderMutation': (mutation) => refuseKey(mutation.path('append', 'header', 'key')),
});
