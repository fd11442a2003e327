/** Rules of listeners, filter chains and connection managers. */
import { describe, test } from 'vitest';
import { checkDiagnostic } from '../../../support/check';
import { listener, TCP_PROXY } from './configurations';

const TYPE = 'type.googleapis.com/envoy.extensions.filters';
const ROUTER = `{ name: router, typed_config: { "@type": ${TYPE}.http.router.v3.Router } }`;
const CORS = `{ name: cors, typed_config: { "@type": ${TYPE}.http.cors.v3.Cors } }`;
const RBAC = `{ name: rbac, typed_config: { "@type": ${TYPE}.network.rbac.v3.RBAC, stat_prefix: r } }`;
const TLS_INSPECTOR = `{ name: tls, typed_config: { "@type": ${TYPE}.listener.tls_inspector.v3.TlsInspector } }`;

const manager = (fields: string): string =>
  `    filter_chains: [{ filters: [{ name: h, typed_config: { "@type": ${TYPE}.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: h, route_config: { name: r }, ${fields} } }] }]`;

const chains = (...matches: string[]): string =>
  `    filter_chains:\n${matches.map((match) => `    - { ${match === '' ? '' : `filter_chain_match: ${match}, `}filters: [${TCP_PROXY}] }`).join('\n')}`;

describe('listener-address', () => {
  test('a null in the list is an empty listener', () => checkDiagnostic('listener-address', 'static_resources: { listeners: [‹|null|›] }'));
  const check = (address: string): void =>
    checkDiagnostic('listener-address', `name: l\nfilter_chains: [{ filters: [${TCP_PROXY}] }]\n${address}`);
  test('a host name', () => check('address: { socket_address: { address: ‹|localhost|›, port_value: 80 } }'));
  test('an IP', () => check('address: { socket_address: { address: "::1", port_value: 80 } }'));
  test('none', () => checkDiagnostic('listener-address', `‹|name|›: l\nfilter_chains: [{ filters: [${TCP_PROXY}] }]`));
  test('multipath TCP on UDP', () =>
    check('address: { socket_address: { address: 1.1.1.1, port_value: 80, protocol: UDP } }\nenable_mptcp: ‹|true|›'));
});

describe('listener-chains', () => {
  test('none', () =>
    checkDiagnostic('listener-chains', listener('    per_connection_buffer_limit_bytes: 5').replace('name: l', '‹|name|›: l')));
  test('only the default one', () => checkDiagnostic('listener-chains', listener(`    default_filter_chain: { filters: [${TCP_PROXY}] }`)));
  test('UDP has none', () =>
    checkDiagnostic(
      'listener-chains',
      `name: l\naddress: { socket_address: { address: 1.1.1.1, port_value: 80, protocol: UDP } }\n‹|filter_chains|›: [{ filters: [] }]`,
    ));
});

describe('internal-listener', () => {
  const body = (extra: string): string => `
static_resources:
  listeners:
  - name: i
    internal_listener: {}
${extra}    filter_chains: [{ filters: [${TCP_PROXY}] }]`;
  const extension =
    '\nbootstrap_extensions: [{ name: i, typed_config: { "@type": type.googleapis.com/envoy.extensions.bootstrap.internal_listener.v3.InternalListener } }]';
  test('without the extension', () =>
    checkDiagnostic('internal-listener', body('').replace('internal_listener:', '‹|internal_listener|›:')));
  test('with it', () => checkDiagnostic('internal-listener', body('') + extension));
  test('features of sockets', () => checkDiagnostic('internal-listener', body('    ‹|freebind|›: true\n') + extension));
});

describe('duplicate-address', () => {
  const two = (first: string, second: string): string => `
static_resources:
  listeners:
  - { name: a, address: { socket_address: { address: 1.1.1.1, port_value: 80 } }, filter_chains: [{ filters: [${TCP_PROXY}] }] }
  - { name: b, ${first}address${second}: { socket_address: { address: 1.1.1.1, port_value: PORT } }, filter_chains: [{ filters: [${TCP_PROXY}] }] }`;
  test('the same', () => checkDiagnostic('duplicate-address', two('‹|', '|›').replace('PORT', '80')));
  test('another port', () => checkDiagnostic('duplicate-address', two('', '').replace('PORT', '81')));
});

