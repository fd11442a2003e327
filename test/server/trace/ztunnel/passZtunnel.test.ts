import { describe, expect, test } from 'vitest';
import type { Trace, TraceRequest } from '../../../../server/src/protocol/trace';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';
import { simulateRequest } from '../../../../server/src/trace/simulateRequest';

const workload = (name: string, ip: string, node: string, more: object = {}): object => ({
  uid: `cluster//Pod/default/${name}`,
  name,
  namespace: 'default',
  serviceAccount: name,
  trustDomain: 'cluster.local',
  workloadIps: [ip],
  protocol: 'HBONE',
  node,
  status: 'Healthy',
  ...more,
});

const endpoint = (name: string, port: object = {}): object => ({ workloadUid: `cluster//Pod/default/${name}`, port });

const endpointsOf = (names: readonly string[], port: object): object =>
  Object.fromEntries(names.map((name) => [`cluster//Pod/default/${name}`, endpoint(name, port)]));

const service = (name: string, vip: string, names: readonly string[], more: object = {}): object => ({
  name,
  namespace: 'default',
  hostname: `${name}.default.svc.cluster.local`,
  vips: [`/${vip}`],
  ports: { 80: 8080 },
  endpoints: endpointsOf(names, { 80: 8080 }),
  ...more,
});

const workloads = [
  workload('sleep', '10.1.0.1', 'node-a'),
  workload('web-1', '10.1.0.2', 'node-a'),
  workload('web-2', '10.2.0.2', 'node-b'),
  workload('plain', '10.2.0.3', 'node-b', { protocol: 'TCP' }),
  workload('guarded', '10.2.0.4', 'node-b', { waypoint: { destination: '/10.96.0.9', hboneMtlsPort: 15008 } }),
  workload('waypoint', '10.2.0.9', 'node-b'),
  workload('locked', '10.2.0.5', 'node-b', { namespace: 'locked', authorizationPolicies: ['locked/only-sleep'] }),
  workload('closed', '10.2.0.6', 'node-b', { namespace: 'closed' }),
];

const services = [
  service('web', '10.96.0.1', ['web-1', 'web-2']),
  service('with-waypoint', '10.96.0.2', ['web-2'], { waypoint: { destination: '/10.96.0.9', hboneMtlsPort: 15008 } }),
  service('waypoint', '10.96.0.9', ['waypoint'], { ports: { 15008: 15008 }, endpoints: endpointsOf(['waypoint'], { 15008: 15008 }) }),
  service('near', '10.96.0.3', ['web-1', 'web-2'], { loadBalancer: { mode: 'Failover', routingPreferences: ['Node'] } }),
  service('strict', '10.96.0.4', ['web-2'], { loadBalancer: { mode: 'Strict', routingPreferences: ['Node'] } }),
  service('direct', '10.96.0.5', ['web-1'], { loadBalancer: { mode: 'Passthrough', routingPreferences: [] } }),
];

const policies = [
  {
    name: 'only-sleep',
    namespace: 'locked',
    scope: 'WorkloadSelector',
    action: 'Allow',
    dryRun: false,
    rules: [[[{ principals: [{ Exact: 'cluster.local/ns/default/sa/sleep' }] }], [{ destinationPorts: [8080] }]]],
  },
  { name: 'nobody', namespace: 'closed', scope: 'Namespace', action: 'Allow', rules: [] },
];

const dump = (node: string): string => JSON.stringify({ workloads, services, policies, config: { localNode: node, network: '' } });
const bothNodes = { 'a.json': dump('node-a'), 'b.json': dump('node-b') };

function traceOf(files: Readonly<Record<string, string>>, request: TraceRequest): Trace {
  return simulateRequest(buildSnapshot(Object.entries(files).map(([uri, text]) => ({ uri, text }))), request);
}

/** Each path as `disposition probability: proxy endpoint (CONNECT authority) → …`. */
function paths(trace: Trace): string[] {
  return trace.paths.map(({ disposition, probability, hops, missing, response }) => {
    const way = hops.map(
      ({ proxy, endpoint: to, upstream }) => `${proxy} ${to?.address ?? '-'}${upstream?.tunnel ? ` (${upstream.tunnel.authority})` : ''}`,
    );
    return `${disposition}${response?.code === undefined ? '' : ` ${response.code}`} ${probability ?? '?'}: ${[...way, ...(missing ?? [])].join(' → ')}`;
  });
}

