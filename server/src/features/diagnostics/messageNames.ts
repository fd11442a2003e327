/** Full names of the messages that several rules look at. */

export const BOOTSTRAP = 'envoy.config.bootstrap.v3.Bootstrap';
export const LISTENER = 'envoy.config.listener.v3.Listener';
export const FILTER_CHAIN = 'envoy.config.listener.v3.FilterChain';
export const CLUSTER = 'envoy.config.cluster.v3.Cluster';
export const ROUTE_CONFIGURATION = 'envoy.config.route.v3.RouteConfiguration';
export const VIRTUAL_HOST = 'envoy.config.route.v3.VirtualHost';
export const ROUTE = 'envoy.config.route.v3.Route';
export const ROUTE_ACTION = 'envoy.config.route.v3.RouteAction';
export const HTTP_CONNECTION_MANAGER = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
export const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
export const TCP_PROXY = 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';
export const DOWNSTREAM_TLS = 'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext';
export const UPSTREAM_TLS = 'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext';
export const QUIC_DOWNSTREAM = 'envoy.extensions.transport_sockets.quic.v3.QuicDownstreamTransport';
export const QUIC_UPSTREAM = 'envoy.extensions.transport_sockets.quic.v3.QuicUpstreamTransport';
