/** Keeps, along a walk, which message of each scope encloses the place: in which listener, connection manager or cluster a name counts. */
import { NO_NODE, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import { nextOf, type TreeColumns } from '../../syntax/tree/treeColumns';
import type { MessageType } from '../table/messageType';
import type { ReferenceScope } from './referenceSite';

const SCOPES: ReadonlyMap<string, ReferenceScope> = new Map<string, ReferenceScope>([
  ['envoy.config.listener.v3.Listener', 'listener'],
  ['envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', 'http_connection_manager'],
  ['envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication', 'jwt_authentication'],
  ['envoy.extensions.filters.network.generic_proxy.v3.GenericProxy', 'generic_proxy'],
  ['envoy.config.route.v3.RouteConfiguration', 'route_configuration'],
  ['envoy.config.cluster.v3.Cluster', 'cluster'],
  ['envoy.config.endpoint.v3.ClusterLoadAssignment', 'load_assignment'],
  ['envoy.extensions.filters.network.kafka_mesh.v3alpha.KafkaMesh', 'kafka_mesh'],
]);

export class ScopeTracker {
  private readonly columns: TreeColumns;
  private readonly open = new Map<ReferenceScope, NodeId[]>();

  constructor(tree: SyntaxTree) {
    this.columns = tree.columns;
  }

  enter(node: NodeId, type: MessageType): void {
    const scope = SCOPES.get(type.name);
    if (scope === undefined) return;
    const stack = this.open.get(scope);
    if (stack) stack.push(node);
    else this.open.set(scope, [node]);
  }

  /** The innermost message of the scope that holds `node`; NO_NODE where none of the walk does. */
  nodeOf(scope: ReferenceScope, node: NodeId): NodeId {
    const stack = this.open.get(scope);
    // A walk goes forward: what ended before this node never holds a later one.
    while (stack !== undefined && stack.length > 0 && nextOf(this.columns, stack.at(-1) ?? 0) <= node) stack.pop();
    return stack?.at(-1) ?? NO_NODE;
  }
}