const fromSleep = (destination: string): TraceRequest => ({ connection: { source: '10.1.0.1', destination } });

describe('a connection of a workload of the node', () => {
  test('to a service: every endpoint by capacity, in an HBONE tunnel to its target port', () => {
    expect(paths(traceOf({ 'a.json': dump('node-a') }, fromSleep('10.96.0.1:80')))).toEqual([
      'upstream 0.5: a.json 10.1.0.2:15008 (10.1.0.2:8080) → a.json 10.1.0.2:8080',
      'upstream 0.5: a.json 10.2.0.2:15008 (10.2.0.2:8080)',
    ]);
  });

  test('the other node’s dump takes the tunnel', () => {
    const trace = traceOf(bothNodes, fromSleep('10.2.0.2:8080'));
    expect(paths(trace)).toEqual(['upstream 1: a.json 10.2.0.2:15008 (10.2.0.2:8080) → b.json 10.2.0.2:8080']);
    expect(trace.paths[0]?.hops[1]).toMatchObject({
      kind: 'ztunnel',
      downstream: { principals: ['spiffe://cluster.local/ns/default/sa/sleep'], source: '10.1.0.1' },
      terminatesTunnel: true,
      response: { code: 200 },
    });
  });

  test.each<[string, string, string]>([
    ['a service with a waypoint', '10.96.0.2:80', 'upstream 1: a.json 10.2.0.9:15008 (10.96.0.2:80)'],
    ['a workload with a waypoint', '10.2.0.4:8080', 'upstream 1: a.json 10.2.0.9:15008 (10.2.0.4:8080)'],
    ['a workload outside the mesh', '10.2.0.3:8080', 'upstream 1: a.json 10.2.0.3:8080'],
    ['an address that nobody has', '192.0.2.9:443', 'upstream 1: a.json 192.0.2.9:443'],
    ['a port that the service has not', '10.96.0.1:81', 'no_endpoint 1: a.json -'],
    ['Failover by node', '10.96.0.3:80', 'upstream 1: a.json 10.1.0.2:15008 (10.1.0.2:8080) → a.json 10.1.0.2:8080'],
    ['Strict by node, and none is near', '10.96.0.4:80', 'no_endpoint 1: a.json -'],
    ['Passthrough', '10.96.0.5:80', 'upstream 1: a.json 10.96.0.5:80'],
  ])('%s', (_, destination, expected) => {
    expect(paths(traceOf({ 'a.json': dump('node-a') }, fromSleep(destination)))).toEqual([expected]);
  });

  test('a waypoint that is nobody’s dump is told as unseen', () => {
    expect(traceOf({ 'a.json': dump('node-a') }, fromSleep('10.96.0.2:80')).paths[0]?.hops[0]?.endpoint?.unseen).toBe(
      'waypoint 10.2.0.9 (HBONE)',
    );
  });

  test('a service by its short name', () => {
    const http = {
      version: 'http1',
      method: 'GET',
      scheme: 'http',
      authority: 'with-waypoint',
      path: '/',
      headers: [],
    } satisfies TraceRequest['http'];
    expect(paths(traceOf({ 'a.json': dump('node-a') }, { connection: { source: '10.1.0.1' }, http }))).toEqual([
      'upstream 1: a.json 10.2.0.9:15008 (10.96.0.2:80)',
    ]);
  });
});

