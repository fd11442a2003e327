/** The PROXY protocol between two proxies: what the first announces, and a second that expects or does not expect it. */
import { describe, expect, test } from 'vitest';
import { GET, hopOf, onlyPath, traceOf } from '../support/traceOf';

const TYPE = 'type.googleapis.com/envoy.extensions';

const manager = (cluster: string, fields = ''): string =>
  `{name: h, typed_config: {'@type': ${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: h, ${fields}http_filters: [{name: r, typed_config: {'@type': ${TYPE}.filters.http.router.v3.Router}}], route_config: {name: r, virtual_hosts: [{name: v, domains: ['*'], routes: [{match: {prefix: /}, route: {cluster: ${cluster}}}]}]}}}`;
const cluster = (name: string, ip: string, more = ''): string =>
  `{name: ${name}, ${more}load_assignment: {cluster_name: ${name}, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: ${ip}, port_value: 80}}}}]}]}}`;

const ANNOUNCES = `transport_socket: {name: p, typed_config: {'@type': ${TYPE}.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport, config: {version: V2}, transport_socket: {name: envoy.transport_sockets.raw_buffer}}}, `;
const reads = (fields = ''): string =>
  `listener_filters: [{name: p, typed_config: {'@type': ${TYPE}.filters.listener.proxy_protocol.v3.ProxyProtocol${fields}}}], `;

const proxies = (first: string, second: string): Record<string, string> => ({
  '/w/first.yaml': `
node: {id: router~10.0.0.1~a.n~n.svc.cluster.local}
static_resources:
  listeners: [{name: in, address: {socket_address: {address: 0.0.0.0, port_value: 80}}, filter_chains: [{filters: [${manager('second', 'xff_num_trusted_hops: 1, ')}]}]}]
  clusters: [${cluster('second', '10.0.0.2', first)}]
`,
  '/w/second.yaml': `
node: {id: router~10.0.0.2~b.n~n.svc.cluster.local}
static_resources:
  listeners: [{name: out, address: {socket_address: {address: 0.0.0.0, port_value: 80}}, ${second}filter_chains: [{filters: [${manager('app')}]}]}]
  clusters: [${cluster('app', '10.1.0.1')}]
`,
});

const send = (first: string, second: string) =>
  onlyPath(
    traceOf(proxies(first, second), {
      start: { listener: 'in' },
      connection: { destination: '10.0.0.1:80', source: '10.9.9.9:4000' },
      http: { ...GET, headers: [['x-forwarded-for', '203.0.113.7']] },
    }),
  );

describe('a PROXY protocol header between proxies', () => {
  test('announces the addresses of the connection, not what X-Forwarded-For says', () => {
    const path = send(ANNOUNCES, reads());
    expect(path.disposition).toBe('upstream');
    expect(hopOf(path, 1).downstream).toMatchObject({ source: '10.9.9.9:4000', directSource: '10.0.0.1', destination: '10.0.0.1:80' });
  });

  test('that is missing closes the connection, unless it may be missing', () => {
    const closed = send('', reads());
    expect(closed.disposition).toBe('closed');
    expect(closed.response?.code).toBe(503);
    expect(send('', reads(', allow_requests_without_proxy_protocol: true')).disposition).toBe('upstream');
  });

  test('that nothing reads is no HTTP: the 400 goes back to the client', () => {
    const path = send(ANNOUNCES, '');
    expect(path.disposition).toBe('protocol_error');
    expect(path.response).toMatchObject({ code: 400, body: 'Bad Request', flags: ['DPE'] });
  });

  test('of a version that is refused closes the connection, or counts for the bytes of the request', () => {
    expect(send(ANNOUNCES, reads(', disallowed_versions: [V2]')).disposition).toBe('closed');
    expect(send(ANNOUNCES, reads(', disallowed_versions: [V1]')).disposition).toBe('upstream');
    const path = send(ANNOUNCES, reads(', disallowed_versions: [V2], allow_requests_without_proxy_protocol: true'));
    expect(path.disposition).toBe('protocol_error');
    expect(send(ANNOUNCES, reads(', disallowed_versions: [V1, V2]')).disposition).toBe('config_rejected');
  });
});

