import { describe, expect, test } from 'vitest';
import type { RequestHttp, Trace } from '../../../../server/src/protocol/trace';
import { traceOf } from '../support/traceOf';

const HCM = 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
const ROUTER = 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router';

type Endpoint = { ip: string; health?: string; weight?: number; lb?: object; match?: object };

function lbEndpoint({ ip, health, weight, lb, match }: Endpoint): object {
  const filter_metadata = { ...(lb && { 'envoy.lb': lb }), ...(match && { 'envoy.transport_socket_match': match }) };
  return {
    endpoint: { address: { socket_address: { address: ip, port_value: 80 } } },
    ...(health && { health_status: health }),
    ...(weight && { load_balancing_weight: weight }),
    ...(Object.keys(filter_metadata).length > 0 && { metadata: { filter_metadata } }),
  };
}

const group = (endpoints: Endpoint[], more: object = {}): object => ({ lb_endpoints: endpoints.map(lbEndpoint), ...more });
const cluster = (groups: object[], more: object = {}): object => ({
  name: 'c',
  load_assignment: { cluster_name: 'c', endpoints: groups },
  ...more,
});

function bootstrap(clusters: object[], route: object = {}, more: object = {}): string {
  const route_config = {
    name: 'r',
    virtual_hosts: [{ name: 'v', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'c', ...route } }] }],
  };
  const manager = { '@type': HCM, stat_prefix: 'h', route_config, http_filters: [{ name: 'router', typed_config: { '@type': ROUTER } }] };
  const listener = {
    name: 'l',
    address: { socket_address: { address: '0.0.0.0', port_value: 8080 } },
    filter_chains: [{ filters: [{ name: 'h', typed_config: manager }] }],
  };
  return JSON.stringify({ static_resources: { listeners: [listener], clusters }, ...more });
}

function trace(files: string | Record<string, string>, http: Partial<RequestHttp> = {}, more: object = {}): Trace {
  const request = {
    version: 'http1' as const,
    method: 'GET',
    scheme: 'http' as const,
    authority: 'a.test',
    path: '/',
    headers: [],
    ...http,
  };
  return traceOf(files, { connection: { destination: '10.0.0.1:8080' }, http: request, ...more });
}

/** Each path as `disposition address share`. */
function ways(result: Trace): string[] {
  return result.paths.map(({ disposition, probability, hops }) =>
    [disposition, hops.at(-1)?.endpoint?.address ?? '-', probability === null ? '?' : Number(probability.toFixed(3))].join(' '),
  );
}

const web: Endpoint[] = [{ ip: '10.1.0.1' }, { ip: '10.1.0.2' }];

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
    const shares = trace(bootstrap([cluster(groups, { common_lb_config: { locality_weighted_lb_config: {} } })])).paths.map(
      ({ probability }) => probability,
    );
    expect(shares[0]).toBeCloseTo(2.1 / 3.1);
    expect(shares[1]).toBeCloseTo(1 / 3.1);
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

describe('weights of localities in subsets', () => {
  const groups = [
    group([{ ip: '10.1.0.1', lb: { version: 'v1' } }, { ip: '10.1.0.2', lb: { version: 'v2' } }], { locality: { zone: 'a' }, load_balancing_weight: 8 }), // prettier-ignore
    group([{ ip: '10.2.0.1', lb: { version: 'v1' } }], { locality: { zone: 'b' }, load_balancing_weight: 1 }),
  ];
  test.each<[object, string[]]>([
    [{}, ['upstream 10.1.0.1:80 0.5', 'upstream 10.2.0.1:80 0.5']],
    [{ locality_weight_aware: true }, ['upstream 10.1.0.1:80 0.889', 'upstream 10.2.0.1:80 0.111']],
    [{ locality_weight_aware: true, scale_locality_weight: true }, ['upstream 10.1.0.1:80 0.8', 'upstream 10.2.0.1:80 0.2']],
  ])('%j', (more, expected) => {
    const own = cluster(groups, {
      common_lb_config: { locality_weighted_lb_config: {} },
      lb_subset_config: { subset_selectors: [{ keys: ['version'] }], ...more },
    });
    const files = bootstrap([own], { metadata_match: { filter_metadata: { 'envoy.lb': { version: 'v1' } } } });
    expect(ways(trace(files))).toEqual(expected);
  });
});

