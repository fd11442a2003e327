/** Fields of routes that other areas leave out: formatted rewrites, policies as extensions, old spellings, configurations of filters at every level. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { cluster, endpoint, extension, httpChain, httpRequest, listener, once, optional, typed, virtualHost } from '../parts';

const rewriteFormat = fc.constantFrom(
  '/%REQ(x)%',
  '/%REQ(:method)%/%REQ(none)%',
  '/%PATH(NQ)%',
  '%REQ(x)%',
  '/fixed?y=2',
  '/%REQ(:authority)%',
  '/%QUERY_PARAM(x)%',
  '/%DYNAMIC_METADATA(lab:k)%',
  '',
);

const template = fc.constantFrom('/n/{a}', '/{b}/{a}', '/x', '/{a}{b}');

const path: fc.Arbitrary<{ match: JsonObject; rewrite: JsonObject }> = fc.oneof(
  fc.constantFrom('/a', '/', '/a/').map((prefix) => ({ match: { prefix }, rewrite: {} })),
  rewriteFormat.map((path_rewrite) => ({ match: { prefix: '/' }, rewrite: { path_rewrite } })),
  fc.constantFrom('/A', '/a/B').map((prefix) => ({ match: { prefix, case_sensitive: false }, rewrite: { prefix_rewrite: '/p' } })),
  fc.constantFrom('/A/b', '/a').map((given) => ({ match: { path: given, case_sensitive: false }, rewrite: { prefix_rewrite: '/p' } })),
  fc.constantFrom('/a', '/A').map((path_separated_prefix) => ({
    match: { path_separated_prefix, case_sensitive: false },
    rewrite: { prefix_rewrite: '/p' },
  })),
  fc
    .tuple(fc.constantFrom('(/a)(/.*)?', '^/a', '$', '/(?P<n>[^/]+)', '(?i)/A'), fc.constantFrom('/q\\1', '\\0\\0', '/r', '\\\\x', ''))
    .map(([regex, substitution]) => ({ match: { prefix: '/' }, rewrite: { regex_rewrite: { pattern: { regex }, substitution } } })),
  template.map((path_template_rewrite) => ({
    match: {
      path_match_policy: {
        name: 'm',
        typed_config: typed('path.match.uri_template.v3.UriTemplateMatchConfig', { path_template: '/{a=*}/{b=**}' }),
      },
    },
    rewrite: {
      path_rewrite_policy: {
        name: 'r',
        typed_config: typed('path.rewrite.uri_template.v3.UriTemplateRewriteConfig', { path_template_rewrite }),
      },
    },
  })),
);

const host = fc.constantFrom<JsonObject[]>(
  {},
  {},
  { host_rewrite: '%REQ(x)%.test' },
  { host_rewrite: 'h-%DOWNSTREAM_LOCAL_PORT%' },
  { host_rewrite: '%REQ(none)%' },
  { host_rewrite: '%REQ(:path)%' },
  { host_rewrite_literal: 'lit.test', append_x_forwarded_host: true },
  { host_rewrite_header: 'x-new-host' },
  { host_rewrite_header: 'none' },
  { host_rewrite_path_regex: { pattern: { regex: '^/(.+)/.+$' }, substitution: '\\1.test' }, append_x_forwarded_host: true },
  { auto_host_rewrite: true },
);

const header = fc
  .tuple(
    fc.constantFrom('x', 'y'),
    fc.constantFrom<JsonObject[]>(
      { prefix_match: 'ab' },
      { suffix_match: 'c' },
      { contains_match: 'b' },
      { safe_regex_match: { regex: 'a.*' } },
      { safe_regex_match: { google_re2: {}, regex: '[a-c]+' } },
      { string_match: { exact: 'ABC', ignore_case: true } },
      { range_match: { start: -5, end: 20 } },
    ),
    fc.boolean(),
  )
  .map(([name, how, invert_match]): JsonObject => ({ name, ...how, ...(invert_match ? { invert_match } : {}) }));

const cookieTtl: JsonObject = {
  cookie: { name: 'stick', ttl: '10s', path: '/', attributes: [{ name: 'SameSite', value: 'Strict' }] },
};
const hash = fc.subarray<JsonObject>([cookieTtl, { header: { header_name: 'x' } }, { filter_state: { key: 'lab.k' }, terminal: true }], {
  maxLength: 2,
});

const changed = fc
  .array(
    fc.oneof(
      fc.boolean().map((append): JsonObject => ({ header: { key: 'x', value: 'more' }, append })),
      fc.constant<JsonObject>({ header: { key: 'x-raw', raw_value: 'cmF3' } }),
      fc.constant<JsonObject>({ header: { key: 'X-Upper', value: 'U' } }),
      fc.constant<JsonObject>({ header: { key: 'x-empty', value: '%REQ(none)%' }, keep_empty_value: true }),
      fc.constant<JsonObject>({ header: { key: 'cookie', value: 'c=1' } }),
      fc.constant<JsonObject>({ header: { key: 'user-agent', value: 'ua' } }),
      fc.constant<JsonObject>({ header: { key: 'x-forwarded-proto', value: 'gopher' } }),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((list): Json => list);

const PER_ROUTE = 'filters.http.header_mutation.v3.HeaderMutationPerRoute';

const mutation = (value: string): JsonObject =>
  typed(PER_ROUTE, {
    mutations: {
      request_mutations: [{ append: { header: { key: 'x-level', value }, append_action: 'APPEND_IF_EXISTS_OR_ADD' } }],
      response_mutations: [
        { append: { header: { key: 'x-answer', value: `%REQ(x)%${value}` }, append_action: 'APPEND_IF_EXISTS_OR_ADD' } },
      ],
    },
  });

/** A filter's own configuration, plain or in FilterConfig, or switched off. */
const perFilter = (level: string): fc.Arbitrary<JsonObject> => {
  const type = 'type.googleapis.com/envoy.config.route.v3.FilterConfig';
  return fc.oneof(
    fc.constant<JsonObject>({}),
    fc
      .constantFrom<JsonObject[]>(
        mutation(level),
        { '@type': type, config: mutation(`${level}-wrapped`) },
        { '@type': type, config: mutation(level), is_optional: true },
        { '@type': type, disabled: true, config: mutation(level) },
        { '@type': type, disabled: true },
      )
      .map((own): JsonObject => ({ typed_per_filter_config: { mutation: own } })),
  );
};

