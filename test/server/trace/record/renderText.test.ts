import { describe, expect, test } from 'vitest';
import type { Trace, TraceHop, TracePath } from '../../../../server/src/protocol/trace';
import { renderMermaid } from '../../../../server/src/trace/render/renderMermaid';
import { renderText } from '../../../../server/src/trace/render/renderText';

const SLEEP = 'spiffe://cluster.local/ns/default/sa/sleep';
const at = (line: number) => ({ uri: 'a/dump.json', pointer: '', line, column: 1, endLine: line, endColumn: 2 });
const step = (stage: 'route' | 'endpoint' | 'http_filter', line: number, more: Partial<TraceHop['steps'][number]> = {}) => ({
  stage,
  decision: 'it is `so`',
  because: 'it must be',
  at: at(line),
  rejected: [],
  rejectedTotal: 0,
  ...more,
});

const hop = (more: Partial<TraceHop>): TraceHop => ({
  kind: 'envoy',
  proxy: 'sidecar~10.0.0.1~sleep.default~default.svc.cluster.local',
  downstream: {},
  steps: [],
  ...more,
});

const path = (hops: TraceHop[], more: Partial<TracePath> = {}): TracePath => ({
  probability: 1,
  branches: [],
  disposition: 'upstream',
  hops,
  ...more,
});

const traceOf = (...paths: TracePath[]): Trace => ({
  version: 1,
  request: { connection: { destination: '10.96.0.1:80' } },
  paths,
  truncated: false,
  notes: [],
});

/** The lines below the request. */
const lines = (...paths: TracePath[]): string[] =>
  renderText(traceOf(...paths))
    .trimEnd()
    .split('\n')
    .slice(1);

describe('a hop in one line', () => {
  const routed = hop({
    listener: '0.0.0.0_80',
    acceptedBy: 'virtualOutbound',
    filterChain: { name: '', index: 0 },
    virtualHost: 'web.default.svc:80',
    route: { name: 'split', index: 1 },
    cluster: 'outbound|80|v1|web.default.svc',
    endpoint: { address: '10.0.0.2:80' },
    upstream: { transport: 'tls', principals: [SLEEP] },
    steps: [step('route', 7, { madeBy: 'VirtualService default/web' }), step('endpoint', 9)],
  });

  test('each name once, who made the route, and whose certificate is shown', () => {
    expect(lines(path([routed]))).toEqual([
      '1  sleep.default (sidecar)  dump.json:7  virtualOutbound ⇒ 0.0.0.0_80 › route split (VirtualService default/web) › cluster outbound|80|v1|web.default.svc › 10.0.0.2:80 (mTLS as default/sleep)',
      '=  upstream 10.0.0.2:80',
    ]);
  });

  test('HBONE: the CONNECT, by whom, and what is inside', () => {
    const tunnel = hop({
      listener: 'connect_originate',
      cluster: 'connect_originate',
      filterChain: { name: '', index: 0 },
      endpoint: { address: '10.0.0.9:15008' },
      upstream: {
        transport: 'tls',
        alpn: ['h2'],
        principals: [SLEEP],
        tunnel: { method: 'CONNECT', authority: '10.96.0.1:80', headers: [] },
      },
    });
    const end = hop({
      kind: 'ztunnel',
      proxy: 'z.json',
      terminatesTunnel: true,
      downstream: {
        transport: 'tls',
        principals: [SLEEP],
        http: { version: 'http2', method: 'CONNECT', authority: '10.96.0.1:80', path: '', headers: [] },
      },
      workload: 'default/web-1',
      endpoint: { address: '10.0.0.2:80' },
    });
    expect(lines(path([tunnel, end])).map((line) => line.replace(/ {2,}/g, '  '))).toEqual([
      '1  sleep.default (sidecar)  connect_originate › 10.0.0.9:15008 (HBONE: CONNECT 10.96.0.1:80 as default/sleep)',
      '2  z.json (ztunnel)  HBONE ends (CONNECT 10.96.0.1:80 by default/sleep) › workload default/web-1 › 10.0.0.2:80',
      '=  upstream 10.0.0.2:80',
    ]);
    const mermaid = renderMermaid(traceOf(path([tunnel, end])));
    expect(mermaid).toContain('10.0.0.9:15008<br>HBONE: CONNECT 10.96.0.1:80 as default/sleep');
    expect(mermaid).toContain('HBONE ends (CONNECT 10.96.0.1:80 by default/sleep)');
  });

  test('a ztunnel tells service and waypoint', () => {
    const out = hop({
      kind: 'ztunnel',
      proxy: 'z.json',
      service: 'web.default.svc',
      workload: 'default/waypoint-1',
      through: 'waypoint',
      endpoint: { address: '10.0.0.9:15008' },
    });
    expect(lines(path([out]))[0]).toMatch(/service web\.default\.svc › waypoint default\/waypoint-1 › 10\.0\.0\.9:15008$/);
  });

  test('the next pass of a proxy does not repeat its name, nor the way into it', () => {
    const first = hop({ listener: 'in', cluster: 'inside', endpoint: { address: 'internal:inside/' } });
    const second = hop({ listener: 'inside', cluster: 'app', endpoint: { address: '10.0.0.2:80' } });
    expect(lines(path([first, second])).slice(0, 2)).toEqual([
      '1  sleep.default (sidecar)  in',
      '2    ↳                      inside › cluster app › 10.0.0.2:80',
    ]);
  });

  test('a proxy that is called by its file is not told beside the place', () => {
    const named = hop({ proxy: 'a/dump.json', listener: 'in', steps: [step('endpoint', 3)] });
    expect(lines(path([named]))[0]).toBe('1  dump.json:3  in');
  });
});

