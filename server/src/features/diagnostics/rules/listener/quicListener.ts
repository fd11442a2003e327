/** What a QUIC listener must and must not have (source/common/quic, listener_impl.cc). */
import { canonicalIp } from '../../../../model/address';
import type { ConfigNode } from '../../../../schema/configNode';
import { HTTP_CONNECTION_MANAGER, LISTENER, QUIC_DOWNSTREAM } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { isQuic } from './listenerChains';

const FIXED_ADDRESS = 'envoy.extensions.quic.server_preferred_address.v3.FixedServerPreferredAddressConfig';

export const quicListener = refusalRule('quic-listener', {
  [LISTENER]: (listener) => {
    if (!isQuic(listener)) return [];
    const balance = listener.get('connection_balance_config');
    return [
      balance && errorAt(balance, 'A QUIC listener does not work with a connection balancer.'),
      ...chainsOf(listener).flatMap((chain) => [checkTransportSocket(chain), checkLastFilter(chain)]),
    ];
  },
  [QUIC_DOWNSTREAM]: (socket) => [lacksTrust(socket), earlyWithoutResumption(socket)],
  [FIXED_ADDRESS]: (config) => [
    checkIp(config, 'ipv4_address', 'v4'),
    checkIp(config, 'ipv6_address', 'v6'),
    ...preferredAddress(config.get('ipv4_config'), 'v4'),
    ...preferredAddress(config.get('ipv6_config'), 'v6'),
  ],
});

/** quic_server_transport_socket_factory.cc: clients that show certificates must be checked against something (asked of Envoy 1.40). */
function lacksTrust(socket: ConfigNode): Problem | undefined {
  const tls = socket.get('downstream_tls_context');
  const demand = tls?.get('require_client_certificate');
  const common = tls?.get('common_tls_context');
  if (!demand?.asBoolean() || socket.isIncomplete || tls?.isIncomplete || common?.isIncomplete) return undefined;
  if (common?.has('validation_context_sds_secret_config') || common?.has('combined_validation_context')) return undefined;
  const validation = common?.get('validation_context');
  if (!validation) return errorAt(demand, '"require_client_certificate" needs a validation context over QUIC.');
  return validation.isIncomplete || trusts(validation)
    ? undefined
    : errorAt(
        demand,
        '"require_client_certificate" needs a validation context with a "trusted_ca" or a "custom_validator_config" over QUIC: without one no client certificate could be verified.',
        { related: [{ message: 'The validation context', at: validation }] },
      );
}

/** Both are on where nothing is said of them, unless the certificates of clients are looked at: then they are off (asked of Envoy 1.40). */
function earlyWithoutResumption(socket: ConfigNode): Problem | undefined {
  if (socket.isIncomplete) return undefined;
  const common = socket.path('downstream_tls_context', 'common_tls_context');
  const isOn = (field: string): boolean | undefined => (socket.has(field) ? socket.bool(field) : isOnByDefault(common));
  return isOn('enable_early_data') === true && isOn('enable_resumption') === false
    ? errorAt(
        socket.get('enable_resumption') ?? socket.get('enable_early_data') ?? socket,
        'QUIC early data is enabled and resumption is not: early data requires "enable_resumption". Both are on by default without a validation context, and off with one.',
      )
    : undefined;
}

/** Undefined where it hangs on a secret. */
function isOnByDefault(common: ConfigNode | undefined): boolean | undefined {
  if (common?.isIncomplete || common?.has('combined_validation_context')) return undefined;
  const secret = common?.get('validation_context_sds_secret_config');
  if (secret) return secret.has('sds_config') ? true : undefined;
  return common?.has('validation_context') !== true;
}

function trusts(validation: ConfigNode): boolean {
  return (
    validation.has('trusted_ca') ||
    validation.has('custom_validator_config') ||
    validation.isEnum('trust_chain_verification', 'ACCEPT_UNTRUSTED', 1)
  );
}

function chainsOf(listener: ConfigNode): ConfigNode[] {
  const other = listener.get('default_filter_chain');
  return other ? [...listener.list('filter_chains'), other] : listener.list('filter_chains');
}

function checkTransportSocket(chain: ConfigNode): Problem | undefined {
  if (chain.isIncomplete) return undefined;
  const socket = chain.get('transport_socket');
  if (!socket) return errorAt(chain, 'A filter chain of a QUIC listener needs a transport socket (QuicDownstreamTransport).');
  const type = socket.typed()?.type ?? '';
  return type === '' || type === QUIC_DOWNSTREAM
    ? undefined
    : errorAt(socket, 'Wrong transport socket for QUIC: use QuicDownstreamTransport.');
}

function checkLastFilter(chain: ConfigNode): Problem | undefined {
  const filters = chain.list('filters');
  const last = filters.at(-1);
  const isManager = last !== undefined && (last.typed()?.type ?? HTTP_CONNECTION_MANAGER) === HTTP_CONNECTION_MANAGER;
  if (chain.isIncomplete || isManager) return undefined;
  return errorAt(
    last ?? chain.get('filters') ?? chain,
    'A QUIC listener needs an http_connection_manager as the last filter of its chain.',
  );
}

/** fixed_server_preferred_address_config.cc: an address of its family, with a port only where it is translated. */
function preferredAddress(config: ConfigNode | undefined, family: 'v4' | 'v6'): (Problem | undefined)[] {
  if (!config) return [];
  const own = config.path('address', 'port_value');
  const translated = config.path('dnat_address', 'port_value');
  const addresses = [config.get('address'), config.get('dnat_address')].flatMap((address) => address ?? []);
  return [
    ...addresses.map((address) => checkIp(address, 'address', family)),
    own && (own.asNumber() ?? 0) !== 0 && !config.has('dnat_address')
      ? errorAt(own, 'The port of the preferred address must be zero unless "dnat_address" is set.')
      : undefined,
    translated && (translated.asNumber() ?? 0) !== 0
      ? errorAt(translated, 'The port of "dnat_address" must be 0 in this version of Envoy.')
      : undefined,
  ];
}

function checkIp(config: ConfigNode, field: string, family: 'v4' | 'v6'): Problem | undefined {
  const node = config.get(field);
  const text = node?.asString() ?? '';
  if (!node || text === '') return undefined;
  const ip = canonicalIp(text);
  return ip !== undefined && ip.includes(':') === (family === 'v6')
    ? undefined
    : errorAt(node, `Bad ${family} server preferred address: "${text.slice(0, 80)}".`);
}
