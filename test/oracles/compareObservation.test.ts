/** The comparator itself: what must agree agrees, and every single lie is found. */
import { describe, expect, test } from 'vitest';
import type { Disposition, Trace, TraceHop, TracePath } from '../../server/src/protocol/trace';
import { compareObservation, describeAgreement } from './compareObservation';
import type { Observation, Outcome } from './observation';

describe('one outcome', () => {
  test('a path with every field that was seen agrees', () => {
    expect(compareObservation(traceOf(upstreamPath('a', 1)), [outcome('a')])).toEqual({ kind: 'agree' });
  });

  const lies: [name: string, change: (path: TracePath, hop: TraceHop) => void][] = [
    ['disposition', (path) => (path.disposition = 'no_endpoint')],
    ['listener', (_, hop) => (hop.listener = 'other')],
    ['chain index', (_, hop) => (hop.filterChain = { name: 'chain', index: null })],
    ['chain name', (_, hop) => (hop.filterChain = { name: 'x', index: 0 })],
    ['protocol', (_, hop) => (hop.protocol = 'http2')],
    ['route index', (_, hop) => (hop.route = { name: 'r', index: 2 })],
    ['cluster', (_, hop) => (hop.cluster = 'b')],
    ['endpoint', (_, hop) => (hop.endpoint = { address: '10.0.0.2:80' })],
    ['upstream path', (_, hop) => (hop.upstream = sent('/other', [['x', '1']]))],
    ['upstream header value', (_, hop) => (hop.upstream = sent('/', [['x', '2']]))],
    ['upstream header too many', (_, hop) => (hop.upstream = sent('/', [['x', '1'], ['y', '1']]))], // prettier-ignore
    ['upstream header missing', (_, hop) => (hop.upstream = sent('/', []))],
    ['hop too many', (path, hop) => path.hops.push(hop)],
    ['hop missing', (path) => path.hops.pop()],
  ];
  test.each(lies)('a wrong %s is found', (_, change) => {
    const path = upstreamPath('a', 1);
    const hop = path.hops[0];
    if (hop) change(path, hop);
    expect(compareObservation(traceOf(path), [outcome('a')]).kind).toBe('disagree');
  });

  test('a tunnel that a proxy was never asked for is found', () => {
    const path = upstreamPath('a', 1);
    const [hop] = path.hops;
    const { count, observation } = outcome('a');
    const through = '10.0.0.9:3128';
    const hops = observation.hops.map((each) => ({ ...each, upstream: { ...each.upstream, through } }));
    const seen = [{ count, observation: { ...observation, hops } }];
    const bare = { ...sent('/', [['x', '1']]), through };
    if (hop) hop.upstream = bare;
    expect(compareObservation(traceOf(path), seen).kind).toBe('agree');
    if (hop) hop.upstream = { ...bare, tunnel: { method: 'CONNECT', authority: 'a.test:80', headers: [] } };
    expect(compareObservation(traceOf(path), seen).kind).toBe('disagree');
  });

  test('what the log left empty must not be told', () => {
    const path = upstreamPath('a', 1);
    const { count, observation } = outcome('a');
    const seen = [
      { count, observation: { ...observation, hops: observation.hops.map((hop) => ({ ...hop, none: ['virtualCluster' as const] })) } },
    ];
    expect(compareObservation(traceOf(path), seen).kind).toBe('agree');
    for (const hop of path.hops) hop.virtualCluster = 'v';
    expect(compareObservation(traceOf(path), seen).kind).toBe('disagree');
  });

  test('an answer of the application that nobody replaced is found', () => {
    const { count, observation } = outcome('a');
    const seen = (code: number): Outcome[] => [{ count, observation: { ...observation, response: { code, body: 'ok' } } }];
    const path = upstreamPath('a', 1);
    expect(compareObservation(traceOf(path), seen(200)).kind).toBe('agree');
    expect(compareObservation(traceOf(path), seen(204)).kind).toBe('disagree');
    expect(compareObservation(traceOf({ ...path, response: { code: 204 } }), seen(204)).kind).toBe('agree');
    expect(compareObservation(traceOf({ ...path, response: { body: 'other' } }), seen(200)).kind).toBe('disagree');
  });

  test('headers that change by chance are left out, and the order of names does not matter', () => {
    const path = upstreamPath('a', 1);
    const hop = path.hops[0];
    if (hop) hop.upstream = sent('/', [['x-request-id', 'abc'], ['X', '1'], ['x-forwarded-for', '1.2.3.4']]); // prettier-ignore
    expect(compareObservation(traceOf(path), [outcome('a')]).kind).toBe('agree');
  });

  test('what proxies write of themselves counts where the observation has it', () => {
    const { count, observation } = outcome('a');
    const http = { headers: [['x', '1']] as [string, string][], hasVolatile: true as const };
    const seen = [{ count, observation: { ...observation, hops: observation.hops.map((hop) => ({ ...hop, upstream: { http } })) } }];
    const path = upstreamPath('a', 1);
    expect(compareObservation(traceOf(path), seen).kind).toBe('agree');
    for (const hop of path.hops) hop.upstream = sent('/', [['x', '1'], ['x-forwarded-for', '1.2.3.4']]); // prettier-ignore
    expect(compareObservation(traceOf(path), seen).kind).toBe('disagree');
    expect(compareObservation(traceOf(path), [outcome('a')]).kind).toBe('agree');
  });

  test('insufficient_info where Envoy had an answer is told apart', () => {
    const path: TracePath = { ...upstreamPath('a', null), disposition: 'insufficient_info', missing: ['the runtime key `x`'] };
    const agreement = compareObservation(traceOf(path), [outcome('a')]);
    expect(agreement).toEqual({ kind: 'could_not_tell', missing: ['the runtime key `x`'] });
    expect(describeAgreement(agreement)).toContain('the runtime key');
  });

  test('a trace without paths disagrees', () => {
    expect(compareObservation(traceOf(), [outcome('a')]).kind).toBe('disagree');
  });
});

