/** The lists that `istioctl ztunnel-config` prints, alone and together. */
import { describe, expect, test } from 'vitest';
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';
import { readZtunnel } from '../../../server/src/model/ztunnel/readZtunnel';
import { simulateRequest } from '../../../server/src/trace/simulateRequest';

const workload = (name: string, ip: string, node: string) => ({
  uid: `k//Pod/shop/${name}`,
  workloadIps: [ip],
  protocol: 'HBONE',
  name,
  namespace: 'shop',
  serviceAccount: name,
  node,
  status: 'Healthy',
  capacity: 1,
});
const workloads = [workload('web', '10.1.0.5', 'one'), workload('cart', '10.1.0.6', 'two')];
const services = [
  {
    name: 'cart',
    namespace: 'shop',
    hostname: 'cart.shop.svc.cluster.local',
    vips: ['/10.2.0.1'],
    ports: { '80': 8080 },
    endpoints: { 'k//Pod/shop/cart': { workloadUid: 'k//Pod/shop/cart', service: '', port: { '80': 8080 } } },
  },
];
const policies = [{ name: 'p', namespace: 'shop', scope: 'Namespace', action: 'Allow', rules: [] }];
const certificates = [{ identity: 'spiffe://cluster.local/ns/shop/sa/web', state: 'Available', certChain: [], rootCerts: [] }];
const connections = [{ state: 'Up', connections: { inbound: [], outbound: [] }, info: { name: 'web', namespace: 'shop' } }];
const files = (lists: Record<string, unknown>, folder = 'test:/a/') =>
  Object.entries(lists).map(([name, list]) => ({ uri: `${folder}${name}.json`, text: JSON.stringify(list, null, 2) }));

const traceOf = (lists: Record<string, unknown>) =>
  simulateRequest(buildSnapshot(files(lists)), { connection: { destination: '10.2.0.1:80', source: '10.1.0.5' } });

describe('lists of a ztunnel', () => {
  test.each(Object.entries({ workloads, services, policies, certificates, connections }))('%s alone', (name, list) =>
    expect(buildSnapshot(files({ [name]: list })).proxies.map(({ kind }) => kind)).toEqual(['ztunnel']),
  );
  test('those of one folder are one ztunnel, as the whole dump would be', () => {
    const { proxies } = buildSnapshot(files({ workloads, services, policies, certificates, connections }));
    expect(proxies).toHaveLength(1);
    const model = readZtunnel(proxies[0]?.ztunnel ?? []);
    expect([model.workloads.length, model.services.length, model.policies.length, model.missing]).toEqual([2, 1, 1, []]);
    expect(model.kubernetesNode).toBe('one');
  });
  test('two of one kind are two ztunnels, and so are those of two folders', () => {
    expect(buildSnapshot(files({ services, workloads, more: workloads })).proxies).toHaveLength(3);
    expect(buildSnapshot([...files({ services }), ...files({ workloads }, 'test:/b/')]).proxies).toHaveLength(2);
  });
  test('a trace says what is missing, and never that there is none', () => {
    expect(JSON.stringify(traceOf({ workloads }))).toContain('ztunnel-config all');
    expect(JSON.stringify(traceOf({ services }))).toContain('ztunnel-config all');
    const [whole, joined] = [traceOf({ all: { workloads, services, policies } }), traceOf({ workloads, services })];
    expect(joined.paths[0]?.disposition).toBe(whole.paths[0]?.disposition);
    expect(joined.paths[0]?.disposition).toBe('upstream');
  });
});
