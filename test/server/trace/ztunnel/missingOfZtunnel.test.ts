/** What the dump of a Rust ztunnel does not tell. */
import { expect, test } from 'vitest';
import { onlyPath, tcp, traceOf } from '../support/traceOf';

const HOSTNAME = 'web.test';
const workload = (name: string, more: object = {}): object => ({
  uid: `cluster//Pod/n/${name}`,
  name,
  namespace: 'n',
  serviceAccount: name,
  trustDomain: 'cluster.local',
  workloadIps: [],
  hostname: '',
  protocol: 'HBONE',
  node: 'node-a',
  status: 'Healthy',
  ...more,
});
const SOURCE = workload('sleep', { workloadIps: ['10.1.0.1'] });
const service = (name: string, vip: string, port: number, more: object = {}): object => ({
  name,
  namespace: 'n',
  hostname: `${name}.n.svc.cluster.local`,
  vips: [`/${vip}`],
  ports: { [port]: port },
  endpoints: { [`cluster//Pod/n/${name}`]: { workloadUid: `cluster//Pod/n/${name}`, port: { [port]: port } } },
  ...more,
});

const missingOf = (dump: object): readonly string[] | undefined => {
  const text = JSON.stringify({ config: { localNode: 'node-a', network: '' }, policies: [], ...dump });
  return onlyPath(traceOf({ 'ztunnel.json': text }, tcp('10.96.0.1:80', { source: '10.1.0.1:4000' }))).missing;
};

test('a workload that has a host name alone', () => {
  const services = [service('web', '10.96.0.1', 80)];
  expect(missingOf({ workloads: [SOURCE, workload('web', { hostname: HOSTNAME })], services })).toEqual([
    'the address of workload `web`: its host name `web.test` is resolved at run time',
  ]);
  expect(missingOf({ workloads: [SOURCE, workload('web', { workloadIps: ['10.1.0.2'] })], services })).toBeUndefined();
});

test('a dump of its workloads alone', () => {
  const dump = [SOURCE, workload('web', { workloadIps: ['10.1.0.2'] })];
  const trace = traceOf({ 'ztunnel.json': JSON.stringify(dump) }, tcp('10.96.0.1:80', { source: '10.1.0.1:4000' }));
  expect(onlyPath(trace).missing).toEqual(['the `services` of the ztunnel: "istioctl ztunnel-config all -o json" has everything']);
});
