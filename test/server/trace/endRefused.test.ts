/** What Envoy would not load, in a file of a running proxy and in a configuration. */
import { expect, test } from 'vitest';
import { call, cluster, dump, filter, manager, world, type Fields } from './missing/missingCase';
import { onlyPath, traceOf } from './support/traceOf';

const listenerOf = (...chains: Fields[]): Fields => ({
  name: 'l',
  address: { socket_address: { address: '0.0.0.0', port_value: 80 } },
  filter_chains: chains,
});
const withoutRouter: Fields = { filters: [manager({ manager: { http_filters: [filter('c', 'cors.v3.Cors')] } })] };

function inDump(listener: Fields): string {
  const files = dump({
    BootstrapConfigDump: { bootstrap: { node: { id: 'p' } } },
    ClustersConfigDump: { static_clusters: [{ cluster: cluster('a') }] },
    ListenersConfigDump: { dynamic_listeners: [{ name: 'l', active_state: { listener } }] },
  });
  return onlyPath(traceOf({ ...files }, call())).disposition;
}

test('what lacks a part is cut where a proxy runs with it, and refused in a configuration', () => {
  expect(inDump(listenerOf(withoutRouter))).toBe('insufficient_info');
  expect(inDump(listenerOf({ filters: [filter('r', 'envoy.extensions.filters.network.rbac.v3.RBAC')] }))).toBe('insufficient_info');
  expect(onlyPath(traceOf({ ...world({ chain: withoutRouter }) }, call())).disposition).toBe('config_rejected');
});

test('a running proxy has HTTP filters, a configuration may have none', () => {
  const bare: Fields = { filters: [manager({ manager: { http_filters: null } })] };
  expect(inDump(listenerOf(bare))).toBe('insufficient_info');
  expect(onlyPath(traceOf({ ...world({ chain: bare }) }, call())).disposition).toBe('closed');
});

test('what contradicts itself is refused in either', () => {
  const chain = { filters: [manager({})] };
  expect(inDump(listenerOf(chain, chain))).toBe('config_rejected');
});
