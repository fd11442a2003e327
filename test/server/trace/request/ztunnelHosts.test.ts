/** Which addresses a ztunnel gives for a host name. */
import { describe, expect, test } from 'vitest';
import { traceOf } from '../support/traceOf';

const pod = (name: string, namespace: string, ips: readonly string[]): object => ({
  uid: `c//Pod/${namespace}/${name}`,
  ...{ name, namespace, workloadIps: ips, protocol: 'HBONE', node: 'n1', serviceAccount: 'default' },
});
const service = (namespace: string, hostname: string, vips: readonly string[], more: object = {}): object => ({
  name: hostname.split('.')[0],
  ...{ namespace, hostname, vips, ports: { 80: 80 }, endpoints: {}, ...more },
});
const endpoints = (...uids: string[]): object => ({
  endpoints: Object.fromEntries(uids.map((uid) => [uid, { workloadUid: uid, port: { 80: 80 } }])),
});

const FILE = JSON.stringify({
  config: { localNode: 'n1', network: '' },
  policies: [],
  workloads: [
    pod('client', 'shop', ['10.1.0.1']),
    pod('stranger', 'far', ['10.1.0.2']),
    pod('db-0', 'shop', ['10.1.0.10', 'fd00::10']),
    pod('db-1', 'shop', ['10.1.0.11']),
  ],
  services: [
    service('shop', 'web.shop.svc.cluster.local', ['/10.96.0.1']),
    service('far', 'web.far.svc.cluster.local', ['/10.96.0.2']),
    service('shop', 'db.shop.svc.cluster.local', [], endpoints('c//Pod/shop/db-0', 'c//Pod/shop/db-1')),
    service('shop', '*.example.test', ['/240.0.0.1']),
    service('shop', '*.eu.example.test', ['/240.0.0.2']),
    service('shop', 'api.test', ['/240.0.0.3']),
    service('far', 'api.test', ['/240.0.0.4'], { canonical: true }),
    service('far', 'hidden.test', ['/240.0.0.5'], { visibility: 'Namespace' }),
    service('shop', 'later.test', [], endpoints('c//Pod/shop/db-0')),
  ],
});

const CLIENT = '10.1.0.1';
const STRANGER = '10.1.0.2';
function addressesOf(host: string, source: string | undefined): string[] {
  const http = { version: 'http1', method: 'GET', scheme: 'http', authority: host, path: '/', headers: [] } as const;
  const trace = traceOf({ 'z.json': FILE }, { connection: source === undefined ? {} : { source }, http: { ...http, headers: [] } });
  return trace.paths.map(({ hops, missing }) => hops[0]?.downstream.destination ?? missing?.[0] ?? '').sort();
}

describe('the host name', () => {
  test.each<[string, string, string | undefined, readonly string[]]>([
    ['a short name is of the client’s namespace', 'web', CLIENT, ['10.96.0.1:80']],
    ['and of any where nobody tells the client', 'web', undefined, ['10.96.0.1:80', '10.96.0.2:80']],
    ['with its namespace', 'web.far', CLIENT, ['10.96.0.2:80']],
    ['a headless service stands for its workloads', 'db', CLIENT, ['10.1.0.10:80', '10.1.0.11:80']],
    ['a wildcard', 'x.y.example.test', CLIENT, ['240.0.0.1:80']],
    ['the longest wildcard', 'x.eu.example.test', CLIENT, ['240.0.0.2:80']],
    ['of two services of one name that of the client’s namespace', 'api.test', CLIENT, ['240.0.0.3:80']],
    ['else the canonical one', 'api.test', undefined, ['240.0.0.4:80']],
    ['a private service, for its own namespace', 'hidden.test', STRANGER, ['240.0.0.5:80']],
  ])('%s', (_, host, source, expected) => {
    expect(addressesOf(host, source)).toEqual(expected);
  });

  test.each([
    ['a private service of another namespace', 'hidden.test'],
    ['a service without address that is not of Kubernetes', 'later.test'],
  ])('%s is asked of another name server', (_, host) => {
    expect(addressesOf(host, CLIENT)[0]).toMatch(/^the destination of `.*`: no file gives it an address/);
  });
});
