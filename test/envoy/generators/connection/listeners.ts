/** Which listener takes a connection: addresses, wildcards, and hand-over by original destination. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { JsonObject, LabCase } from '../../labCase';
import {
  clusters,
  httpRequest,
  listener,
  once,
  optional,
  ORIGINAL_DST,
  socketAddress,
  tcpProxy,
  HTTP_INSPECTOR,
  TLS_INSPECTOR,
} from '../parts';

function oneChain(index: number): JsonObject[] {
  return [{ name: `f${index}`, filters: [tcpProxy({ cluster: `§c${index + 1}` })] }];
}

const ADDRESSES = ['0.0.0.0', '10.1.1.1', '10.1.1.2', '127.0.0.1'];

const bound = fc.uniqueArray(fc.tuple(fc.constantFrom(...ADDRESSES), fc.constantFrom(20000, 20001)), {
  minLength: 1,
  maxLength: 4,
  selector: (each) => each.join(),
});

/** Several bound listeners; the most specific address wins. */
export const listenerChoice: fc.Arbitrary<LabCase> = fc
  .record({
    bound,
    requests: fc.array(fc.tuple(fc.constantFrom('10.1.1.1', '10.1.1.2', '10.9.9.9', '127.0.0.1'), fc.constantFrom(20000, 20001, 20002)), {
      minLength: 3,
      maxLength: 7,
    }),
  })
  .map(({ bound: list, requests }) => ({
    area: 'listener_choice',
    listeners: list.map(([address, port], index) => listener(`l${index}`, oneChain(index), { address: socketAddress(address, port) })),
    clusters: clusters(4),
    requests: once(requests.map(([address, port]) => httpRequest({}, { destination: `${address}:${port}`, capture: 'none' }))),
  }));

const unbound = fc.uniqueArray(fc.tuple(fc.constantFrom('10.96.0.5', '10.96.0.6', '0.0.0.0'), fc.constantFrom(20001, 20002)), {
  minLength: 1,
  maxLength: 4,
  selector: (each) => each.join(),
});

const intercepted: fc.Arbitrary<TraceRequest> = fc
  .tuple(fc.constantFrom('10.96.0.5', '10.96.0.6', '10.96.0.7'), fc.constantFrom(20001, 20002, 20003), fc.boolean())
  .map(([address, port, http]): TraceRequest => {
    const connection = {
      destination: `${address}:${port}`,
      source: '10.1.2.3',
      transport: 'raw_buffer' as const,
      capture: 'outbound' as const,
    };
    return http ? httpRequest({}, connection) : { connection };
  });

/** A capturing listener on the first port, as behind iptables in a pod, and listeners that are not bound. */
export const interception: fc.Arbitrary<LabCase> = fc
  .record({
    unbound,
    fields: optional({ traffic_direction: fc.constant('OUTBOUND') }),
    matches: fc.boolean(),
    filters: fc.constantFrom<JsonObject[][]>([], [ORIGINAL_DST]),
    requests: fc.array(intercepted, { minLength: 3, maxLength: 7 }),
  })
  .map(({ unbound: list, fields, matches, filters: listener_filters, requests }) => {
    const own: JsonObject[] = matches
      ? [{ name: 'some', filter_chain_match: { destination_port: 20001 }, filters: [tcpProxy({ cluster: '§c1' })] }]
      : oneChain(0);
    const capturing = listener('capture', own, { use_original_dst: true, listener_filters, ...fields });
    const others = list.map(([address, port], index) =>
      listener(`u${index}`, oneChain(index + 1), { address: socketAddress(address, port), bind_to_port: false }),
    );
    return { area: 'intercepted', listeners: [capturing, ...others], clusters: clusters(5), requests: once(requests) };
  });

const RANGES = [
  ['10.1.0.0', 16],
  ['10.97.0.5', 32],
  ['127.0.0.0', 8],
] as const;
const range = fc.constantFrom(...RANGES).map(([address_prefix, prefix_len]): JsonObject => ({ address_prefix, prefix_len }));

const inboundMatch = optional({
  destination_port: fc.constantFrom(20002, 8080),
  source_prefix_ranges: fc.array(range, { minLength: 1, maxLength: 1 }),
  prefix_ranges: fc.array(range, { minLength: 1, maxLength: 1 }),
  transport_protocol: fc.constantFrom('tls', 'raw_buffer'),
  application_protocols: fc.constantFrom(['http/1.1'], ['h2', 'http/1.1']),
});

const arriving: fc.Arbitrary<TraceRequest> = fc
  .record({
    net: fc.constantFrom('10.96', '10.97', '10.97'),
    host: fc.constantFrom('5', '6'),
    port: fc.constantFrom(20002, 8080, 20003),
    source: fc.constantFrom('10.1.2.3', '10.97.0.5', '127.0.0.6', '192.168.7.7'),
    speaks: fc.constantFrom('bytes', 'http1', 'http2', 'tls'),
  })
  .map(({ net, host, port, source, speaks }): TraceRequest => {
    const connection = {
      destination: `${net}.0.${host}:${port}`,
      source,
      transport: 'raw_buffer' as const,
      capture: net === '10.97' ? ('inbound' as const) : ('outbound' as const),
    };
    if (speaks === 'bytes') return { connection };
    if (speaks === 'tls') return httpRequest({}, { ...connection, transport: 'tls', sni: 'a.test', alpn: ['http/1.1'] });
    return httpRequest({ version: speaks === 'http2' ? 'http2' : 'http1' }, connection);
  });

/** Both capturing listeners of a sidecar, the first outbound, the second inbound. */
export const bothInterceptions: fc.Arbitrary<LabCase> = fc
  .record({
    unbound,
    matches: fc.uniqueArray(inboundMatch, { minLength: 1, maxLength: 3, selector: (match) => JSON.stringify(match) }),
    inspects: fc.constantFrom<JsonObject[][]>([], [TLS_INSPECTOR], [TLS_INSPECTOR, HTTP_INSPECTOR]),
    restores: fc.boolean(),
    inboundHandsOver: fc.boolean(),
    requests: fc.array(arriving, { minLength: 4, maxLength: 8 }),
  })
  .map(({ unbound: list, matches, inspects, restores, inboundHandsOver, requests }) => {
    const chains = matches.map((filter_chain_match, index): JsonObject => ({
      name: `in${index}`,
      filter_chain_match,
      filters: [tcpProxy({ cluster: `§c${index + 1}` })],
    }));
    const inbound = listener('inbound', chains, {
      address: socketAddress('0.0.0.0', 20001),
      traffic_direction: 'INBOUND',
      listener_filters: [...(restores ? [ORIGINAL_DST] : []), ...inspects],
      ...(inboundHandsOver || !restores ? { use_original_dst: true } : {}),
    });
    const outbound = listener('outbound', oneChain(3), {
      use_original_dst: true,
      traffic_direction: 'OUTBOUND',
      listener_filters: [ORIGINAL_DST],
    });
    const others = list.map(([address, port], index) =>
      listener(`u${index}`, oneChain(index + 4), { address: socketAddress(address, port), bind_to_port: false }),
    );
    return { area: 'intercepted_both', listeners: [outbound, inbound, ...others], clusters: clusters(8), requests: once(requests) };
  });
