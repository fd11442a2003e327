/** Options of a connection manager that exclude each other (http_connection_manager/config.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { HTTP_CONNECTION_MANAGER } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

export const connectionManager = refusalRule('connection-manager', {
  [HTTP_CONNECTION_MANAGER]: (manager) => [ipDetection(manager), hostPorts(manager), ...repeatedUpgrades(manager)],
});

function ipDetection(manager: ConfigNode): Problem | undefined {
  const extensions = manager.get('original_ip_detection_extensions');
  if (!extensions || manager.list('original_ip_detection_extensions').length === 0) return undefined;
  if (manager.bool('use_remote_address'))
    return errorAt(extensions, 'Original IP detection extensions and "use_remote_address" may not be mixed.');
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
