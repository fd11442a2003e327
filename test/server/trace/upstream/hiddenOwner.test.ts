/** What is certain although a file has lost where a proxy listens. */
import { expect, test } from 'vitest';
import { GET, onlyPath, traceOf } from '../support/traceOf';
import { manager } from '../missing/missingCase';

const address = (ip: string, port_value: number): object => ({ address: { socket_address: { address: ip, port_value } } });

/** A proxy that sends to 10.50.0.1:80, and the dump of another. */
function endOf(id: string, listener: object, target = '10.50.0.1'): string {
  const endpoints = [{ lb_endpoints: [{ endpoint: address(target, 80) }] }];
  const first = {
    node: { id: 'first' },
    static_resources: {
      listeners: [{ name: 'l', ...address('0.0.0.0', 81), filter_chains: [{ filters: [manager({})] }] }],
      clusters: [{ name: 'a', load_assignment: { cluster_name: 'a', endpoints } }],
    },
  };
  const configs = [
    { '@type': 'type.googleapis.com/envoy.admin.v3.BootstrapConfigDump', bootstrap: { node: { id } } },
    { '@type': 'type.googleapis.com/envoy.admin.v3.ListenersConfigDump', static_listeners: [{ listener }] },
  ];
  const files = { '/w/first.json': JSON.stringify(first), '/w/second.json': JSON.stringify({ configs }) };
  return onlyPath(traceOf(files, { start: { proxy: 'first' }, connection: { destination: '10.0.0.1:81' }, http: GET })).disposition;
}

test('a listener on another port does not matter', () => {
  expect(endOf('second', { name: 'm', ...address('[redacted]', 80) })).toBe('insufficient_info');
  expect(endOf('second', { name: 'm', ...address('[redacted]', 81) })).toBe('upstream');
});

test('proxies that say their own addresses are known by them', () => {
  expect(endOf('sidecar~10.0.0.9~p.n~n.svc.cluster.local', { name: 'm', ...address('[redacted]', 80) })).toBe('upstream');
});

test('the loopback is nobody else', () => {
  expect(endOf('second', { name: 'm', ...address('[redacted]', 80) }, '127.0.0.1')).toBe('upstream');
});
