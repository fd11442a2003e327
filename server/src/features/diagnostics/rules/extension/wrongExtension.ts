/** An extension of another kind than its place takes, or one that the standard Envoy has not (source/common/config/utility.h getAndCheckFactory). */
import { readTyped, type ConfigNode } from '../../../../schema/configNode';
import type { MessageType } from '../../../../schema/table/messageType';
import { isBootstrapResolverUnused } from '../../bootstrapResolver';
import { usesDns } from '../cluster/clusterKind';
import { BOOTSTRAP, CLUSTER, HTTP_CONNECTION_MANAGER } from '../../messageNames';
import { categoriesOfField, isContributed, isForeignExtension, isRouteSettings } from '../../../../schema/extensions/extensionCategories';
import { clusterExtensionOfName } from '../../../../schema/extensions/clusterTypes';
import { errorAt, warningAt } from '../../problem';
import type { Problem, SchemaRule } from '../../rule';
import { isUdp } from '../../../../model/summary/listenerSummary';
import { isQuic } from '../listener/listenerChains';
import { refuseRouteSettings } from './routeSettings';
import type { Field } from '../../../../schema/table/messageDescription';

export const wrongExtension: SchemaRule = {
  code: 'wrong-extension',
  applies: 'written',
  visit: (report) => ({
    value(value, field, owner) {
      const problem = checkValue(value, field, owner);
      // Lists and pieces may be of Istio's proxy, which has its own extensions.
      if (problem && (report.isBootstrap || !isIstioExtension(problem.at))) report.add(problem);
    },
  }),
};

function isIstioExtension(at: ConfigNode): boolean {
  return at.isField('@type') && ISTIO_EXTENSION.test(at.asString() ?? '');
}

/** Of github.com/istio/proxy, source/extensions. */
const ISTIO_EXTENSION = /\/(?:istio|io\.istio|stats|envoy\.tcp\.metadataexchange)\./;

function checkValue(value: ConfigNode, field: Field, owner: MessageType): Problem | undefined {
  if (isEmptyExtension(value, field, owner)) return errorAt(value, 'No extension is found: an "@type" is missing.');
  if (isNamedElsewhere(value, field, owner)) return untypedStruct(value);
  const categories = specialCategory(value, owner) ?? categoriesOfField(field, owner);
  const any = categories && anyOf(value, field);
  if (!categories || !any || any.isIncomplete || isOptional(value) || isSwitchedOff(value, owner)) return undefined;
  const { type, node } = readTyped(any);
  const at = any.entry('@type') ?? any;
  if (type === '') return isPassedOver(categories) || isTakenUpLater(value, field, owner) ? undefined : untypedStruct(any);
  if (isUntypedCluster(any, type, categories)) return undefined;
  if (isForeignExtension(type, categories))
    return isPassedOver(categories) ? undefined : foreignExtension(at, type, { categories, isLate: isTakenUpLater(value, field, owner) });
  return isRouteSettings(type) ? refuseRouteSettings(node, type, at) : undefined;
}

/** Fields of extensions whose category hangs on what has them. */
function isNamedElsewhere(value: ConfigNode, { name }: Field, owner: MessageType): boolean {
  if (owner.name === 'envoy.config.route.v3.FilterConfig') return !isOptional(value) && value.parent?.bool('disabled') !== true;
  return !value.isIncomplete && (name === 'typed_per_filter_config' || name === 'default_config');
}

/** A TypedStruct that does not say what it is. */
function untypedStruct(any: ConfigNode): Problem | undefined {
  const url = any.entry('@type');
  return url?.asString()?.endsWith('.TypedStruct') ? errorAt(url, 'No extension is found: a "type_url" is missing.') : undefined;
}

/** Of load balancing policies Envoy skips those that it does not know; whether it knows any is told by the rule unknown-extension. */
function isPassedOver(categories: readonly string[]): boolean {
  return categories.includes('load_balancing_policies');
}

/** Clusters alone are found by their name where the configuration is a Struct (source/common/upstream/cluster_factory_impl.cc). */
function isUntypedCluster(config: ConfigNode, type: string, categories: readonly string[]): boolean {
  if (type !== 'google.protobuf.Struct' || !categories.includes('clusters')) return false;
  return clusterExtensionOfName(config.parent?.string('name') ?? '') !== undefined;
}

/** The configuration of an extension without anything in it. Of load balancing policies Envoy skips those that it does not know. */
function isEmptyExtension(value: ConfigNode, field: Field, owner: MessageType): boolean {
  const isCache = CACHES.test(owner.name);
  const isExtension = isCache || owner.name.endsWith('.RequestIDExtension') || owner.name.endsWith('.core.v3.TypedExtensionConfig');
  if (field.name !== 'typed_config' || !isExtension) return false;
  if (!value.isObject || value.isIncomplete || value.entries().length > 0) return false;
  const holder = value.parent;
  if (isCache) return !isSwitchedOff(value, owner);
  return !holder?.isField('typed_extension_config') && !isStatName(value) && !isMadeByNeed(value) && !(holder && isOptional(holder));
}

/** Matchers of the names of statistics and services are made without their extension (observed with Envoy 1.40). */
function isStatName({ parent }: ConfigNode): boolean {
  return parent?.parent?.enclosing('service_name_matcher', 'stats_config', 'allow_paths') !== undefined;
}

const CACHES = /^envoy\.extensions\.filters\.http\.cache(?:_v2)?\./;

/** A cache filter that is off makes no cache. */
function isSwitchedOff({ parent }: ConfigNode, owner: MessageType): boolean {
  return CACHES.test(owner.name) && parent?.bool('disabled') === true;
}

