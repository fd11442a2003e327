/** Messages that have a description of their own, by their type: resources, and the parts of them that one looks for. */
import { proxiesOf } from '../../index/buildSnapshot';
import { messagesAt, resourceAt } from '../../index/messagesAt';
import type { ConfigNode } from '../../schema/configNode';
import type { Place } from '../place/place';
import { describeCluster } from './describeCluster';
import { describeEndpoint, describeLoadAssignment } from './describeEndpoints';
import { describeFilterChain } from './describeFilterChain';
import { describeMaking } from './describeIstioResource';
import { describeListener } from './describeListener';
import { describeRoute, describeRouteConfiguration, describeVirtualHost } from './describeRoute';
import { describeSecret } from './describeSecret';
import type { Seen } from './seen';

const DESCRIBERS: Readonly<Record<string, (seen: Seen) => string>> = {
  'envoy.config.cluster.v3.Cluster': describeCluster,
  'envoy.config.listener.v3.Listener': describeListener,
  'envoy.config.listener.v3.FilterChain': describeFilterChain,
  'envoy.config.route.v3.RouteConfiguration': describeRouteConfiguration,
  'envoy.config.route.v3.VirtualHost': describeVirtualHost,
  'envoy.config.route.v3.Route': describeRoute,
  'envoy.config.endpoint.v3.ClusterLoadAssignment': describeLoadAssignment,
  'envoy.config.endpoint.v3.LbEndpoint': describeEndpoint,
  'envoy.extensions.transport_sockets.tls.v3.Secret': describeSecret,
};

/** The description of a message by its kind; undefined for kinds without one. */
export function describeMessage(seen: Seen): string | undefined {
  const facts = seen.snapshot.documents.get(seen.node.tree.uri);
  if (facts && seen.node.has('apiVersion') && resourceAt(facts, seen.node.id)?.kind === 'istio_resource') return describeMaking(seen.node);
  const type = facts && messagesAt(facts, seen.node.id)?.messages.at(-1)?.type.name;
  return type === undefined ? undefined : DESCRIBERS[type]?.(seen);
}

/** Messages that are described wherever the cursor is in their own fields (their name, match, address …). */
const AROUND = new Set(['envoy.config.route.v3.Route', 'envoy.config.endpoint.v3.LbEndpoint', 'envoy.config.listener.v3.FilterChain']);

/** What of a message's own fields (not of deeper messages) tells about the whole. */
const TELLING =
  /^(name|match|route|redirect|direct_?response|endpoint|address|socket_?address|port_?value|health_?status|filter_?chain_?match|prefix|path|server_?listener_?name|envoy_?internal_?address)$/i;

/** Of the message around one of these fields; undefined where there is none. */
export function describeAround({ snapshot, uri }: Place, node: ConfigNode): string | undefined {
  const facts = snapshot.documents.get(uri);
  const [proxy] = proxiesOf(snapshot, uri);
  const enclosure = facts && messagesAt(facts, node.id);
  if (!enclosure || !proxy) return undefined;
  const message = enclosure.messages.findLast(({ type }) => AROUND.has(type.name));
  if (!message || !TELLING.test(node.key) || !isNear(node, message.node, 4)) return undefined;
  return DESCRIBERS[message.type.name]?.({ snapshot, proxy, node: message.node });
}

/** At most so many levels down: with four, an endpoint's port is, and a header matcher of a route is not. */
export function isNear(node: ConfigNode, message: ConfigNode, levels: number): boolean {
  let at: ConfigNode | undefined = node;
  for (let steps = 0; at && steps <= levels; steps++, at = at.parent) if (at.sameAs(message)) return true;
  return false;
}