const RULE = 'rules: [{tlv_type: 224, on_tlv_present: {metadata_namespace: lab, key: k}}]';
const SHOWS_V = `{name: rbac, typed_config: {'@type': ${TYPE}.filters.network.rbac.v3.RBAC, stat_prefix: r, rules: {action: ALLOW, policies: {p: {permissions: [{any: true}], principals: [{metadata: {filter: lab, path: [{key: k}], value: {string_match: {exact: v}}}}, {filter_state: {key: envoy.network.proxy_protocol.tlv, string_match: {exact: '{"k":"v"}'}}}]}}}}}`;
const V = 'added_tlvs: [{type: 224, value: dg==}]';
const W = 'added_tlvs: [{type: 224, value: dw==}]';

/** Ends as `upstream` where the last of three listeners is told `v`, else as `denied`. */
const toldAfter = ({ socket = '', host = '', proxy = '', passes = '', rule = RULE }): string => {
  const announcing = (next: string, config: string, ofHost = ''): string =>
    `{name: ${next}, transport_socket: {name: p, typed_config: {'@type': ${TYPE}.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport, config: {version: V2, ${config}}, transport_socket: {name: envoy.transport_sockets.raw_buffer}}}, load_assignment: {cluster_name: ${next}, endpoints: [{lb_endpoints: [{endpoint: {address: {envoy_internal_address: {server_listener_name: ${next}}}}${ofHost && `, metadata: {typed_filter_metadata: {envoy.transport_sockets.proxy_protocol: {'@type': type.googleapis.com/envoy.config.core.v3.PerHostConfig, ${ofHost}}}}`}}]}]}}`;
  const tcp = (next: string, fields = ''): string =>
    `{name: t, typed_config: {'@type': ${TYPE}.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, ${fields}cluster: ${next}}}`;
  return onlyPath(
    traceOf(
      {
        '/w/p.yaml': `
static_resources:
  listeners:
    - {name: in, address: {socket_address: {address: 0.0.0.0, port_value: 80}}, filter_chains: [{filters: [${tcp('middle')}]}]}
    - {name: middle, internal_listener: {}, ${reads(', pass_through_tlvs: {}')}filter_chains: [{filters: [${tcp('last', proxy)}]}]}
    - {name: last, internal_listener: {}, ${reads(`, ${rule}`)}filter_chains: [{filters: [${SHOWS_V}, ${tcp('app')}]}]}
  clusters: [${announcing('middle', socket, host)}, ${announcing('last', passes)}, ${cluster('app', '10.1.0.1')}]
`,
      },
      { start: { listener: 'in' }, connection: { destination: '10.0.0.1:80', source: '10.9.9.9:4000' } },
    ),
  ).disposition;
};

describe('what a PROXY protocol header of version 2 tells beside the addresses', () => {
  const ALL = 'pass_through_tlvs: {}';

  test('is what the socket says, unless the host says another', () => {
    expect(toldAfter({ passes: V })).toBe('upstream');
    expect(toldAfter({ passes: V, rule: `${RULE}, tlv_location: FILTER_STATE` })).toBe('upstream');
    expect(toldAfter({ passes: W })).toBe('denied');
    expect(toldAfter({ socket: W, host: V, passes: ALL })).toBe('upstream');
  });

  test('passes through where it may, unless the socket says another', () => {
    expect(toldAfter({ socket: V })).toBe('denied');
    expect(toldAfter({ socket: V, passes: ALL })).toBe('upstream');
    expect(toldAfter({ socket: V, passes: 'pass_through_tlvs: {match_type: INCLUDE, tlv_type: [1]}' })).toBe('denied');
    expect(toldAfter({ socket: V, passes: `${ALL}, ${W}` })).toBe('denied');
  });

  test('is changed by a tcp_proxy as its policy says', () => {
    const own = 'proxy_protocol_tlvs: [{type: 224, format_string: {text_format_source: {inline_string: v}}}], ';
    const merging = (policy: string): string => `${own}proxy_protocol_tlv_merge_policy: ${policy}, `;
    expect(toldAfter({ socket: W, proxy: own, passes: ALL })).toBe('denied');
    expect(toldAfter({ socket: W, proxy: merging('OVERWRITE_BY_TYPE_IF_EXISTS_OR_ADD'), passes: ALL })).toBe('upstream');
    // The first of a number stays in metadata, the last in filter state.
    expect(toldAfter({ socket: W, proxy: merging('APPEND_IF_EXISTS_OR_ADD'), passes: ALL })).toBe('denied');
    const inState = `${RULE}, tlv_location: FILTER_STATE`;
    expect(toldAfter({ socket: W, proxy: merging('APPEND_IF_EXISTS_OR_ADD'), passes: ALL, rule: inState })).toBe('upstream');
  });
});