/** What is done when Envoy crashes or hangs, and what writes packets, is made when Envoy runs. */
function isMadeByNeed({ parent }: ConfigNode): boolean {
  const isAction = parent?.isField('config') === true && parent.enclosing('fatal_actions', 'watchdogs', 'watchdog') !== undefined;
  return isAction || parent?.isField('udp_packet_packet_writer_config', 'client_packet_writer') === true;
}

/** The `Any` itself, or the one in a TypedExtensionConfig or a transport socket. */
function anyOf(value: ConfigNode, { message }: Field): ConfigNode | undefined {
  if (message === 'google.protobuf.Any') return value;
  if (message === 'xds.core.v3.TypedExtensionConfig') return isStatName(value) ? undefined : value.get('typed_config');
  return message === 'envoy.config.core.v3.TypedExtensionConfig' || message === 'envoy.config.core.v3.TransportSocket'
    ? value.get('typed_config')
    : undefined;
}

/** Where more than the field decides what an extension must be. */
function specialCategory(value: ConfigNode, owner: MessageType): readonly string[] | undefined {
  if (owner.name === FILTER_WITH_MATCHER) return [isUpstreamFilter(value.parent, HTTP_FILTER) ? 'filters.http.upstream' : 'filters.http'];
  if (isUpstreamFilter(value, owner.name)) return ['filters.http.upstream'];
  if (owner.name === LISTENER_FILTER) return listenerCategory(value.parent);
  if (EITHER_SIDE.test(owner.name)) return sideOf(value);
  return isProactiveMonitor(value, owner) ? ['resource_monitors.proactive'] : undefined;
}

const FILTER_WITH_MATCHER = 'envoy.extensions.common.matching.v3.ExtensionWithMatcher';
/** Sockets around another one, which must be of their side. */
const EITHER_SIDE = /^envoy\.extensions\.transport_sockets\.(?:tap|tcp_stats)\./;

function sideOf(socket: ConfigNode): readonly string[] | undefined {
  if (socket.enclosing('filter_chains', 'default_filter_chain')) return ['transport_sockets.downstream'];
  return socket.enclosing('clusters') ? ['transport_sockets.upstream'] : undefined;
}

const LISTENER_FILTER = 'envoy.config.listener.v3.ListenerFilter';

/** Connections, datagrams and QUIC have filters of their own (listener_impl.cc createListenerFilterFactories); undefined outside of a listener. */
function listenerCategory(filter: ConfigNode | undefined): readonly string[] | undefined {
  const listener = filter?.owner;
  if (!listener?.isObject || listener.isIncomplete) return undefined;
  if (isQuic(listener)) return ['filters.quic_listener'];
  if (isUdp(listener)) return ['filters.udp_listener'];
  return listener.has('address') || listener.has('internal_listener') ? ['filters.listener'] : undefined;
}

/** A monitor that counts by itself is told by its name (source/server/overload_manager_impl.cc). */
function isProactiveMonitor({ parent }: ConfigNode, owner: MessageType): boolean {
  return owner.name === 'envoy.config.overload.v3.ResourceMonitor' && parent?.string('name') === PROACTIVE_MONITOR;
}

const PROACTIVE_MONITOR = 'envoy.resource_monitors.global_downstream_max_connections';

const HTTP_FILTER = `${HTTP_CONNECTION_MANAGER.slice(0, HTTP_CONNECTION_MANAGER.lastIndexOf('.'))}.HttpFilter`;

/** HTTP filters of a cluster's protocol options, or those that the router runs once more. */
function isUpstreamFilter(config: ConfigNode | undefined, ownerName: string): boolean {
  const list = ownerName === HTTP_FILTER ? config?.parent?.parent : undefined;
  const holder = list?.isArray ? list : config?.parent;
  if (holder?.isField('upstream_http_filters')) return true;
  return ownerName === HTTP_FILTER && (holder?.parent?.entry('@type')?.asString() ?? '').endsWith('.HttpProtocolOptions');
}

/** An HTTP filter that may be left out where Envoy does not know it. */
function isOptional({ parent }: ConfigNode): boolean {
  return parent?.isObject === true && parent.bool('is_optional') === true;
}

/** How to connect is asked with a request, the bootstrap's resolver is made with the first cache that needs it, a cluster's own with its discovery by DNS. */
function isTakenUpLater({ parent }: ConfigNode, field: Field, owner: MessageType): boolean {
  if (owner.name === CLUSTER && field.name === 'upstream_config') return true;
  if (field.name === 'udp_packet_packet_writer_config') return true;
  if (field.name === 'config_validators') return parent?.enclosing('load_stats_config') !== undefined;
  if (field.name !== 'typed_dns_resolver_config') return false;
  if (owner.name === BOOTSTRAP) return parent !== undefined && isBootstrapResolverUnused(parent);
  return owner.name === CLUSTER && parent !== undefined && !usesDns(parent);
}

/** An extension where those of other categories (`clusters`, `filters.http`) are expected. */
export function foreignExtension(
  at: ConfigNode,
  type: string,
  { categories, isLate }: { categories: readonly string[]; isLate: boolean },
): Problem {
  const kinds = categories.map((category) => `envoy.${category}`).join(' or ');
  if (isContributed(type))
    return warningAt(at, `The standard Envoy has no extension "${type}": it is only in builds with contributed extensions.`);
  return (isLate ? warningAt : errorAt)(
    at,
    `No extension is found with the type "${type}": a configuration of the category ${kinds} is expected.`,
  );
}
