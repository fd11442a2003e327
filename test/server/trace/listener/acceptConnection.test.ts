/** Which listener takes a connection, what its filters find out, and the hand-over. */
import { describe, expect, test } from 'vitest';
import { GET, hopOf, onlyPath, stepsOf, tcp, traceOf } from '../support/traceOf';

const ECHO = "{name: ch, filters: [{name: e, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}}]}";

function listener(name: string, address: string, port: number, more = ''): string {
  return `
    - name: ${name}
      address: {socket_address: {address: '${address}', port_value: ${port}}}
      ${more.includes('filter_chains') ? '' : `filter_chains: [${ECHO}]`}
      ${more}`;
}

const bootstrap = (...listeners: string[]): string => `static_resources:\n  listeners:${listeners.join('')}\n`;
const ORIGINAL_DST =
  "listener_filters: [{name: o, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.listener.original_dst.v3.OriginalDst}}]";

function accepted(config: string, request: ReturnType<typeof tcp>): string | undefined {
  const path = onlyPath(traceOf(config, request));
  return path.disposition === 'closed' ? hopOf(path).listener : path.disposition;
}

describe('bound sockets', () => {
  const config = bootstrap(
    listener('wild', '0.0.0.0', 8080),
    listener('exact', '10.0.0.1', 8080),
    listener('unbound', '10.0.0.2', 8081, 'bind_to_port: false'),
    listener('old', '10.0.0.2', 8082, 'deprecated_v1: {bind_to_port: false}'),
    listener('more', '10.0.0.3', 8083, 'additional_addresses: [{address: {socket_address: {address: 10.0.0.4, port_value: 8084}}}]'),
    listener('both', '::', 9090).replace("address: '::'", "address: '::', ipv4_compat: true"),
    listener('six', '::', 9091),
  );

  test.each([
    ['10.0.0.1:8080', 'exact'],
    ['10.0.0.9:8080', 'wild'],
    ['10.0.0.2:8081', 'no_listener'],
    ['10.0.0.2:8082', 'no_listener'],
    ['10.0.0.4:8084', 'more'],
    ['10.0.0.3:8084', 'no_listener'],
    ['10.0.0.3:9090', 'both'],
    ['[fd00::1]:9090', 'both'],
    ['[fd00::1]:9091', 'six'],
    ['10.0.0.3:9091', 'no_listener'],
    ['10.0.0.3:1', 'no_listener'],
  ])('%s is taken by %s', (destination, expected) => {
    expect(accepted(config, tcp(destination, { capture: 'none' }))).toBe(expected);
  });

  test('a listener that is not bound is told as such', () => {
    const [step] = stepsOf(hopOf(onlyPath(traceOf(config, tcp('10.0.0.2:8081', { capture: 'none' })))), 'listener');
    expect(step?.rejected[0]).toMatchObject({
      candidate: '`unbound`',
      because: 'it is not bound to its port: only a hand-over reaches it',
    });
  });

  test.each([
    ['10.0.0.3:9091', 'it is bound to `::` for IPv6 alone: `ipv4_compat` is not set'],
    ['10.0.0.3:8084', 'it is bound to `10.0.0.4` at port 8084, and not to `10.0.0.3`'],
  ])('why none takes %s', (destination, because) => {
    const [step] = stepsOf(hopOf(onlyPath(traceOf(config, tcp(destination, { capture: 'none' })))), 'listener');
    expect(step?.rejected[0]?.because).toBe(because);
  });

  test('draining, warming and refused listeners take nothing', () => {
    const state = (port: number): string =>
      `{"listener": {"@type": "type.googleapis.com/envoy.config.listener.v3.Listener", "name": "x", "address": {"socket_address": {"address": "0.0.0.0", "port_value": ${port}}}, "filter_chains": [{}]}}`;
    const dump = `{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.ListenersConfigDump", "dynamic_listeners": [{"name": "x", "active_state": ${state(80)}, "draining_state": ${state(81)}}]}]}`;
    expect(onlyPath(traceOf({ '/w/d.json': dump }, tcp('10.0.0.1:80'))).hops[0]?.listener).toBe('x');
    const drained = onlyPath(traceOf({ '/w/d.json': dump }, tcp('10.0.0.1:81')));
    expect(drained.disposition).toBe('no_listener');
    expect(stepsOf(hopOf(drained), 'listener')[0]?.rejected[0]?.because).toBe('it is in state `draining` and takes no new connections');
  });

  test('QUIC and TCP are apart', () => {
    const udp = bootstrap(listener('quic', '0.0.0.0', 443).replace('port_value', 'protocol: UDP, port_value'));
    expect(accepted(udp, tcp('10.0.0.1:443', { sni: 'a' }))).toBe('no_listener');
    expect(onlyPath(traceOf(udp, tcp('10.0.0.1:443', { transport: 'quic' }))).hops[0]?.listener).toBe('quic');
  });

  test('a Unix domain socket', () => {
    const pipe = `static_resources: {listeners: [{name: p, address: {pipe: {path: /run/x.sock}}, filter_chains: [${ECHO}]}]}`;
    expect(accepted(pipe, { connection: { destination: '/run/x.sock' } })).toBe('p');
    expect(accepted(pipe, { connection: { destination: '/run/y.sock' } })).toBe('no_listener');
  });

  test('files without listeners prove nothing', () => {
    expect(
      onlyPath(traceOf({ '/w/c.json': '[{"name": "c", "type": "STATIC", "connectTimeout": "1s"}]' }, tcp('10.0.0.1:80'))).disposition,
    ).toBe('insufficient_info');
  });
});