describe('subsets', () => {
  const hosts = [
    group([{ ip: '10.1.0.1', lb: { version: 'v1' } }, { ip: '10.1.0.2', lb: { version: 'v2', stage: 'p' } }, { ip: '10.1.0.3' }]),
  ];
  const wanting = (subset: object, lb: object): string[] =>
    ways(
      trace(
        bootstrap(
          [cluster(hosts, { lb_subset_config: { subset_selectors: [{ keys: ['version'] }, { keys: ['stage', 'version'] }], ...subset } })],
          { metadata_match: { filter_metadata: { 'envoy.lb': lb } } },
        ),
      ),
    );
  const all = ['upstream 10.1.0.1:80 0.333', 'upstream 10.1.0.2:80 0.333', 'upstream 10.1.0.3:80 0.333'];

  test.each<[string, object, object, string[]]>([
    ['the subset', {}, { version: 'v1' }, ['upstream 10.1.0.1:80 1']],
    ['two keys', {}, { version: 'v2', stage: 'p' }, ['upstream 10.1.0.2:80 1']],
    ['a key that no selector has', {}, { stage: 'p' }, ['no_endpoint - 1']],
    ['redundant keys', { allow_redundant_keys: true }, { version: 'v1', other: 'x' }, ['upstream 10.1.0.1:80 1']],
    ['ANY_ENDPOINT', { fallback_policy: 'ANY_ENDPOINT' }, { version: 'v9' }, all],
    [
      'DEFAULT_SUBSET',
      { fallback_policy: 'DEFAULT_SUBSET', default_subset: { version: 'v2' } },
      { version: 'v9' },
      ['upstream 10.1.0.2:80 1'],
    ],
    [
      'panic_mode_any after an empty default',
      { fallback_policy: 'DEFAULT_SUBSET', default_subset: { version: 'v8' }, panic_mode_any: true },
      { version: 'v9' },
      all,
    ],
    ['panic_mode_any does nothing with NO_FALLBACK', { panic_mode_any: true }, { version: 'v9' }, ['no_endpoint - 1']],
    [
      'the selector’s own policy',
      { fallback_policy: 'NO_FALLBACK', subset_selectors: [{ keys: ['version'], fallback_policy: 'ANY_ENDPOINT' }] },
      { version: 'v9' },
      all,
    ],
    [
      'KEYS_SUBSET',
      {
        subset_selectors: [
          { keys: ['version'] },
          { keys: ['stage', 'version'], fallback_policy: 'KEYS_SUBSET', fallback_keys_subset: ['version'] },
        ],
      },
      { version: 'v1', stage: 'q' },
      ['upstream 10.1.0.1:80 1'],
    ],
    [
      'FALLBACK_LIST',
      { metadata_fallback_policy: 'FALLBACK_LIST' },
      { fallback_list: [{ version: 'v9' }, { version: 'v1' }] },
      ['upstream 10.1.0.1:80 1'],
    ],
    [
      'the first host alone, whatever its health',
      { subset_selectors: [{ keys: ['version'], single_host_per_subset: true }] },
      { version: 'v1' },
      ['upstream 10.1.0.1:80 1'],
    ],
    [
      'no fallback of a selector with whose keys an earlier one begins',
      {
        fallback_policy: 'NO_FALLBACK',
        subset_selectors: [{ keys: ['stage', 'version'] }, { keys: ['stage'], fallback_policy: 'ANY_ENDPOINT' }],
      },
      { stage: 'none' },
      ['no_endpoint - 1'],
    ],
  ])('%s', (_, subset, lb, expected) => {
    expect(wanting(subset, lb)).toEqual(expected);
  });
});

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

  test('an aggregate: the members’ priorities in one row', () => {
    const aggregate = {
      name: 'c',
      lb_policy: 'CLUSTER_PROVIDED',
      cluster_type: {
        name: 'envoy.clusters.aggregate',
        typed_config: {
          '@type': 'type.googleapis.com/envoy.extensions.clusters.aggregate.v3.ClusterConfig',
          clusters: ['empty', 'nobody', 'one', 'two'],
        },
      },
    };
    const member = (name: string, endpoints: Endpoint[]): object => ({ name, load_assignment: { endpoints: [group(endpoints)] } });
    const result = trace(
      bootstrap([
        aggregate,
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
