/** The ports of Istio's proxies that mean something by themselves (https://istio.io/latest/docs/ops/deployment/application-requirements/, istio/ztunnel: src/config.rs). */

/** Where intercepted connections of the pod's own arrive. */
export const OUTBOUND_PORT = 15001;
/** Where intercepted connections to the pod arrive. */
export const INBOUND_PORT = 15006;
/** Tunnels of ambient meshes: mutual TLS and CONNECT. */
export const HBONE_PORT = 15008;
/** East-west gateways that pass TLS on by its SNI (`outbound_.80_._.name`). */
export const EAST_WEST_PORT = 15443;
