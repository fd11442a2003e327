/** Where a `core.v3.ConfigSource` takes its resources from, and which files a bootstrap names. */
import { ConfigNode, findField } from '../schema/configNode';
import { fileNameOf } from '../text/uriParts';
import { NO_NODE, type NodeId, type SyntaxTree } from '../syntax/tree/syntaxTree';

export type ConfigSource =
  { kind: 'ads' } | { kind: 'grpc'; cluster: string } | { kind: 'path'; path: string } | { kind: 'self' } | { kind: 'unknown' };

/** Reads a `core.v3.ConfigSource`. `path` is the old spelling of `path_config_source.path`. */
export function readConfigSource(node: ConfigNode | undefined): ConfigSource {
  if (!node) return { kind: 'unknown' };
  if (node.has('ads')) return { kind: 'ads' };
  if (node.has('self')) return { kind: 'self' };
  const path = node.path('path_config_source', 'path')?.asString() ?? node.string('path');
  if (path) return { kind: 'path', path };
  const api = node.get('api_config_source');
  if (!api) return { kind: 'unknown' };
  const grpc = api.list('grpc_services')[0]?.path('envoy_grpc', 'cluster_name')?.asString();
  return { kind: 'grpc', cluster: grpc ?? api.list('cluster_names')[0]?.asString() ?? '' };
}

/** Whether a `core.v3.ConfigSource` says where resources come from. Asked for every secret of a dump: nearly always it is gRPC. */
export function isSourceGiven(tree: SyntaxTree, node: NodeId): boolean {
  if (findField(tree, node, 'api_config_source') !== NO_NODE) return true;
  return readConfigSource(new ConfigNode(tree, node)).kind !== 'unknown';
}

/** Whether a path of filesystem xDS means that file: where Envoy runs it lies in another folder, as a rule. */
export function isFileAt(uri: string, path: string): boolean {
  return fileNameOf(path) === fileNameOf(uri);
}

/** Paths of filesystem xDS that a bootstrap names for itself: LDS, CDS, and EDS/RDS/SDS of its static resources. Depth-limited walk over config sources. */
export function configSourcePaths(bootstrap: ConfigNode): string[] {
  const found: string[] = [];
  const pending: { node: ConfigNode; depth: number }[] = [{ node: bootstrap, depth: 0 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, depth } = next;
    if (depth > 40) continue;
    const source = node.isObject ? readConfigSource(node) : undefined;
    if (source?.kind === 'path') found.push(source.path);
    const children = node.isArray ? node.items() : node.entries().map(([, value]) => value);
    for (const child of children) if (child.isObject || child.isArray) pending.push({ node: child, depth: depth + 1 });
  }
  return found;
}
