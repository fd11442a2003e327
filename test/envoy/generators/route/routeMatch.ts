/** Virtual hosts and every kind of route match. */
import fc from 'fast-check';
import type { JsonObject, LabCase } from '../../labCase';
import { clusters, headerName, httpChain, listener, once, optional, plainRequest, stringMatcher, virtualHost } from '../parts';

const CLUSTERS = 4;

const pathMatch: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constantFrom('/', '/a', '/a/', '/a/b', '/api', '/b').map((prefix) => ({ prefix })),
  fc.constantFrom('/', '/a', '/a/b', '/b').map((path) => ({ path })),
  fc.constantFrom('/a', '/a/b', '/b', '/api/v1').map((prefix) => ({ path_separated_prefix: prefix })),
  fc.constantFrom('/a.*', '/a', '/[ab](/.*)?', '/api/v[0-9]+/.*', '.*').map((regex) => ({ safe_regex: { regex } })),
  fc.constantFrom('/a/*', '/api/{version}/users/{id}', '/a/**', '/*').map((path_template) => ({
    path_match_policy: {
      name: 'envoy.path.match.uri_template.uri_template_matcher',
      typed_config: { '@type': 'type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig', path_template },
    },
  })),
);

const headerMatch: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.oneof(headerName, fc.constantFrom(':method', ':authority', ':path', ':scheme')),
    fc.oneof(
      fc.boolean().map((present_match): JsonObject => ({ present_match })),
      stringMatcher(['abc', 'bob', '5', 'GET', 'a.test', '/a']).map((string_match): JsonObject => ({ string_match })),
      fc.constantFrom([0, 10], [-5, 5], [17, 18]).map(([start = 0, end = 0]): JsonObject => ({ range_match: { start, end } })),
      fc.constantFrom('abc', 'bob').map((exact_match): JsonObject => ({ exact_match })),
      fc.constant<JsonObject>({}),
    ),
    optional({ invert_match: fc.boolean(), treat_missing_header_as_empty: fc.boolean() }),
  )
  .map(([name, condition, more]) => ({ name, ...condition, ...more }));

const queryMatch: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.constantFrom('x', 'y', 'z'),
    fc.oneof(
      fc.constant<JsonObject>({ present_match: true }),
      stringMatcher(['1', '2', '3']).map((string_match): JsonObject => ({ string_match })),
      fc.constant<JsonObject>({}),
    ),
  )
  .map(([name, condition]) => ({ name, ...condition }));

/** Most routes have one condition besides the path: more would let no request through. */
const condition: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant<JsonObject>({}),
  fc.boolean().map((case_sensitive): JsonObject => ({ case_sensitive })),
  fc.array(headerMatch, { minLength: 1, maxLength: 2 }).map((headers): JsonObject => ({ headers })),
  queryMatch.map((parameter): JsonObject => ({ query_parameters: [parameter] })),
  fc
    .constantFrom(0, 100, 100)
    .map((numerator): JsonObject => ({ runtime_fraction: { default_value: { numerator, denominator: 'HUNDRED' } } })),
  fc.constant<JsonObject>({ grpc: {} }),
);

const match: fc.Arbitrary<JsonObject> = fc
  .tuple(pathMatch, condition, condition, fc.boolean())
  .map(([path, one, other, both]) => ({ ...path, ...one, ...(both ? other : {}) }));

const routes = fc
  .array(fc.tuple(match, fc.integer({ min: 1, max: CLUSTERS })), { minLength: 2, maxLength: 7 })
  .map((list) => list.map(([matched, index], at): JsonObject => ({ name: `r${at}`, match: matched, route: { cluster: `§c${index}` } })));

const DOMAINS = [
  'a.test',
  '*.a.test',
  'b.test',
  'www.*',
  '*',
  '*',
  '*',
  '*.test',
  '*-x.test',
  'a.test:8080',
  'c.example.*',
  '10.1.1.1',
  'A.test',
];

const hosts = fc
  .uniqueArray(fc.constantFrom(...DOMAINS), { minLength: 1, maxLength: 5, selector: (domain) => domain.toLowerCase() })
  .chain((domains) => fc.tuple(...domains.map((domain) => routes.map((list) => ({ domain, list })))))
  .map((list) => list.map(({ domain, list: own }, at) => virtualHost(`v${at}`, [domain], own)));

const configuration = fc.tuple(
  hosts,
  optional({ ignore_port_in_host_matching: fc.boolean(), ignore_path_parameters_in_path_matching: fc.boolean() }),
);

const manager = optional({
  normalize_path: fc.boolean(),
  merge_slashes: fc.boolean(),
  strip_any_host_port: fc.constant(true),
  path_with_escaped_slashes_action: fc.constantFrom('KEEP_UNCHANGED', 'REJECT_REQUEST', 'UNESCAPE_AND_REDIRECT', 'UNESCAPE_AND_FORWARD'),
  use_remote_address: fc.boolean(),
});

export const routeMatch: fc.Arbitrary<LabCase> = fc
  .record({ configuration, manager, requests: fc.array(plainRequest, { minLength: 4, maxLength: 9 }) })
  .map(({ configuration: [virtual_hosts, more], manager: fields, requests }) => ({
    area: 'route_match',
    listeners: [listener('l', [httpChain({ virtual_hosts, ...more }, { fields })])],
    clusters: clusters(CLUSTERS),
    requests: once(requests),
  }));
