/** Which endpoint of a cluster: health, priorities, localities, subsets, aggregates, original destination. */
import fc from 'fast-check';
import type { JsonObject, LabCase } from '../../labCase';
import { cluster, endpoint, extension, httpChain, httpRequest, listener, often, once, optional, tcpProxy, virtualHost } from '../parts';

const HEALTH = ['HEALTHY', 'HEALTHY', 'UNHEALTHY', 'DEGRADED', 'DRAINING', 'UNKNOWN', 'TIMEOUT'];

const localities = fc
  .array(
    fc.record({
      hosts: fc.array(fc.tuple(fc.constantFrom(...HEALTH), fc.constantFrom('v1', 'v2')), { minLength: 0, maxLength: 4 }),
      priority: fc.constantFrom(0, 0, 1),
      weight: fc.constantFrom(1, 2, 5),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map(withoutGaps)
  .map((list) =>
    list.map(({ hosts, priority, weight }, at): JsonObject => ({
      locality: { zone: `z${at}` },
      priority,
      load_balancing_weight: weight,
      lb_endpoints: hosts.map(([health_status, version], host) =>
        endpoint(`10.200.${at + 1}.${host + 1}`, 9080, {
          health_status,
          metadata: { filter_metadata: { 'envoy.lb': { version, stage: `s${host % 2}` } } },
        }),
      ),
    })),
  );

/** Priorities begin at 0 and leave none out. */
function withoutGaps<Locality extends { priority: number }>(list: Locality[]): Locality[] {
  return list.some(({ priority }) => priority === 0) ? list : list.map((each) => ({ ...each, priority: 0 }));
}

const policy = fc.constantFrom<JsonObject[]>({}, { lb_policy: 'ROUND_ROBIN' }, { lb_policy: 'RANDOM' }, { lb_policy: 'LEAST_REQUEST' });

const common = optional({
  healthy_panic_threshold: fc.constantFrom(0, 50, 100).map((value) => ({ value })),
  locality_weighted_lb_config: fc.constant({}),
});

export const clusterHealth = fc
  .record({ localities, policy, common, factor: fc.constantFrom(100, 140, 200) })
  .map(({ localities: endpoints, policy: lb, common: common_lb_config, factor }): LabCase => {
    const own = cluster(1, { endpoints, fields: { ...lb, common_lb_config } });
    const assignment = { ...(own['load_assignment'] as JsonObject), policy: { overprovisioning_factor: factor } };
    return httpCase('cluster_health', [{ ...own, load_assignment: assignment }], { cluster: '§c1' });
  });

export const clusterSubset = fc
  .record({
    localities,
    fallback: fc.constantFrom<JsonObject[]>(
      { fallback_policy: 'NO_FALLBACK' },
      { fallback_policy: 'ANY_ENDPOINT' },
      { fallback_policy: 'DEFAULT_SUBSET', default_subset: { version: 'v1' } },
    ),
    selectors: fc.constantFrom<JsonObject[][]>(
      [{ keys: ['version'] }],
      [{ keys: ['version'] }, { keys: ['stage', 'version'] }],
      [{ keys: ['stage'] }],
    ),
    wanted: fc.constantFrom<JsonObject[]>(
      { version: 'v1' },
      { version: 'v2' },
      { version: 'v3' },
      { stage: 's1' },
      { version: 'v1', stage: 's0' },
      {},
    ),
  })
  .map(({ localities: endpoints, fallback, selectors, wanted }): LabCase => {
    const own = cluster(1, {
      endpoints,
      fields: {
        lb_subset_config: { ...fallback, subset_selectors: selectors },
        common_lb_config: { healthy_panic_threshold: { value: 0 } },
      },
    });
    const metadata_match = { filter_metadata: { 'envoy.lb': wanted } };
    return httpCase('cluster_subset', [own], { cluster: '§c1', ...(Object.keys(wanted).length > 0 ? { metadata_match } : {}) });
  });

export const clusterAggregate = fc.tuple(localities, localities).map(([one, other]): LabCase => {
  const panic = { common_lb_config: { healthy_panic_threshold: { value: 0 } } };
  const members = [cluster(1, { endpoints: one, fields: panic }), cluster(2, { endpoints: other, fields: panic })];
  const type = 'type.googleapis.com/envoy.extensions.clusters.aggregate.v3.ClusterConfig';
  const whole: JsonObject = {
    name: '§agg',
    connect_timeout: '1s',
    lb_policy: 'CLUSTER_PROVIDED',
    cluster_type: { name: 'envoy.clusters.aggregate', typed_config: { '@type': type, clusters: ['§c1', '§c2'] } },
  };
  return httpCase('cluster_aggregate', [...members, whole], { cluster: '§agg' });
});

function httpCase(area: string, clusters: readonly JsonObject[], route: JsonObject): LabCase {
  const routes = [{ match: { prefix: '/' }, route }];
  const listeners = [listener('l', [httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)] })])];
  return { area, listeners, clusters, requests: often([httpRequest({})], 40) };
}

