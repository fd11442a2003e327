/** The messages of which large resources consist: an edit is in one of them, and leaves the others as they are. */
import { findField } from '../../schema/configNode';
import { NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import type { ResourceKind } from './resource';

/** A route configuration may have thousands of virtual hosts; a waypoint's inner listener has a filter chain for every service. */
const INNER: Partial<Record<ResourceKind, string>> = { route_configuration: 'virtual_hosts', listener: 'filter_chains' };

/** The list of the inner messages of a resource, or NO_NODE. */
export function innerListOf(tree: SyntaxTree, resource: NodeId, kind: ResourceKind): NodeId {
  const field = INNER[kind];
  const list = field === undefined ? NO_NODE : findField(tree, resource, field);
  return list !== NO_NODE && tree.kind(list) === NodeKind.array ? list : NO_NODE;
}
