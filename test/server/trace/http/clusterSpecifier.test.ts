/** Cluster specifier plugins in Lua, and optional ones (each case as a real Envoy 1.40 did it). */
import { describe, expect, test } from 'vitest';
import { hopOf, onlyPath } from '../support/traceOf';
import { httpTrace } from './httpTrace';

const TYPE = 'type.googleapis.com/envoy.extensions';

function fate(plugin: string): string {
  const routes = `{name: rc, cluster_specifier_plugins: [${plugin}], virtual_hosts: [{name: v, domains: ["*"], routes: [{name: one, match: {prefix: /}, route: {cluster_specifier_plugin: p}}, {name: two, match: {prefix: /}, route: {cluster: c}}]}]}`;
  const headers: [string, string][] = [
    ['z', '1'],
    ['z', '2'],
  ];
  const path = onlyPath(httpTrace({ routes }, { headers, path: '/a' }));
  const [hop] = path.hops;
  return path.disposition === 'upstream' ? `${hopOf(path).route?.name ?? ''} ${hop?.cluster ?? ''}` : path.disposition;
}

const lua = (code: string, fallback = 'b'): string =>
  `{extension: {name: p, typed_config: {"@type": ${TYPE}.router.cluster_specifiers.lua.v3.LuaConfig, source_code: {inline_string: ${JSON.stringify(code)}}, default_cluster: "${fallback}"}}}`;
const onRoute = (body: string, fallback?: string): string => lua(`function envoy_on_route(h) ${body} end`, fallback);

describe('a Lua script', () => {
  test.each([
    ['return "a"', 'one a'],
    ['if h:headers():get("z") == "1,2" then return "a" end return "none"', 'one a'],
    ['return h:headers():get(":path"):sub(2)', 'one a'],
    ['return h:getCluster("a") and "a" or "b"', 'one a'],
    ['return h:getCluster("none") == nil and "a" or "b"', 'one a'],
    ['h:logInfo("x") return "a"', 'one a'],
    ['return nil', 'one b'],
    ['return true', 'one b'],
    ['error("x")', 'one b'],
    ['h:headers():add("y", "1") return "a"', 'one b'],
    ['local x = h:metadata() return "a"', 'one b'],
    ['return 5', 'no_cluster'],
    ['return "none"', 'no_cluster'],
    ['if h:getCluster("a"):numRequests() > 5 then return "b" end return "a"', 'insufficient_info'],
    ['if os.time() > 5 then return "a" end return "a"', 'one a'],
    ['return os.getenv("CLUSTER")', 'insufficient_info'],
  ])('%s: %s', (body, expected) => {
    expect(fate(onRoute(body))).toBe(expected);
  });

  test('needs its function, and without a default names no cluster', () => {
    expect(fate(lua('x = 1'))).toBe('config_rejected');
    expect(fate(onRoute('return nil', ''))).toBe('no_cluster');
    expect(fate(lua('function'))).toBe('insufficient_info');
  });
});

test('a route whose optional plugin Envoy does not have is passed over', () => {
  const foreign = `extension: {name: p, typed_config: {"@type": ${TYPE}.filters.http.cors.v3.Cors}}`;
  expect(fate(`{${foreign}, is_optional: true}`)).toBe('two c');
  expect(fate(`{${foreign}}`)).toBe('insufficient_info');
});

test('of priority groups the first one is drawn from, by a header where one is named', () => {
  const groups = `[{name: g, clusters: [{cluster_name: a, weight: 1}, {cluster_name: b, weight: 3}]}, {name: h, clusters: [{cluster_name: c, weight: 1}]}]`;
  const config = `{"@type": ${TYPE}.router.cluster_specifiers.priority_group.v3.PriorityGroupClusterSpecifier, header_name: "y", override_metadata_namespace: o, priority_groups: ${groups}}`;
  const route = `{match: {prefix: /}, route: {inline_cluster_specifier_plugin: {extension: {name: p, typed_config: ${config}}}}}`;
  const routes = `{name: rc, virtual_hosts: [{name: v, domains: ["*"], routes: [${route}]}]}`;
  const drawn = (y?: string) => httpTrace({ routes }, { headers: y === undefined ? {} : { y } }).paths.map(({ hops }) => hops[0]?.cluster);
  expect([drawn('0'), drawn('2'), drawn()]).toEqual([['a'], ['b'], ['b', 'a']]);
});

test('a matcher that keeps matching makes Envoy crash where the request runs into it', () => {
  const to = (name: string, more = ''): string =>
    `{${more}action: {name: a, typed_config: {"@type": ${TYPE}.router.cluster_specifiers.matcher.v3.ClusterAction, cluster: ${name}}}}`;
  const input = '{name: i, typed_config: {"@type": type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput, header_name: z}}';
  const by = (key: string): string =>
    `{extension: {name: p, typed_config: {"@type": ${TYPE}.router.cluster_specifiers.matcher.v3.MatcherClusterSpecifier, cluster_matcher: {matcher_tree: {input: ${input}, exact_match_map: {map: {"${key}": ${to('b', 'keep_matching: true, ')}}}}, on_no_match: ${to('a')}}}}}`;
  expect(fate(by('1,2'))).toBe('closed');
  expect(fate(by('other'))).toBe('one a');
});