test('a failure says why, with the first conditions that were not met', () => {
  const rejected = [1, 2, 3].map((number) => ({ candidate: `policy ${number}`, because: 'no', at: at(number) }));
  const refused = step('http_filter', 5, { decision: 'filter `rbac` refuses', because: 'none matches', rejected, rejectedTotal: 5 });
  const denied = path([hop({ listener: 'in', steps: [refused] })], { disposition: 'denied', response: { code: 403, details: 'rbac' } });
  expect(lines(denied)).toEqual([
    '1  sleep.default (sidecar)  dump.json:5  in',
    '=  denied 403 (rbac)',
    '   why: filter `rbac` refuses — none matches',
    '        not policy 1: no  dump.json:1',
    '        not policy 2: no  dump.json:2',
    '        not policy 3: no  dump.json:3',
    '        and 2 more (--why)',
  ]);
});

test('what a path shares with the first one is told once', () => {
  const first = hop({ listener: 'in', cluster: 'a' });
  const [one, two] = ['10.0.0.2:80', '10.0.0.3:80'].map((address) => hop({ proxy: 'b', listener: 'x', endpoint: { address } }));
  const text = lines(path([first, one ?? first], { probability: 0.5 }), path([first, two ?? first], { probability: 0.5 }));
  expect(text.filter((line) => line.includes('cluster a'))).toHaveLength(1);
  expect(text).toContain('1  as in path 1');
});

test('Mermaid tells the shares where the ways part', () => {
  const first = hop({ listener: 'in', cluster: 'a' });
  const ends = ['10.0.0.2:80', '10.0.0.3:80'].map((address) => hop({ proxy: 'b', listener: 'x', endpoint: { address } }));
  const [one = first, two = first] = ends;
  const mermaid = renderMermaid(traceOf(path([first, one], { probability: 0.6 }), path([first, two], { probability: 0.4 })));
  expect(mermaid.match(/--> n|\|60 %\||\|40 %\|/g)).toEqual(['--> n', '--> n', '--> n', '|60 %|', '|40 %|']);
  expect(mermaid).not.toContain('"10.0.0.2:80"');
});

test('Mermaid labels hold no characters that steer what shows them, and no codes of Mermaid', () => {
  const drawn = renderMermaid(traceOf(path([hop({ listener: 'a\u001b[31m\u202eb #lt;script#gt;', cluster: 'c' })])));
  expect(drawn).toContain('listener a [31m b #35;lt;script#35;gt;');
});

test('a rare path is not one that is never taken', () => {
  const rare = path([hop({ listener: 'a' })], { probability: 1e-9, branches: [{ kind: 'weight', value: 'x', probability: 1e-9 }] });
  const usual = path([hop({ listener: 'a' })], {
    probability: 1 - 1e-6,
    branches: [{ kind: 'weight', value: 'y', probability: 1 - 1e-6 }],
  });
  const text = renderText(traceOf(usual, rare));
  expect(text).toContain('path 1 of 2: over 99.99 % (weight y)');
  expect(text).toContain('path 2 of 2: under 0.01 % (weight x)');
});
