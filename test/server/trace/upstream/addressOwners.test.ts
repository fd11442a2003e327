import { describe, expect, test } from 'vitest';
import { shortProxies } from '../../../../server/src/model/summary/shortProxy';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { traceOf } from '../support/traceOf';

const TCP_PROXY = 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';
const ORIGINAL_DST = 'type.googleapis.com/envoy.extensions.filters.listener.original_dst.v3.OriginalDst';

const chain = (cluster: string): object => ({
  filters: [{ name: 'tcp', typed_config: { '@type': TCP_PROXY, stat_prefix: 't', cluster } }],
});

const capturing = (name: string, port: number, direction: string): object => ({
  name,
  traffic_direction: direction,
  address: { socket_address: { address: '0.0.0.0', port_value: port } },
  listener_filters: [{ name: 'original_dst', typed_config: { '@type': ORIGINAL_DST } }],
  filter_chains: [chain('pass')],
});

/** A proxy that intercepts both ways and passes everything on to where it wanted to go. */
function proxy(type: string, ip: string, metadata: Record<string, string> = {}, extra: readonly object[] = []): string {
  return JSON.stringify({
    node: { id: `${type}~${ip}~pod-${ip}.default~default.svc.cluster.local`, metadata },
    static_resources: {
      listeners: [
        ...(type === 'sidecar' ? [capturing('virtualOutbound', 15001, 'OUTBOUND'), capturing('virtualInbound', 15006, 'INBOUND')] : []),
        ...extra,
      ],
      clusters: [{ name: 'pass', type: 'ORIGINAL_DST', lb_policy: 'CLUSTER_PROVIDED' }],
    },
  });
}

const onPort = (port: number): object => ({
  name: `port-${port}`,
  address: { socket_address: { address: '0.0.0.0', port_value: port } },
  filter_chains: [chain('pass')],
});

function way(files: Record<string, string>, request: TraceRequest['connection'] = {}): string[] {
  const trace = traceOf(files, { connection: { source: '10.0.0.1', destination: '10.0.0.2:80', ...request } });
  return trace.paths.map(({ disposition, hops, missing = [] }) =>
    [disposition, ...hops.map((hop) => `${hop.proxy.split('~')[1] ?? hop.proxy} ${hop.listener ?? ''}`.trim()), ...missing].join(' → '),
  );
}

const joined = ['upstream → 10.0.0.1 virtualOutbound → 10.0.0.2 virtualInbound'];
const alone = ['upstream → 10.0.0.1 virtualOutbound'];

describe('the pod with the address', () => {
  test.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    ['nothing is told of mesh and network', {}, {}, joined],
    ['one mesh, one network', { MESH_ID: 'm', NETWORK: 'n' }, { MESH_ID: 'm', NETWORK: 'n' }, joined],
    ['only one tells its network', { NETWORK: 'n' }, {}, joined],
    ['clusters that share a network', { NETWORK: 'n', CLUSTER_ID: 'a' }, { NETWORK: 'n', CLUSTER_ID: 'b' }, joined],
    ['another network', { NETWORK: 'n1' }, { NETWORK: 'n2' }, alone],
    ['another mesh', { MESH_ID: 'm1' }, { MESH_ID: 'm2' }, alone],
  ])('%s', (_, client, server, expected) => {
    const files = { '/w/a.json': proxy('sidecar', '10.0.0.1', client), '/w/b.json': proxy('sidecar', '10.0.0.2', server) };
    expect(way(files)).toEqual(expected);
    expect(way(Object.fromEntries(Object.entries(files).reverse()))).toEqual(expected);
  });

  test('a stranger with the address is named', () => {
    const files = { 'a.json': proxy('sidecar', '10.0.0.1', { NETWORK: 'n1' }), 'b.json': proxy('sidecar', '10.0.0.2', { NETWORK: 'n2' }) };
    const trace = traceOf(files, { connection: { source: '10.0.0.1', destination: '10.0.0.2:80' } });
    expect(trace.paths[0]?.hops[0]?.steps.at(-1)?.because).toMatch(
      'no open file of its network owns this address; `pod-10.0.0.2.default (sidecar)` has it in network `n2`',
    );
  });

  test('a gateway is reached from another network', () => {
    const files = {
      'a.json': proxy('sidecar', '10.0.0.1', { NETWORK: 'n1' }),
      'b.json': proxy('router', '10.0.0.2', { NETWORK: 'n2' }, [onPort(80)]),
    };
    expect(way(files)).toEqual(['no_endpoint → 10.0.0.1 virtualOutbound → 10.0.0.2 port-80']);
  });
});

