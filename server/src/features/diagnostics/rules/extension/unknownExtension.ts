/** An extension that Envoy cannot find: no type, or a type of another kind of extension (source/common/config/utility.h getAndCheckFactory). */
import { readTyped, type ConfigNode } from '../../../../schema/configNode';
import { hasMessage } from '../../../../schema/readTable';
import { CLUSTER, FILTER_CHAIN, HTTP_CONNECTION_MANAGER } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

const MANAGER = HTTP_CONNECTION_MANAGER.slice(0, HTTP_CONNECTION_MANAGER.lastIndexOf('.'));
const MATCHING = 'envoy.extensions.common.matching.';

export const unknownExtension = refusalRule('unknown-extension', {
  'envoy.config.listener.v3.Filter': (filter) => [checkExtension(filter, ['envoy.extensions.filters.network.', MATCHING])],
  'envoy.config.listener.v3.ListenerFilter': (filter) => [
    checkExtension(filter, ['envoy.extensions.filters.listener.', 'envoy.extensions.filters.udp.']),
  ],
  [`${MANAGER}.HttpFilter`]: (filter) => [
    filter.bool('is_optional') ? undefined : checkExtension(filter, ['envoy.extensions.filters.http.', MATCHING]),
  ],
  'envoy.config.accesslog.v3.AccessLog': (logger) => [checkExtension(logger, ['envoy.extensions.access_loggers.'])],
  'envoy.config.cluster.v3.Filter': (filter) => [bothSources(filter) ?? checkExtension(filter, ['envoy.extensions.filters.'])],
  [FILTER_CHAIN]: (chain) => [checkSocket(chain, /(?:Upstream)\w*$/)],
  [CLUSTER]: (cluster) => [
    checkSocket(cluster, /(?:Downstream)\w*$/),
    ...cluster
      .list('transport_socket_matches')
      .map((match) => (match.has('transport_socket') ? checkSocket(match, /(?:Downstream)\w*$/) : undefined)),
    checkClusterType(cluster),
    checkPolicies(cluster),
    ...checkProtocolOptions(cluster),
  ],
});

/** `expected`: how the names of the messages begin that fit here. Types that the API does not describe are left to another rule. */
function checkExtension(extension: ConfigNode, expected: readonly string[]): Problem | undefined {
  if (
    extension.isIncomplete ||
    extension.has('config_discovery') ||
    extension.entry('config') ||
    extension.entry('hidden_envoy_deprecated_config')
  )
    return undefined;
  const name = extension.string('name');
  const config = extension.get('typed_config');
  if (!config || (config.entries().length === 0 && !config.isIncomplete))
    return errorAt(extension, `No extension is found for "${name}": its "typed_config" with an "@type" is missing.`);
  const { type } = readTyped(config);
  return isForeign(type, expected)
    ? errorAt(config.entry('@type') ?? config, `No extension is found for "${name}" with the type "${type}".`)
    : undefined;
}

function isForeign(type: string, expected: readonly string[]): boolean {
  if (type === '' || expected.some((prefix) => type.startsWith(prefix))) return false;
  return type.startsWith('google.protobuf.') || (type.startsWith('envoy.') && hasMessage(type));
}

function bothSources(filter: ConfigNode): Problem | undefined {
  const discovery = filter.get('config_discovery');
  return discovery && filter.has('typed_config')
    ? errorAt(discovery, 'Only one of "typed_config" and "config_discovery" can be used.')
    : undefined;
}

function checkSocket(owner: ConfigNode, wrongSide: RegExp): Problem | undefined {
  const socket = owner.get('transport_socket');
  if (!socket) return undefined;
  const type = socket.typed()?.type ?? '';
  const at = socket.get('typed_config')?.entry('@type') ?? socket;
  if (wrongSide.test(type) && hasMessage(type))
    return errorAt(at, `The transport socket "${type.slice(type.lastIndexOf('.') + 1)}" is for the other side of the proxy.`);
  return checkExtension(socket, ['envoy.extensions.transport_sockets.']);
}

function checkClusterType(cluster: ConfigNode): Problem | undefined {
  const custom = cluster.get('cluster_type');
  if (!custom || custom.isIncomplete) return undefined;
  const name = custom.string('name');
  if (custom.has('typed_config'))
    return checkExtension(custom, [
      'envoy.extensions.clusters.',
      'envoy.config.cluster.aggregate.',
      'envoy.config.cluster.dynamic_forward_proxy.',
    ]);
  return name.startsWith('envoy.') ? undefined : errorAt(custom, `There is no cluster type "${name}", and no "typed_config" tells one.`);
}

function checkPolicies(cluster: ConfigNode): Problem | undefined {
  const balancing = cluster.get('load_balancing_policy');
  const policies = balancing?.list('policies') ?? [];
  if (!balancing || balancing.isIncomplete) return undefined;
  const isKnown = policies.some((policy) => {
    const config = policy.path('typed_extension_config', 'typed_config');
    return (
      config !== undefined &&
      !isForeign(readTyped(config).type, ['envoy.extensions.load_balancing_policies.']) &&
      readTyped(config).type !== ''
    );
  });
  return isKnown ? undefined : errorAt(balancing, 'None of these load balancing policies is one that Envoy has.');
}

const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

function checkProtocolOptions(cluster: ConfigNode): Problem[] {
  return cluster.map('typed_extension_protocol_options').flatMap(([name, options]) => {
    const { type } = readTyped(options);
    const isForeignHere = type.startsWith('google.protobuf.') || (type === HTTP_OPTIONS && name !== HTTP_OPTIONS);
    return isForeignHere ? [errorAt(options, `There is no filter or protocol "${name}" with options of the type "${type}".`)] : [];
  });
}