describe('chance', () => {
  test('each outcome must be among the paths', () => {
    const trace = traceOf(upstreamPath('a', 0.5), upstreamPath('b', 0.5));
    expect(compareObservation(trace, [outcome('a', 3), outcome('b', 5)]).kind).toBe('agree');
    expect(compareObservation(trace, [outcome('a', 3), outcome('c', 5)]).kind).toBe('disagree');
  });

  test('a certain path must be the only outcome', () => {
    const trace = traceOf(upstreamPath('a', 1), upstreamPath('b', null));
    expect(compareObservation(trace, [outcome('a', 3), outcome('b', 5)]).kind).toBe('disagree');
  });

  test('a likely path that never occurs in many tries does not exist', () => {
    const trace = traceOf(upstreamPath('a', 0.5), upstreamPath('b', 0.5));
    expect(compareObservation(trace, [outcome('a', 40)]).kind).toBe('disagree');
    expect(compareObservation(trace, [outcome('a', 4)]).kind).toBe('agree');
    expect(compareObservation(traceOf(upstreamPath('a', null), upstreamPath('b', null)), [outcome('a', 40)]).kind).toBe('agree');
  });
});

describe('words of the observer', () => {
  const answered = (disposition: string, response: Observation['response'], logged: object): Outcome => ({
    count: 1,
    observation: { disposition, response, hops: [{ listener: 'l', ...(disposition === 'denied' ? { cluster: 'a' } : {}), logged }] },
  });
  const pathOf = (disposition: Disposition, response: TracePath['response']): TracePath => ({
    probability: 1,
    branches: [],
    disposition,
    response,
    hops: [{ kind: 'envoy', proxy: 'p', downstream: {}, listener: 'l', steps: [] }],
  });

  test('a fault that was seen as a refusal is a local reply', () => {
    const seen = answered(
      'denied',
      { code: 418, details: 'fault_filter_abort' },
      { code: 418, flags: 'FI', details: 'fault_filter_abort' },
    );
    const said = { code: 418, flags: ['FI'], details: 'fault_filter_abort' };
    expect(compareObservation(traceOf(pathOf('local_reply', said)), [seen]).kind).toBe('agree');
    expect(compareObservation(traceOf(pathOf('denied', said)), [seen]).kind).toBe('disagree');
  });

  test('a refusal need not name the cluster, but must not name another', () => {
    const seen = answered('denied', { code: 403 }, { code: 403, details: 'rbac_access_denied_matched_policy[none]' });
    const path = pathOf('denied', { code: 403, details: 'rbac_access_denied_matched_policy[none]' });
    expect(compareObservation(traceOf(path), [seen]).kind).toBe('agree');
    const other = { ...path, hops: path.hops.map((hop) => ({ ...hop, cluster: 'b' })) };
    expect(compareObservation(traceOf(other), [seen]).kind).toBe('disagree');
  });

  test('flags and details are those of the failing hop, without the observer hanging up', () => {
    const seen = answered(
      'no_route',
      { code: 404, flags: ['NR'], details: 'route_not_found' },
      { code: 404, flags: 'NR,DC', details: 'route_not_found' },
    );
    expect(compareObservation(traceOf(pathOf('no_route', { code: 404, flags: ['NR'], details: 'route_not_found' })), [seen]).kind).toBe(
      'agree',
    );
    expect(compareObservation(traceOf(pathOf('no_route', { code: 404, flags: ['NC'], details: 'route_not_found' })), [seen]).kind).toBe(
      'disagree',
    );
    expect(compareObservation(traceOf(pathOf('no_route', { code: 404, flags: ['NR'] })), [seen]).kind).toBe('disagree');
  });

  test('a crash says nothing about the configuration', () => {
    expect(compareObservation(traceOf(), [{ count: 1, observation: { disposition: 'crashed', hops: [] } }]).kind).toBe('not_comparable');
  });
});

function traceOf(...paths: TracePath[]): Trace {
  return { version: 1, request: { connection: {} }, paths, truncated: false, notes: [] };
}

function upstreamPath(cluster: string, probability: number | null): TracePath {
  const hop: TraceHop = {
    kind: 'envoy',
    proxy: 'p',
    downstream: { destination: '10.1.1.1:80' },
    listener: 'l',
    filterChain: { name: 'chain', index: 0 },
    protocol: 'http1',
    route: { name: 'r', index: 1 },
    cluster,
    endpoint: { address: '10.0.0.1:80' },
    upstream: sent('/', [['x', '1']]),
    steps: [],
  };
  return { probability, branches: [], disposition: 'upstream', hops: [hop] };
}

function sent(path: string, headers: [string, string][]): NonNullable<TraceHop['upstream']> {
  return { http: { version: 'http1', method: 'GET', authority: 'a.test', path, headers } };
}

function outcome(cluster: string, count = 1): Outcome {
  return {
    count,
    observation: {
      disposition: 'upstream',
      response: { code: 200, details: 'via_upstream' },
      hops: [
        {
          listener: 'l',
          filterChain: { name: 'chain', index: 0 },
          protocol: 'http1',
          route: { name: 'r', index: 1, pointer: '/static_resources/listeners/0' },
          cluster,
          endpoint: { address: '10.0.0.1:80' },
          upstream: { http: { version: 'http1', method: 'GET', authority: 'a.test', path: '/', headers: [['x', '1']] } },
        },
      ],
    },
  };
}
