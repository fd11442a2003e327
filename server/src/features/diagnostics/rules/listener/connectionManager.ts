/** Options of a connection manager that exclude each other (http_connection_manager/config.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { HTTP_CONNECTION_MANAGER } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

export const connectionManager = refusalRule('connection-manager', {
  [HTTP_CONNECTION_MANAGER]: (manager) => [ipDetection(manager), hostPorts(manager), ...repeatedUpgrades(manager), ...http2Settings(manager)],
});

function ipDetection(manager: ConfigNode): Problem | undefined {
  const extensions = manager.get('original_ip_detection_extensions');
  if (!extensions || manager.list('original_ip_detection_extensions').length === 0) return undefined;
  if (manager.bool('use_remote_address')) return errorAt(extensions, 'Original IP detection extensions and "use_remote_address" may not be mixed.');
  return (manager.number('xff_num_trusted_hops') ?? 0) > 0
    ? errorAt(extensions, 'Original IP detection extensions and "xff_num_trusted_hops" may not be mixed.')
    : undefined;
}

function hostPorts(manager: ConfigNode): Problem | undefined {
  const any = manager.get('strip_any_host_port');
  if (!any?.asBoolean() || !manager.bool('strip_matching_host_port')) return undefined;
  return errorAt(any, 'Only one of "strip_matching_host_port" and "strip_any_host_port" can be set.');
}

function repeatedUpgrades(manager: ConfigNode): Problem[] {
  const seen = new Set<string>();
  return manager.list('upgrade_configs').flatMap((upgrade) => {
    const type = upgrade.string('upgrade_type').toLowerCase();
    const isRepeated = type !== '' && seen.has(type);
    seen.add(type);
    return isRepeated ? [errorAt(upgrade, `Multiple upgrade configs with the same name: "${upgrade.string('upgrade_type')}".`)] : [];
  });
}

/** HTTP/2 SETTINGS that have fields of their own. */
const NAMED_SETTINGS: readonly [identifier: number, field: string][] = [
  [1, 'hpack_table_size'],
  [3, 'max_concurrent_streams'],
  [4, 'initial_stream_window_size'],
  [8, 'allow_connect'],
];

function http2Settings(manager: ConfigNode): Problem[] {
  const options = manager.get('http2_protocol_options');
  return (options?.list('custom_settings_parameters') ?? []).flatMap((parameter) => {
    const named = NAMED_SETTINGS.find(([identifier]) => identifier === parameter.number('identifier'))?.[1];
    if (named === undefined || !options?.has(named)) return [];
    return [errorAt(parameter, `The HTTP/2 setting "${named}" cannot be configured through both its field and a custom parameter.`)];
  });
}
