/** Completion of `@type`: the messages that configure what the place asks for. */
import { findFieldOfKey, messageType } from '../../schema/table/messageType';
import { NO_NODE, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import type { Cursor } from './cursor';
import { ROUTE_SETTINGS_WRAPPER, typeByName, typesForEntry, typesForHolder } from './fittingExtensions';
import type { Candidate } from './writeCandidates';
import { shortNameOf } from '../../schema/table/typeUrl';

const HOST = 'type.googleapis.com/';

/** What xDS files hold (envoy.service.discovery.v3). */
export const DISCOVERY = 'envoy.service.discovery.v3.DiscoveryResponse';

const RESOURCES = [
  'envoy.config.listener.v3.Listener',
  'envoy.config.cluster.v3.Cluster',
  'envoy.config.route.v3.RouteConfiguration',
  'envoy.config.route.v3.ScopedRouteConfiguration',
  'envoy.config.route.v3.VirtualHost',
  'envoy.config.endpoint.v3.ClusterLoadAssignment',
  'envoy.extensions.transport_sockets.tls.v3.Secret',
  'envoy.config.core.v3.TypedExtensionConfig',
  'envoy.service.runtime.v3.Runtime',
];

/** Type URLs; what the extension's own name says comes first. */
export function completeTypes(cursor: Cursor): Candidate[] {
  const { facts, parent, comments } = cursor;
  const named = typeByName(cursor, facts.tree.parent(parent));
  const types = fittingTypes(cursor);
  return types.map((type): Candidate => {
    const documentation = comments.commentOf(type);
    return {
      name: typeUrl(type),
      label: type,
      kind: 'type',
      detail: shortNameOf(type),
      rank: type === named ? 0 : type === ROUTE_SETTINGS_WRAPPER ? 2 : 1,
      ...(documentation !== undefined && { documentation }),
    };
  });
}

export function typeUrl(type: string): string {
  return HOST + type;
}

/** Of the `Any` around the cursor. */
function fittingTypes(cursor: Cursor): readonly string[] {
  const { around, parent, facts } = cursor;
  if (isResourcePlace(cursor) || (around?.field?.name === 'resources' && around.owner?.name === DISCOVERY)) return RESOURCES;
  if (around?.field?.message !== 'google.protobuf.Any') return [];
  if (around.field.anyType !== undefined && messageType(around.field.anyType)) return [around.field.anyType];
  if (around.field.mapKey !== undefined) return typesForEntry(cursor, parent);
  return typesForHolder(cursor, facts.tree.parent(parent));
}

/** An item of `resources`, or the top of a file, before its type is known. */
export function isResourcePlace({ facts: { tree }, parent, around }: Cursor): boolean {
  // JSON-LD has types of its own.
  if (around?.field || around?.enclosing || tree.child(parent, '@context') !== NO_NODE) return false;
  const list = tree.parent(parent);
  return list === NO_NODE || (tree.key(list) === 'resources' && isResponse(tree, tree.parent(list)));
}

/** At the top of a file, and nothing in it that a DiscoveryResponse does not have. */
function isResponse(tree: SyntaxTree, object: NodeId): boolean {
  const type = messageType(DISCOVERY);
  return tree.parent(object) === NO_NODE && tree.children(object).every((each) => type && findFieldOfKey(type, tree.key(each) ?? ''));
}