describe('several open dumps have the address', () => {
  const of = (cluster: string, port: number): string => proxy('router', '10.0.0.2', { CLUSTER_ID: cluster }, [onPort(port)]);
  const client = proxy('sidecar', '10.0.0.1', { CLUSTER_ID: 'a' });
  /** The ids must differ, or they are two dumps of one proxy. */
  const other = (text: string): string => text.replace('pod-10.0.0.2', 'other-10.0.0.2');

  test('the one of the own cluster is meant', () => {
    const files = { 'b.json': other(of('b', 80)), 'a.json': of('a', 80), 'client.json': client };
    const trace = traceOf(files, { connection: { source: '10.0.0.1', destination: '10.0.0.2:80' } });
    expect(trace.paths[0]?.hops.map((hop) => hop.proxy.split('~')[2])).toEqual(['pod-10.0.0.1.default', 'pod-10.0.0.2.default']);
  });

  test('of one Kubernetes node, the one that listens on the port', () => {
    const files = { 'b.json': other(of('a', 81)), 'a.json': of('a', 80), 'client.json': client };
    expect(way(files)).toEqual(['no_endpoint → 10.0.0.1 virtualOutbound → 10.0.0.2 port-80']);
  });

  test('the nearest folder', () => {
    const files = { '/one/b.json': other(of('', 80)), '/two/a.json': of('', 80), '/two/client.json': client };
    const trace = traceOf(files, { connection: { source: '10.0.0.1', destination: '10.0.0.2:80' } });
    expect(trace.paths[0]?.hops[1]?.proxy).toMatch(/~pod-/);
  });

  test('nothing tells: it is said', () => {
    const files = { 'b.json': other(of('', 80)), 'a.json': of('', 80), 'client.json': client };
    expect(way(files)).toEqual([
      expect.stringMatching(/^insufficient_info → 10.0.0.1 virtualOutbound → whose address `10.0.0.2` is: several open dumps have it/),
    ]);
  });

  test('by their short names, and by their ids where these are the same', () => {
    expect(shortProxies(['sidecar~10.0.0.1~a.x~d', 'sidecar~10.0.0.2~b.x~d'])).toEqual(['a.x (sidecar)', 'b.x (sidecar)']);
    expect(shortProxies(['/one/dump.json', '/two/dump.json', '/two/b.json'])).toEqual(['/one/dump.json', '/two/dump.json', 'b.json']);
  });

  test('nor who sends, where two have the source', () => {
    const twin = client.replace('pod-10.0.0.1', 'twin-10.0.0.1');
    expect(way({ 'a.json': client, 'b.json': twin })).toEqual([
      expect.stringMatching(/^insufficient_info → which proxy takes the connection/),
    ]);
  });
});

describe('an endpoint that tells its pod', () => {
  const server = (namespace: string, network: string): string =>
    proxy('sidecar', '10.0.0.2', { NETWORK: network, CLUSTER_ID: 'c2', NAMESPACE: namespace });
  /** A client whose cluster has one endpoint. */
  const client = (workload: string): string => {
    const config = JSON.parse(proxy('sidecar', '10.0.0.1', { NETWORK: 'n1' })) as { static_resources: { clusters: object[] } };
    const endpoint = {
      endpoint: { address: { socket_address: { address: '10.0.0.2', port_value: 80 } } },
      metadata: { filter_metadata: { istio: { workload } } },
    };
    config.static_resources.clusters = [{ name: 'pass', load_assignment: { endpoints: [{ lb_endpoints: [endpoint] }] } }];
    return JSON.stringify(config);
  };

  test.each<[string, string, [namespace: string, network: string], string[]]>([
    ['the pod of another network, to which no gateway leads', 'web-1;default;web;v1;c2', ['default', 'n2'], joined],
    ['another namespace’s pod', 'web-1;default;web;v1;c2', ['other', 'n1'], alone],
    ['another cluster’s pod', 'web-1;default;web;v1;c3', ['default', 'n1'], alone],
    ['nothing but its cluster: the network counts', ';;;;c2', ['default', 'n2'], alone],
  ])('%s', (_, workload, [namespace, network], expected) => {
    expect(way({ 'a.json': client(workload), 'b.json': server(namespace, network) })).toEqual(expected);
  });
});
