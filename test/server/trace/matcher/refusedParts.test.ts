/** What a unified matcher does not take at its place ends a trace: Envoy does not load it. */
import { describe, expect, test } from 'vitest';
import { any, filter, filterTrace } from '../httpFilters/filterTrace';
import { hopOf, onlyPath, stepsOf, tcp, traceOf } from '../support/traceOf';

type Fields = Readonly<Record<string, unknown>>;

const QUERY = 'envoy.type.matcher.v3.HttpRequestQueryParamMatchInput';
const HEADER = 'envoy.type.matcher.v3.HttpRequestHeaderMatchInput';
const ROUTE = any('envoy.config.route.v3.Route', { match: { prefix: '/' }, route: { cluster: 'a' } });
const POLICY = any('envoy.config.rbac.v3.Action', { name: 'p', action: 'ALLOW' });

function matcherOf(input: string, action: Fields): Fields {
  const field = input === QUERY ? { query_param: 'q' } : { header_name: 'x' };
  const map = { v: { action: { name: 'a', typed_config: action } } };
  return { matcher_tree: { input: { name: 'i', typed_config: any(input, field) }, exact_match_map: { map } } };
}

function inVirtualHost(matcher: Fields): [string, string | undefined] {
  const trace = filterTrace({ filters: [], virtualHost: { routes: null, matcher } }, { path: '/?q=v', headers: { x: 'v' } });
  const path = onlyPath(trace);
  return [path.disposition, stepsOf(hopOf(path), 'route')[0]?.because];
}

test('an input of a virtual host’s matcher that is no header', () => {
  expect(inVirtualHost(matcherOf(QUERY, ROUTE))).toEqual([
    'config_rejected',
    'a route matcher cannot look at `HttpRequestQueryParamMatchInput`',
  ]);
  expect(inVirtualHost(matcherOf(HEADER, ROUTE))[0]).toBe('upstream');
});

test('an action that is no route', () => {
  expect(inVirtualHost(matcherOf(HEADER, POLICY))).toEqual(['config_rejected', 'a route matcher has no action `Action`']);
});

test('an input of the RBAC filter, in a nested matcher too', () => {
  const nested = { on_no_match: { matcher: matcherOf(QUERY, POLICY) } };
  const path = onlyPath(filterTrace({ filters: [filter('r', 'rbac.v3.RBAC', { matcher: nested })] }, {}));
  expect(path.disposition).toBe('config_rejected');
  const [step] = stepsOf(hopOf(path), 'http_filter');
  expect(step?.because).toBe('the matcher of the RBAC HTTP filter cannot look at `HttpRequestQueryParamMatchInput`');
  expect(step?.at?.pointer).toMatch(/\/on_no_match\/matcher\/matcher_tree\/input\/typed_config\/@type$/);
});

test('an input of requests where connections are matched', () => {
  const filter_chain_matcher = matcherOf(HEADER, any('google.protobuf.StringValue', { value: 'c' }));
  const listener = {
    name: 'l',
    address: { socket_address: { address: '0.0.0.0', port_value: 80 } },
    filter_chains: [{ name: 'c', filters: [filter('e', 'envoy.extensions.filters.network.echo.v3.Echo')] }],
    filter_chain_matcher,
  };
  const path = onlyPath(traceOf(JSON.stringify({ static_resources: { listeners: [listener] } }), tcp('10.0.0.1:80')));
  expect(path.disposition).toBe('config_rejected');
  expect(stepsOf(hopOf(path), 'filter_chain')[0]?.because).toBe('a filter chain matcher cannot look at `HttpRequestHeaderMatchInput`');
});

describe('keep_matching', () => {
  const keeping = (type: string, config: Fields): Fields => {
    const on_match = { keep_matching: true, action: { name: 'a', typed_config: any(type, config) } };
    return {
      matcher_tree: { input: { name: 'i', typed_config: any(HEADER, { header_name: 'x' }) }, exact_match_map: { map: { v: on_match } } },
    };
  };
  const inFilter = (name: string, type: string, config: Fields): string | undefined => {
    const path = onlyPath(filterTrace({ filters: [filter(name, type, config)] }, { headers: { x: 'other' } }));
    expect(path.disposition).toBe('config_rejected');
    return stepsOf(hopOf(path), 'http_filter')[0]?.because;
  };
  const SKIP = 'envoy.extensions.filters.common.matcher.action.v3.SkipFilter';

  test('in a virtual host, whether the request reaches it or not', () => {
    const matcher = keeping('envoy.config.route.v3.Route', { match: { prefix: '/' }, route: { cluster: 'a' } });
    expect(inVirtualHost(matcher)).toEqual(['config_rejected', 'a route matcher does not support `keep_matching`']);
  });

  test('in filters', () => {
    const policy = keeping('envoy.config.rbac.v3.Action', { name: 'p', action: 'ALLOW' });
    expect(inFilter('r', 'rbac.v3.RBAC', { matcher: policy })).toBe('the matcher of the RBAC HTTP filter does not support `keep_matching`');
    const delegate = { xds_matcher: keeping(SKIP, {}), extension_config: filter('b', 'buffer.v3.Buffer', { max_request_bytes: 9 }) };
    expect(inFilter('d', 'envoy.extensions.common.matching.v3.ExtensionWithMatcher', delegate)).toBe(
      'the matcher of a filter does not support `keep_matching`',
    );
    expect(inFilter('c', 'composite.v3.Composite', { matcher: keeping(SKIP, {}) })).toBe(
      'the matcher of the composite filter does not support `keep_matching`',
    );
  });
});
