/** Load balancing policies as extensions, sessions that override the host, and hosts that come with the request. */
import fc from 'fast-check';
import type { JsonObject, LabCase } from '../../labCase';
import { cluster, endpoint, extension, httpChain, httpRequest, listener, often, once, optional, typed, virtualHost } from '../parts';

const HEALTH = ['HEALTHY', 'HEALTHY', 'UNHEALTHY', 'DEGRADED', 'DRAINING'];

const localities = fc
  .array(
    fc.record({
      hosts: fc.array(fc.tuple(fc.constantFrom(...HEALTH), fc.constantFrom(1, 3), fc.constantFrom('v1', 'v2')), {
        minLength: 1,
        maxLength: 3,
      }),
      weight: fc.constantFrom(1, 4),
      priority: fc.constantFrom(0, 0, 1),
    }),
    { minLength: 1, maxLength: 2 },
  )
  .map((list) =>
    list.map(({ hosts, weight, priority }, at): JsonObject => ({
      locality: { zone: `z${at}` },
      load_balancing_weight: weight,
      priority: list.some((each) => each.priority === 0) ? priority : 0,
      lb_endpoints: hosts.map(([health_status, own, version], index) =>
        endpoint(`10.200.${at + 1}.${index + 1}`, 9080, {
          health_status,
          load_balancing_weight: own,
          metadata: { filter_metadata: { 'envoy.lb': { version } } },
        }),
      ),
    })),
  );

const wrap = (name: string, type: string, fields: JsonObject = {}): JsonObject => ({
  typed_extension_config: extension(name, `load_balancing_policies.${type}`, fields),
});

const localityConfig = fc.constantFrom<JsonObject[]>({}, {}, { locality_lb_config: { locality_weighted_lb_config: {} } });

const leaf: fc.Arbitrary<JsonObject> = fc.oneof(
  localityConfig.map((fields) => wrap('round_robin', 'round_robin.v3.RoundRobin', fields)),
  localityConfig.map((fields) => wrap('least_request', 'least_request.v3.LeastRequest', fields)),
  localityConfig.map((fields) => wrap('random', 'random.v3.Random', fields)),
  fc.constant(wrap('ring_hash', 'ring_hash.v3.RingHash')),
  fc.constant(wrap('maglev', 'maglev.v3.Maglev')),
);

const policies: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 3, arbitrary: leaf },
  {
    weight: 1,
    arbitrary: leaf.map((inner) => wrap('wrr', 'wrr_locality.v3.WrrLocality', { endpoint_picking_policy: { policies: [inner] } })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(leaf, fc.constantFrom('NO_FALLBACK', 'ANY_ENDPOINT'), fc.boolean())
      .map(([inner, fallback_policy, locality_weight_aware]) =>
        wrap('subset', 'subset.v3.Subset', {
          fallback_policy,
          locality_weight_aware,
          subset_selectors: [{ keys: ['version'] }],
          subset_lb_policy: { policies: [inner] },
        }),
      ),
  },
  {
    weight: 1,
    arbitrary: leaf.map((inner) =>
      wrap('override', 'override_host.v3.OverrideHost', {
        override_host_sources: [{ header: 'x-host' }, { header: 'x-other' }],
        fallback_policy: { policies: [inner] },
      }),
    ),
  },
);

const wanted = fc.constantFrom<JsonObject[]>({}, {}, { metadata_match: { filter_metadata: { 'envoy.lb': { version: 'v1' } } } });

export const loadBalancers: fc.Arbitrary<LabCase> = fc
  .record({
    localities,
    policy: policies,
    wanted,
    panic: fc.constantFrom(0, 50, 33.4, 66.6, undefined),
    other: fc.constantFrom<[string, string][]>([], [['x-other', '10.200.1.2:9080']]),
    hosts: fc.uniqueArray(
      fc.constantFrom('', '10.200.1.1:9080', '10.200.2.1:9080', '10.9.9.9:9080', 'nonsense', '10.200.1.1:9080,10.200.1.2:9080'),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
  })
  .map(({ localities: endpoints, policy, wanted: more, panic, other, hosts }) => {
    const fields: JsonObject = {
      load_balancing_policy: { policies: [policy] },
      ...(panic === undefined ? {} : { common_lb_config: { healthy_panic_threshold: { value: panic } } }),
    };
    const routes = [{ match: { prefix: '/' }, route: { cluster: '§c1', ...more } }];
    const requests = hosts.map((host) =>
      httpRequest({ headers: [...(host === '' ? [] : [['x-host', host] as [string, string]]), ...other] }),
    );
    return {
      area: 'load_balancing_policy',
      listeners: [listener('l', [httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)] })])],
      clusters: [cluster(1, { endpoints, fields })],
      requests: often(requests, 30),
    };
  });

const SESSIONS = ['', '10.200.1.1:9080', '10.200.1.2:9080', '10.9.9.9:9080', 'nonsense'];

const statuses = fc.option(fc.constantFrom<string[][]>(['HEALTHY'], ['HEALTHY', 'DRAINING'], ['UNHEALTHY']), { nil: undefined });

