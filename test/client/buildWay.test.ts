/** The boxes of the preview: one path in full, and where the others leave it. */
import { describe, expect, test } from 'vitest';
import { buildWay } from '../../client/webview/buildWay';
import type { Location, Stage, Trace, TraceHop, TracePath } from '../../server/src/protocol/trace';

const at = (line: number): Location => ({ uri: 'file:///a.json', pointer: '', line, column: 1, endLine: line + 5, endColumn: 1 });
const step = (stage: Stage, line: number) => ({ stage, decision: stage, because: '', at: at(line), rejected: [], rejectedTotal: 0 });

const hop = (given: Partial<TraceHop>): TraceHop => ({ kind: 'envoy', proxy: 'p', downstream: {}, steps: [], ...given });
const path = (given: Partial<TracePath>): TracePath => ({ probability: 1, branches: [], disposition: 'upstream', hops: [], ...given });
const trace = (...paths: TracePath[]): Trace => ({ version: 1, request: { connection: {} }, paths, truncated: false, notes: [] });

const http = hop({
  listener: 'l',
  filterChain: { name: '', index: 2 },
  routeConfiguration: 'rc',
  virtualHost: 'vh',
  route: { name: '', index: 0 },
  cluster: 'c1',
  endpoint: { address: '10.0.0.1:80', health: 'HEALTHY' },
  steps: [step('listener', 10), step('filter_chain', 20), step('route', 30), step('cluster', 40)],
});
const words = (boxes: ReturnType<typeof buildWay>) => boxes.map(({ kind, name }) => `${kind} ${name}`);

test('proxy → listener → filter chain → route → cluster → endpoint', () => {
  const boxes = buildWay(trace(path({ hops: [http] })), [0], 0);
  expect(words(boxes)).toEqual([
    'proxy p',
    'listener l',
    'filterChain unnamed #2',
    'routeConfiguration rc',
    'virtualHost vh',
    'route unnamed #0',
    'cluster c1',
    'endpoint 10.0.0.1:80',
  ]);
  expect(boxes.map(({ at: place }) => place?.line)).toEqual([10, 10, 20, undefined, undefined, 30, 40, 40]);
});

test('a proxy without a node id is called after its file or its folder', () => {
  const nameOf = (proxy: string) => buildWay(trace(path({ hops: [hop({ proxy })] })), [0], 0)[0]?.name;
  expect(nameOf('file:///a/my%20envoy.yaml')).toBe('my envoy.yaml');
  expect(nameOf('file:///a/xds/')).toBe('xds');
  expect(nameOf('front-proxy')).toBe('front-proxy');
});

test('the route stands where it is written, not where its cluster is chosen; the last one counts', () => {
  const steps = [step('virtual_host', 1), step('route', 2), step('virtual_host', 10), step('route', 20), step('route', 25)];
  const boxes = buildWay(trace(path({ hops: [{ ...http, steps }] })), [0], 0);
  expect(boxes.find(({ kind }) => kind === 'route')?.at?.line).toBe(20);
});

test('an internal listener is a hop of the same proxy, a new proxy has a box', () => {
  const inner = hop({ listener: 'inner' });
  const other = hop({ proxy: 'sidecar~10.0.0.2~pod.ns~ns.svc.cluster.local', listener: 'l' });
  const tunnel = hop({ ...http, upstream: { tunnel: { method: 'CONNECT', authority: '10.0.0.9:80', headers: [] } } });
  const boxes = buildWay(trace(path({ hops: [tunnel, inner, other] })), [0], 0);
  expect(words(boxes).slice(8)).toEqual(['listener inner', 'proxy pod.ns', 'listener l']);
  expect(boxes[8]?.edge).toBe('CONNECT 10.0.0.9:80');
  expect(boxes[9]?.detail).toBe('sidecar · 10.0.0.2');
});

test('a path that ends before an endpoint has its outcome', () => {
  const denied = path({ disposition: 'denied', response: { code: 403 }, hops: [hop({ listener: 'l', steps: [step('http_filter', 7)] })] });
  const last = buildWay(trace(denied), [0], 0).at(-1);
  expect(last).toMatchObject({ kind: 'outcome', name: 'denied', detail: '403', tone: 'bad', at: { line: 7 } });
});

test('what nobody can tell is no failure', () => {
  const open = buildWay(trace(path({ disposition: 'insufficient_info', hops: [] })), [0], 0);
  expect(open).toMatchObject([{ kind: 'outcome', name: 'insufficient info', tone: 'unknown' }]);
});

describe('several paths', () => {
  const other = path({ hops: [{ ...http, cluster: 'c2', endpoint: { address: '10.0.0.2:80' } }] });
  const both = trace(path({ hops: [http] }), other);

  test('share what they have in common', () => {
    const boxes = buildWay(both, [0, 1], 0);
    expect(words(boxes).filter((name) => name.startsWith('cluster'))).toEqual(['cluster c1', 'cluster c2']);
    expect(boxes.find(({ kind }) => kind === 'route')).toMatchObject({ paths: [0, 1] });
  });

  test('the others end where they part', () => {
    expect(words(buildWay(both, [0, 1], 0))).not.toContain('endpoint 10.0.0.2:80');
    expect(words(buildWay(both, [0, 1], 1))).not.toContain('endpoint 10.0.0.1:80');
  });

  test('mirrors hang beside the way', () => {
    const boxes = buildWay(trace(path({ hops: [{ ...http, mirrors: [{ cluster: 'm', probability: null }] }] })), [0], 0);
    const mirror = boxes.find(({ kind }) => kind === 'mirror');
    expect(mirror?.children).toEqual([]);
    expect(mirror?.parent?.kind).toBe('cluster');
    expect(boxes.find(({ kind }) => kind === 'endpoint')?.parent?.kind).toBe('cluster');
  });
});

test('a trace without paths has no boxes', () => {
  expect(buildWay(trace(), [0], 0)).toEqual([]);
});

test('a ztunnel: who sends, the service, the policy, and the workload that the connection goes to', () => {
  const told = (stage: Stage, decision: string) => ({ ...step(stage, 1), decision });
  const ztunnel = hop({
    kind: 'ztunnel',
    service: 'reviews.shop.svc.cluster.local',
    workload: 'shop/waypoint-1',
    through: 'waypoint',
    steps: [
      told('workload', 'workload `sleep-1` sends'),
      told('service', 'service `reviews.shop.svc.cluster.local` is asked for'),
      told('policy', 'no policy is in the way'),
      told('workload', 'workload `waypoint-1` is chosen'),
    ],
  });
  const boxes = buildWay(trace(path({ hops: [ztunnel] })), [0], 0);
  expect(boxes.slice(1).map(({ kind, name, detail }) => [kind, name, detail])).toEqual([
    ['workload', 'sleep-1', 'sends'],
    ['service', 'reviews.shop.svc.cluster.local', 'is asked for'],
    ['policy', 'no policy is in the way', ''],
    ['workload', 'shop/waypoint-1', 'through a waypoint · is chosen'],
  ]);
});

test('what a route and a cluster were made of', () => {
  const made = hop({
    ...http,
    steps: [
      { ...step('route', 1), madeBy: 'VirtualService shop/reviews' },
      { ...step('cluster', 2), madeBy: 'DestinationRule shop/r' },
    ],
  });
  const boxes = buildWay(trace(path({ hops: [made] })), [0], 0);
  expect(boxes.find(({ kind }) => kind === 'route')?.detail).toBe('VirtualService shop/reviews');
  expect(boxes.find(({ kind }) => kind === 'cluster')?.detail).toBe('DestinationRule shop/r');
});