const target = fc.oneof(
  { weight: 3, arbitrary: fc.constant<JsonObject>({ cluster: '§c1' }) },
  {
    weight: 2,
    arbitrary: fc.tuple(perFilter('weight'), fc.constantFrom(100, 7), changed).map(([own, weight, request_headers_to_add]): JsonObject => ({
      weighted_clusters: {
        clusters: [
          { name: '§c1', weight, request_headers_to_add, ...own },
          { name: '§c2', weight: 0 },
        ],
        ...(weight === 100 ? { total_weight: 100 } : {}),
      },
    })),
  },
  { weight: 1, arbitrary: fc.constantFrom('x-to', 'none').map((cluster_header): JsonObject => ({ cluster_header })) },
);

const early = fc.constantFrom<JsonObject[]>(
  {},
  { early_data_policy: { name: 'e', typed_config: typed('early_data.v3.DefaultEarlyDataPolicy') } },
);

const action: fc.Arbitrary<JsonObject> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(target, path, host, hash, early).map(([to, { match, rewrite }, named, hash_policy, more]): JsonObject => ({
      match,
      route: { ...to, ...rewrite, ...named, ...more, ...(hash_policy.length > 0 ? { hash_policy } : {}) },
    })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.oneof(
          rewriteFormat.filter((format) => format !== '').map((path_rewrite): JsonObject => ({ path_rewrite })),
          fc.constant<JsonObject>({ host_redirect: 'h.test:99' }),
          fc.constant<JsonObject>({ path_redirect: '/p?q' }),
        ),
        optional({
          strip_query: fc.boolean(),
          https_redirect: fc.boolean(),
          port_redirect: fc.constantFrom(80, 443, 8443),
          response_code: fc.constantFrom('PERMANENT_REDIRECT', 'SEE_OTHER'),
        }),
      )
      .map(([what, more]): JsonObject => ({ match: { prefix: '/' }, redirect: { ...what, ...more } })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<JsonObject[]>(
        { status: 200, body: { inline_bytes: 'Ynl0ZXM=' } },
        { status: 204 },
        { status: 304 },
        { status: 599, body: { inline_string: 'x' } },
        {
          status: 200,
          body: { inline_string: 'in' },
          body_format: { json_format: { b: '%LOCAL_REPLY_BODY%', p: '%REQ(:path)%', n: '%REQ(none)%' } },
        },
        { status: 200, body_format: { text_format: '%REQ(x)%|%REQ(none)%', content_type: 'text/x' } },
        { status: 200, body_format: { text_format_source: { inline_string: '%REQ(none)%|' }, omit_empty_values: true } },
      )
      .map((direct_response): JsonObject => ({ match: { prefix: '/' }, direct_response })),
  },
);

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http2'),
    authority: fc.constantFrom('a.test', 'A.test:8080'),
    path: fc.constantFrom('/', '/a', '/A/b', '/a/b?x=1', '/a/b/c', '/ab?x=%2F', '/a/', '/?'),
    method: fc.constantFrom('GET', 'POST', 'HEAD'),
    port: fc.integer({ min: 30000, max: 41999 }),
    headers: fc.subarray<[string, string]>([
      ['x', 'abc'],
      ['y', '7'],
      ['x-new-host', 'new.test'],
      ['x-new-host', ''],
      ['x-to', '§c2'],
      ['x-level', 'mine'],
      ['cookie', 'stick=1'],
      ['x-envoy-original-path', '/was'],
      ['x-envoy-original-host', 'was.test'],
      ['x-forwarded-host', 'fwd.test'],
    ]),
  })
  .map(({ headers, port, ...http }) => {
    const names = headers.map(([name]) => name);
    return httpRequest(
      { ...http, headers: headers.filter(([name], index) => names.indexOf(name) === index) },
      { source: `10.1.2.3:${port}` },
    );
  });

