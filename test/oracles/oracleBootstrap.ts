/** Makes a whole proxy of the part that an oracle gives: a bootstrap with one listener. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

const EXTENSIONS = 'type.googleapis.com/envoy.extensions';

/** A bootstrap with these listeners and, for every name, a static cluster of one endpoint. */
export function makeBootstrap(listeners: readonly JsonObject[], clusterNames: Iterable<string> = []): JsonObject {
  const clusters = [...new Set(clusterNames)].filter((name) => name !== '').map(makeCluster);
  return { node: { id: 'oracle', cluster: 'oracle' }, static_resources: { listeners, clusters } };
}

/** A listener on 0.0.0.0:8080 with one HTTP connection manager, which also takes CONNECT. */
export function makeHttpListener(routeConfiguration: JsonObject): JsonObject {
  const router = { name: 'envoy.filters.http.router', typed_config: { '@type': `${EXTENSIONS}.filters.http.router.v3.Router` } };
  const manager = {
    '@type': `${EXTENSIONS}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: 'oracle',
    route_config: routeConfiguration,
    upgrade_configs: [{ upgrade_type: 'CONNECT' }],
    http_filters: [router],
  };
  return {
    name: 'oracle',
    address: { socket_address: { address: '0.0.0.0', port_value: 8080 } },
    filter_chains: [{ filters: [{ name: 'envoy.filters.network.http_connection_manager', typed_config: manager }] }],
  };
}

/** The inspectors that let Envoy find the transport protocol and ALPN of a connection. */
export function makeInspectors(transportProtocol: string, applicationProtocols: readonly string[]): JsonObject[] {
  const tls = { name: 'tls_inspector', typed_config: { '@type': `${EXTENSIONS}.filters.listener.tls_inspector.v3.TlsInspector` } };
  const http = { name: 'http_inspector', typed_config: { '@type': `${EXTENSIONS}.filters.listener.http_inspector.v3.HttpInspector` } };
  if (transportProtocol === 'tls') return [tls];
  return applicationProtocols.length > 0 ? [http] : [];
}

/** Every name of a cluster in a route configuration. */
export function clusterNamesIn(value: Json | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => clusterNamesIn(item));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value as JsonObject).flatMap(([key, child]) => {
    if (key === 'cluster' && typeof child === 'string') return [child];
    if (key === 'clusters' && Array.isArray(child)) return child.flatMap((item: Json) => [...namesOf(item), ...clusterNamesIn(item)]);
    return clusterNamesIn(child);
  });
}

function namesOf(item: Json): string[] {
  const name = typeof item === 'object' && item !== null && !Array.isArray(item) ? (item as JsonObject)['name'] : undefined;
  return typeof name === 'string' ? [name] : [];
}

function makeCluster(name: string): JsonObject {
  const endpoint = { address: { socket_address: { address: '10.99.0.1', port_value: 80 } } };
  return { name, connect_timeout: '1s', load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint }] }] } };
}
