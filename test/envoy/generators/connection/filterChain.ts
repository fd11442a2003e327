/** Filter chains by filter_chain_match: all criteria, several chains, with and without a default. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { JsonObject, LabCase } from '../../labCase';
import { clusters, HTTP_INSPECTOR, httpRequest, listener, once, optional, source, tcpProxy, TLS_INSPECTOR } from '../parts';

export const CHAINS = 6;

const range = fc
  .constantFrom(['10.1.0.0', 16], ['10.1.1.0', 24], ['10.0.0.0', 8], ['192.168.0.0', 16], ['10.1.1.1', 32], ['203.0.113.0', 24])
  .map(([address_prefix = '', prefix_len = 0]): JsonObject => ({ address_prefix, prefix_len }));

/** Names without a twin that differs only in case: Envoy refuses nothing there, but the choice is not defined. */
const serverNames = fc.uniqueArray(fc.constantFrom('a.test', 'b.test', '*.a.test', '*.test', 'www.a.test'), { minLength: 1, maxLength: 2 });

const chainMatch: fc.Arbitrary<JsonObject> = optional({
  destination_port: fc.constantFrom(20000, 8080),
  prefix_ranges: fc.array(range, { minLength: 1, maxLength: 2 }),
  server_names: serverNames,
  transport_protocol: fc.constantFrom('tls', 'raw_buffer'),
  application_protocols: fc.constantFrom(['h2'], ['http/1.1'], ['h2', 'http/1.1'], ['istio']),
  direct_source_prefix_ranges: fc.array(range, { minLength: 1, maxLength: 1 }),
  source_type: fc.constantFrom('ANY', 'SAME_IP_OR_LOOPBACK', 'EXTERNAL'),
  source_prefix_ranges: fc.array(range, { minLength: 1, maxLength: 2 }),
  source_ports: fc.constantFrom([40001], [40001, 40002]),
}).chain((all) =>
  fc
    .subarray(Object.keys(all), { minLength: Math.min(1, Object.keys(all).length), maxLength: Math.min(3, Object.keys(all).length) })
    .map((kept) => Object.fromEntries(Object.entries(all).filter(([key]) => kept.includes(key)))),
);

export const chains = fc
  .uniqueArray(chainMatch, { minLength: 1, maxLength: CHAINS, selector: (match) => JSON.stringify(match) })
  .map((matches) =>
    matches.map((filter_chain_match, index): JsonObject => ({
      name: `f${index}`,
      filter_chain_match,
      filters: [tcpProxy({ cluster: `§c${index + 1}` })],
    })),
  );

const inspectors = fc.constantFrom<JsonObject[][]>([TLS_INSPECTOR], [TLS_INSPECTOR, HTTP_INSPECTOR], [HTTP_INSPECTOR], []);

/** Connections of every kind to the first port. */
export const anyConnection: fc.Arbitrary<TraceRequest> = fc
  .record({
    destination: fc.constantFrom('10.1.1.1', '10.1.2.2', '10.7.7.7', '192.168.3.3', '127.0.0.1'),
    source: fc.oneof(source, fc.constantFrom('10.1.1.1', '192.168.3.3')),
    port: fc.constantFrom(40001, 40002, 40003),
    speaks: fc.constantFrom('bytes', 'tls', 'tls', 'http1', 'http2'),
    sni: fc.constantFrom('', 'a.test', 'b.test', 'www.a.test', 'x.y.a.test', 'A.Test', 'other.org'),
    alpn: fc.constantFrom([], ['h2', 'http/1.1'], ['http/1.1'], ['h2'], ['istio', 'h2'], ['foo']),
  })
  .map(({ destination, source: address, port, speaks, sni, alpn }): TraceRequest => {
    const connection = { destination: `${destination}:20000`, source: `${address}:${port}` };
    if (speaks === 'bytes') return { connection: { ...connection, transport: 'raw_buffer' } };
    if (speaks !== 'tls') return httpRequest({ version: speaks }, connection);
    const named = sni === '' ? {} : { sni };
    return httpRequest(
      { version: 'http1' },
      { ...connection, transport: 'tls', ...named, ...(alpn.length > 0 ? { alpn: [...alpn] } : {}) },
    );
  });

export const filterChain: fc.Arbitrary<LabCase> = fc
  .record({ chains, inspectors, fallback: fc.boolean(), requests: fc.array(anyConnection, { minLength: 4, maxLength: 9 }) })
  .map(({ chains: list, inspectors: listener_filters, fallback, requests }) => {
    const other: JsonObject = { name: 'default', filters: [tcpProxy({ cluster: `§c${CHAINS + 1}` })] };
    return {
      area: 'filter_chain',
      listeners: [listener('l', list, { listener_filters, ...(fallback ? { default_filter_chain: other } : {}) })],
      clusters: clusters(CHAINS + 1),
      requests: once(requests),
    };
  });