const before: JsonObject[] = [
  extension('set_metadata', 'filters.http.set_metadata.v3.Config', { metadata: [{ metadata_namespace: 'lab', value: { k: 'md' } }] }),
];

export const routeFields: fc.Arbitrary<LabCase> = fc
  .record({
    actions: fc.array(
      fc.tuple(action, fc.option(header, { nil: undefined }), perFilter('route'), optional({ request_headers_to_add: changed })),
      {
        minLength: 2,
        maxLength: 4,
      },
    ),
    host: fc.tuple(perFilter('host'), optional({ request_headers_to_add: changed })),
    whole: fc.tuple(perFilter('all'), optional({ most_specific_header_mutations_wins: fc.boolean() })),
    wins: fc.boolean(),
    policy: fc.constantFrom<JsonObject[]>({}, { lb_policy: 'RING_HASH' }, { lb_policy: 'MAGLEV' }),
    hostname: fc.constantFrom('host.test', undefined),
    requests: fc.array(client, { minLength: 5, maxLength: 8 }),
  })
  .map(({ actions, host: [hostOwn, hostMore], whole: [allOwn, allMore], wins, policy, hostname, requests }) => {
    const routes = actions.map(([what, condition, own, more], index): JsonObject => {
      const match = what['match'] as JsonObject;
      return { name: `r${index}`, ...what, match: { ...match, ...(condition ? { headers: [condition] } : {}) }, ...own, ...more };
    });
    const filter = extension('mutation', 'filters.http.header_mutation.v3.HeaderMutation', {
      mutations: { request_mutations: [{ append: { header: { key: 'x-level', value: 'filter' } } }] },
      ...(wins ? { most_specific_header_mutations_wins: true } : {}),
    });
    const chain = httpChain(
      { virtual_hosts: [virtualHost('v', ['*'], routes, { ...hostOwn, ...hostMore })], ...allOwn, ...allMore },
      { httpFilters: [...before, filter] },
    );
    const given = endpoint('10.200.0.1') as { endpoint: JsonObject };
    const named = { endpoint: { ...given.endpoint, ...(hostname === undefined ? {} : { hostname }) } };
    return {
      area: 'route_field',
      listeners: [listener('l', [chain])],
      clusters: [cluster(1, { endpoints: [{ lb_endpoints: [named] }], fields: policy }), cluster(2)],
      requests: once(requests),
    };
  });
