/** The hand-over by original destination, and the conditions of listener filters (Envoy: source/common/listener_manager/{active_tcp_socket,connection_handler_impl}.cc). */
import { describe, expect, test } from 'vitest';
import { any } from '../httpFilters/filterTrace';
import { hopOf, onlyPath, tcp, traceOf } from '../support/traceOf';

type Fields = Readonly<Record<string, unknown>>;

const ECHO = { name: 'e', typed_config: any('envoy.extensions.filters.network.echo.v3.Echo') };
const listenerFilter = (type: string, more: Fields = {}): Fields => ({
  name: type,
  typed_config: any(`envoy.extensions.filters.listener.${type}`),
  ...more,
});
const INSPECTOR = 'tls_inspector.v3.TlsInspector';
const ORIGINAL = listenerFilter('original_dst.v3.OriginalDst');

function listener(name: string, address: string, port_value: number, more: Fields = {}): Fields {
  return { name, address: { socket_address: { address, port_value } }, filter_chains: [{ name, filters: [ECHO] }], ...more };
}

const bootstrap = (...listeners: Fields[]): string => JSON.stringify({ static_resources: { listeners } });
const unbound = { bind_to_port: false };

describe('a redirected connection', () => {
  /** Who serves it, and who took it. */
  function served(listeners: Fields[], destination: string): string {
    const hop = hopOf(onlyPath(traceOf(bootstrap(...listeners), tcp(destination, { capture: 'outbound' }))));
    return [hop.listener, ...(hop.acceptedBy === undefined ? [] : ['from', hop.acceptedBy])].join(' ');
  }
  const capturing = (more: Fields = {}): Fields => listener('capture', '0.0.0.0', 15001, { use_original_dst: true, ...more });
  test.each<[string, Fields[], string, string]>([
    ['goes to the exact address', [capturing(), listener('exact', '10.1.1.1', 80, unbound), listener('any', '0.0.0.0', 80, unbound)], '10.1.1.1:80', 'exact from capture'], // prettier-ignore
    ['goes to any address of that port', [capturing(), listener('exact', '10.1.1.1', 80, unbound), listener('any', '0.0.0.0', 80, unbound)], '10.2.2.2:80', 'any from capture'], // prettier-ignore
    ['goes to any IPv6 address of that port', [capturing(), listener('any', '::', 80, unbound)], '[fd00::2]:80', 'any from capture'],
    ['stays where nobody has that port', [capturing(), listener('any', '0.0.0.0', 80, unbound)], '10.2.2.2:81', 'capture'],
    ['stays without use_original_dst', [listener('capture', '0.0.0.0', 15001, { listener_filters: [ORIGINAL], traffic_direction: 'OUTBOUND' }), listener('any', '0.0.0.0', 80, unbound)], '10.2.2.2:80', 'capture'], // prettier-ignore
    ['is handed over once', [capturing(), listener('any', '0.0.0.0', 80, { ...unbound, use_original_dst: true })], '10.2.2.2:80', 'any from capture'], // prettier-ignore
  ])('%s', (_, listeners, destination, expected) => {
    expect(served(listeners, destination)).toBe(expected);
  });
});

describe('a listener filter', () => {
  const chains = [{ name: 'named', filter_chain_match: { server_names: ['a.test'] }, filters: [ECHO] }, { name: 'other', filters: [ECHO] }]; // prettier-ignore
  const range = (start: number, end: number): Fields => ({ destination_port_range: { start, end } });
  const chainOf = (filter_disabled: Fields | undefined): string | undefined => {
    const inspector = listenerFilter(INSPECTOR, filter_disabled ? { filter_disabled } : {});
    const own = listener('l', '0.0.0.0', 443, { listener_filters: [inspector], filter_chains: chains });
    return hopOf(onlyPath(traceOf(bootstrap(own), tcp('10.0.0.1:443', { sni: 'A.test' })))).filterChain?.name;
  };
  test.each<[string, Fields | undefined, string]>([
    ['runs where nothing disables it', undefined, 'named'],
    ['is off for any', { any_match: true }, 'other'],
    ['is off in a range', range(443, 444), 'other'],
    ['is on at the end of a range', range(442, 443), 'named'],
    ['is on where not', { not_match: range(443, 444) }, 'named'],
    ['is off where one of two is', { or_match: { rules: [range(1, 2), range(443, 444)] } }, 'other'],
    ['is on unless both are', { and_match: { rules: [range(1, 2), range(443, 444)] } }, 'named'],
  ])('%s', (_, disabled, expected) => {
    expect(chainOf(disabled)).toBe(expected);
  });
});

test('a chain without filters closes the connection', () => {
  const files = bootstrap(listener('l', '0.0.0.0', 80, { filter_chains: [{ name: 'none', filters: [] }] }));
  expect(onlyPath(traceOf(files, tcp('10.0.0.1:80'))).disposition).toBe('closed');
});
