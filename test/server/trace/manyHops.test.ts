import { expect, test } from 'vitest';
import { simulateRequest } from '../../../server/src/trace/simulateRequest';
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';

const tcp = (cluster: string): string =>
  `filter_chains: [{ filters: [{ name: tcp, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: ${cluster} } }] }]`;

/** A chain of internal listeners; the cluster of the last leads to `last`. */
function chainOf(length: number, last: string): string {
  const numbers = Array.from({ length }, (_, index) => index);
  return `bootstrap_extensions: [{ name: internal, typed_config: { "@type": type.googleapis.com/envoy.extensions.bootstrap.internal_listener.v3.InternalListener } }]
static_resources:
  listeners:
  - { name: door, address: { socket_address: { address: 0.0.0.0, port_value: 80 } }, ${tcp('c0')} }
${numbers.map((at) => `  - { name: l${at}, internal_listener: {}, ${tcp(`c${at + 1}`)} }`).join('\n')}
  clusters:
${[...numbers.map((at) => `l${at}`), last].map((name, at) => `  - { name: c${at}, type: STATIC, load_assignment: { cluster_name: c${at}, endpoints: [{ lb_endpoints: [{ endpoint: { address: { envoy_internal_address: { server_listener_name: ${name} } } } }] }] } }`).join('\n')}
`;
}

const pathOf = (text: string) =>
  simulateRequest(buildSnapshot([{ uri: 'envoy.yaml', text }]), { connection: { destination: '10.0.0.1:80' } }).paths[0];

test('a long way is no circle: where it is followed no further, that is said', () => {
  const path = pathOf(chainOf(40, 'gone'));
  expect(path?.disposition).toBe('insufficient_info');
  expect(path?.missing).toEqual(['the way behind 32 listeners: trace on from the last of them']);
});

test('a circle is one, however long', () => {
  const path = pathOf(chainOf(20, 'l3'));
  expect(path?.disposition).toBe('loop');
  expect(path?.hops.at(-1)?.steps.at(-1)?.because).toBe('the same listener was entered before with the same facts');
  expect(path?.hops.at(-1)).toMatchObject({ listener: 'l3' });
});
