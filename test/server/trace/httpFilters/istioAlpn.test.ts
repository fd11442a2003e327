import { expect, test } from 'vitest';
import { GET, hopOf, onlyPath, tcp, traceOf } from '../support/traceOf';

const HCM = 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
const ALPN = 'type.googleapis.com/istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig';
const TLS = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext';

/** A client's sidecar; `cluster` is what the cluster has beside its endpoint and its TLS. */
const proxy = (cluster: string): string => `
static_resources:
  listeners:
  - name: l
    address: { socket_address: { address: 10.0.0.1, port_value: 80 } }
    filter_chains:
    - filters:
      - name: hcm
        typed_config:
          "@type": ${HCM}
          stat_prefix: h
          route_config: { virtual_hosts: [{ name: v, domains: ["*"], routes: [{ match: { prefix: / }, route: { cluster: c } }] }] }
          http_filters:
          - name: istio.alpn
            typed_config:
              "@type": ${ALPN}
              alpn_override:
              - { alpn_override: [istio-http/1.0, istio] }
              - { upstream_protocol: HTTP11, alpn_override: [istio-http/1.1, istio] }
              - { upstream_protocol: HTTP2, alpn_override: [istio-h2, istio] }
          - { name: router, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }
  clusters:
  - name: c
    load_assignment: { endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 10.0.0.2, port_value: 80 } } } }] }] }
    transport_socket: { name: t, typed_config: { "@type": ${TLS}, common_tls_context: { alpn_protocols: [istio-peer-exchange, istio] } } }
${cluster}
`;

const offered = (cluster: string): readonly string[] | undefined =>
  hopOf(onlyPath(traceOf(proxy(cluster), tcp('10.0.0.1:80', { http: GET })))).upstream?.alpn;

test.each<[string, string, string[]]>([
  ['the version that the cluster speaks', '', ['istio-http/1.1', 'istio']],
  ['HTTP/2', '    http2_protocol_options: {}', ['istio-h2', 'istio']],
  [
    'a cluster with TLS of its own',
    '    metadata: { filter_metadata: { istio: { alpn_override: "false" } } }',
    ['istio-peer-exchange', 'istio'],
  ],
])('%s', (_, cluster, expected) => {
  expect(offered(cluster)).toEqual(expected);
});
