/** Settings of a route action that do not go together (config_impl.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { ROUTE_ACTION } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { backOffTimes } from '../../settingChecks';

export const routeAction = refusalRule('route-action', {
  [ROUTE_ACTION]: (action) => checkUpgrades(action),
  [`${ROUTE_ACTION}.RequestMirrorPolicy`]: (policy) => [checkMirror(policy)],
  'envoy.config.route.v3.InternalRedirectPolicy': (policy) =>
    policy
      .list('response_headers_to_copy')
      .filter((name) => /^(?::.*|host)$/i.test(name.asString() ?? ''))
      .map((name) => errorAt(name, ':-prefixed headers or Host may not be specified here.')),
  'envoy.config.route.v3.RetryPolicy.RetryBackOff': (backOff) => [backOffTimes(backOff)],
  'envoy.config.core.v3.HeaderValueOption': (option) => [checkAppend(option)],
});

function checkUpgrades(action: ConfigNode): Problem[] {
  const seen = new Set<string>();
  return action.list('upgrade_configs').flatMap((upgrade): Problem[] => {
    const type = upgrade.string('upgrade_type');
    const isRepeated = type !== '' && seen.has(type.toLowerCase());
    seen.add(type.toLowerCase());
    const connect = upgrade.get('connect_config');
    return [
      ...(isRepeated ? [errorAt(upgrade.get('upgrade_type') ?? upgrade, `Duplicate upgrade "${type}".`)] : []),
      ...(connect && type !== '' && !/^connect(?:-udp)?$/i.test(type)
        ? [errorAt(connect, `The upgrade type "${type}" is not CONNECT and has a "connect_config".`)]
        : []),
    ];
  });
}

function checkMirror(policy: ConfigNode): Problem | undefined {
  const header = policy.get('cluster_header');
  if (header && policy.string('cluster') !== '') return errorAt(header, 'Only one of "cluster" and "cluster_header" can be specified.');
  return header || policy.string('cluster') !== '' || policy.isIncomplete
    ? undefined
    : errorAt(policy, 'Exactly one of "cluster" and "cluster_header" must be specified.');
}

function checkAppend(option: ConfigNode): Problem | undefined {
  const append = option.get('append');
  const action = option.enumName('append_action');
  if (!append || action === '' || /^(?:APPEND_IF_EXISTS_OR_ADD|0)$/i.test(action)) return undefined;
  return errorAt(append, 'Both "append" and "append_action" are set, which is not allowed.');
}
