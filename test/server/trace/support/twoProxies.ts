/** A client proxy with a cluster that speaks TLS, and the server proxy behind it: what differs is what a test is about. */

const TYPE = 'type.googleapis.com/envoy.extensions';
const SOCKET = `${TYPE}.transport_sockets.tls.v3`;

export interface TwoProxies {
  /** Fields of the client's UpstreamTlsContext and of the server's DownstreamTlsContext, as YAML in flow style. */
  readonly upstreamTls: string;
  readonly downstreamTls: string;
  /** Further lines of the client's cluster. */
  readonly cluster?: string;
  /** HTTP filters of the server before its router, in flow style, each with a comma behind it. */
  readonly serverFilters?: string;
}

/** Their files. The client listens on 10.0.0.1:80, the server on 10.0.0.2:443. */
export function twoProxies({ upstreamTls, downstreamTls, cluster = '', serverFilters = '' }: TwoProxies): Record<string, string> {
  return {
    '/w/client.yaml': `
node: {id: sidecar~10.0.0.1~a.n~n.svc.cluster.local}
static_resources:
  listeners: [{name: in, address: {socket_address: {address: 0.0.0.0, port_value: 80}}, filter_chains: [{filters: [${manager('server', '')}]}]}]
  clusters:
  - name: server
    ${endpoint('server', '10.0.0.2')}
    transport_socket: {name: tls, typed_config: {'@type': ${SOCKET}.UpstreamTlsContext, ${upstreamTls}}}
    ${cluster}
`,
    '/w/server.yaml': `
node: {id: router~10.0.0.2~b.n~n.svc.cluster.local}
static_resources:
  listeners:
  - name: out
    address: {socket_address: {address: 0.0.0.0, port_value: 443}}
    filter_chains:
    - transport_socket: {name: tls, typed_config: {'@type': ${SOCKET}.DownstreamTlsContext, ${downstreamTls}}}
      filters: [${manager('app', serverFilters)}]
  clusters: [{name: app, ${endpoint('app', '10.1.0.1')}}]
`,
  };
}

function manager(cluster: string, filters: string): string {
  return `{name: h, typed_config: {'@type': ${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: h, http_filters: [${filters}{name: r, typed_config: {'@type': ${TYPE}.filters.http.router.v3.Router}}], route_config: {name: r, virtual_hosts: [{name: v, domains: ['*'], routes: [{match: {prefix: /}, route: {cluster: ${cluster}}}]}]}}}`;
}

function endpoint(cluster: string, ip: string): string {
  return `load_assignment: {cluster_name: ${cluster}, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: ${ip}, port_value: 443}}}}]}]}`;
}
