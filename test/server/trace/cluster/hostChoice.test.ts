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

describe('who is passed over', () => {
  /** Candidate and reason, of every path that ends at the address. */
  const rejected = (files: string, address: string, stage: string): string[] =>
    trace(files)
      .paths.filter(({ hops }) => hops.at(-1)?.endpoint?.address === address)
      .flatMap(({ hops }) => hops.flatMap(({ steps }) => steps.filter((step) => step.stage === stage)))
      .flatMap((step) => step.rejected.map(({ candidate, because }) => `${candidate}: ${because}`));
  test('is told of healthy hosts beside degraded ones', () => {
    const hosts: Endpoint[] = [{ ip: '10.1.0.1' }, { ip: '10.1.0.2', health: 'DEGRADED' }];
    expect(rejected(bootstrap([cluster([group(hosts)])]), '10.1.0.2:80', 'endpoint')).toEqual([
      '`10.1.0.1:80`: it is healthy, and this share of the load goes to degraded hosts',
    ]);
  });
  test('is told of the other priorities of an aggregate', () => {
    const config = any('envoy.extensions.clusters.aggregate.v3.ClusterConfig', { clusters: ['one', 'two'] });
    const all = { name: 'c', lb_policy: 'CLUSTER_PROVIDED', cluster_type: { name: 'a', typed_config: config } };
    const one = cluster([group([{ ip: '10.1.0.1' }]), group([{ ip: '10.1.1.1' }], { priority: 1 })], { name: 'one' });
    const two = cluster([group([{ ip: '10.2.0.1', health: 'UNHEALTHY' }])], { name: 'two' });
    expect(rejected(bootstrap([all, one, two]), '10.1.0.1:80', 'cluster')).toEqual([
      'member `one`, priority 1: earlier priorities take the whole load',
      'member `two`, priority 0: it has no healthy host',
    ]);
  });
});

test('from min_cluster_size hosts on, those of the own zone may be preferred: no share is told', () => {
  const zones = ['a', 'b'].map((zone, index) => group([{ ip: `10.1.${index}.1` }], { locality: { zone } }));
  const roundRobin = (zone_aware_lb_config: object): object => ({
    '@type': 'type.googleapis.com/envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin',
    locality_lb_config: { zone_aware_lb_config },
  });
  const shares = (more: object): string[] =>
    ways(trace(bootstrap([cluster(zones, more)], {}, { cluster_manager: { local_cluster_name: 'own' } }))).map((way) => way.slice(-3));
  const extension = (config: object): object => ({ load_balancing_policy: { policies: [{ typed_extension_config: { name: 'r', typed_config: roundRobin(config) } }] } }); // prettier-ignore
  expect(shares({})).toEqual(['0.5', '0.5']);
  expect(shares({ common_lb_config: { zone_aware_lb_config: { min_cluster_size: 2 } } })).toEqual(['0 ?', '0 ?']);
  expect(shares(extension({}))).toEqual(['0.5', '0.5']);
  expect(shares(extension({ min_cluster_size: 2 }))).toEqual(['0 ?', '0 ?']);
});

test.each([
  [{ min_cluster_size: 2 }, ['0 ?', '0 ?']],
  [{ min_cluster_size: 3 }, ['0.5', '0.5']],
  [undefined, ['0.5', '0.5']],
])('files without a bootstrap do not tell whether settings for zones %j take effect', (zone_aware_lb_config, expected) => {
  const zones = ['a', 'b'].map((zone, index) => group([{ ip: `10.1.${index}.1` }], { locality: { zone } }));
  const whole = bootstrap([cluster(zones, { common_lb_config: { ...(zone_aware_lb_config && { zone_aware_lb_config }) } })]);
  const { listeners, clusters } = (JSON.parse(whole) as { static_resources: Record<'listeners' | 'clusters', object[]> }).static_resources;
  const found = trace({ '/w/lds.json': JSON.stringify(listeners), '/w/cds.json': JSON.stringify(clusters) });
  expect(ways(found).map((way) => way.slice(-3))).toEqual(expected);
});
