/** Options of a connection manager that exclude each other (http_connection_manager/config.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { FILTER_CHAIN, HTTP_CONNECTION_MANAGER, QUIC_DOWNSTREAM } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { hasQuicOptions } from './listenerChains';

export const connectionManager = refusalRule('connection-manager', {
  [HTTP_CONNECTION_MANAGER]: (manager) => [ipDetection(manager), hostPorts(manager), headerSize(manager), ...repeatedUpgrades(manager)],
  [FILTER_CHAIN]: (chain) => chain.list('filters').map((filter) => codecType(filter, chain)),
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

/** A limit for one field of the headers above that for all of them. */
function headerSize(manager: ConfigNode): Problem | undefined {
  const size = manager.path('http2_protocol_options', 'max_header_field_size_kb');
  const limit = manager.number('max_request_headers_kb') ?? MAX_HEADERS;
  return size && (size.asNumber() ?? 0) > limit
    ? errorAt(size, `"max_header_field_size_kb" must not exceed "max_request_headers_kb" (${limit}).`)
    : undefined;
}

const MAX_HEADERS = 60;

function repeatedUpgrades(manager: ConfigNode): Problem[] {
  const seen = new Set<string>();
  return manager.list('upgrade_configs').flatMap((upgrade) => {
    const type = upgrade.string('upgrade_type').toLowerCase();
    const isRepeated = type !== '' && seen.has(type);
    seen.add(type);
    return isRepeated ? [errorAt(upgrade, `Multiple upgrade configs with the same name: "${upgrade.string('upgrade_type')}".`)] : [];
  });
}

/** HTTP/3 goes with QUIC, and nothing else does: the listener tells, or of a chain by itself its transport socket (listener_info_impl.h). */
function codecType(filter: ConfigNode, chain: ConfigNode): Problem | undefined {
  const typed = filter.typed();
  if (typed?.type !== HTTP_CONNECTION_MANAGER || chain.isIncomplete) return undefined;
  const codec = typed.node.get('codec_type');
  const isHttp3 = typed.node.isEnum('codec_type', 'HTTP3', 3);
  const isQuic = chain.owner ? hasQuicOptions(chain.owner) : chain.get('transport_socket')?.typed()?.type === QUIC_DOWNSTREAM;
  if (isHttp3 && !isQuic && codec) return errorAt(codec, 'The HTTP/3 codec needs a QUIC listener.');
  return !isHttp3 && isQuic ? errorAt(codec ?? filter, 'On a QUIC listener the codec must be HTTP3.') : undefined;
}