describe('interception and hand-over', () => {
  const config = bootstrap(
    listener('virtualOutbound', '0.0.0.0', 15001, 'use_original_dst: true'),
    listener('0.0.0.0_9080', '0.0.0.0', 9080, 'bind_to_port: false'),
    listener('10.1.1.1_9080', '10.1.1.1', 9080, 'bind_to_port: false'),
    listener('virtualInbound', '0.0.0.0', 15006, ORIGINAL_DST),
  );

  test.each([
    ['10.1.1.1:9080', '10.1.1.1_9080', 'virtualOutbound'],
    ['10.2.2.2:9080', '0.0.0.0_9080', 'virtualOutbound'],
    ['10.2.2.2:9999', 'virtualOutbound', undefined],
    ['10.2.2.2:15006', 'virtualInbound', 'virtualOutbound'],
  ])('outbound to %s ends at %s', (destination, listenerName, acceptedBy) => {
    const hop = hopOf(onlyPath(traceOf(config, tcp(destination, { capture: 'outbound' }))));
    expect([hop.listener, hop.acceptedBy]).toEqual([listenerName, acceptedBy]);
    expect(hop.downstream.destination).toBe(destination);
  });

  test('without use_original_dst nothing is handed over', () => {
    const hop = hopOf(onlyPath(traceOf(config, tcp('10.1.1.1:9080', { capture: 'inbound' }))));
    expect([hop.listener, hop.acceptedBy, hop.downstream.destination]).toEqual(['virtualInbound', undefined, '10.1.1.1:9080']);
  });

  test('the target runs its own listener filters', () => {
    const inspecting =
      "listener_filters: [{name: t, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}}]";
    const target = listener(
      't',
      '0.0.0.0',
      443,
      `bind_to_port: false\n      ${inspecting}\n      filter_chains: [{name: sni, filter_chain_match: {server_names: [a.com]}, filters: []}]`,
    );
    const hop = hopOf(
      onlyPath(
        traceOf(
          bootstrap(listener('out', '0.0.0.0', 15001, 'use_original_dst: true'), target),
          tcp('1.1.1.1:443', { capture: 'outbound', sni: 'A.com' }),
        ),
      ),
    );
    expect(hop.filterChain?.name).toBe('sni');
  });

  test('filter_disabled is asked with the port of that moment', () => {
    const skip = (end: number): string =>
      `listener_filters: [{name: t, filter_disabled: {destination_port_range: {start: 15001, end: ${end}}}, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}}]`;
    const chain = 'filter_chains: [{name: sni, filter_chain_match: {server_names: [a.com]}, filters: []}]';
    const traced = (end: number) =>
      onlyPath(
        traceOf(
          bootstrap(listener('out', '0.0.0.0', 15001, `use_original_dst: true\n      ${skip(end)}\n      ${chain}`)),
          tcp('1.1.1.1:443', { capture: 'outbound', sni: 'a.com' }),
        ),
      );
    expect(traced(15002).disposition).toBe('no_filter_chain');
    expect(hopOf(traced(15001)).filterChain?.name).toBe('sni');
  });
});

