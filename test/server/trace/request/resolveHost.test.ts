/** Which address a sidecar's files give for a host name, and what is said where nothing listens there. */
import { expect, test } from 'vitest';
import { GET, onlyPath, tcp, traceOf } from '../support/traceOf';

const ECHO = '{name: echo, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}}';

const SIDECAR = `
configs:
  - "@type": type.googleapis.com/envoy.admin.v3.ListenersConfigDump
    static_listeners:
      - listener:
          "@type": type.googleapis.com/envoy.config.listener.v3.Listener
          name: outbound
          address: {socket_address: {address: 0.0.0.0, port_value: 15001}}
          use_original_dst: true
          traffic_direction: OUTBOUND
          filter_chains: [{filters: [${ECHO}]}]
  - "@type": type.googleapis.com/envoy.admin.v3.RoutesConfigDump
    static_route_configs:
      - route_config:
          "@type": type.googleapis.com/envoy.config.route.v3.RouteConfiguration
          name: "8080"
          virtual_hosts: [{name: "shop.test:8080", domains: [shop.test, "shop.test:8080", 10.96.0.7, "10.96.0.7:8080"], routes: []}]
`;

test.each([
  ['the port of its virtual host', 'shop.test:8080', '10.96.0.7:8080'],
  ['another port: a name has one address', 'shop.test:9090', '10.96.0.7:9090'],
])('%s', (_, authority, expected) => {
  const path = onlyPath(traceOf(SIDECAR, { connection: {}, http: { ...GET, authority } }));
  expect(path).toMatchObject({ disposition: 'closed', hops: [{ downstream: { destination: expected } }] });
});

const GATEWAY = `
node: {id: router~10.4.0.2~gateway.istio-system~istio-system.svc.cluster.local}
static_resources:
  listeners:
    - name: web
      address: {socket_address: {address: 0.0.0.0, port_value: 8080}}
      filter_chains: [{filters: [${ECHO}]}]
`;

test('a port at which nothing listens: those at which something does', () => {
  const path = onlyPath(traceOf(GATEWAY, tcp('10.4.0.2:81')));
  expect(path.disposition).toBe('no_listener');
  expect(path.hops[0]?.steps[0]?.because).toMatch(
    /has not got a listener at `10\.4\.0\.2:81`, or one that intercepts inbound connections; it listens at port `8080`$/,
  );
});
