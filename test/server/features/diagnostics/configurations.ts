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
