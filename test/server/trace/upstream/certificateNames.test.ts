/** A client certificate that an open file holds: all of its names are known to the next proxy, be there a URI among them or not. */
import { describe, expect, test } from 'vitest';
import { AUTHORITY_PEM, LEAF_PEM } from '../../../support/certificates';
import { GET, hopOf, onlyPath, traceOf } from '../support/traceOf';

const TYPE = 'type.googleapis.com/envoy.extensions';
const SOCKET = `${TYPE}.transport_sockets.tls.v3`;

const manager = (cluster: string, principal?: string): string => {
  const rules = `{policies: {p: {permissions: [{any: true}], principals: [{authenticated: {principal_name: ${principal ?? '{}'}}}]}}}`;
  const rbac = principal === undefined ? '' : `{name: rbac, typed_config: {'@type': ${TYPE}.filters.http.rbac.v3.RBAC, rules: ${rules}}}, `;
  return `{name: h, typed_config: {'@type': ${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: h, http_filters: [${rbac}{name: r, typed_config: {'@type': ${TYPE}.filters.http.router.v3.Router}}], route_config: {name: r, virtual_hosts: [{name: v, domains: ['*'], routes: [{match: {prefix: /}, route: {cluster: ${cluster}}}]}]}}}`;
};
const endpoint = (name: string, ip: string): string =>
  `load_assignment: {cluster_name: ${name}, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: ${ip}, port_value: 443}}}}]}]}`;

interface Meeting {
  readonly pem: string;
  readonly principal?: string;
  readonly validation?: string;
}

const meet = ({ pem, principal, validation = '' }: Meeting) =>
  onlyPath(
    traceOf(
      {
        '/w/client.yaml': `
node: {id: router~10.0.0.1~a.n~n.svc.cluster.local}
static_resources:
  listeners: [{name: in, address: {socket_address: {address: 0.0.0.0, port_value: 80}}, filter_chains: [{filters: [${manager('server')}]}]}]
  clusters:
  - name: server
    ${endpoint('server', '10.0.0.2')}
    transport_socket: {name: tls, typed_config: {'@type': ${SOCKET}.UpstreamTlsContext, common_tls_context: {tls_certificates: [{certificate_chain: {inline_string: ${JSON.stringify(pem)}}}]}}}
`,
        '/w/server.yaml': `
node: {id: router~10.0.0.2~b.n~n.svc.cluster.local}
static_resources:
  listeners:
  - name: out
    address: {socket_address: {address: 0.0.0.0, port_value: 443}}
    filter_chains:
    - transport_socket: {name: tls, typed_config: {'@type': ${SOCKET}.DownstreamTlsContext, require_client_certificate: true, common_tls_context: {validation_context: {trusted_ca: {filename: ca.pem}${validation}}}}}
      filters: [${manager('app', principal)}]
  clusters: [{name: app, ${endpoint('app', '10.1.0.1')}}]
`,
      },
      { connection: { destination: '10.0.0.1:80', source: '10.9.9.9' }, http: GET },
    ),
  );

describe('names in a client certificate of another proxy', () => {
  test('without a URI it is a certificate all the same', () => {
    expect(meet({ pem: AUTHORITY_PEM }).disposition).toBe('upstream');
  });

  test('DNS names decide who may pass', () => {
    expect(meet({ pem: AUTHORITY_PEM, principal: '{exact: web.shop}' }).disposition).toBe('upstream');
    expect(meet({ pem: LEAF_PEM, principal: '{exact: web.shop}' }).disposition).toBe('denied');
    expect(meet({ pem: LEAF_PEM, principal: '{prefix: "spiffe://cluster.local/"}' }).disposition).toBe('upstream');
  });

  test('DNS names decide whom the chain accepts', () => {
    const validation = (type: string, name: string): string =>
      `, match_typed_subject_alt_names: [{san_type: ${type}, matcher: {exact: ${name}}}]`;
    expect(meet({ pem: AUTHORITY_PEM, validation: validation('DNS', 'web.shop') }).disposition).toBe('upstream');
    expect(meet({ pem: AUTHORITY_PEM, validation: validation('EMAIL', 'ops@shop') }).disposition).toBe('upstream');
    const refused = meet({ pem: LEAF_PEM, validation: validation('DNS', 'web.shop') });
    expect(refused.disposition).toBe('tls_error');
    expect(hopOf(refused, 1).listener).toBe('out');
  });
});
