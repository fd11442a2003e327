/** Workloads without an address of the family that is asked for, and those that have a host name alone. */
import { expect, test } from 'vitest';
import { pathOf, service, workload } from './oneNode';

const gateway = (host: string): object => ({ destination: `n/${host}`, hboneMtlsPort: 15008 });
const BY_NAME = { hostname: 'lb.test' };

test('plain TCP goes to the host name', () => {
  const path = pathOf([workload('web', { ...BY_NAME, protocol: 'TCP' })], [service('web', '10.96.0.1', 80)]);
  expect(path).toMatchObject({ disposition: 'upstream', hops: [{ endpoint: { address: 'dns:lb.test:80' } }] });
});

test('so does the tunnel to a waypoint', () => {
  const web = service('web', '10.96.0.1', 80, { waypoint: gateway('lb.test') });
  const path = pathOf([workload('web', { workloadIps: ['10.1.0.2'] }), workload('waypoint', BY_NAME)], [web]);
  expect(path).toMatchObject({
    disposition: 'upstream',
    hops: [{ endpoint: { address: 'dns:lb.test:15008' }, upstream: { tunnel: { authority: '10.96.0.1:80' } } }],
  });
});

test('and the one to the gateway of another network', () => {
  const far = workload('web', { network: 'west', networkGateway: gateway('lb.test') });
  const path = pathOf([far, workload('gateway', BY_NAME)], [service('web', '10.96.0.1', 80)]);
  expect(path).toMatchObject({
    disposition: 'upstream',
    hops: [
      {
        through: 'network_gateway',
        endpoint: { address: 'dns:lb.test:15008' },
        upstream: { tunnel: { authority: 'web.n.svc.cluster.local:80' } },
      },
    ],
  });
});

test('a workload without an address of the family that its service allows', () => {
  const services = [service('web', '10.96.0.1', 80, { ipFamilies: 'IPv6' })];
  const path = pathOf([workload('web', { workloadIps: ['10.1.0.2'] })], services);
  expect(path).toMatchObject({ disposition: 'no_endpoint', response: { details: 'no valid routing destination' } });
  expect(path.hops[0]?.steps.at(-1)?.because).toBe('workload `web` has no `IPv6` address, and the service allows no other');
});
