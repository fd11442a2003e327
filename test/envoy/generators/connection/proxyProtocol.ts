/** Connections that a load balancer announces by the PROXY protocol. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { LabCase } from '../../labCase';
import { anyConnection, chains, CHAINS } from './filterChain';
import { clusters, extension, HTTP_INSPECTOR, listener, once, optional, tcpProxy, TLS_INSPECTOR } from '../parts';

const proxyProtocol = optional({ allow_requests_without_proxy_protocol: fc.boolean() }).map((fields) =>
  extension('proxy_protocol', 'filters.listener.proxy_protocol.v3.ProxyProtocol', fields),
);

const announced: fc.Arbitrary<TraceRequest> = fc
  .tuple(anyConnection, fc.constantFrom('10.1.2.3', '192.168.7.7', '203.0.113.9', '127.0.0.1'))
  .map(([request, directSource]) => ({ ...request, connection: { ...request.connection, directSource } }));

/** `source` is what the header says, `directSource` the socket's peer. */
export const proxyProtocolChains: fc.Arbitrary<LabCase> = fc
  .record({
    chains,
    proxyProtocol,
    inspectors: fc.constantFrom([TLS_INSPECTOR], [TLS_INSPECTOR, HTTP_INSPECTOR], []),
    requests: fc.array(announced, { minLength: 4, maxLength: 9 }),
  })
  .map(({ chains: list, proxyProtocol: first, inspectors, requests }) => {
    const other = { name: 'default', filters: [tcpProxy({ cluster: `§c${CHAINS + 1}` })] };
    const fields = { listener_filters: [first, ...inspectors], default_filter_chain: other };
    return {
      area: 'filter_chain_proxy_protocol',
      listeners: [listener('l', list, fields)],
      clusters: clusters(CHAINS + 1),
      requests: once(requests),
    };
  });
