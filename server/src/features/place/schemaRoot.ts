/** From where the schema is read for a place: the resource that it is in, the `spec` of an Istio resource, a section of a dump. */
import { messageOf } from '../../index/names/collectNames';
import type { DocumentFacts } from '../../index/documentFacts';
import { resourceAt } from '../../index/messagesAt';
import { specOf } from '../../model/istio/istioSpec';
import { ConfigNode } from '../../schema/configNode';
import { messageType } from '../../schema/table/messageType';
import { messageNameOfTypeUrl, upgradeMessageName } from '../../schema/table/typeUrl';
import { NO_NODE, type NodeId } from '../../syntax/tree/syntaxTree';

export interface SchemaRoot {
  readonly node: NodeId;
  /** The message that stands there. */
  readonly message: string;
}

/** Undefined where nothing tells what the place belongs to. */
export function schemaRootAt(facts: DocumentFacts, id: NodeId): SchemaRoot | undefined {
  const resource = resourceAt(facts, id);
  if (resource?.kind === 'istio_resource') return specRoot(resource.node, id);
  // The key before a resource is a field of what is around it.
  const around = resource === undefined || resource.node.id === id ? (typedRoot(facts, id) ?? dumpRoot(facts, id)) : undefined;
  return around ?? (resource && { node: resource.node.id, message: messageOf(resource) });
}

function specRoot(resource: ConfigNode, id: NodeId): SchemaRoot | undefined {
  const spec = specOf(resource);
  return spec && id >= spec.node.id && id < spec.node.tree.next(spec.node.id) ? { node: spec.node.id, message: spec.message } : undefined;
}

/** A dump as a whole, which gives no type. */
function dumpRoot({ parts, tree }: DocumentFacts, id: NodeId): SchemaRoot | undefined {
  const dump = parts.find(({ kind, node }) => kind === 'dump' && node.has('configs') && node.id <= id && id < tree.next(node.id));
  return dump && { node: dump.node.id, message: 'envoy.admin.v3.ConfigDump' };
}

/** The outermost object around the place that says its own type: the sections of a dump do. */
function typedRoot({ tree }: DocumentFacts, id: NodeId): SchemaRoot | undefined {
  let found: SchemaRoot | undefined;
  for (let at = id; at !== NO_NODE; at = tree.parent(at)) {
    const url = new ConfigNode(tree, at).entry('@type')?.asString();
    const message = url === undefined ? undefined : upgradeMessageName(messageNameOfTypeUrl(url));
    if (message !== undefined && messageType(message)) found = { node: at, message };
  }
  return found;
}
