/** A proxy of a mesh as the files that Envoy reads: a bootstrap, and filesystem xDS. */
import { readFileSync } from 'node:fs';
import { caPath, leafOf } from '../../certificates';
import type { EnvoyFiles } from '../../envoyProcess';
import type { JsonObject } from '../../labCase';
import { CLUSTERS_FILE, discoveryResponse, LISTENERS_FILE } from '../../placeCase';
import type { MeshProxy, MeshSecret } from '../meshCase';

/** Where a resource of that kind and name is; names have characters that files must not have. */
export function pathSource(kind: 'rds' | 'eds' | 'sds', name: string): JsonObject {
  return { resource_api_version: 'V3', initial_fetch_timeout: '0.3s', path_config_source: { path: `./${fileOf(kind, name)}` } };
}

export function filesOfProxy(proxy: MeshProxy): EnvoyFiles {
  const { listeners, clusters, routes = [], endpoints = [], dynamic } = proxy;
  const files: Record<string, JsonObject> = {};
  const add = (path: string, type: string, resources: readonly JsonObject[]): void => {
    files[path] = discoveryResponse(resources.map((each) => ({ '@type': `type.googleapis.com/envoy.${type}`, ...each })));
  };
  for (const each of routes) add(fileOf('rds', nameOf(each['name'])), 'config.route.v3.RouteConfiguration', [each]);
  for (const each of endpoints) add(fileOf('eds', nameOf(each['cluster_name'])), 'config.endpoint.v3.ClusterLoadAssignment', [each]);
  for (const each of proxy.secrets) add(fileOf('sds', each.name), 'extensions.transport_sockets.tls.v3.Secret', [secretOf(each)]);
  if (dynamic) add(LISTENERS_FILE, 'config.listener.v3.Listener', listeners);
  if (dynamic) add(CLUSTERS_FILE, 'config.cluster.v3.Cluster', clusters);
  return { bootstrap: bootstrapOf(proxy), files };
}

function bootstrapOf({ node, dynamic, listeners, clusters }: MeshProxy): JsonObject {
  const source = (path: string): JsonObject => ({ resource_api_version: 'V3', path_config_source: { path: `./${path}` } });
  const type = 'type.googleapis.com/envoy.extensions.bootstrap.internal_listener.v3.InternalListener';
  return {
    node: { id: node.id, cluster: node.cluster, metadata: node.metadata },
    bootstrap_extensions: [{ name: 'envoy.bootstrap.internal_listener', typed_config: { '@type': type } }],
    ...(dynamic ? { dynamic_resources: { lds_config: source(LISTENERS_FILE), cds_config: source(CLUSTERS_FILE) } } : {}),
    static_resources: dynamic ? { listeners: [], clusters: [] } : { listeners: [...listeners], clusters: [...clusters] },
  };
}

function secretOf({ name, identity }: MeshSecret): JsonObject {
  if (identity === undefined) return { name, validation_context: { trusted_ca: { inline_string: readFileSync(caPath(), 'utf8') } } };
  const { certificate, key } = leafOf(identity);
  return { name, tls_certificate: { certificate_chain: { inline_string: certificate }, private_key: { inline_string: key } } };
}

function fileOf(kind: string, name: string): string {
  return `${kind}-${name.replaceAll(/[^A-Za-z0-9.-]/gu, '_')}.json`;
}

function nameOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
