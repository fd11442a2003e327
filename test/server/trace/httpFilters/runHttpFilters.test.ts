import { describe, expect, test } from 'vitest';
import { any, fate, filter, filterPath, filterSteps, type FilterFixture } from './filterTrace';

const DENY_ALL = { rules: { action: 'DENY', policies: { p: { permissions: [{ any: true }], principals: [{ any: true }] } } } };
const DENIED = 'denied 403 rbac_access_denied_matched_policy[p]';
const FILTER_CONFIG = 'envoy.config.route.v3.FilterConfig';
const OFF = any(FILTER_CONFIG, { disabled: true });
const ON = any(FILTER_CONFIG, { config: {} });

const rbac = (more = {}): FilterFixture => ({ filters: [filter('rb', 'rbac.v3.RBAC', DENY_ALL, more)] });
const perFilter = (config: unknown, name = 'rb'): { typed_per_filter_config: Record<string, unknown> } => ({
  typed_per_filter_config: { [name]: config },
});

describe('a filter is off', () => {
  test('by its own flag, unless the route has any configuration for it', () => {
    expect(fate(rbac({ disabled: true }))).toBe('upstream a');
    expect(fate({ ...rbac({ disabled: true }), route: perFilter(ON) })).toBe(DENIED);
    expect(fate({ ...rbac({ disabled: true }), virtualHost: perFilter(any('rbac.v3.RBACPerRoute', { rbac: DENY_ALL })) })).toBe(DENIED);
  });

  test('by route, virtual host or route configuration, the most specific first', () => {
    expect(fate({ ...rbac(), route: perFilter(OFF) })).toBe('upstream a');
    expect(fate({ ...rbac(), virtualHost: perFilter(OFF) })).toBe('upstream a');
    expect(fate({ ...rbac(), routeConfiguration: perFilter(OFF) })).toBe('upstream a');
    expect(fate({ ...rbac(), virtualHost: perFilter(OFF), route: perFilter(ON) })).toBe(DENIED);
  });

  test('by the weighted cluster that is drawn', () => {
    const clusters = [{ name: 'a', weight: 100, ...perFilter(OFF) }];
    expect(fate({ ...rbac(), route: { route: { weighted_clusters: { clusters } } } })).toBe('upstream a');
  });

  test('by its name, not by its type', () => {
    expect(fate({ ...rbac(), route: perFilter(OFF, 'envoy.filters.http.rbac') })).toBe(DENIED);
  });

  test('and says where that stands', () => {
    const [step] = filterSteps(filterPath({ ...rbac(), route: perFilter(OFF) }));
    expect(step?.decision).toBe('filter `rb` is off');
    expect(step?.at?.pointer).toMatch(/routes\/0\/typed_per_filter_config\/rb$/);
  });
});

test('without a route, and for a redirect to https, the routes have no say', () => {
  const nowhere = {
    ...rbac({ disabled: true }),
    virtualHost: perFilter(ON),
    routes: [{ match: { prefix: '/zzz' }, route: { cluster: 'a' } }],
  };
  expect(fate(nowhere)).toBe('no_route 404 route_not_found');
  expect(fate({ ...rbac(), virtualHost: { require_tls: 'ALL', ...perFilter(OFF) } })).toBe(DENIED);
});

test('a later, less specific entry gives the configuration where the most specific gives none', () => {
  const virtualHost = perFilter(any('rbac.v3.RBACPerRoute'));
  expect(fate({ ...rbac(), virtualHost, route: perFilter(ON) })).toBe('upstream a');
});

describe('a filter by ECDS', () => {
  const discovery = { name: 'e', config_discovery: { config_source: { ads: {} }, type_urls: ['x'] } };

  test('that no file has cannot be told', () => {
    expect(fate({ filters: [discovery] })).toBe('insufficient_info');
  });

  test('runs with its default configuration', () => {
    const withDefault = {
      ...discovery,
      config_discovery: { ...discovery.config_discovery, default_config: any('rbac.v3.RBAC', DENY_ALL) },
    };
    expect(fate({ filters: [withDefault] })).toBe(DENIED);
  });
});

test('a TypedStruct names the filter inside', () => {
  const typed_config = {
    '@type': 'type.googleapis.com/xds.type.v3.TypedStruct',
    type_url: 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC',
    value: DENY_ALL,
  };
  expect(fate({ filters: [{ name: 'rb', typed_config }] })).toBe(DENIED);
});

describe('a filter of an unknown type', () => {
  test('decides', () => {
    const path = filterPath({ filters: [filter('mine', 'envoy.mine.v3.Mine')] });
    expect(path.disposition).toBe('insufficient_info');
    expect(path.missing?.[0]).toContain('`envoy.mine.v3.Mine`');
  });

  test('is left out where it is optional', () => {
    expect(fate({ filters: [filter('mine', 'envoy.mine.v3.Mine', {}, { is_optional: true })] })).toBe('upstream a');
  });
});

describe('the router', () => {
  test('must be the last', () => {
    expect(fate({ filters: [filter('first', 'router.v3.Router')] })).toBe('config_rejected');
    expect(fate({ ...rbac(), withoutRouter: true })).toBe('config_rejected');
  });

  test('is missing where there are no filters: nobody answers', () => {
    expect(fate({ filters: [], withoutRouter: true })).toBe('closed');
  });
});

test.each([
  'adaptive_concurrency.v3.AdaptiveConcurrency',
  'compressor.v3.Compressor',
  'grpc_stats.v3.FilterConfig',
  'tap.v3.Tap',
  'istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig',
  'stats.PluginConfig',
  'io.istio.http.peer_metadata.Config',
])('%s lets the request pass, and says what it does', (type) => {
  const path = filterPath({ filters: [filter('f', type)] });
  expect(path.disposition).toBe('upstream');
  expect(filterSteps(path)[0]?.because).not.toBe('');
});

test.each(['golang.v3alpha.Config', 'dynamic_modules.v3.DynamicModuleFilter', 'wasm.v3.Wasm', 'geoip.v3.Geoip'])(
  '%s leaves the way open',
  (type) => {
    expect(fate({ filters: [filter('f', type)] })).toBe('insufficient_info');
  },
);

test("Istio's built-in Wasm telemetry passes", () => {
  const config = { config: { vm_config: { code: { local: { inline_string: 'envoy.wasm.stats' } } } } };
  expect(fate({ filters: [filter('stats', 'wasm.v3.Wasm', config)] })).toBe('upstream a');
});
