import { describe, expect, test } from 'vitest';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { formatAddress } from '../../../../server/src/model/address';
import { renderSentence } from '../../../../server/src/trace/record/sentence';
import { startAtHand } from '../../../../server/src/trace/request/startAtHand';
import { startOf } from '../../../../server/src/trace/request/startOf';

const sidecar = (ip: string, name: string, updated = '2026-01-01T00:00:00Z'): string => `
configs:
- "@type": type.googleapis.com/envoy.admin.v3.BootstrapConfigDump
  last_updated: "${updated}"
  bootstrap: { node: { id: "sidecar~${ip}~${name}.default~default.svc.cluster.local", metadata: { INSTANCE_IPS: "${ip}" } } }
- "@type": type.googleapis.com/envoy.admin.v3.ListenersConfigDump
  dynamic_listeners:
  - { name: virtualOutbound, active_state: { last_updated: "${updated}", listener: { name: virtualOutbound, use_original_dst: true, traffic_direction: OUTBOUND, address: { socket_address: { address: 0.0.0.0, port_value: 15001 } } } } }
  - { name: virtualInbound, active_state: { listener: { name: virtualInbound, traffic_direction: INBOUND, address: { socket_address: { address: 0.0.0.0, port_value: 15006 } }, listener_filters: [{ name: envoy.filters.listener.original_dst }] } } }
  - { name: 0.0.0.0_15021, active_state: { listener: { name: 0.0.0.0_15021, address: { socket_address: { address: 0.0.0.0, port_value: 15021 } } } } }
- "@type": type.googleapis.com/envoy.admin.v3.RoutesConfigDump
  dynamic_route_configs:
  - route_config: { name: "9080", virtual_hosts: [{ name: "reviews.default.svc.cluster.local:9080", domains: [reviews.default.svc.cluster.local, reviews, 10.96.50.20] }] }
`;

const gateway = `
configs:
- "@type": type.googleapis.com/envoy.admin.v3.BootstrapConfigDump
  bootstrap: { node: { id: "router~10.4.0.2~ingress.istio-system~istio-system.svc.cluster.local" } }
- "@type": type.googleapis.com/envoy.admin.v3.ListenersConfigDump
  dynamic_listeners:
  - name: 0.0.0.0_8080
    active_state:
      listener:
        name: 0.0.0.0_8080
        address: { socket_address: { address: 0.0.0.0, port_value: 8080 } }
        filter_chains: [{ filters: [{ name: h, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, rds: { route_config_name: http.8080 } } }] }]
- "@type": type.googleapis.com/envoy.admin.v3.RoutesConfigDump
  dynamic_route_configs: [{ route_config: { name: http.8080, virtual_hosts: [{ name: "bookinfo.com:80", domains: [bookinfo.com] }] } }]
`;

const files = { 'a.yaml': sidecar('10.4.0.5', 'a'), 'b.yaml': sidecar('10.4.0.6', 'b'), 'gateway.yaml': gateway };

/** Each start as one line: proxy, way in, destination; or what is missing. */
function startsOf(texts: Readonly<Record<string, string>>, request: TraceRequest): string[] {
  const snapshot = buildSnapshot(Object.entries(texts).map(([uri, text]) => ({ uri, text })));
  return startOf(snapshot, request).starts.map(({ result }) => {
    if (result.kind === 'ending') return (result.missing ?? []).map(renderSentence).join('; ');
    const { arrival } = result;
    const way = arrival.kind === 'socket' ? arrival.capture : arrival.kind === 'internal' ? arrival.listenerName : arrival.direction;
    const { destination } = arrival.connection;
    return `${arrival.proxy.id.split('~')[1] ?? arrival.proxy.id} ${way} ${destination ? formatAddress(destination) : '-'}`;
  });
}

const http = (authority: string): NonNullable<TraceRequest['http']> => ({
  version: 'http1',
  method: 'GET',
  scheme: 'http',
  authority,
  path: '/',
  headers: [],
});

