/** Parts of answers, and notes on the way, that stand on what a file has lost: they are uncertain, and nothing else is said. */
import { describe, expect, test } from 'vitest';
import type { TraceHop } from '../../../../server/src/protocol/trace';
import { GET, hopOf, onlyPath, traceOf } from '../support/traceOf';
import { call, cluster, CUT, filter, REST, ROUTE, world, type Call, type Fields, type World } from './missingCase';

const KEPT = '[redacted]';
const pathOf = (given: World, asked: Call = {}) => onlyPath(traceOf({ ...world(given) }, call(asked)));
const decisions = ({ steps }: TraceHop): string[] => steps.map(({ decision }) => decision);

/** The route writes a format of the upstream into a header of the answer. */
const formatted = (format: string, fields: Fields): World => ({
  routes: [{ ...ROUTE, route: { cluster: 'b' }, response_headers_to_add: [{ header: { key: 'x', value: format } }] }],
  clusters: [cluster('b', fields)],
});
const uncertain = (given: World): readonly string[] => pathOf(given).response?.headers?.uncertain ?? [];
const mirroring = (policies: unknown): TraceHop =>
  hopOf(pathOf({ routes: [{ ...ROUTE, route: { cluster: 'a', request_mirror_policies: policies } }] }));

describe('what the file has lost of an answer is uncertain', () => {
  test('via', () => {
    const path = pathOf({ manager: { via: KEPT } });
    expect(path.response?.headers?.uncertain).toContain('via');
    expect(JSON.stringify(path)).not.toContain(`"via","${KEPT}"`);
    expect(hopOf(path).upstream?.http?.unknownHeaders).toContain('via');
  });

  test('proxy-status', () => {
    const routes = [{ ...ROUTE, route: { cluster: 'gone' } }];
    const answered = (config: unknown) => pathOf({ manager: { proxy_status_config: config }, routes }).response?.headers;
    expect(answered({ literal_proxy_name: KEPT })?.uncertain).toEqual(['proxy-status']);
    expect(answered({})?.uncertain).toBeUndefined();
  });

  test('alt_stat_name', () => {
    expect(uncertain(formatted('%UPSTREAM_CLUSTER%', { alt_stat_name: KEPT }))).toEqual(['x']);
    expect(uncertain(formatted('%UPSTREAM_CLUSTER_RAW%', { alt_stat_name: KEPT }))).toEqual([]);
  });

  test('metadata of the cluster', () => {
    for (const metadata of [CUT, { filter_metadata: CUT }, { filter_metadata: { n: CUT } }, { filter_metadata: { n: { k: KEPT } } }])
      expect(uncertain(formatted('%CLUSTER_METADATA(n:k)%', { metadata }))).toEqual(['x']);
    expect(uncertain(formatted('%CLUSTER_METADATA(n:k)%', { metadata: { filter_metadata: { n: { k: 'v' } } } }))).toEqual([]);
  });

  test('metadata of the endpoint', () => {
    const address = { socket_address: { address: '10.50.0.1', port_value: 80 } };
    const host = { endpoint: { address }, metadata: CUT };
    const fields = { load_assignment: { cluster_name: 'b', endpoints: [{ lb_endpoints: [host] }] } };
    expect(uncertain(formatted('%UPSTREAM_METADATA(["n", "k"])%', fields))).toEqual(['x']);
  });
});

describe('on the way', () => {
  test('mirror policies that are cut', () => {
    const open = 'whether another copy is sent, and where to, cannot be known';
    expect(decisions(mirroring([REST]))).toContain(open);
    expect(decisions(mirroring([{ cluster: KEPT }]))).toContain(open);
    expect(decisions(mirroring([{ cluster_header: 'x-request-id' }]))).toContain(open);
    expect(mirroring([{ cluster: 'a' }]).mirrors).toEqual([{ cluster: 'a', probability: 1 }]);
  });

  test('a hash policy that is cut', () => {
    const hashed = (policies: unknown) =>
      decisions(hopOf(pathOf({ routes: [{ ...ROUTE, route: { cluster: 'a', hash_policy: policies } }] }))).join();
    expect(hashed([REST, { header: { header_name: 'x' } }])).toContain('depends on the hash_policy');
    expect(hashed([{ cookie: { name: KEPT } }])).toContain('depends on the hash_policy');
    expect(hashed([{ header: { header_name: 'x' } }])).not.toContain('depends on');
  });
});

test('a place to begin at is named by its file', () => {
  const asked = call({ request: { start: { at: { uri: 'file:///w/envoy.json', pointer: '/nowhere' } } } });
  expect(onlyPath(traceOf({ ...world({}) }, asked)).missing?.join()).toMatch(/ of `envoy\.json`$/);
});

test('a host without an address, in a file that breaks off', () => {
  const text = world({ http: [filter('f', 'fault.v3.HTTPFault')] })['/w/envoy.json'] ?? '';
  const missing = (file: string): string =>
    onlyPath(traceOf({ '/w/envoy.json': file }, { connection: {}, http: { ...GET, authority: 'b.test' } })).missing?.join() ?? '';
  expect(missing(text.slice(0, text.indexOf('"filter_chains"')))).toContain('leaves out a part');
});