describe('listener filters', () => {
  const filtered = (filters: string, chains: string): string =>
    bootstrap(listener('l', '0.0.0.0', 8080, `listener_filters: [${filters}]\n      filter_chains: [${chains}]`));
  const chain = (name: string, match: string): string => `{name: ${name}, filter_chain_match: ${match}, filters: []}`;
  const PROXY = "{name: p, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol}}";
  const HTTP = "{name: h, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.listener.http_inspector.v3.HttpInspector}}";

  test('a PROXY protocol header announces the source; the direct source stays the peer', () => {
    const chains = [
      chain(
        'announced',
        '{source_prefix_ranges: [{address_prefix: 192.168.0.0, prefix_len: 16}], direct_source_prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}',
      ),
      chain('other', '{}'),
    ].join(', ');
    const request = tcp('10.0.0.1:8080', { source: '192.168.1.1:9', directSource: '10.9.9.9' });
    expect(hopOf(onlyPath(traceOf(filtered(PROXY, chains), request))).filterChain?.name).toBe('announced');
  });

  test('http_inspector looks at plaintext only, and calls HTTP/2 h2c', () => {
    const chains = [
      chain('h1', '{application_protocols: [http/1.1]}'),
      chain('h2', '{application_protocols: [h2c]}'),
      chain('rest', '{}'),
    ].join(', ');
    const name = (request: ReturnType<typeof tcp>): string | undefined =>
      hopOf(onlyPath(traceOf(filtered(HTTP, chains), request))).filterChain?.name;
    expect(name(tcp('10.0.0.1:8080', { http: GET }))).toBe('h1');
    expect(name(tcp('10.0.0.1:8080', { http: { ...GET, version: 'http2' } }))).toBe('h2');
    expect(name(tcp('10.0.0.1:8080'))).toBe('rest');
    expect(name(tcp('10.0.0.1:8080', { sni: 'a', http: GET }))).toBe('rest');
  });

  test('inspectors before the reader of a PROXY protocol header see that header', () => {
    const TLS = "{name: t, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}}";
    const chains = [
      chain('tls', '{transport_protocol: tls}'),
      chain('h1', '{application_protocols: [http/1.1]}'),
      chain('rest', '{}'),
    ].join(', ');
    const name = (filters: string[], more: Parameters<typeof tcp>[1]): string | undefined =>
      hopOf(
        onlyPath(
          traceOf(
            filtered(filters.join(', '), chains),
            tcp('10.0.0.1:8080', { source: '192.168.1.1:9', directSource: '10.9.9.9', ...more }),
          ),
        ),
      ).filterChain?.name;
    expect(name([PROXY, TLS], { sni: 'a' })).toBe('tls');
    expect(name([TLS, PROXY], { sni: 'a' })).toBe('rest');
    expect(name([PROXY, HTTP], { http: GET })).toBe('h1');
    expect(name([HTTP, PROXY], { http: GET })).toBe('rest');
  });

  test('a filter of unknown kind matters only where chains compete', () => {
    const unknown = "{name: x, typed_config: {'@type': type.googleapis.com/acme.Sniffer}}";
    const single = onlyPath(traceOf(filtered(unknown, chain('a', '{}')), tcp('10.0.0.1:8080')));
    expect(hopOf(single).filterChain?.name).toBe('a');
    const several = onlyPath(
      traceOf(filtered(unknown, [chain('a', '{server_names: [a]}'), chain('b', '{}')].join(', ')), tcp('10.0.0.1:8080')),
    );
    expect([several.disposition, several.missing?.[0]]).toEqual(['insufficient_info', 'what the listener filter `acme.Sniffer` changes']);
  });
});