test('the HTTP filter original_src sends under the address of the client, as X-Forwarded-For tells it', () => {
  const keeps = (fields: string): string =>
    `http_filters: [{name: o, ${fields}typed_config: {'@type': ${TYPE}.filters.http.original_src.v3.OriginalSrc}}, {name: r, typed_config: {'@type': ${TYPE}.filters.http.router.v3.Router}}]`;
  const sourceBehind = (fields: string): string | undefined => {
    const files = proxies('', '');
    const plain = `http_filters: [{name: r, typed_config: {'@type': ${TYPE}.filters.http.router.v3.Router}}]`;
    const first = (files['/w/first.yaml'] ?? '').replace(plain, `use_remote_address: true, ${keeps(fields)}`);
    const path = onlyPath(
      traceOf(
        { ...files, '/w/first.yaml': first },
        {
          start: { listener: 'in' },
          connection: { destination: '10.0.0.1:80', source: '10.9.9.9:4000' },
          http: { ...GET, headers: [['x-forwarded-for', '203.0.113.7']] },
        },
      ),
    );
    return hopOf(path, 1).downstream.source;
  };
  expect(sourceBehind('')).toBe('203.0.113.7');
  expect(sourceBehind('disabled: true, ')).toBe('10.0.0.1');
});

const TUNNEL_END = (config: string): string => `
node: {id: p}
static_resources:
  listeners:
    - {name: in, address: {socket_address: {address: 0.0.0.0, port_value: 80}}, filter_chains: [{filters: [{name: h, typed_config: {'@type': ${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: h, http_filters: [{name: r, typed_config: {'@type': ${TYPE}.filters.http.router.v3.Router}}], route_config: {name: r, virtual_hosts: [{name: v, domains: ['*'], routes: [{match: {connect_matcher: {}}, route: {cluster: inside, upgrade_configs: [{upgrade_type: CONNECT, connect_config: ${config}}]}}]}]}}}]}]}
    - {name: inside, internal_listener: {}, ${reads()}filter_chains: [{filters: [${manager('app')}]}]}
  clusters:
    - ${cluster('app', '10.1.0.1')}
    - {name: inside, load_assignment: {cluster_name: inside, endpoints: [{lb_endpoints: [{endpoint: {address: {envoy_internal_address: {server_listener_name: inside}}}}]}]}}
`;

describe('the end of a CONNECT', () => {
  const through = (config: string) =>
    onlyPath(
      traceOf(TUNNEL_END(config), {
        connection: { destination: '10.0.0.1:80', source: '10.9.9.9:4000' },
        http: { ...GET, version: 'http2', method: 'CONNECT', authority: '10.1.0.1:80', path: '' },
        inner: { http: GET },
      }),
    );

  test('announces the client where it is asked to', () => {
    const path = through('{proxy_protocol_config: {version: V2}}');
    expect(path.disposition).toBe('upstream');
    expect(hopOf(path, 1).downstream.source).toBe('10.9.9.9:4000');
    expect(through('{}').disposition).toBe('closed');
  });
});
