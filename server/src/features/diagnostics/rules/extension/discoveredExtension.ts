/** Filters whose configuration is discovered (ECDS): what stands in for it until then (source/common/filter/config_discovery_impl.cc, filter_chain_helper.h). */
import { readTyped, type ConfigNode } from '../../../../schema/configNode';
import { hasMessage } from '../../../../schema/table/readTable';
import { messageNameOfTypeUrl } from '../../../../schema/table/typeUrl';
import { typesOfCategory } from '../../../../schema/extensions/extensionCategories';
import { isUdp } from '../../../../model/summary/listenerSummary';
import { isQuic } from '../listener/listenerChains';
import { HTTP_CONNECTION_MANAGER } from '../../messageNames';
import { refusalRule, type CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

const MANAGER = HTTP_CONNECTION_MANAGER.slice(0, HTTP_CONNECTION_MANAGER.lastIndexOf('.'));

const ofCategories =
  (...categories: readonly string[]): CheckMessage =>
  (filter) =>
    checkDiscovery(filter, categories);

export const discoveredExtension = refusalRule('discovered-extension', {
  [`${MANAGER}.HttpFilter`]: ofCategories('filters.http', 'filters.http.upstream'),
  // What types a network filter may have is never looked at (observed with Envoy 1.40).
  'envoy.config.listener.v3.Filter': (filter) => checkDiscovery(filter),
  'envoy.config.listener.v3.ListenerFilter': (filter) =>
    udpDiscovery(filter) ?? checkDiscovery(filter, ['filters.listener', 'filters.udp_listener']),
});

/** listener_manager_impl.cc: filters of datagrams stand in their listener. */
function udpDiscovery(filter: ConfigNode): Problem[] | undefined {
  const discovery = filter.get('config_discovery');
  const listener = filter.parent?.isArray ? filter.parent.parent : undefined;
  return discovery && listener?.has('address') && isUdp(listener) && !isQuic(listener)
    ? [errorAt(discovery, 'A filter of a UDP listener cannot be discovered: it needs a "typed_config".')]
    : undefined;
}

function checkDiscovery(filter: ConfigNode, categories?: readonly string[]): (Problem | undefined)[] {
  const discovery = filter.get('config_discovery');
  if (!discovery || discovery.isIncomplete) return [];
  const types = discovery.list('type_urls');
  const fallback = discovery.get('default_config');
  const early = discovery.get('apply_default_config_without_warming');
  return [
    early?.asBoolean() && !fallback
      ? errorAt(early, 'Without a "default_config" nothing can be applied before the filter is discovered.')
      : undefined,
    ...(categories ? types.map((url) => checkType(url, categories)) : []),
    fallback && checkDefault(fallback, types),
  ];
}

function checkType(url: ConfigNode, categories: readonly string[]): Problem | undefined {
  const type = messageNameOfTypeUrl(url.asString() ?? '');
  // The name of a message without a package is a slip; others may be those of somebody's own Envoy.
  const isKnown = type.startsWith('google.protobuf.') || hasMessage(type) || !type.includes('.');
  return !isKnown || /\.v3alpha\./.test(type) || categories.some((category) => typesOfCategory(category).has(type))
    ? undefined
    : errorAt(url, `No filter is found for the required type "${type}".`);
}

function checkDefault(fallback: ConfigNode, types: readonly ConfigNode[]): Problem | undefined {
  const { type } = readTyped(fallback);
  if (!fallback.isIncomplete && fallback.entries().length === 0)
    return errorAt(fallback, 'No filter is found for the default configuration: its "@type" is missing.');
  const expected = types.map((url) => messageNameOfTypeUrl(url.asString() ?? ''));
  return type === '' || expected.length === 0 || expected.includes(type)
    ? undefined
    : errorAt(
        fallback.entry('@type') ?? fallback,
        `The default configuration has the type "${type}", but "type_urls" expects ${expected.join(', ')}.`,
      );
}
