/** Full names of the messages of network filters that decide what others do. */

const NETWORK = 'envoy.extensions.filters.network';

export const DIRECT_RESPONSE = `${NETWORK}.direct_response.v3.Config`;
export const CONNECTION_LIMIT = `${NETWORK}.connection_limit.v3.ConnectionLimit`;
export const EXT_AUTHZ = `${NETWORK}.ext_authz.v3.ExtAuthz`;
export const EXT_PROC = `${NETWORK}.ext_proc.v3.NetworkExternalProcessor`;
export const LOCAL_RATE_LIMIT = `${NETWORK}.local_ratelimit.v3.LocalRateLimit`;
export const RATE_LIMIT = `${NETWORK}.ratelimit.v3.RateLimit`;
export const RBAC = `${NETWORK}.rbac.v3.RBAC`;
export const SET_FILTER_STATE = `${NETWORK}.set_filter_state.v3.Config`;
export const SNI_CLUSTER = `${NETWORK}.sni_cluster.v3.SniCluster`;
export const TCP_PROXY = `${NETWORK}.tcp_proxy.v3.TcpProxy`;
