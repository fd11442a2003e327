/** What routes do: rewrites, redirects, direct responses, header changes, weights, cluster headers. */
import fc from 'fast-check';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { clusters, httpChain, httpRequest, listener, often, once, optional, plainRequest, virtualHost, cluster, endpoint } from '../parts';

const redirect: fc.Arbitrary<JsonObject> = fc
  .record({
    where: fc.constantFrom<JsonObject[]>({}, { host_redirect: 'new.test' }, { host_redirect: 'new.test:8443' }),
    scheme: fc.constantFrom<JsonObject[]>({}, { https_redirect: true }, { scheme_redirect: 'HTTPS' }, { scheme_redirect: 'http' }),
    path: fc.constantFrom<JsonObject[]>(
      {},
      { path_redirect: '/new' },
      { path_redirect: '/new?z=9' },
      { prefix_rewrite: '/p' },
      { prefix_rewrite: '/' },
      { regex_rewrite: { pattern: { regex: '^/a(.*)$' }, substitution: '/z\\1' } },
    ),
    more: optional({
      port_redirect: fc.constantFrom(443, 80, 8443),
      strip_query: fc.boolean(),
      response_code: fc.constantFrom('MOVED_PERMANENTLY', 'FOUND', 'SEE_OTHER', 'TEMPORARY_REDIRECT', 'PERMANENT_REDIRECT'),
    }),
  })
  .map(({ where, scheme, path, more }) => ({ redirect: { ...where, ...scheme, ...path, ...more } }));

const direct: fc.Arbitrary<JsonObject> = fc
  .tuple(fc.constantFrom(200, 204, 301, 404, 410, 503), fc.constantFrom<JsonObject[]>({}, { body: { inline_string: 'said' } }))
  .map(([status, body]): JsonObject => ({ direct_response: { status, ...(status === 204 ? {} : body) } }));

const pathRewrite = fc.constantFrom<JsonObject[]>(
  {},
  { prefix_rewrite: '/p' },
  { prefix_rewrite: '/' },
  { prefix_rewrite: '/p/' },
  { regex_rewrite: { pattern: { regex: '/([^/?]+)' }, substitution: '/<\\1>' } },
  { regex_rewrite: { pattern: { regex: '^/a' }, substitution: '/q' } },
  { path_rewrite: '/%REQ(x)%' },
);

const hostRewrite = fc.constantFrom<JsonObject[]>(
  {},
  { host_rewrite_literal: 'other.test' },
  { host_rewrite_header: 'x' },
  { host_rewrite_path_regex: { pattern: { regex: '^/([^/?]*).*$' }, substitution: '\\1.test' } },
  { auto_host_rewrite: true },
  { auto_host_rewrite: true, append_x_forwarded_host: true },
  { host_rewrite_literal: 'other.test', append_x_forwarded_host: true },
);

const target: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<JsonObject>({ cluster: '§c1' }) },
  { weight: 1, arbitrary: fc.constantFrom('x', 'y').map((cluster_header): JsonObject => ({ cluster_header })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('SERVICE_UNAVAILABLE', 'NOT_FOUND')
      .map((code): JsonObject => ({ cluster_header: 'x', cluster_not_found_response_code: code })),
  },
);

const forward: fc.Arbitrary<JsonObject> = fc
  .tuple(target, pathRewrite, hostRewrite)
  .map(([to, path, host]): JsonObject => ({ route: { ...to, ...path, ...host } }));

const VALUES = [
  'v',
  '%REQ(x)%',
  '%REQ(:path)%',
  '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
  '%PROTOCOL%',
  'a%%b',
  '%REQ(none?y)%',
  '%DOWNSTREAM_LOCAL_PORT%',
  '%REQ(:authority)%',
  '',
];

const append = fc
  .record({
    key: fc.constantFrom('x', 'x-two', 'x-three'),
    value: fc.constantFrom(...VALUES),
    how: fc.constantFrom('APPEND_IF_EXISTS_OR_ADD', 'ADD_IF_ABSENT', 'OVERWRITE_IF_EXISTS_OR_ADD', 'OVERWRITE_IF_EXISTS'),
    keep: fc.boolean(),
  })
  .map(({ key, value, how, keep }): Json => ({ header: { key, value }, append_action: how, ...(keep ? { keep_empty_value: true } : {}) }));