describe('which proxy and which way in', () => {
  test.each<[string, TraceRequest, string[]]>([
    [
      'the owner of the source sends',
      { connection: { source: '10.4.0.5', destination: '10.96.50.20:9080' } },
      ['10.4.0.5 outbound 10.96.50.20:9080'],
    ],
    [
      'the owner of the destination receives',
      { connection: { source: '10.9.9.9', destination: '10.4.0.6:9080' } },
      ['10.4.0.6 inbound 10.4.0.6:9080'],
    ],
    [
      'inbound is said',
      { connection: { source: '10.4.0.5', destination: '10.4.0.6:9080', capture: 'inbound' } },
      ['10.4.0.6 inbound 10.4.0.6:9080'],
    ],
    ['a bound port is no interception', { connection: { destination: '10.4.0.6:15021' } }, ['10.4.0.6 none 10.4.0.6:15021']],
    [
      'a wildcard is not bound to a foreign address',
      { start: { proxy: 'a.yaml' }, connection: { destination: '10.96.0.1:15021' } },
      ['10.4.0.5 outbound 10.96.0.1:15021'],
    ],
    ['a gateway at its own address', { connection: { destination: '10.4.0.2:8080' } }, ['10.4.0.2 none 10.4.0.2:8080']],
    ['a gateway by host name', { connection: {}, http: http('bookinfo.com') }, ['10.4.0.2 none 10.4.0.2:8080']],
    [
      'a service by name, sent by a known pod',
      { connection: { source: '10.4.0.6' }, http: http('reviews:9080') },
      ['10.4.0.6 outbound 10.96.50.20:9080'],
    ],
    ['a named listener', { start: { proxy: 'gateway.yaml', listener: '0.0.0.0_8080' }, connection: {} }, ['10.4.0.2 none 10.4.0.2:8080']],
  ])('%s', (_, request, expected) => {
    expect(startsOf(files, request)).toEqual(expected);
  });

  test('who sends to a service address is not guessed', () => {
    expect(startsOf(files, { connection: { destination: '10.96.50.20:9080' } })[0]).toMatch(/--proxy/);
    expect(startsOf(files, { connection: {}, http: http('reviews:9080') })[0]).toMatch(/--proxy/);
  });

  test('a name that no file gives an address asks for --dst', () => {
    expect(startsOf({ 'a.yaml': files['a.yaml'] }, { connection: {}, http: http('ratings:9080') })[0]).toMatch(/`ratings:9080`.*--dst/);
  });

  test('a proxy that is not there is named with those that are', () => {
    expect(startsOf(files, { start: { proxy: 'nobody' }, connection: { destination: '1.2.3.4:80' } })[0]).toMatch(/`nobody`.*`a\.default`/);
  });

  test('of two dumps of a node the newer is traced, and that is said', () => {
    const snapshot = buildSnapshot([
      { uri: 'file:///mesh/before/dump.yaml', text: sidecar('10.4.0.5', 'a') },
      { uri: 'file:///mesh/after/dump.yaml', text: sidecar('10.4.0.5', 'a', '2026-02-01T00:00:00Z') },
    ]);
    const { starts, notes } = startOf(snapshot, { connection: { source: '10.4.0.5', destination: '1.2.3.4:80' } });
    expect(starts.map(({ result }) => (result.kind === 'onward' ? result.arrival.proxy.uris : []))).toEqual([
      ['file:///mesh/after/dump.yaml'],
    ]);
    expect(notes).toEqual(['the newer dump `after/dump.yaml` of `a.default (sidecar)` is traced']);
  });
});