describe('quic-listener', () => {
  const quic = (chain: string): string =>
    `name: l\naddress: { socket_address: { address: 1.1.1.1, port_value: 80, protocol: UDP } }\nudp_listener_config: { quic_options: {} }\n${chain}`;
  test('without a connection manager', () =>
    checkDiagnostic(
      'quic-listener',
      quic(
        'filter_chains: [{ transport_socket: { name: q, typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.quic.v3.QuicDownstreamTransport } }, ‹|filters|›: [] }]',
      ),
    ));
  test('HTTP/3 without QUIC', () =>
    checkDiagnostic('connection-manager', listener(manager(`codec_type: ‹|HTTP3|›, http_filters: [${ROUTER}]`))));
  test('HTTP/3 where the listener has options of QUIC, though it is for streams', () =>
    checkDiagnostic(
      'connection-manager',
      listener(`    udp_listener_config: { quic_options: {} }\n${manager(`codec_type: HTTP3, http_filters: [${ROUTER}]`)}`),
    ));
  test('HTTP/2 without QUIC', () =>
    checkDiagnostic('connection-manager', listener(manager(`codec_type: HTTP2, http_filters: [${ROUTER}]`))));
});

describe('filter-chain-match', () => {
  test('overlap', () =>
    checkDiagnostic(
      'filter-chain-match',
      listener(
        chains('{ server_names: [a.com] }', '{ server_names: [a.com, b.com] }').replace(
          '- { filter_chain_match: { server_names: [a.com, b',
          '- { ‹|filter_chain_match|›: { server_names: [a.com, b',
        ),
      ),
    ));
  test('a star alone', () => checkDiagnostic('filter-chain-match', listener(chains('{ server_names: [‹|"*"|›] }'))));
  test('distinct', () =>
    checkDiagnostic('filter-chain-match', listener(chains('{ server_names: ["*.a.com"] }', '{ server_names: [a.com] }'))));
  test('no IP (ip-range)', () => checkDiagnostic('ip-range', listener(chains('{ prefix_ranges: [{ address_prefix: ‹|ten|› }] }'))));
});

describe('filter-chain-name', () => {
  const matcher =
    '    filter_chain_matcher: { on_no_match: { action: { name: a, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: a } } } }\n';
  test('given twice', () => checkDiagnostic('filter-chain-name', listener(`${matcher}    filter_chains: [{ name: a }, { name: ‹|a|› }]`)));
  test('missing', () => checkDiagnostic('filter-chain-name', listener(`${matcher}    filter_chains: [{ name: a }, { ‹|filters|›: [] }]`)));
  test('not needed without a matcher', () => checkDiagnostic('filter-chain-name', listener('    filter_chains: [{ filters: [] }]')));
});

test('empty-filter-chain', () => {
  checkDiagnostic('empty-filter-chain', listener('    filter_chains: [{ ‹|name|›: a }]'));
  checkDiagnostic('empty-filter-chain', listener(chains('')));
});

describe('missing-inspector', () => {
  const names = chains('{ server_names: [a.com] }');
  test('server names', () => checkDiagnostic('missing-inspector', listener(names.replace('server_names', '‹|server_names|›'))));
  test('with the filter', () => checkDiagnostic('missing-inspector', listener(`    listener_filters: [${TLS_INSPECTOR}]\n${names}`)));
  test('plain HTTP by TLS inspector or HTTP inspector', () => {
    checkDiagnostic('missing-inspector', listener(chains('{ ‹|application_protocols|›: [http/1.1] }')));
    checkDiagnostic(
      'missing-inspector',
      listener(
        `    listener_filters: [{ name: h, typed_config: { "@type": ${TYPE}.listener.http_inspector.v3.HttpInspector } }]\n${chains('{ application_protocols: [http/1.1] }')}`,
      ),
    );
  });
  test('a filter of others may do it', () =>
    checkDiagnostic(
      'missing-inspector',
      listener(`    listener_filters: [{ name: x, typed_config: { "@type": type.googleapis.com/my.Inspector } }]\n${names}`),
    ));
});

describe('terminal-network-filter', () => {
  test('last is none', () =>
    checkDiagnostic('terminal-network-filter', listener(`    filter_chains: [{ filters: [${RBAC.replace('name', '‹|name|›')}] }]`)));
  test('not the last', () =>
    checkDiagnostic(
      'terminal-network-filter',
      listener(`    filter_chains: [{ filters: [${TCP_PROXY.replace('name', '‹|name|›')}, ${TCP_PROXY}] }]`),
    ));
  test('as it must be', () =>
    checkDiagnostic('terminal-network-filter', listener(`    filter_chains: [{ filters: [${RBAC}, ${TCP_PROXY}] }]`)));
});

