import { describe, expect, test } from 'vitest';
import { bootstrap, group, trace, ways, web, type Endpoint } from './clusterTrace';

describe('where hosts come from', () => {
  const eds = {
    name: 'c',
    type: 'EDS',
    eds_cluster_config: { service_name: 'svc', eds_config: { path_config_source: { path: '/etc/eds.json' } } },
  };
  const assignment = (cluster_name: string): string =>
    JSON.stringify({
      resources: [
        {
          '@type': 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
          cluster_name,
          endpoints: [group([{ ip: '10.1.0.7' }])],
        },
      ],
    });

  test('EDS by service_name', () => {
    expect(ways(trace({ '/w/envoy.json': bootstrap([eds]), '/w/eds.json': assignment('svc') }))).toEqual(['upstream 10.1.0.7:80 1']);
    expect(ways(trace({ '/w/envoy.json': bootstrap([eds]), '/w/eds.json': assignment('other') }))).toEqual(['no_endpoint - 1']);
  });

  test('a file that is not open is asked for', () => {
    expect(trace(bootstrap([eds])).paths[0]).toMatchObject({
      disposition: 'insufficient_info',
      missing: [expect.stringMatching(/endpoints of `svc`.*EDS/)],
    });
  });

  test('a dump without endpoints asks for ?include_eds', () => {
    const listeners = (JSON.parse(bootstrap([])) as { static_resources: { listeners: object[] } }).static_resources.listeners;
    const dump = JSON.stringify({
      configs: [
        {
          '@type': 'type.googleapis.com/envoy.admin.v3.ListenersConfigDump',
          static_listeners: listeners.map((listener) => ({ listener })),
        },
        { '@type': 'type.googleapis.com/envoy.admin.v3.ClustersConfigDump', dynamic_active_clusters: [{ cluster: eds }] },
      ],
    });
    expect(trace({ 'dump.json': dump }).paths[0]?.missing).toEqual([expect.stringMatching(/\?include_eds/)]);
  });

  test('a draining host, which a dump calls UNHEALTHY, does not count for the health of its priority', () => {
    const listed = (draining: string): object => {
      const hosts = ['DRAINING', 'UNHEALTHY', 'HEALTHY'].map((health, index) => ({
        endpoint: { address: { socket_address: { address: `10.1.0.${index + 1}`, port_value: 80 } } },
        health_status: health === 'DRAINING' ? draining : health,
      }));
      return { cluster_name: 'c', endpoints: [{ lb_endpoints: hosts }] };
    };
    const listeners = (JSON.parse(bootstrap([])) as { static_resources: { listeners: object[] } }).static_resources.listeners;
    const dump = (own: string): string =>
      JSON.stringify({
        configs: [
          {
            '@type': 'type.googleapis.com/envoy.admin.v3.ListenersConfigDump',
            static_listeners: listeners.map((listener) => ({ listener })),
          },
          {
            '@type': 'type.googleapis.com/envoy.admin.v3.ClustersConfigDump',
            static_clusters: [{ cluster: { name: 'c', type: 'STATIC', load_assignment: listed(own) } }],
          },
          {
            '@type': 'type.googleapis.com/envoy.admin.v3.EndpointsConfigDump',
            static_endpoint_configs: [{ endpoint_config: listed('UNHEALTHY') }],
          },
        ],
      });
    expect(ways(trace({ 'dump.json': dump('DRAINING') }))).toEqual(['upstream 10.1.0.3:80 1']);
    // One of three is too few: panic.
    expect(ways(trace({ 'dump.json': dump('UNHEALTHY') }))).toHaveLength(3);
  });

  test('DNS names stay names', () => {
    const named = {
      name: 'c',
      type: 'STRICT_DNS',
      load_assignment: {
        endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 'svc.test', port_value: 80 } } } }] }],
      },
    };
    expect(ways(trace(bootstrap([named])))).toEqual(['upstream dns:svc.test:80 1']);
    expect(ways(trace(bootstrap([{ ...named, type: 'STATIC' }])))).toEqual(['config_rejected - 1']);
  });

  test.each<[string, object, [string, string][], string]>([
    ['no address at all', {}, [], 'no_endpoint - 1'],
    ['by header', { use_http_header: true }, [['x-envoy-original-dst-host', '1.2.3.4:81']], 'upstream 1.2.3.4:81 1'],
    [
      'by another header, with another port',
      { use_http_header: true, http_header_name: 'x-to', upstream_port_override: 15008 },
      [['x-to', '1.2.3.4:81']],
      'upstream 1.2.3.4:15008 1',
    ],
    ['no IP:PORT in it', { use_http_header: true }, [['x-envoy-original-dst-host', 'a.test:80']], 'no_endpoint - 1'],
  ])('ORIGINAL_DST: %s', (_, original_dst_lb_config, headers, expected) => {
    expect(
      ways(trace(bootstrap([{ name: 'c', type: 'ORIGINAL_DST', lb_policy: 'CLUSTER_PROVIDED', original_dst_lb_config }]), { headers })),
    ).toEqual([expected]);
  });

  const aggregateOf = (...clusters: string[]): object => ({
    name: 'c',
    lb_policy: 'CLUSTER_PROVIDED',
    cluster_type: {
      name: 'envoy.clusters.aggregate',
      typed_config: { '@type': 'type.googleapis.com/envoy.extensions.clusters.aggregate.v3.ClusterConfig', clusters },
    },
  });

  // Observed with Envoy 1.40: the priority is that of all hosts of the member, and the subset may have none of it.
  test('an aggregate: it chooses the priority before the member looks for its subset', () => {
    const endpoints = [
      group([
        { ip: '10.1.0.1', lb: { v: 'a' } },
        { ip: '10.1.0.2', health: 'UNHEALTHY' },
      ]),
      group([{ ip: '10.1.0.3' }], { priority: 1 }),
    ];
    const lb_subset_config = { fallback_policy: 'DEFAULT_SUBSET', default_subset: { v: 'a' }, subset_selectors: [{ keys: ['v'] }] };
    const result = trace(bootstrap([aggregateOf('one'), { name: 'one', load_assignment: { endpoints }, lb_subset_config }]));
    expect(ways(result)).toEqual(['upstream 10.1.0.1:80 0.7', 'no_endpoint - 0.3']);
  });

  test('an aggregate: the members’ priorities in one row', () => {
    const member = (name: string, endpoints: Endpoint[]): object => ({ name, load_assignment: { endpoints: [group(endpoints)] } });
    const result = trace(
      bootstrap([
        aggregateOf('empty', 'nobody', 'one', 'two'),
        member('empty', []),
        member('one', [{ ip: '10.1.0.1' }, { ip: '10.1.0.9', health: 'UNHEALTHY' }]),
        member('two', [{ ip: '10.2.0.1' }]),
      ]),
    );
    expect(ways(result)).toEqual(['upstream 10.1.0.1:80 0.7', 'upstream 10.2.0.1:80 0.3']);
    expect(result.paths.map(({ hops }) => [hops[0]?.cluster, hops[0]?.member])).toEqual([
      ['c', 'one'],
      ['c', 'two'],
    ]);
  });

  test('a dynamic forward proxy goes where the request says', () => {
    const dynamic = { name: 'c', lb_policy: 'CLUSTER_PROVIDED', cluster_type: { name: 'envoy.clusters.dynamic_forward_proxy' } };
    expect(ways(trace(bootstrap([dynamic]), { authority: 'any.test:8443' }))).toEqual(['upstream dns:any.test:8443 1']);
  });

  test('a type that nobody knows is not guessed', () => {
    expect(trace(bootstrap([{ name: 'c', cluster_type: { name: 'envoy.clusters.redis' } }])).paths[0]).toMatchObject({
      disposition: 'insufficient_info',
      missing: [expect.stringMatching(/envoy\.clusters\.redis/)],
    });
  });

  test('a cluster that is not there, or only may not be', () => {
    expect(trace(bootstrap([])).paths[0]).toMatchObject({ disposition: 'no_cluster', response: { code: 503, flags: ['NC'] } });
    expect(trace(bootstrap([], {}, { dynamic_resources: { cds_config: { ads: {} } } })).paths[0]).toMatchObject({
      disposition: 'insufficient_info',
      missing: [expect.stringMatching(/CDS/)],
    });
  });

  test('drop_overloads', () => {
    const dropping = (numerator: number): object => ({
      name: 'c',
      load_assignment: {
        endpoints: [group(web.slice(0, 1))],
        policy: { drop_overloads: [{ category: 'x', drop_percentage: { numerator } }] },
      },
    });
    expect(trace(bootstrap([dropping(100)])).paths[0]).toMatchObject({
      disposition: 'local_reply',
      response: { code: 503, flags: ['UDO'] },
    });
    expect(ways(trace(bootstrap([dropping(25)])))).toEqual(['upstream 10.1.0.1:80 0.75', 'local_reply - 0.25']);
  });
});