describe('policies at the destination', () => {
  const tunnelled = (destination: string): string[] => paths(traceOf(bothNodes, fromSleep(destination)));
  test('an ALLOW policy that matches', () => {
    expect(tunnelled('10.2.0.5:8080')).toEqual(['upstream 1: a.json 10.2.0.5:15008 (10.2.0.5:8080) → b.json 10.2.0.5:8080']);
  });
  test('one that does not: the CONNECT is answered 401', () => {
    const trace = traceOf(bothNodes, fromSleep('10.2.0.5:9090'));
    expect(paths(trace)).toEqual(['denied 1: a.json 10.2.0.5:15008 (10.2.0.5:9090) → b.json -']);
    expect(trace.paths[0]?.hops[1]?.response).toEqual({ code: 401 });
    expect(trace.paths[0]?.hops[1]?.steps.find(({ stage }) => stage === 'policy')?.rejected[0]?.because).toMatch(
      /destination port is `9090`, must be one of `8080`/,
    );
  });
  test('plain text has no identity', () => {
    const trace = traceOf({ 'b.json': dump('node-b') }, { connection: { source: '10.9.9.9', destination: '10.2.0.5:8080' } });
    expect(paths(trace)).toEqual(['denied 1: b.json -']);
  });
  test('STRICT is told as such', () => {
    const strict = {
      ...{ name: 'istio_converted_static_strict', namespace: 'istio-system', scope: 'WorkloadSelector', action: 'Deny', dryRun: false },
      rules: [[[{ notPrincipals: [{ Presence: [] }] }]]],
    };
    const guarded = workload('strict', '10.2.0.8', 'node-b', { authorizationPolicies: ['istio-system/istio_converted_static_strict'] });
    const text = JSON.stringify({
      workloads: [...workloads, guarded],
      services,
      policies: [strict],
      config: { localNode: 'node-b', network: '' },
    });
    const [path] = traceOf({ 'b.json': text }, { connection: { source: '10.9.9.9', destination: '10.2.0.8:80' } }).paths;
    expect(path?.hops[0]?.steps.at(-1)?.because).toBe(
      'it is a DENY policy, which stands for PeerAuthentication STRICT, and matches: the connection is plain text, without an identity',
    );
  });
  test('a dry run is told, and lets pass', () => {
    const trial = {
      name: 'trial',
      namespace: 'closed',
      scope: 'Namespace',
      action: 'Deny',
      dryRun: true,
      rules: [[[{ destinationPorts: [80] }]]],
    };
    const text = JSON.stringify({ workloads, services, policies: [trial], config: { localNode: 'node-b', network: '' } });
    const [path] = traceOf({ 'b.json': text }, { connection: { source: '10.9.9.9', destination: '10.2.0.6:80' } }).paths;
    expect(path?.disposition).toBe('upstream');
    expect(path?.hops[0]?.steps.find(({ stage }) => stage === 'policy')?.rejected[0]?.because).toBe(
      'it matches, but it is a dry run, which ztunnel only logs',
    );
  });
  test('an ALLOW policy without rules lets nobody in', () => {
    expect(tunnelled('10.2.0.6:8080')).toEqual(['denied 1: a.json 10.2.0.6:15008 (10.2.0.6:8080) → b.json -']);
  });
});

