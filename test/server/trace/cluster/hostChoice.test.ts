/** Which host a balancer takes: panic thresholds, hosts that the request names, what the endpoint's health counts for. */
import { describe, expect, test } from 'vitest';
import { any, filter, filterTrace } from '../httpFilters/filterTrace';
import { bootstrap, cluster, group, trace, ways, type Endpoint } from './clusterTrace';

const third: Endpoint[] = [{ ip: '10.1.0.1' }, { ip: '10.1.0.2', health: 'UNHEALTHY' }, { ip: '10.1.0.3', health: 'TIMEOUT' }];
const LB = 'envoy.extensions.load_balancing_policies.';

function typedPolicy(name: string, fields: object = {}): object {
  return { typed_extension_config: { name, typed_config: any(`${LB}${name}`, { ...fields }) } };
}

describe('the panic threshold', () => {
  const all = ['upstream 10.1.0.1:80 0.333', 'upstream 10.1.0.2:80 0.333', 'upstream 10.1.0.3:80 0.333'];
  const threshold = (value: number): object => ({ common_lb_config: { healthy_panic_threshold: { value } } });
  test.each<[string, object, Record<string, number>, string[]]>([
    ['is 50 by default', {}, {}, all],
    ['is a whole number: what is behind the point is cut off', threshold(33.9), {}, ['upstream 10.1.0.1:80 1']],
    ['of more than the healthy share', threshold(34), {}, all],
    ['comes from the runtime where that has one', threshold(0), { 'upstream.healthy_panic_threshold': 80 }, all],
    ['or turns panic off', {}, { 'upstream.healthy_panic_threshold': 0 }, ['upstream 10.1.0.1:80 1']],
  ])('%s', (_, more, runtime, expected) => {
    expect(ways(trace(bootstrap([cluster([group(third)], more)]), {}, { runtime }))).toEqual(expected);
  });
});

describe('a host that the request names', () => {
  const override_host_sources = [{ header: 'x-host' }, { header: 'x-other' }, { metadata: { key: 'lab', path: [{ key: 'host' }] } }];
  const overriding = {
    load_balancing_policy: {
      policies: [
        typedPolicy('override_host.v3.OverrideHost', {
          override_host_sources,
          fallback_policy: { policies: [typedPolicy('round_robin.v3.RoundRobin')] },
        }),
      ],
    },
  };
  const asked = (headers: [string, string][]): string[] => ways(trace(bootstrap([cluster([group(third)], overriding)]), { headers }));

  test.each<[string, [string, string][], string]>([
    ['whatever its health', [['x-host', '10.1.0.2:80']], 'upstream 10.1.0.2:80 1'],
    ['the first that the cluster has', [['x-host', '10.9.9.9:80, 10.1.0.3:80']], 'upstream 10.1.0.3:80 1'],
    ['of all sources', [['x-host', '10.9.9.9:80'], ['x-other', '10.1.0.2:80']], 'upstream 10.1.0.2:80 1'], // prettier-ignore
    ['by its address with the port', [['x-host', '10.1.0.1'], ['x-other', '10.1.0.3:80']], 'upstream 10.1.0.3:80 1'], // prettier-ignore
  ])('is taken, %s', (_, headers, expected) => {
    expect(asked(headers)).toEqual([expected]);
  });
  test('that the cluster has not leaves the choice to the fallback policy', () => {
    expect(asked([['x-host', '10.9.9.9:80']])).toHaveLength(3);
  });
  test('may stand in the metadata of the request', () => {
    const named = filter('data', 'set_metadata.v3.Config', { metadata: [{ metadata_namespace: 'lab', value: { host: '10.1.0.3:80' } }] });
    const own = { ...cluster([group(third)], overriding), name: 'c' };
    const routes = [{ match: { prefix: '/' }, route: { cluster: 'c' } }];
    expect(ways(filterTrace({ filters: [named], routes, clusters: [own] }))).toEqual(['upstream 10.1.0.3:80 1']);
  });
});

describe('health', () => {
  const off = { common_lb_config: { healthy_panic_threshold: { value: 0 } } };
  test.each([
    ['HEALTHY', 0.5],
    ['UNKNOWN', 0.5],
    ['DEGRADED', 0.3],
    ['UNHEALTHY', 0],
    ['TIMEOUT', 0],
    ['DRAINING', 0],
  ])('%s takes a share of %d beside a healthy host', (health, share) => {
    const hosts: Endpoint[] = [{ ip: '10.1.0.1' }, { ip: '10.1.0.2', health }];
    const expected = [`upstream 10.1.0.1:80 ${1 - share}`, ...(share === 0 ? [] : [`upstream 10.1.0.2:80 ${share}`])];
    expect(ways(trace(bootstrap([cluster([group(hosts)], off)])))).toEqual(expected);
  });
  test('of draining hosts counts in no percentage: the next priority takes all', () => {
    const draining = group([{ ip: '10.1.0.1', health: 'DRAINING' }, { ip: '10.1.0.2', health: 'DRAINING' }]); // prettier-ignore
    expect(ways(trace(bootstrap([cluster([draining, group([{ ip: '10.2.0.1' }], { priority: 1 })])])))).toEqual(['upstream 10.2.0.1:80 1']);
    expect(ways(trace(bootstrap([cluster([draining])])))).toHaveLength(2);
  });
  test('half of a priority leaves thirty of a hundred to the next', () => {
    const first = group([{ ip: '10.1.0.1' }, { ip: '10.1.0.2', health: 'UNHEALTHY' }]);
    expect(ways(trace(bootstrap([cluster([first, group([{ ip: '10.2.0.1' }], { priority: 1 })])])))).toEqual([
      'upstream 10.1.0.1:80 0.7',
      'upstream 10.2.0.1:80 0.3',
    ]);
  });
});