const answer = fc
  .tuple(
    fc.constantFrom('x-lab', 'x-answer'),
    fc.constantFrom('v', 'w'),
    fc.constantFrom('APPEND_IF_EXISTS_OR_ADD', 'OVERWRITE_IF_EXISTS_OR_ADD', 'ADD_IF_ABSENT', 'OVERWRITE_IF_EXISTS'),
  )
  .map(([key, value, append_action]): Json => ({ header: { key, value }, append_action }));

const mutations = optional({
  response_headers_to_add: fc.array(answer, { minLength: 1, maxLength: 2 }),
  response_headers_to_remove: fc.constantFrom<string[][]>(['x-lab'], ['x-answer']),
  request_headers_to_add: fc.array(append, { minLength: 1, maxLength: 2 }),
  request_headers_to_remove: fc.constantFrom<string[][]>(['x'], ['y'], ['x-two', 'end-user']),
});

const match = fc.constantFrom<JsonObject[]>(
  { prefix: '/' },
  { prefix: '/a' },
  { prefix: '/a/' },
  { path: '/a/b' },
  { path_separated_prefix: '/a' },
  { safe_regex: { regex: '/a.*' } },
);

function routesWith(action: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject[]> {
  return fc
    .array(fc.tuple(match, action, mutations), { minLength: 1, maxLength: 3 })
    .map((list) => list.map(([matched, what, changes], at): JsonObject => ({ name: `r${at}`, match: matched, ...what, ...changes })));
}

function actionCase(area: string, action: fc.Arbitrary<JsonObject>): fc.Arbitrary<LabCase> {
  const host = fc.tuple(optional({ require_tls: fc.constantFrom('ALL', 'EXTERNAL_ONLY', 'NONE') }), mutations);
  const levels = fc.tuple(mutations, optional({ most_specific_header_mutations_wins: fc.boolean() }));
  return fc
    .record({
      routes: routesWith(action),
      host,
      levels,
      hostname: fc.boolean(),
      requests: fc.array(plainRequest, { minLength: 4, maxLength: 8 }),
    })
    .map(({ routes, host: [tls, changes], levels: [outer, order], hostname, requests }) => ({
      area,
      listeners: [
        listener('l', [
          httpChain({
            virtual_hosts: [virtualHost('v', ['*'], routes, { ...(area === 'redirect' ? tls : {}), ...changes })],
            ...outer,
            ...order,
          }),
        ]),
      ],
      clusters: hostname ? [namedHost()] : clusters(1),
      requests: once(requests),
    }));
}

function namedHost(): JsonObject {
  const { endpoint: host } = endpoint('10.200.0.1') as { endpoint: JsonObject };
  return cluster(1, { endpoints: [{ lb_endpoints: [{ endpoint: { ...host, hostname: 'host-1.test' } }] }] });
}

export const redirects = actionCase('redirect', fc.oneof(redirect, redirect, direct));
export const rewrites = actionCase('rewrite', forward);

const weights = fc
  .uniqueArray(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 3 })
  .chain((indexes) =>
    fc.tuple(...indexes.map((index) => fc.constantFrom(0, 20, 50, 80).map((weight): JsonObject => ({ name: `§c${index}`, weight })))),
  );

/** Several clusters by weight: 24 tries each tell a branch that is missing. */
export const weighted: fc.Arbitrary<LabCase> = weights
  .filter((list) => list.some(({ weight }) => weight !== 0))
  .map((list) => ({
    area: 'weighted',
    listeners: [
      listener('l', [
        httpChain({
          virtual_hosts: [virtualHost('v', ['*'], [{ match: { prefix: '/' }, route: { weighted_clusters: { clusters: list } } }])],
        }),
      ]),
    ],
    clusters: clusters(3),
    requests: often([httpRequest({ path: '/a' })]),
  }));
