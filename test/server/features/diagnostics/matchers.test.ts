/** Unified matchers at the places that have one: each case was asked of `envoy --mode validate`. */
import { describe, expect, test } from 'vitest';
import { problemsIn, refusals } from './refusals';

const extension = (type: string, fields: object = {}): object => ({
  name: 'x',
  typed_config: { '@type': `type.googleapis.com/${type}`, ...fields },
});
const HEADER = extension('envoy.type.matcher.v3.HttpRequestHeaderMatchInput', { header_name: 'x-a' });
const SOURCE = extension('envoy.extensions.matching.common_inputs.network.v3.SourceIPInput');
const CEL = extension('xds.type.matcher.v3.HttpAttributesCelMatchInput');
const RESPONSE = extension('envoy.extensions.http.custom_response.local_response_policy.v3.LocalResponsePolicy', { status_code: 500 });
const ROUTER = extension('envoy.extensions.filters.http.router.v3.Router');
const NOTHING = { name: 'x', typed_config: {} };

const list = (single: object, action: object, onMatch: object = {}): object => ({
  matcher_list: { matchers: [{ predicate: { single_predicate: single }, on_match: { action, ...onMatch } }] },
});
const text = (input: object): object => ({ input, value_match: { exact: 'a' } });
const custom = (matcher: object): object =>
  extension('envoy.extensions.filters.http.custom_response.v3.CustomResponse', { custom_response_matcher: matcher });
const composite = (matcher: object): object => extension('envoy.extensions.filters.http.composite.v3.Composite', { matcher });
const datagrams = (matcher: object): object =>
  extension('envoy.extensions.filters.udp.udp_proxy.v3.UdpProxyConfig', { stat_prefix: 'x', matcher });
const CLUSTER = extension('envoy.extensions.filters.udp.udp_proxy.v3.Route', { cluster: 'c' });
const GENERIC = 'envoy.extensions.filters.network.generic_proxy';
const ACTION = extension(`${GENERIC}.action.v3.RouteAction`, { cluster: 'c' });
const generic = (routes: object): object =>
  extension(`${GENERIC}.v3.GenericProxy`, {
    stat_prefix: 'x',
    codec_config: extension(`${GENERIC}.codecs.http1.v3.Http1CodecConfig`),
    filters: [extension(`${GENERIC}.router.v3.Router`)],
    route_config: { name: 'x', routes },
  });
const KEEP = { keep_matching: true };

describe('refused', () => {
  const serverNames = extension('xds.type.matcher.v3.ServerNameMatcher', {
    domain_matchers: [{ domains: ['a.com'], on_match: { action: CLUSTER } }],
  });
  const celText = extension('xds.type.matcher.v3.CelMatcher', { expr_match: { cel_expr_string: 'true' } });
  test.each([
    ['an action of another place', custom(list(text(HEADER), CLUSTER)), 'has no action "Route"'],
    ['what is no action', datagrams(list(text(SOURCE), ROUTER)), 'has no action "Router"'],
    ['an input of another place', datagrams(list(text(HEADER), CLUSTER)), 'cannot look at "HttpRequestHeaderMatchInput"'],
    ['what is no matcher', custom(list({ input: HEADER, custom_match: ROUTER }, RESPONSE)), 'cannot match with "Router"'],
    ['server names of datagrams', datagrams({ matcher_tree: { input: SOURCE, custom_match: serverNames } }), 'cannot match with'],
    ['attributes compared as a text', custom(list(text(CEL), RESPONSE)), 'Only "CelMatcher" can look at'],
    [
      'CEL that is written as a text',
      custom(list({ input: CEL, custom_match: celText }, RESPONSE)),
      'Envoy does not read "cel_expr_string"',
    ],
    ['kept matches of the composite filter', composite({ on_no_match: { ...KEEP, action: ROUTER } }), '"keep_matching" is not supported'],
    [
      'an input of HTTP for the routes of a generic proxy',
      generic(list(text(HEADER), ACTION)),
      'cannot look at "HttpRequestHeaderMatchInput"',
    ],
    ['kept matches of a generic proxy', generic({ on_no_match: { ...KEEP, action: ACTION } }), '"keep_matching" is not supported'],
    ['an input, though its match is kept', custom(list(text(ROUTER), RESPONSE, KEEP)), 'cannot look at "Router"'],
  ])('%s', (_name, filter, words) => {
    expect(refusals(filter)).toContainEqual(expect.stringContaining(words));
  });
});

describe('taken', () => {
  const behind = { ...list(text(HEADER), RESPONSE, KEEP), on_no_match: { action: ROUTER } };
  test.each([
    ['an action that is lost', custom(list(text(HEADER), ROUTER, KEEP))],
    ['an action without a type that is lost', datagrams(list(text(SOURCE), NOTHING, KEEP))],
    ['an action behind a lost one', custom(behind)],
    ['an action in its place', custom(list(text(HEADER), RESPONSE))],
  ])('%s', (_name, filter) => {
    expect(refusals(filter)).toEqual([]);
  });
  test('with a warning that the action is lost', () =>
    expect(problemsIn(custom(list(text(HEADER), RESPONSE, KEEP)))).toMatchObject([{ code: 'keep-matching', severity: 'warning' }]));
  test('matchers of statistics with extensions of any kind', () => {
    const bootstrap = { static_resources: {}, stats_config: { stats_matcher: { inclusion_list: { patterns: [{ custom: ROUTER }] } } } };
    expect(refusals(bootstrap)).toEqual([]);
  });
});
