/** Headers that configuration may not change: those with a colon, and Host (source/common/router/header_parser.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { HTTP_CONNECTION_MANAGER, ROUTE, ROUTE_CONFIGURATION, TCP_PROXY, VIRTUAL_HOST } from '../../messageNames';
import { refusalRule, type CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

const PROTECTED = /^(?::.*|host)$/i;

const ADDED = ['request_headers_to_add', 'response_headers_to_add', 'headers_to_add', 'request_headers_to_add_when_not_enforced'];

const check: CheckMessage = (owner) => [
  ...ADDED.flatMap((field) => owner.list(field).map((option) => refuseProtected(option.path('header', 'key')))),
  ...['request_headers_to_remove', 'response_headers_to_remove'].flatMap((field) =>
    owner
      .list(field)
      .filter((name) => PROTECTED.test(name.asString() ?? ''))
      .map((name) => errorAt(name, ':-prefixed or host headers may not be removed.')),
  ),
];

/** The key of a header that may not be added. */
export function refuseProtected(key: ConfigNode | undefined): Problem | undefined {
  return key && PROTECTED.test(key.asString() ?? '') ? errorAt(key, ':-prefixed or host headers may not be modified.') : undefined;
}

export const protectedHeader = refusalRule('protected-header', {
  [ROUTE_CONFIGURATION]: check,
  [VIRTUAL_HOST]: check,
  [ROUTE]: check,
  'envoy.config.route.v3.WeightedCluster.ClusterWeight': check,
  'envoy.config.core.v3.HealthCheck.HttpHealthCheck': check,
  [`${TCP_PROXY}.TunnelingConfig`]: check,
  'envoy.extensions.filters.udp.udp_proxy.v3.UdpProxyConfig.UdpTunnelingConfig': check,
  'envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit': check,
  'envoy.extensions.filters.http.ratelimit.v3.RateLimit': check,
  'envoy.extensions.http.custom_response.local_response_policy.v3.LocalResponsePolicy': check,
  'envoy.extensions.http.custom_response.redirect_policy.v3.RedirectPolicy': check,
  [`${HTTP_CONNECTION_MANAGER.slice(0, HTTP_CONNECTION_MANAGER.lastIndexOf('.'))}.ResponseMapper`]: check,
  'envoy.extensions.filters.http.ext_authz.v3.AuthorizationRequest': (request) =>
    request.list('headers_to_add').map((header) => refuseProtected(header.get('key'))),
  'envoy.config.common.mutation_rules.v3.HeaderMutation': (mutation) => [refuseProtected(mutation.path('append', 'header', 'key'))],
});