describe('terminal-http-filter', () => {
  test('no router', () =>
    checkDiagnostic('terminal-http-filter', listener(manager(`http_filters: [${CORS.replace('name', '‹|name|›')}]`))));
  test('router first', () =>
    checkDiagnostic(
      'terminal-http-filter',
      listener(manager(`http_filters: [${ROUTER.replace('name', '‹|name|›')}, ${CORS}, ${ROUTER}]`)),
    ));
  test('router last', () => checkDiagnostic('terminal-http-filter', listener(manager(`http_filters: [${CORS}, ${ROUTER}]`))));
});

describe('unknown-extension', () => {
  test('no type', () =>
    checkDiagnostic('unknown-extension', listener('    filter_chains: [{ filters: [{ ‹|name|›: envoy.filters.network.tcp_proxy }] }]')));
  test('a type of another kind', () =>
    checkDiagnostic(
      'wrong-extension',
      listener(`    filter_chains: [{ filters: [{ name: x, typed_config: { "@type": ‹|${TYPE}.http.cors.v3.Cors|› } }] }]`),
    ));
  test('delivered later', () =>
    checkDiagnostic(
      'unknown-extension',
      listener('    filter_chains: [{ filters: [{ name: x, config_discovery: { config_source: { ads: {} }, type_urls: [a/b] } }] }]'),
    ));
});

describe('connection-manager', () => {
  test('two ways to strip ports', () =>
    checkDiagnostic(
      'connection-manager',
      listener(manager(`strip_matching_host_port: true, strip_any_host_port: ‹|true|›, http_filters: [${ROUTER}]`)),
    ));
  test('one way', () => checkDiagnostic('connection-manager', listener(manager(`strip_any_host_port: true, http_filters: [${ROUTER}]`))));
});

test('scoped-routes', () => {
  const scoped = (extractor: string): string =>
    listener(
      manager(`http_filters: [${ROUTER}]`).replace(
        'route_config: { name: r }',
        `scoped_routes: { name: s, scope_key_builder: { fragments: [{ header_value_extractor: { ${extractor} } }] }, rds_config_source: { ads: {} }, scoped_rds: { scoped_rds_config_source: { ads: {} } } }`,
      ),
    );
  checkDiagnostic(
    'scoped-routes',
    scoped('name: addr, element_separator: ","').replace('header_value_extractor', '‹|header_value_extractor|›'),
  );
  checkDiagnostic('scoped-routes', scoped('name: addr, element_separator: ",", index: 0'));
});

test('tcp-proxy-options', () => {
  const proxy = (extra: string): string =>
    listener(`    filter_chains: [{ filters: [${TCP_PROXY.replace('cluster: c', `cluster: c${extra}`)}] }]`);
  checkDiagnostic('tcp-proxy-options', proxy(', upstream_connect_mode: ‹|ON_DOWNSTREAM_DATA|›'));
  checkDiagnostic('tcp-proxy-options', proxy(', upstream_connect_mode: ON_DOWNSTREAM_DATA, max_early_data_bytes: 10'));
});

describe('reachability', () => {
  test('a port that the listener has not', () =>
    checkDiagnostic('unreachable-filter-chain', listener(chains('{ destination_port: ‹|81|› }', '{ destination_port: 80 }'))));
  test('with original destinations any port', () =>
    checkDiagnostic('unreachable-filter-chain', listener(`    use_original_dst: true\n${chains('{ destination_port: 81 }')}`)));
  test('a server name without TLS', () =>
    checkDiagnostic('unreachable-filter-chain', listener(chains('{ transport_protocol: raw_buffer, ‹|server_names|›: [a.com] }'))));
  test('an explicit range of everything', () =>
    checkDiagnostic('random-filter-chain', listener(chains('{ prefix_ranges: [{ ‹|address_prefix|›: 0.0.0.0, prefix_len: 0 }] }', ''))));
  test('beside other ports it is harmless', () =>
    checkDiagnostic(
      'random-filter-chain',
      listener(chains('{ destination_port: 1, prefix_ranges: [{ address_prefix: 0.0.0.0, prefix_len: 0 }] }', '')),
    ));
});
