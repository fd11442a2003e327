import { expect, test } from 'vitest';
import { GET, hopOf, onlyPath, tcp, traceOf } from '../support/traceOf';

const HCM = 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
const TLS = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext';

const proxy = (socket: string): string => `
node: { id: "sidecar~10.0.0.1~web.default~default.svc.cluster.local", metadata: { SERVICE_ACCOUNT: web, NAMESPACE: default } }
static_resources:
  listeners:
  - name: l
    address: { socket_address: { address: 0.0.0.0, port_value: 443 } }
    filter_chains:
    - ${socket}
      filters:
      - name: hcm
        typed_config:
          "@type": ${HCM}
          stat_prefix: h
          route_config:
            virtual_hosts: [{ name: v, domains: ["*"], routes: [{ match: { prefix: / }, route: { cluster: c },
              request_headers_to_add: [{ header: { key: x-own, value: "%DOWNSTREAM_LOCAL_URI_SAN%" } }] }] }]
          http_filters: [{ name: router, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }]
  clusters:
  - { name: c, load_assignment: { endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 10.0.0.2, port_value: 80 } } } }] }] } }
`;

const sent = (config: string, transport: 'tls' | 'raw_buffer'): string | undefined =>
  hopOf(onlyPath(traceOf(config, tcp('10.0.0.1:443', { transport, http: GET })))).upstream?.http?.headers.find(
    ([name]) => name === 'x-own',
  )?.[1];

test('the names of the own certificate: of the SDS secret that the chain shows', () => {
  const socket = `transport_socket: { name: tls, typed_config: { "@type": ${TLS}, common_tls_context: { tls_certificate_sds_secret_configs: [{ name: default }] } } }`;
  expect(sent(proxy(socket), 'tls')).toBe('spiffe://cluster.local/ns/default/sa/web');
});

test('without TLS there are none', () => {
  expect(sent(proxy('name: plain'), 'raw_buffer')).toBeUndefined();
});