describe('notes on what is taken for granted', () => {
  const notesOf = (texts: Readonly<Record<string, string>>, request: TraceRequest): readonly string[] => {
    const snapshot = buildSnapshot(Object.entries(texts).map(([uri, text]) => ({ uri, text })));
    return startOf(snapshot, request).notes;
  };

  test('the address that a host is taken for; a proxy without a node id is called by its file alone', () => {
    const text =
      'static_resources: { listeners: [{ name: main, address: { socket_address: { address: 0.0.0.0, port_value: 8080 } }, filter_chains: [{ filters: [] }] }] }';
    const http: TraceRequest['http'] = { method: 'GET', scheme: 'http', authority: 'shop:8080', path: '/', headers: [], version: 'http1' };
    expect(notesOf({ 'file:///mesh/envoy.yaml': text }, { connection: {}, http })).toEqual([
      'shop:8080 is taken for 0.0.0.0:8080 (listener main of `envoy.yaml`)',
    ]);
  });

  test('ports that Istio does not intercept', () => {
    expect(notesOf(files, { connection: { destination: '10.4.0.5:15020' } })).toEqual([
      expect.stringMatching(/do not intercept port 15020/),
    ]);
    expect(notesOf(files, { connection: { destination: '10.4.0.5:8080' } })).toEqual([]);
    const excluded = sidecar('10.4.0.5', 'a').replace(
      'INSTANCE_IPS:',
      'ANNOTATIONS: { "traffic.sidecar.istio.io/excludeOutboundPorts": "3306, 6379" }, INSTANCE_IPS:',
    );
    expect(notesOf({ 'a.yaml': excluded }, { connection: { source: '10.4.0.5', destination: '192.0.2.7:6379' } })).toEqual([
      expect.stringMatching(/excludeOutboundPorts of sidecar~10\.4\.0\.5~.* leaves port 6379 out/),
    ]);
  });

  test('a client of the mesh whose ztunnel is not open', () => {
    const workload = (ip: string, node: string): object => ({
      uid: ip,
      name: `pod-${ip}`,
      namespace: 'n',
      workloadIps: [ip],
      protocol: 'HBONE',
      node,
    });
    const ztunnel = JSON.stringify({
      workloads: [workload('10.1.0.1', 'a'), workload('10.2.0.1', 'b')],
      services: [],
      config: { localNode: 'b' },
    });
    expect(notesOf({ 'z.json': ztunnel }, { connection: { source: '10.1.0.1', destination: '10.2.0.1:80' } })).toEqual([
      expect.stringMatching(/^10\.1\.0\.1 is n\/pod-10\.1\.0\.1 of node a, whose own proxy would send HBONE/),
    ]);
  });
});

test('no host name leads to the HBONE port of a waypoint', () => {
  const TLS = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext';
  const waypoint = `
node: { id: "waypoint~10.4.0.9~waypoint.default~default.svc.cluster.local" }
static_resources:
  listeners:
  - name: connect_terminate
    address: { socket_address: { address: 0.0.0.0, port_value: 15008 } }
    filter_chains:
    - transport_socket: { name: tls, typed_config: { "@type": ${TLS} } }
      filters: [{ name: h, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, route_config: { virtual_hosts: [{ name: d, domains: ["*"] }] } } }]
`;
  const https = { connection: { sni: 'shop.test', transport: 'tls' as const }, http: { ...http('shop.test'), scheme: 'https' as const } };
  expect(startsOf({ 'w.yaml': waypoint }, https)).toEqual([
    expect.stringMatching(/^the destination of `shop\.test`: no file gives it an address/),
  ]);
});

describe('a request that is typed beside a file', () => {
  const atHand = (uri: string, connection: TraceRequest['connection'], start?: TraceRequest['start']): string | undefined => {
    const snapshot = buildSnapshot(Object.entries(files).map(([each, text]) => ({ uri: each, text })));
    return startAtHand(snapshot, { connection, http: http('reviews'), ...(start && { start }) }, uri).start?.proxy;
  };
  const b = 'sidecar~10.4.0.6~b.default~default.svc.cluster.local';

  test('starts at the proxy of the file', () => expect(atHand('a.yaml', {})).toBe('a.yaml'));
  test('starts at the proxy of its source', () => expect(atHand('a.yaml', { source: '10.4.0.6:41000' })).toBe(b));
  test('stays where the source is the proxy’s own', () => expect(atHand('b.yaml', { source: '10.4.0.6' })).toBe('b.yaml'));
  test('stays where nobody knows the source', () => expect(atHand('a.yaml', { source: '203.0.113.9' })).toBe('a.yaml'));
  test('stays where the source’s proxy takes nothing from it', () => expect(atHand('a.yaml', { source: '10.4.0.2' })).toBe('a.yaml'));
  test('stays where the connection arrives', () => expect(atHand('a.yaml', { source: '10.4.0.6', capture: 'inbound' })).toBe('a.yaml'));
  test('keeps the start that it names', () => expect(atHand('a.yaml', {}, { proxy: 'gateway.yaml' })).toBe('gateway.yaml'));
  test('has none beside a file of no proxy', () => expect(atHand('README.md', {})).toBeUndefined());
});
