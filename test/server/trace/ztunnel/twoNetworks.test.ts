import { describe, expect, test } from 'vitest';
import { GET, hopOf, onlyPath, traceOf } from '../support/traceOf';
import { HOST, twoNetworks } from '../support/twoNetworks';

const request = { connection: { source: '10.1.0.1', destination: '10.96.0.1:80' }, http: { ...GET, authority: 'web', path: '/x' } };
const trace = (files: Record<string, string>) => onlyPath(traceOf(files, request));
const way = (files: Record<string, string>): string[] => {
  const { hops, disposition } = trace(files);
  return [...hops.map(({ proxy, listener }) => [proxy.split('~')[1] ?? proxy, listener].filter(Boolean).join(' ')), disposition];
};

const AT_GATEWAY = ['connect_terminate', 'main_internal', 'forward_inner_connect'].map((listener) => `10.2.0.9 ${listener}`);

describe('a service of another network', () => {
  test('two tunnels from the ztunnel; the gateway leads into the waypoint there', () => {
    expect(way(twoNetworks({ waypoint: false }))).toEqual([
      'ztunnel-1.json',
      ...AT_GATEWAY,
      ...['connect_terminate', 'main_internal', 'connect_originate'].map((listener) => `10.2.0.7 ${listener}`),
      'ztunnel-2.json',
      'upstream',
    ]);
    const path = trace(twoNetworks({ waypoint: false }));
    expect(hopOf(path)).toMatchObject({ service: HOST, through: 'network_gateway', upstream: { tunnel: { authority: `${HOST}:80` } } });
    expect(hopOf(path, 4).downstream.principals).toEqual(['spiffe://cluster.local/ns/default/sa/sleep']);
    expect(path.hops.at(-1)?.endpoint?.address).toBe('10.2.0.5:8080');
  });

  test('two tunnels from a waypoint; the gateway leads past the waypoint there', () => {
    const files = twoNetworks({ waypoint: true });
    expect(way(files)).toEqual([
      'ztunnel-1.json',
      ...['connect_terminate', 'main_internal', 'inner_connect_originate', 'outer_connect_originate'].map(
        (listener) => `10.1.0.8 ${listener}`,
      ),
      ...AT_GATEWAY,
      'ztunnel-2.json',
      'upstream',
    ]);
    expect(trace(files).hops.at(-1)).toMatchObject({
      downstream: { principals: ['spiffe://cluster.local/ns/default/sa/waypoint'], http: { method: 'CONNECT', authority: `${HOST}:80` } },
      workload: 'default/web',
      endpoint: { address: '10.2.0.5:8080' },
    });
  });

  test('the order of the files does not matter, and a dump that is missing is said', () => {
    const files = twoNetworks({ waypoint: true });
    expect(way(Object.fromEntries(Object.entries(files).reverse()))).toEqual(way(files));
    const { 'eastwest.json': _, ...rest } = files;
    expect(trace(rest).hops.at(-1)?.endpoint).toMatchObject({
      address: '10.2.0.9:15008',
      unseen: expect.stringContaining('10.2.0.9') as string,
    });
    const { 'ztunnel-2.json': __, ...unseen } = files;
    expect(trace(unseen).hops.at(-1)?.endpoint?.unseen).toBe('ztunnel of 10.2.0.5 (HBONE)');
    const { 'ztunnel-1.json': ___, ...blind } = files;
    expect(trace(blind)).toMatchObject({
      disposition: 'insufficient_info',
      missing: [expect.stringContaining('the dump of `10.1.0.1` is not open')],
    });
  });

  test('whom the inner tunnel may reach the service tells alone', () => {
    const files = twoNetworks({ waypoint: false });
    const { 'ztunnel-1.json': near = '' } = files;
    const names = '["spiffe://cluster.local/ns/default/sa/waypoint"]';
    const cut = trace({ ...files, 'ztunnel-1.json': near.replace(names, '[...]') });
    expect(cut.missing).toEqual(['whom the sender expects: its file leaves out a part of the names']);
    const nobody = trace({ ...files, 'ztunnel-1.json': near.replace(names, '[]') });
    expect(nobody.disposition).toBe('tls_error');
    expect(hopOf(nobody, 4).steps.at(-1)?.because).toContain('knows no name');
  });

  test('a ztunnel takes a waypoint for nobody else than its workload', () => {
    const files = twoNetworks({ waypoint: true });
    const renamed = Object.entries(files).map(([uri, text]): [string, string] => [
      uri,
      uri.endsWith('ztunnel-1.json') ? text.replaceAll('"serviceAccount":"waypoint"', '"serviceAccount":"another"') : text,
    ]);
    expect(way(Object.fromEntries(renamed))).toEqual(['ztunnel-1.json', '10.1.0.8 connect_terminate', 'tls_error']);
    expect(trace(Object.fromEntries(renamed)).hops[1]?.steps.at(-1)?.because).toBe(
      'it is for `spiffe://cluster.local/ns/default/sa/waypoint`, and the sender expects `spiffe://cluster.local/ns/default/sa/another`',
    );
  });
});