/** stateful_session: the host that a cookie or header names. */
export const sessions: fc.Arbitrary<LabCase> = fc
  .record({
    localities,
    byCookie: fc.boolean(),
    proto: fc.boolean(),
    path: fc.constantFrom('/', '/', '/a', ''),
    strict: fc.boolean(),
    failure: fc.constantFrom<JsonObject[]>({}, {}, { status_on_strict_destination_not_found: 410 }),
    statuses,
    wanted: fc.uniqueArray(fc.constantFrom(...SESSIONS), { minLength: 1, maxLength: 3 }),
  })
  .map(({ localities: endpoints, byCookie, proto, path: cookiePath, strict, failure, statuses: override, wanted: hosts }) => {
    const state: JsonObject = byCookie
      ? {
          name: 'envoy.http.stateful_session.cookie',
          typed_config: typed('http.stateful_session.cookie.v3.CookieBasedSessionState', { cookie: { name: 'session', path: cookiePath } }),
        }
      : {
          name: 'envoy.http.stateful_session.header',
          typed_config: typed('http.stateful_session.header.v3.HeaderBasedSessionState', { name: 'x-session' }),
        };
    const filter = extension('session', 'filters.http.stateful_session.v3.StatefulSession', { session_state: state, strict, ...failure });
    const fields: JsonObject = { common_lb_config: { ...(override ? { override_host_status: { statuses: override } } : {}) } };
    const routes = [{ match: { prefix: '/' }, route: { cluster: '§c1' } }];
    const requests = hosts.map((host) => {
      const message = Buffer.concat([Buffer.from([10, host.length]), Buffer.from(host)]);
      const value = (byCookie && proto ? message : Buffer.from(host)).toString('base64');
      return httpRequest({ headers: host === '' ? [] : [byCookie ? ['cookie', `session="${value}"`] : ['x-session', value]] });
    });
    return {
      area: 'stateful_session',
      listeners: [listener('l', [httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)] }, { httpFilters: [filter] })])],
      clusters: [cluster(1, { endpoints, fields })],
      requests: often(requests, 16),
    };
  });

/** A dynamic forward proxy to hosts that are addresses: no DNS is asked. */
export const dynamicForwardProxies: fc.Arbitrary<LabCase> = fc
  .record({
    override: fc.constantFrom<JsonObject[]>({}, { host_rewrite_literal: '10.97.0.55:9081' }, { host_rewrite_header: 'x-to' }),
    more: optional({ allow_insecure_cluster_options: fc.constant(true) }),
    filtered: fc.constantFrom(true, true, true, false),
    // A cluster for each host in place of a cache.
    sub: fc.option(optional({ lb_policy: fc.constantFrom('ROUND_ROBIN', 'RANDOM'), max_sub_clusters: fc.constant(50) }), {
      nil: undefined,
      freq: 2,
    }),
    state: fc.constantFrom<JsonObject[]>(
      {},
      {},
      { 'envoy.upstream.dynamic_host': '10.97.0.99' },
      { 'envoy.upstream.dynamic_host': '10.97.0.99', 'envoy.upstream.dynamic_port': '9081' },
      { 'envoy.upstream.dynamic_port': '9082' },
    ),
    reads: fc.boolean(),
    socket: fc.constantFrom<JsonObject[]>(
      {},
      {},
      { transport_socket: { name: 'raw', typed_config: typed('transport_sockets.raw_buffer.v3.RawBuffer') } },
    ),
    clusterType: fc.constantFrom('envoy.clusters.dynamic_forward_proxy', 'envoy.clusters.dynamic_forward_proxy', 'mine'),
    hosts: fc.array(
      fc.tuple(
        fc.constantFrom('10.97.0.77:9080', '10.97.0.77', '[2001:db8::9]:9080', 'a.test:9080'),
        fc.constantFrom('10.97.0.88:9082', undefined),
      ),
      { minLength: 1, maxLength: 2 },
    ),
  })
  .map(({ override, more, sub, state, reads, socket, filtered, clusterType, hosts }) => {
    const dns_cache_config: JsonObject = { name: '§dns', dns_lookup_family: 'ALL' };
    const filter = extension('dfp', 'filters.http.dynamic_forward_proxy.v3.FilterConfig', {
      ...(sub ? { sub_cluster_config: { cluster_init_timeout: '1s' } } : { dns_cache_config }),
      ...(reads ? { allow_dynamic_host_from_filter_state: true } : {}),
    });
    const objects = Object.entries(state).map(([object_key, inline_string]): JsonObject => ({
      object_key,
      format_string: { text_format_source: { inline_string } },
    }));
    const states =
      objects.length === 0 ? [] : [extension('state', 'filters.http.set_filter_state.v3.Config', { on_request_headers: objects })];
    const own: JsonObject = {
      name: '§c1',
      connect_timeout: '0.3s',
      lb_policy: 'CLUSTER_PROVIDED',
      cluster_type: {
        name: clusterType,
        typed_config: typed('clusters.dynamic_forward_proxy.v3.ClusterConfig', {
          ...(sub ? { sub_clusters_config: sub } : { dns_cache_config }),
          ...more,
        }),
      },
      ...socket,
    };
    const perRoute: JsonObject =
      Object.keys(override).length > 0
        ? { typed_per_filter_config: { dfp: typed('filters.http.dynamic_forward_proxy.v3.PerRouteConfig', override) } }
        : {};
    const routes = [{ match: { prefix: '/' }, route: { cluster: '§c1' }, ...perRoute }];
    const requests = hosts
      // A cluster that is made for a host is the whole process's: other cases would find it.
      .filter(([host]) => !sub || !host.startsWith('['))
      .filter(([host]) => host !== 'a.test:9080' || ('host_rewrite_literal' in override && filtered && clusterType !== 'mine'))
      .map(([authority, to]) => httpRequest({ authority, headers: to === undefined ? [] : [['x-to', to]] }));
    return {
      area: 'dynamic_forward_proxy',
      listeners: [
        listener('l', [
          httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)] }, { httpFilters: [...states, ...(filtered ? [filter] : [])] }),
        ]),
      ],
      clusters: [own],
      requests: once(requests.length > 0 ? requests : [httpRequest({ authority: '10.97.0.77:9080' })]),
    };
  });
