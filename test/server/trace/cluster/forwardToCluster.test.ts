import { describe, expect, test } from 'vitest';
import { traceOf } from '../support/traceOf';
import { bootstrap, cluster, group, trace, ways, web, type Endpoint } from './clusterTrace';

describe('hosts', () => {
  test('equal hosts share alike', () => {
    expect(ways(trace(bootstrap([cluster([group(web)])])))).toEqual(['upstream 10.1.0.1:80 0.5', 'upstream 10.1.0.2:80 0.5']);
  });

  test.each<[string, object, string[]]>([
    ['weights count', {}, ['upstream 10.1.0.1:80 0.75', 'upstream 10.1.0.2:80 0.25']],
    ['not for RANDOM', { lb_policy: 'RANDOM' }, ['upstream 10.1.0.1:80 0.5', 'upstream 10.1.0.2:80 0.5']],
    ['a hash is not known', { lb_policy: 'RING_HASH' }, ['upstream 10.1.0.1:80 ?', 'upstream 10.1.0.2:80 ?']],
    ['health checks whose results nobody has', { health_checks: [{}] }, ['upstream 10.1.0.1:80 ?', 'upstream 10.1.0.2:80 ?']],
  ])('%s', (_, more, expected) => {
    expect(
      ways(
        trace(
          bootstrap([
            cluster(
              [
                group([
                  { ip: '10.1.0.1', weight: 3 },
                  { ip: '10.1.0.2', weight: 1 },
                ]),
              ],
              more,
            ),
          ]),
        ),
      ),
    ).toEqual(expected);
  });

  test('an unhealthy host is passed over, and said to be', () => {
    const result = trace(
      bootstrap([
        cluster([
          group([
            { ip: '10.1.0.1', health: 'UNHEALTHY' },
            { ip: '10.1.0.2', health: 'HEALTHY' },
            { ip: '10.1.0.3', health: 'HEALTHY' },
          ]),
        ]),
      ]),
    );
    expect(ways(result)).toEqual(['upstream 10.1.0.2:80 0.5', 'upstream 10.1.0.3:80 0.5']);
    const step = result.paths[0]?.hops[0]?.steps.find(({ stage }) => stage === 'endpoint');
    expect(step?.rejected).toMatchObject([
      {
        candidate: '`10.1.0.1:80`',
        because: 'its health is `UNHEALTHY`',
        at: { pointer: '/static_resources/clusters/0/load_assignment/endpoints/0/lb_endpoints/0' },
      },
    ]);
  });

  test('priorities branch where both carry load', () => {
    const p0 = group([{ ip: '10.1.0.1' }, { ip: '10.1.0.2', health: 'UNHEALTHY' }], {});
    const p1 = group([{ ip: '10.1.1.1' }], { priority: 1 });
    expect(ways(trace(bootstrap([cluster([p0, p1])])))).toEqual(['upstream 10.1.0.1:80 0.7', 'upstream 10.1.1.1:80 0.3']);
  });

  test('localities by weight, shrunk by their health', () => {
    const zone = (name: string, load_balancing_weight: number, endpoints: Endpoint[]): object =>
      group(endpoints, { locality: { zone: name }, load_balancing_weight });
    const groups = [zone('a', 1, [{ ip: '10.1.0.1' }]), zone('b', 3, [{ ip: '10.1.1.1' }, { ip: '10.1.1.2', health: 'UNHEALTHY' }])];
    const { paths } = trace(bootstrap([cluster(groups, { common_lb_config: { locality_weighted_lb_config: {} } })]));
    expect(paths[0]?.probability).toBeCloseTo(2.1 / 3.1);
    expect(paths[1]?.probability).toBeCloseTo(1 / 3.1);
    expect(paths[1]?.hops[0]?.steps.find(({ stage }) => stage === 'endpoint')?.because).toContain(
      'over 1 of 3 hosts, those of locality `/a`, which is drawn by its weight',
    );
  });

  test.each<[string, object]>([
    ['an empty cluster', cluster([])],
    [
      'the threshold 0',
      cluster([group([{ ip: '10.1.0.1', health: 'UNHEALTHY' }])], { common_lb_config: { healthy_panic_threshold: { value: 0 } } }),
    ],
    [
      'fail_traffic_on_panic',
      cluster([group([{ ip: '10.1.0.1', health: 'UNHEALTHY' }])], {
        common_lb_config: { zone_aware_lb_config: { fail_traffic_on_panic: true } },
      }),
    ],
    ['only degraded hosts and a hash', cluster([group([{ ip: '10.1.0.1', health: 'DEGRADED' }])], { lb_policy: 'MAGLEV' })],
  ])('no host: %s', (_, only) => {
    expect(trace(bootstrap([only])).paths[0]).toMatchObject({
      disposition: 'no_endpoint',
      response: { code: 503, flags: ['UH'], details: 'no_healthy_upstream', body: 'no healthy upstream' },
    });
  });
});

test('a tcp_proxy asks the circuit breaker for a connection before it chooses a host', () => {
  const proxy = { '@type': 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy', stat_prefix: 't', cluster: 'c' };
  const endOf = (thresholds: object[]): [string, string[] | undefined, boolean] => {
    const listener = {
      name: 'l',
      address: { socket_address: { address: '0.0.0.0', port_value: 8080 } },
      filter_chains: [{ filters: [{ name: 't', typed_config: proxy }] }],
    };
    const clusters = [cluster([group([{ ip: '10.1.0.1' }, { ip: '10.1.0.2' }])], { circuit_breakers: { thresholds } })];
    const { paths } = traceOf(JSON.stringify({ static_resources: { listeners: [listener], clusters } }), {
      connection: { destination: '10.0.0.1:8080', source: '10.9.9.9:1000' },
    });
    const [path] = paths;
    return [path?.disposition ?? '', path?.response?.flags, path?.hops[0]?.endpoint !== undefined];
  };
  expect(endOf([{ max_connections: 0 }])).toEqual(['no_endpoint', ['UO'], false]);
  expect(endOf([{ max_pending_requests: 0 }])).toEqual(['no_endpoint', ['URX'], true]);
  expect(endOf([{ max_requests: 0 }])).toEqual(['upstream', undefined, true]);
});
