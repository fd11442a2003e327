/** Meshes that call themselves by the same names, and have the same addresses: their root certificates, and istiod's pushes, tell them apart. */
import { describe, expect, test } from 'vitest';
import { traceOf } from '../support/traceOf';

const TCP_PROXY = 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';
const ORIGINAL_DST = 'type.googleapis.com/envoy.extensions.filters.listener.original_dst.v3.OriginalDst';

const capturing = (name: string, port: number, direction: string): object => ({
  '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
  name,
  traffic_direction: direction,
  address: { socket_address: { address: '0.0.0.0', port_value: port } },
  listener_filters: [{ name: 'original_dst', typed_config: { '@type': ORIGINAL_DST } }],
  filter_chains: [{ filters: [{ name: 'tcp', typed_config: { '@type': TCP_PROXY, stat_prefix: 't', cluster: 'pass' } }] }],
});
const pem = (body: string): string => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;

interface Pod {
  readonly ip: string;
  readonly name: string;
  readonly roots?: readonly string[];
  readonly push?: string;
}

/** The dump of a sidecar that intercepts both ways and passes everything on. */
function dump({ ip, name, roots = [], push = '' }: Pod): string {
  const admin = 'type.googleapis.com/envoy.admin.v3';
  const metadata = { MESH_ID: 'cluster.local', CLUSTER_ID: 'Kubernetes' };
  const listeners = [capturing('virtualOutbound', 15001, 'OUTBOUND'), capturing('virtualInbound', 15006, 'INBOUND')];
  const cluster = {
    '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
    name: 'pass',
    type: 'ORIGINAL_DST',
    lb_policy: 'CLUSTER_PROVIDED',
  };
  const secret = {
    '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret',
    name: 'ROOTCA',
    validation_context: { trusted_ca: { inline_bytes: Buffer.from(roots.map(pem).join('')).toString('base64') } },
  };
  return JSON.stringify({
    configs: [
      {
        '@type': `${admin}.BootstrapConfigDump`,
        bootstrap: { node: { id: `sidecar~${ip}~${name}.default~default.svc.cluster.local`, metadata } },
      },
      { '@type': `${admin}.ClustersConfigDump`, dynamic_active_clusters: [{ version_info: push, cluster }] },
      {
        '@type': `${admin}.ListenersConfigDump`,
        dynamic_listeners: listeners.map((listener) => ({ active_state: { version_info: push, listener } })),
      },
      ...(roots.length > 0 ? [{ '@type': `${admin}.SecretsConfigDump`, dynamic_active_secrets: [{ name: 'ROOTCA', secret }] }] : []),
    ],
  });
}

/** From the first pod to 10.0.0.2: who takes the connection, and what is said where it leaves. */
function reached(...pods: readonly Pod[]): string {
  const files = Object.fromEntries(pods.map((pod, index) => [`/w/${index}.json`, dump(pod)]));
  const [client] = pods;
  const { paths } = traceOf(files, {
    start: { proxy: `sidecar~${client?.ip ?? ''}~${client?.name ?? ''}.default~default.svc.cluster.local` },
    connection: { source: '10.0.0.1', destination: '10.0.0.2:80', capture: 'outbound' },
  });
  const [path] = paths;
  if (path?.disposition !== 'upstream') return `${path?.disposition ?? ''}: ${path?.missing?.join() ?? ''}`;
  const [, next] = path.hops;
  return next?.proxy.split('~')[2]?.split('.')[0] ?? path.hops[0]?.steps.at(-1)?.because ?? '';
}

const client = { ip: '10.0.0.1', name: 'client' };
const ours = { ip: '10.0.0.2', name: 'ours' };
const theirs = { ip: '10.0.0.2', name: 'theirs' };

describe('two pods with one address', () => {
  test('the one with our root certificate', () => {
    expect(reached({ ...client, roots: ['AAAA'] }, { ...theirs, roots: ['BBBB'] }, { ...ours, roots: ['AAAA'] })).toBe('ours');
    expect(reached({ ...client, roots: ['AAAA'] }, theirs, { ...ours, roots: ['AAAA'] })).toBe('ours');
  });

  test('while roots change both are trusted', () => {
    expect(reached({ ...client, roots: ['AAAA', 'CCCC'] }, { ...theirs, roots: ['BBBB'] }, { ...ours, roots: ['CCCC'] })).toBe('ours');
  });

  test('the one that got its configuration by the same push', () => {
    const [push, other] = ['2026-01-01T00:00:00Z/7', '2026-01-01T00:00:09Z/3'];
    expect(reached({ ...client, push }, { ...theirs, push: other }, { ...ours, push })).toBe('ours');
  });

  test('nothing tells them apart: neither is taken', () => {
    expect(reached(client, theirs, ours)).toMatch(/^insufficient_info: whose address/);
  });
});

test('a pod of a mesh with other roots is not ours, even alone', () => {
  expect(reached({ ...client, roots: ['AAAA'] }, { ...theirs, roots: ['BBBB'] })).toMatch(/in a mesh with other root certificates$/);
  expect(reached({ ...client, roots: ['AAAA'] }, { ...theirs, roots: ['AAAA'] })).toBe('theirs');
});