describe('ztunnel’s own rules', () => {
  const dumpOf = (more: { workloads?: readonly object[]; services?: readonly object[]; config?: object }): string =>
    JSON.stringify({
      workloads: [...workloads, ...(more.workloads ?? [])],
      services: [...services, ...(more.services ?? [])],
      policies,
      config: { localNode: 'node-a', network: '', ...more.config },
    });
  const from = (text: string, destination: string, source = '10.1.0.1'): string[] =>
    paths(traceOf({ 'a.json': text }, { connection: { source, destination } }));

  test('a range of addresses: the client’s namespace, then the longest, then the canonical one', () => {
    const range = (name: string, cidr: string, more: object = {}): object =>
      service(name, '10.97.0.1', ['plain'], { vips: [], cidrVips: [{ network: '', cidr }], ...more });
    const wide = range('wide', '240.240.0.0/16', { namespace: 'far' });
    const narrow = range('narrow', '240.240.1.0/24', {
      namespace: 'far',
      ports: { 80: 81 },
      endpoints: endpointsOf(['plain'], { 80: 81 }),
    });
    expect(from(dumpOf({ services: [wide, narrow] }), '240.240.1.7:80')).toEqual(['upstream 1: a.json 10.2.0.3:81']);
    expect(from(dumpOf({ services: [range('own', '240.240.0.0/16'), narrow] }), '240.240.1.7:80')).toEqual([
      'upstream 1: a.json 10.2.0.3:8080',
    ]);
    expect(from(dumpOf({ services: [wide] }), '240.241.1.7:80')).toEqual(['upstream 1: a.json 240.241.1.7:80']);
  });

  test('a service of another namespace that only its own may see', () => {
    const hidden = service('hidden', '10.97.0.2', ['web-1'], { namespace: 'far', visibility: 'Namespace' });
    expect(from(dumpOf({ services: [hidden] }), '10.97.0.2:80')).toEqual(['upstream 1: a.json 10.97.0.2:80']);
    expect(from(dumpOf({ services: [{ ...hidden, visibility: 'Public' }] }), '10.97.0.2:80')[0]).toMatch(/10\.1\.0\.2:15008/);
  });

  test('a workload in the network of its node stands for no address', () => {
    const host = workload('agent', '10.2.0.99', 'node-b', { networkMode: 'HostNetwork' });
    expect(from(dumpOf({ workloads: [host] }), '10.2.0.99:80')).toEqual(['upstream 1: a.json 10.2.0.99:80']);
  });

  test('of two workloads with one address the pod is meant', () => {
    const entry = { ...workload('entry', '10.2.0.3', 'node-b'), uid: 'cluster/networking.istio.io/WorkloadEntry/default/entry' };
    expect(from(dumpOf({ workloads: [entry] }), '10.2.0.3:80')).toEqual(['upstream 1: a.json 10.2.0.3:80']);
  });

  test('an IPv6 service is reached at IPv6 addresses', () => {
    const dual = { ...workload('dual', '10.2.0.50', 'node-b'), workloadIps: ['10.2.0.50', 'fd00::50'] };
    const six = service('six', '10.97.0.3', ['dual'], { ipFamilies: 'IPv6' });
    expect(from(dumpOf({ workloads: [dual], services: [six] }), '10.97.0.3:80')).toEqual([
      'upstream 1: a.json [fd00::50]:15008 ([fd00::50]:8080)',
    ]);
  });

  test('near endpoints are not chosen for a client that nobody names', () => {
    expect(paths(traceOf({ 'a.json': dump('node-a') }, { connection: { destination: '10.96.0.3:80', capture: 'outbound' } }))).toEqual([
      expect.stringMatching(/^insufficient_info 1: a\.json - → which workload sends: give its address with --src/),
    ]);
  });

  test('ztunnel’s own ports are refused', () => {
    expect(from(dump('node-a'), '10.1.0.2:15006', '10.9.9.9')).toEqual(['denied 1: a.json -']);
    expect(from(dump('node-a'), '127.0.0.1:15001')).toEqual(['denied 1: a.json -']);
    const http = { version: 'http2', method: 'CONNECT', scheme: 'https', authority: '10.1.0.2:15008', path: '', headers: [] } as const;
    const connection = {
      source: '10.9.9.9',
      destination: '10.1.0.2:15008',
      transport: 'tls' as const,
      peerPrincipals: ['spiffe://cluster.local/ns/default/sa/x'],
    };
    expect(paths(traceOf({ 'a.json': dump('node-a') }, { connection, http: { ...http, headers: [] } }))).toEqual([
      'denied 503 1: a.json -',
    ]);
  });

  test('nodes of two clusters may share a name; only the own cluster’s workloads are served', () => {
    const far = workload('far', '10.8.0.1', 'node-a', { clusterId: 'two' });
    const files = { 'a.json': dumpOf({ workloads: [far], config: { clusterId: 'one' } }) };
    const trace = traceOf(files, { connection: { source: '10.1.0.1', destination: '10.8.0.1:80' } });
    expect(trace.paths[0]?.hops).toHaveLength(1);
    expect(trace.paths[0]?.hops[0]?.endpoint?.unseen).toBe('ztunnel of 10.8.0.1 (HBONE)');
  });

  test('what istioctl writes where there is nothing: an empty tunnel, no capacity', () => {
    const empty = { applicationTunnel: { protocol: '' }, capacity: 0 };
    const text = JSON.stringify({
      workloads: [workload('sleep', '10.1.0.1', 'node-a', empty), workload('web-1', '10.1.0.2', 'node-b', empty)],
      services: [service('web', '10.96.0.1', ['web-1'])],
      policies: [],
    });
    expect(from(text, '10.96.0.1:80')).toEqual(['upstream 1: a.json 10.1.0.2:15008 (10.1.0.2:8080)']);
    expect(from(text, '10.96.0.1:81')).toEqual(['no_endpoint 1: a.json -']);
  });

  test.each([
    ['a ztunnel that tells no settings', undefined, '127.0.0.1:15088'],
    ['one that says so', { localNode: 'node-a', localhostAppTunnel: true }, '127.0.0.1:15088'],
    ['one that says not', { localNode: 'node-a', localhostAppTunnel: false }, '10.1.0.2:15088'],
    ['one before there was the setting', { localNode: 'node-a' }, '10.1.0.2:15088'],
  ])('a tunnel of the workload’s own is bound to the loopback: %s', (_, config, expected) => {
    const tunnel = { applicationTunnel: { protocol: 'PROXY', port: 15088 } };
    const text = JSON.stringify({
      ...(config && { config }),
      workloads: [workload('sleep', '10.1.0.1', 'node-a'), workload('web-1', '10.1.0.2', 'node-a', tunnel)],
      services: [],
      policies: [],
      ...(config ? {} : { workloadState: { '1': { info: { name: 'sleep', namespace: 'default' } } } }),
    });
    expect(from(text, '10.1.0.2:80')).toEqual([`upstream 1: a.json 10.1.0.2:15008 (10.1.0.2:80) → a.json ${expected}`]);
  });

  test('no tunnel without a certificate', () => {
    const certificate = (name: string, state: string): object => ({ identity: `spiffe://cluster.local/ns/default/sa/${name}`, state });
    const withCertificates = (...certificates: object[]): string =>
      JSON.stringify({ ...(JSON.parse(dump('node-a')) as object), certificates });
    expect(from(withCertificates(certificate('sleep', 'Unavailable: CA is down')), '10.2.0.2:80')).toEqual(['tls_error 1: a.json -']);
    expect(from(withCertificates(certificate('sleep', 'Unavailable: CA is down')), '10.2.0.3:80')).toEqual([
      'upstream 1: a.json 10.2.0.3:80',
    ]);
    expect(from(withCertificates(certificate('web-1', 'Unavailable: CA is down')), '10.1.0.2:80')).toEqual([
      'tls_error 1: a.json 10.1.0.2:15008 (10.1.0.2:80) → a.json -',
    ]);
    const renewed = withCertificates(certificate('sleep', 'Available'), certificate('sleep', 'Unavailable: no longer needed'));
    expect(from(renewed, '10.2.0.2:80')).toEqual(['upstream 1: a.json 10.2.0.2:15008 (10.2.0.2:80)']);
  });

  test('what a client outside the mesh opens, no ztunnel takes: its server’s gets plain text', () => {
    const trace = traceOf({ 'a.json': dump('node-b') }, { connection: { source: '10.2.0.3', destination: '10.2.0.2:8080' } });
    expect(paths(trace)).toEqual(['upstream 1: a.json 10.2.0.2:8080']);
    expect(trace.paths[0]?.hops[0]?.upstream?.tunnel).toBeUndefined();
    expect(trace.notes).toEqual(['10.2.0.3 is default/plain, which speaks plain TCP: no ztunnel takes the connections that it opens']);
    const nodeUnknown = JSON.stringify({ workloads, services, policies });
    expect(paths(traceOf({ 'a.json': nodeUnknown }, { connection: { source: '10.2.0.3', destination: '10.2.0.2:8080' } }))).toEqual([
      'upstream 1: a.json 10.2.0.2:8080',
    ]);
  });

  test('a workload that speaks HBONE itself is served by nobody', () => {
    const native = workload('native', '10.1.0.77', 'node-a', { nativeTunnel: true });
    const trace = traceOf(
      { 'a.json': dumpOf({ workloads: [native] }) },
      { connection: { source: '10.1.0.1', destination: '10.1.0.77:80' } },
    );
    expect(trace.paths[0]?.hops).toHaveLength(1);
  });
});

test('the old spelling: objects by address, waypoint with port', () => {
  const byAddress = (items: readonly object[], key: (item: Record<string, unknown>) => string): object =>
    Object.fromEntries(items.map((item) => [key(item as Record<string, unknown>), item]));
  const old = JSON.stringify({
    workloads: byAddress(
      [
        workload('sleep', '10.1.0.1', 'n'),
        workload('web', '10.1.0.2', 'n', { waypoint: { destination: '/10.96.0.9', port: 15008 } }),
        workload('waypoint', '10.2.0.9', 'n'),
      ],
      ({ workloadIps }) => `/${(workloadIps as string[])[0] ?? ''}`,
    ),
    services: {
      '/10.96.0.9': service('waypoint', '10.96.0.9', [], {
        ports: { 15008: 15008 },
        endpoints: { 'cluster//Pod/default/waypoint:/10.2.0.9': endpoint('waypoint', { 15008: 15008 }) },
      }),
    },
    policies: [],
  });
  expect(paths(traceOf({ 'old.json': old }, fromSleep('10.1.0.2:80')))).toEqual(['upstream 1: old.json 10.2.0.9:15008 (10.1.0.2:80)']);
});
