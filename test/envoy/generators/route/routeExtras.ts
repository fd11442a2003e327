/** What routes may ask for besides path and headers: metadata, filter state, cookies, TLS, virtual clusters, runtime. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { JsonObject, LabCase } from '../../labCase';
import { clusters, connectionManager, extension, listener, once, optional, plainRequest, stringMatcher, virtualHost } from '../parts';

const CLUSTERS = 3;

const metadataMatch = fc
  .tuple(fc.constantFrom('k', 'n', 'none'), stringMatcher(['abc', 'set', '5']), fc.boolean())
  .map(([key, string_match, invert]): JsonObject => ({
    filter: 'lab',
    path: [{ key }],
    value: { string_match },
    ...(invert ? { invert } : {}),
  }));

const stateMatch = fc
  .tuple(fc.constantFrom('lab.state', 'lab.none'), stringMatcher(['connected', 'other']))
  .map(([key, string_match]): JsonObject => ({ key, string_match }));

const cookieMatch = fc
  .tuple(fc.constantFrom('a', 'b'), stringMatcher(['1', '2', 'x']), fc.boolean())
  .map(([name, string_match, invert_match]): JsonObject => ({ name, string_match, ...(invert_match ? { invert_match } : {}) }));

const share = fc
  .tuple(fc.constantFrom('§share', '§hundred', '§none', '§percent'), fc.constantFrom(0, 100))
  .map(([runtime_key, numerator]): JsonObject => ({ runtime_key, default_value: { numerator, denominator: 'HUNDRED' } }));

const match = fc
  .tuple(
    fc.constantFrom<JsonObject[]>({ prefix: '/' }, { prefix: '/a' }, { path: '/b' }),
    fc.oneof(
      fc.constant<JsonObject>({}),
      fc.array(metadataMatch, { minLength: 1, maxLength: 2 }).map((dynamic_metadata): JsonObject => ({ dynamic_metadata })),
      fc.array(stateMatch, { minLength: 1, maxLength: 2 }).map((filter_state): JsonObject => ({ filter_state })),
      fc.array(cookieMatch, { minLength: 1, maxLength: 2 }).map((cookies): JsonObject => ({ cookies })),
      fc.constantFrom<JsonObject[]>(
        { tls_context: { presented: true } },
        { tls_context: { presented: false } },
        { tls_context: { validated: false } },
      ),
      share.map((runtime_fraction): JsonObject => ({ runtime_fraction })),
    ),
  )
  .map(([path, more]) => ({ ...path, ...more }));

const virtualCluster = fc
  .tuple(
    fc.constantFrom('one', 'two'),
    fc.array(
      fc
        .tuple(fc.constantFrom(':path', ':method', 'x', ':authority'), stringMatcher(['/a', 'GET', 'abc', 'a.test']))
        .map(([name, string_match]): JsonObject => ({ name, string_match })),
      { minLength: 1, maxLength: 2 },
    ),
  )
  .map(([name, headers]): JsonObject => ({ name, headers }));

const toMetadata = extension('to_metadata', 'filters.http.header_to_metadata.v3.Config', {
  request_rules: [
    { header: 'x', on_header_present: { metadata_namespace: 'lab', key: 'k', type: 'STRING' }, remove: false },
    { header: 'y', on_header_present: { metadata_namespace: 'lab', key: 'n', type: 'NUMBER' } },
    { cookie: 'a', on_header_present: { metadata_namespace: 'lab', key: 'c', type: 'STRING' } },
  ],
});
const clearing = extension('lua', 'filters.http.lua.v3.Lua', {
  default_source_code: { inline_string: 'function envoy_on_request(h) h:clearRouteCache() end' },
});
const connectionState = (kind: string): JsonObject =>
  extension('state', 'filters.network.set_filter_state.v3.Config', {
    on_new_connection: [
      { object_key: 'lab.state', factory_key: 'envoy.string', format_string: { text_format_source: { inline_string: kind } } },
    ],
  });

const visitor: fc.Arbitrary<TraceRequest> = fc
  .tuple(plainRequest, fc.constantFrom('', 'a=1', 'a=2; b=x', 'b=1;a=12', 'c', 'a=', 'a="1"', 'a=1; a=2'))
  .map(([request, cookie]) =>
    request.http && cookie !== ''
      ? { ...request, http: { ...request.http, headers: [...request.http.headers, ['cookie', cookie]] } }
      : request,
  );

export const routeExtras: fc.Arbitrary<LabCase> = fc
  .record({
    matches: fc.array(fc.tuple(match, fc.integer({ min: 1, max: CLUSTERS })), { minLength: 2, maxLength: 5 }),
    virtualClusters: fc.uniqueArray(virtualCluster, { maxLength: 2, selector: ({ name }) => name }),
    filters: fc.constantFrom<JsonObject[][]>([], [toMetadata], [toMetadata, clearing], [toMetadata, clearing]),
    state: fc.constantFrom('connected', '%DOWNSTREAM_LOCAL_PORT%', undefined),
    host: optional({ include_request_attempt_count: fc.boolean(), include_attempt_count_in_response: fc.boolean() }),
    requests: fc.array(visitor, { minLength: 4, maxLength: 9 }),
  })
  .map(({ matches, virtualClusters, filters, state, host, requests }) => {
    const routes = matches.map(([matched, index], at): JsonObject => ({
      name: `r${at}`,
      match: matched,
      route: { cluster: `§c${index}` },
    }));
    const more: JsonObject = { ...host, ...(virtualClusters.length > 0 ? { virtual_clusters: virtualClusters } : {}) };
    const manager = connectionManager({ virtual_hosts: [virtualHost('v', ['*'], routes, more)] }, filters);
    const own = [...(state === undefined ? [] : [connectionState(state)]), manager];
    return {
      area: 'route_extras',
      listeners: [listener('l', [{ name: 'f', filters: own }])],
      clusters: clusters(CLUSTERS),
      runtime: { '§share': 100, '§hundred': { numerator: 0, denominator: 'HUNDRED' }, '§percent': '0' },
      requests: once(requests),
    };
  });