const DESTINATIONS = ['10.200.7.7:9080', '10.200.8.8:9081', 'nonsense', '10.200.9.9', ''];

/** The destination comes with the request. */
export const originalDestination: fc.Arbitrary<LabCase> = fc
  .record({
    header: fc.constantFrom<JsonObject[]>(
      {},
      { use_http_header: true },
      { use_http_header: true },
      { use_http_header: true, http_header_name: 'x-to' },
    ),
    port: optional({ upstream_port_override: fc.constantFrom(9081, 9082) }),
    wanted: fc.array(fc.tuple(fc.constantFrom(...DESTINATIONS), fc.constantFrom(...DESTINATIONS)), { minLength: 2, maxLength: 4 }),
  })
  .map(({ header, port, wanted }) => {
    const config: JsonObject = { ...header, ...port };
    const own: JsonObject = {
      name: '§c1',
      type: 'ORIGINAL_DST',
      lb_policy: 'CLUSTER_PROVIDED',
      connect_timeout: '1s',
      original_dst_lb_config: config,
    };
    const routes = [{ match: { prefix: '/' }, route: { cluster: '§c1' } }];
    const requests = wanted.map(([usual, other]) => {
      const headers: [string, string][] = [['x-envoy-original-dst-host', usual], ['x-to', other]]; // prettier-ignore
      return httpRequest({ headers: headers.filter(([, value]) => value !== '') });
    });
    const listeners = [listener('l', [httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)] })])];
    return { area: 'original_destination', listeners, clusters: [own], requests: once(requests) };
  });

/** tcp_proxy: weights, endpoint metadata, a cluster that is the SNI. */
export const tcpRouting: fc.Arbitrary<LabCase> = fc
  .record({
    weights: fc.array(fc.constantFrom(1, 3), { minLength: 2, maxLength: 3 }),
    localities,
    wanted: fc.constantFrom('v1', 'v2', 'v3'),
    kind: fc.constantFrom('weights', 'subset', 'sni'),
  })
  .map(({ weights, localities: endpoints, wanted, kind }): LabCase => {
    const raw = { connection: { destination: '10.1.1.1:20000', source: '10.1.2.3', transport: 'raw_buffer' as const } };
    if (kind === 'weights') {
      const weighted_clusters = { clusters: weights.map((weight, index) => ({ name: `§c${index + 1}`, weight })) };
      const all = weights.map((_, index) => cluster(index + 1));
      return {
        area: 'tcp_routing',
        listeners: [listener('l', [{ name: 'f', filters: [tcpProxy({ weighted_clusters })] }])],
        clusters: all,
        requests: often([raw]),
      };
    }
    if (kind === 'sni') {
      const sni = extension('sni_cluster', 'filters.network.sni_cluster.v3.SniCluster');
      const inspector = extension('tls_inspector', 'filters.listener.tls_inspector.v3.TlsInspector');
      const named = (name: string): LabCase['requests'][number] => ({
        repeat: 1,
        request: { ...httpRequest({}, { transport: 'tls', sni: name }) },
      });
      const chains = [{ name: 'f', filters: [sni, tcpProxy({ cluster: '§c1' })] }];
      const other = { ...cluster(2), name: 'in.test' };
      return {
        area: 'tcp_routing',
        listeners: [listener('l', chains, { listener_filters: [inspector] })],
        clusters: [cluster(1), { ...other, name: '§c2' }],
        requests: [named('s.test'), named('§c2')],
      };
    }
    const subset = {
      lb_subset_config: { fallback_policy: 'NO_FALLBACK', subset_selectors: [{ keys: ['version'] }] },
      common_lb_config: { healthy_panic_threshold: { value: 0 } },
    };
    const metadata_match = { filter_metadata: { 'envoy.lb': { version: wanted } } };
    const chains = [{ name: 'f', filters: [tcpProxy({ cluster: '§c1', metadata_match })] }];
    return {
      area: 'tcp_routing',
      listeners: [listener('l', chains)],
      clusters: [cluster(1, { endpoints, fields: subset })],
      requests: often([raw], 40),
    };
  });
