/** Matchers, their inputs and conditions; formats. */
import { any, CUT, filter, LOST, missing, ROUTE, type Call, type Fields, type MissingCase, type World } from './missingCase';

const HTTP_INPUTS = 'envoy.type.matcher.v3.';
const HEADER = filter('h', `${HTTP_INPUTS}HttpRequestHeaderMatchInput`, { header_name: 'x' });
const toRoute: Fields = { action: { name: 'route', typed_config: any('envoy.config.route.v3.Route', ROUTE) } };
const matched = (matcher: unknown): World => ({ virtualHost: { routes: null, matcher } });
const tree = (input: unknown, map: unknown = { map: { 1: toRoute } }, more: Fields = {}): World =>
  matched({ matcher_tree: { input, exact_match_map: map }, ...more });
const predicate = (single: unknown): World =>
  matched({ matcher_list: { matchers: [{ predicate: single, on_match: toRoute }] }, on_no_match: toRoute });
const single = (fields: Fields): World => predicate({ single_predicate: { input: HEADER, ...fields } });
const sent: Call = { headers: { x: '1' } };
const PLAIN = single({ value_match: { exact: '1' } });
const nested = (levels: number): unknown =>
  levels === 0 ? { single_predicate: { input: HEADER, value_match: { exact: '1' } } } : { not_matcher: nested(levels - 1) };
const stacked = (levels: number): unknown =>
  levels === 0 ? toRoute : { matcher: { matcher_tree: { input: HEADER, exact_match_map: { map: { 1: stacked(levels - 1) } } } } };

const cases: readonly (readonly [name: string, without: World, plus?: World, asked?: Call])[] = [
  ['an input that is cut', tree(CUT)],
  ['an input of its own', tree(filter('i', 'envoy.matching.inputs.acme.v3.Acme'))],
  [
    'an input of the environment',
    tree(filter('i', 'envoy.extensions.matching.common_inputs.environment_variable.v3.Config', { name: 'X' })),
  ],
  ['a map that is cut', matched({ matcher_tree: { input: HEADER, [LOST]: CUT } })],
  ['entries that are cut', tree(HEADER, { map: { 2: toRoute, [LOST]: CUT } })],
  ['the rest of a matcher', tree(HEADER, { map: { 2: toRoute } }, { [LOST]: CUT })],
  ['what follows', tree(HEADER, { map: { 1: CUT } })],
  ['a tree of its own', matched({ matcher_tree: { input: HEADER, custom_match: filter('t', 'envoy.matching.trees.acme.v3.Acme') } })],
  ['a condition that is cut', predicate(CUT)],
  ['a condition of an unknown kind', predicate({ unheard_of: {} })],
  ['a condition without end', predicate(nested(102))],
  ['a matcher without end', matched((stacked(200) as { matcher: unknown }).matcher)],
  ['what is compared', single({ value_match: CUT })],
  [
    'what is compared in a way of its own',
    single({ value_match: { custom: { name: 'c', typed_config: any('envoy.extensions.string_matcher.acme.v3.Acme') } } }),
  ],
  ['a matcher of inputs of its own', single({ custom_match: filter('m', 'envoy.matching.input_matchers.acme.v3.Acme') })],
];

const value = (text: string): World => ({
  routes: [{ match: { prefix: '/', headers: [{ name: 'y', string_match: { exact: '1' } }] }, route: { cluster: 'a' } }, ROUTE],
  http: [
    filter('m', 'header_mutation.v3.HeaderMutation', {
      mutations: { request_mutations: [{ append: { header: { key: 'y', value: text } } }] },
    }),
    filter('l', 'lua.v3.Lua', { default_source_code: { inline_string: 'function envoy_on_request(h) h:clearRouteCache() end' } }),
  ],
});

const formats: readonly (readonly [name: string, text: string, asked: Call, plus?: Call])[] = [
  ['a text that is kept back', '[redacted]', {}],
  ['what only runs', '%START_TIME%', {}],
  ['who calls', '%DOWNSTREAM_REMOTE_ADDRESS%', { connection: { source: undefined } }, {}],
  ['from which port', '%DOWNSTREAM_REMOTE_PORT%', { connection: { source: '10.9.9.9' } }, {}],
];

export const matcherCases: readonly MissingCase[] = [
  ...cases.map(([name, without, plus = PLAIN, asked = sent]) => missing(name, { world: without, call: asked }, { world: plus })),
  ...formats.map(([name, text, asked, plus]) =>
    missing(`a header: ${name}`, { world: value(text), call: asked }, plus ? { call: plus } : { world: value('1') }),
  ),
];
