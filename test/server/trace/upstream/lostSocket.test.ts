/** Of the cluster's transport socket nothing is left. */
import { expect, test } from 'vitest';
import { call, cluster, CUT, world } from '../missing/missingCase';
import { hopOf, onlyPath, traceOf } from '../support/traceOf';

const TLS = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext';

test.each([[CUT], [{ name: 'envoy.transport_sockets.tls', typed_config: CUT }]])('how it speaks is not known: %j', (transport_socket) => {
  const files = world({ routes: [{ match: { prefix: '/' }, route: { cluster: 'b' } }], clusters: [cluster('b', { transport_socket })] });
  const { upstream } = hopOf(onlyPath(traceOf({ ...files }, call())), 0);
  expect([upstream?.transport, upstream?.unknown]).toEqual([undefined, ['transport']]);
});

test('else it is', () => {
  const transport_socket = { name: 'tls', typed_config: { '@type': TLS } };
  const files = world({ routes: [{ match: { prefix: '/' }, route: { cluster: 'b' } }], clusters: [cluster('b', { transport_socket })] });
  const { upstream } = hopOf(onlyPath(traceOf({ ...files }, call())), 0);
  expect([upstream?.transport, upstream?.unknown]).toEqual(['tls', undefined]);
});
