/** Small configurations for the tests of rules: the parts around the one that a test is about. */

/** A bootstrap with one listener on 127.0.0.1:80; `body` is what stands in it beside name and address, at indentation 4. */
export function listener(body: string): string {
  return `
static_resources:
  listeners:
  - name: l
    address: { socket_address: { address: 127.0.0.1, port_value: 80 } }
${body}`;
}

export const TCP_PROXY =
  '{ name: tcp, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: c } }';

/** A route configuration by itself; `body` stands in its one virtual host, at indentation 2. */
export function virtualHost(body: string): string {
  return `
name: r
virtual_hosts:
- name: v
  domains: ["*"]
${body}`;
}

/** A route of a virtual host: `fields` in flow style beside the match. */
export function route(fields: string): string {
  return virtualHost(`  routes:
  - { match: { prefix: / }, ${fields} }`);
}

/** A bootstrap with one cluster; `body` stands beside its name, at indentation 4. */
export function cluster(body: string): string {
  return `
static_resources:
  clusters:
  - name: c
${body}`;
}

/** A bootstrap as an object, with one listener on 127.0.0.1:80 whose only filter this is. */
export function listenerWith(filter: object): { readonly static_resources: object } {
  const address = { socket_address: { address: '127.0.0.1', port_value: 80 } };
  return { static_resources: { listeners: [{ name: 'l', address, filter_chains: [{ filters: [filter] }] }] } };
}

/** A filter chain's connection manager at indentation 4; `routeConfiguration` stands in its `route_config`, at indentation 12. */
export function connectionManager(routeConfiguration: string): string {
  return `    filter_chains:
    - filters:
      - name: h
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: h
          http_filters: [{ name: r, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }]
          route_config:
${routeConfiguration}`;
}
