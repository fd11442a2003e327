/** What the dump of a Rust ztunnel does not tell. */
import { expect, test } from 'vitest';
import { CLIENT, pathOf, pathThrough, service, workload } from './oneNode';

test('a workload that has a host name alone', () => {
  const services = [service('web', '10.96.0.1', 80)];
  expect(pathOf([workload('web', { hostname: 'web.test' })], services).missing).toEqual([
    'the address of workload `web`: its host name `web.test` is resolved at run time',
  ]);
  expect(pathOf([workload('web', { workloadIps: ['10.1.0.2'] })], services).missing).toBeUndefined();
});

test('a dump of its workloads alone', () => {
  expect(pathThrough([CLIENT, workload('web', { workloadIps: ['10.1.0.2'] })]).missing).toEqual([
    'the `services` of the ztunnel: "istioctl ztunnel-config all -o json" has everything',
  ]);
});
