/** Names that a server's certificate must have without a matcher for them: the SNI, the request's host, filter state. */
import { describe, expect, test } from 'vitest';
import type { TraceUpstream } from '../../../../server/src/protocol/trace';
import { GET, hopOf, onlyPath, traceOf } from '../support/traceOf';

const TYPE = 'type.googleapis.com/envoy.extensions';
const OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const VALIDATES = 'common_tls_context: {validation_context: {trusted_ca: {filename: ca.pem}}}';
const SAN = `typed_extension_protocol_options: {${OPTIONS}: {'@type': type.googleapis.com/${OPTIONS}, upstream_http_protocol_options: {auto_san_validation: true}, explicit_http_config: {http_protocol_options: {}}}}, `;
const MATCHER =
  'common_tls_context: {validation_context: {trusted_ca: {filename: ca.pem}, match_typed_subject_alt_names: [{san_type: DNS, matcher: {exact: other.test}}]}}';

const upstream = (context: string, { options = '', filters = '' } = {}): TraceUpstream | undefined =>
  hopOf(
    onlyPath(
      traceOf(
        `
node: {id: p}
static_resources:
  listeners: [{name: in, address: {socket_address: {address: 0.0.0.0, port_value: 80}}, filter_chains: [{filters: [{name: h, typed_config: {'@type': ${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: h, http_filters: [${filters}{name: r, typed_config: {'@type': ${TYPE}.filters.http.router.v3.Router}}], route_config: {name: r, virtual_hosts: [{name: v, domains: ['*'], routes: [{match: {prefix: /}, route: {cluster: up}}]}]}}}]}]}]
  clusters: [{name: up, ${options}transport_socket: {name: tls, typed_config: {'@type': ${TYPE}.transport_sockets.tls.v3.UpstreamTlsContext, ${context}}}, load_assignment: {cluster_name: up, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 10.1.0.1, port_value: 443}}}}]}]}}]
`,
        { connection: { destination: '10.0.0.1:80', source: '10.9.9.9:4000' }, http: GET },
      ),
    ),
  ).upstream;

const expected = (context: string, more = {}): string[] | undefined => upstream(context, more)?.expectedPeers;

test.each([
  ['a.test', 'a.test'],
  ['a.test:81', 'a.test'],
  ['10.1.1.1:81', undefined],
  // No port: the whole text is a name.
  ['10.1.1.1:99999', '10.1.1.1:99999'],
  ['10.1.1.1:81.', '10.1.1.1:81.'],
])('auto_sni of %s is %s', (value, name) => {
  const options = SAN.replace('auto_san_validation: true', 'auto_sni: true, override_auto_sni_header: x-name');
  const filters = `{name: m, typed_config: {'@type': ${TYPE}.filters.http.header_mutation.v3.HeaderMutation, mutations: {request_mutations: [{append: {header: {key: x-name, value: '${value}'}, append_action: OVERWRITE_IF_EXISTS_OR_ADD}}]}}}, `;
  expect(upstream('sni: ""', { options, filters })?.sni).toBe(name);
});

describe('a server must be called', () => {
  test('as the SNI says, in the place of other names', () => {
    expect(expected(`sni: up.test, auto_sni_san_validation: true, ${MATCHER}`)).toEqual(['up.test']);
    expect(expected(`sni: up.test, ${MATCHER}`)).toEqual(['other.test']);
    expect(expected(`auto_sni_san_validation: true, ${MATCHER}`)).toEqual(['other.test']);
  });

  test('as the request says, where certificates are verified at all', () => {
    expect(expected(VALIDATES, { options: SAN })).toEqual(['a.test']);
    expect(expected('sni: up.test', { options: SAN })).toBeUndefined();
  });

  test('as filter state says, before all', () => {
    const filters = `{name: s, typed_config: {'@type': ${TYPE}.filters.http.set_filter_state.v3.Config, on_request_headers: [{object_key: envoy.network.upstream_subject_alt_names, format_string: {text_format_source: {inline_string: 'b.test,c.test'}}}]}}, `;
    expect(expected(`sni: up.test, auto_sni_san_validation: true, ${VALIDATES}`, { options: SAN, filters })).toEqual(['b.test', 'c.test']);
  });
});

test('the SNI is not known where the header that names it is not', () => {
  const named = SAN.replace('auto_san_validation: true', 'auto_sni: true, override_auto_sni_header: x-request-id');
  expect(upstream(VALIDATES, { options: named })?.unknown).toEqual(['sni']);
  expect(upstream(VALIDATES, { options: named.replace('x-request-id', 'x-none') })).toMatchObject({ sni: 'a.test' });
});
