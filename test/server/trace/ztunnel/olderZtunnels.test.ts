/** Ztunnels of Istio up to 1.21 know waypoints of workloads alone. */
import { describe, expect, test } from 'vitest';
import { onlyPath, tcp, traceOf } from '../support/traceOf';
import type { TracePath } from '../../../../server/src/protocol/trace';

const workload = (name: string, ip: string, more: object = {}): object => ({
  uid: `c//Pod/shop/${name}`,
  workloadIps: [ip],
  protocol: 'HBONE',
  name,
  namespace: 'shop',
  serviceAccount: name,
  node: 'n1',
  status: 'Healthy',
  ...more,
});
const service = (name: string, vip: string, port: number, more: object = {}): object => ({
  name,
  namespace: 'shop',
  hostname: `${name}.shop.svc.cluster.local`,
  vips: [`/${vip}`],
  ports: { [port]: port },
  endpoints: { [`c//Pod/shop/${name}:/1`]: { workloadUid: `c//Pod/shop/${name}`, port: { [port]: port } } },
  ...more,
});
const OLD = { destination: '/10.96.0.9', port: 15008 };
const dump = (waypoint: object, more: { service?: object; version?: object } = {}): Record<string, string> => ({
  'z.json': JSON.stringify({
    workloads: {
      a: workload('client', '10.1.0.1'),
      b: workload('cart', '10.1.0.2', { waypoint }),
      c: workload('waypoint', '10.1.0.9', { protocol: 'TCP' }),
      d: workload('other', '10.1.0.3'),
    },
    services: { a: service('cart', '10.96.0.1', 80, more.service), b: service('waypoint', '10.96.0.9', 15008) },
    policies: { p: { name: 'nobody', namespace: 'shop', scope: 'Namespace', action: 'Allow', rules: [] } },
    ...(more.version && { version: more.version }),
    config: { localNode: 'n1', network: '' },
  }),
});
const CLIENT = '10.1.0.1:4000';
const told = ({ disposition, hops }: TracePath): string => `${disposition} ${hops[0]?.endpoint?.address ?? ''}`;

describe('a connection to a service whose workload has a waypoint', () => {
  const WAYPOINT = 'upstream 10.1.0.9:15008';
  const STRAIGHT = 'denied 10.1.0.2:15008';
  test.each<[string, Record<string, string>, string]>([
    ['written with `port`: through it', dump(OLD), WAYPOINT],
    ['written with `hboneSingleTlsPort`', dump({ destination: '/10.96.0.9', hboneMtlsPort: 15008, hboneSingleTlsPort: null }), WAYPOINT],
    ['as newer ones write it: straight', dump({ destination: '/10.96.0.9', hboneMtlsPort: 15008 }), STRAIGHT],
    [
      'a service with a load balancer is newer',
      dump(OLD, { service: { loadBalancer: { mode: 'Failover', routingPreferences: [] } } }),
      STRAIGHT,
    ],
    ['the version decides', dump(OLD, { version: { istio_version: '1.22.1' } }), STRAIGHT],
    ['the version decides, 1.21', dump({ destination: '/10.96.0.9', hboneMtlsPort: 15008 }, { version: { git_tag: '1.21.0' } }), WAYPOINT],
  ])('%s', (_, files, expected) => {
    expect(told(onlyPath(traceOf(files, tcp('10.96.0.1:80', { source: CLIENT }))))).toBe(expected);
  });
});

describe('at the workload that has a waypoint', () => {
  const connect = (name: string): TracePath =>
    onlyPath(
      traceOf(
        dump(OLD),
        tcp('10.1.0.2:15008', {
          transport: 'tls',
          peerPrincipals: [`spiffe://cluster.local/ns/shop/sa/${name}`],
          http: { version: 'http2', method: 'CONNECT', scheme: 'http', authority: '10.1.0.2:80', path: '', headers: [] },
        }),
      ),
    );
  test('its waypoint’s connections pass, whatever policies say', () => {
    expect(told(connect('waypoint'))).toBe('upstream 10.1.0.2:80');
  });
  test('all others came past it', () => {
    expect(connect('other')).toMatchObject({ disposition: 'denied', response: { code: 401, details: 'bypassed waypoint' } });
  });
  test('a client whose identity the files do not tell', () => {
    const another = JSON.stringify({
      workloads: [workload('cart', '10.1.0.2'), workload('far', '10.2.0.1', { node: 'n2' })],
      services: [],
      policies: [],
      config: { localNode: 'n2', network: '' },
    });
    const request = { ...tcp('10.1.0.2:80', { capture: 'outbound', start: { proxy: 'y.json' } }) };
    const path = onlyPath(
      traceOf({ ...dump(OLD), 'y.json': another }, { ...request, connection: { ...request.connection, source: undefined } }),
    );
    expect(path.missing).toEqual(['whose certificate the client presents: give its address with --src']);
  });
  test('plain text is sent to the waypoint, for known clients', () => {
    const plain = (source: string): TracePath => onlyPath(traceOf(dump(OLD), tcp('10.1.0.2:80', { source, capture: 'inbound' })));
    expect(told(plain('10.1.0.3:4000'))).toBe('upstream 10.1.0.9:15008');
    expect(plain('10.9.9.9:4000')).toMatchObject({ disposition: 'denied', response: { details: 'unknown source: 10.9.9.9' } });
  });
});
