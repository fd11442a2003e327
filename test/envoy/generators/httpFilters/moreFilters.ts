/** Filters beside the usual ones: keys, tags, loops, query parameters, rewritten metadata, services that are not there. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { clusters, extension, httpChain, listener, once, optional, plainRequest, typed, virtualHost } from '../parts';

const sources = fc.uniqueArray(fc.constantFrom<JsonObject[]>({ header: 'x-key' }, { query: 'key' }, { cookie: 'key' }), {
  minLength: 1,
  maxLength: 2,
  selector: (each) => JSON.stringify(each),
});
const credentials: Json = [
  { key: 'k1', client: 'one' },
  { key: 'k2', client: 'two' },
];

const apiKey = fc
  .record({ key_sources: sources, forwarding: optional({ header: fc.constant('x-client'), hide_credentials: fc.boolean() }) })
  .map(({ key_sources, forwarding }) =>
    extension('key', 'filters.http.api_key_auth.v3.ApiKeyAuth', { credentials, key_sources, forwarding }),
  );

const perRouteKey = fc.option(
  fc
    .record({ allowed_clients: fc.constantFrom(['one'], ['two'], ['one', 'two']) })
    .map((fields): JsonObject => ({ typed_per_filter_config: { key: typed('filters.http.api_key_auth.v3.ApiKeyAuthPerRoute', fields) } })),
  { nil: undefined },
);

const ipTagging = fc
  .record({
    request_type: fc.constantFrom('BOTH', 'INTERNAL', 'EXTERNAL'),
    prefix_len: fc.constantFrom(8, 16, 32),
    header: fc.option(fc.constantFrom('SANITIZE', 'APPEND_IF_EXISTS_OR_ADD'), { nil: undefined }),
  })
  .map(({ request_type, prefix_len, header }) =>
    extension('tag', 'filters.http.ip_tagging.v3.IPTagging', {
      request_type,
      ip_tags: [
        { ip_tag_name: 'ten', ip_list: [{ address_prefix: '10.1.2.3', prefix_len }] },
        { ip_tag_name: 'all', ip_list: [{ address_prefix: '203.0.113.0', prefix_len: 24 }] },
      ],
      ...(header === undefined ? {} : { ip_tag_header: { header: 'x-tags', action: header } }),
    }),
  );

const queryMutation = fc
  .tuple(
    fc.constantFrom('APPEND_IF_EXISTS_OR_ADD', 'ADD_IF_ABSENT', 'OVERWRITE_IF_EXISTS_OR_ADD', 'OVERWRITE_IF_EXISTS'),
    fc.constantFrom('x', 'new'),
    fc.constantFrom('1', '%REQ(x)%', 'a b&c'),
    fc.boolean(),
  )
  .map(([action, key, value, removes]) =>
    extension('query', 'filters.http.header_mutation.v3.HeaderMutation', {
      mutations: {
        query_parameter_mutations: [{ append: { record: { key, value }, action } }, ...(removes ? [{ remove: 'y' }] : [])],
      },
    }),
  );

const rewritten = fc
  .constantFrom<JsonObject[]>(
    { regex_value_rewrite: { pattern: { regex: '^/([^/?]*).*$' }, substitution: '\\1' } },
    { regex_value_rewrite: { pattern: { regex: '^a' }, substitution: 'z' } },
    { value: 'fixed' },
  )
  .chain((how) =>
    fc.constantFrom(':path', 'x').map((header) =>
      extension('rewritten', 'filters.http.header_to_metadata.v3.Config', {
        request_rules: [{ header, on_header_present: { metadata_namespace: 'lab', key: 'k', type: 'STRING', ...how } }],
      }),
    ),
  );

const cdnLoop = fc
  .constantFrom(0, 1)
  .map((max_allowed_occurrences) =>
    extension('loop', 'filters.http.cdn_loop.v3.CdnLoopConfig', { cdn_id: 'lab', max_allowed_occurrences }),
  );

const limited = fc.tuple(fc.constantFrom(0, 100), fc.constantFrom(0, 100)).map(([enabled, enforced]) => {
  const share = (numerator: number): JsonObject => ({ default_value: { numerator, denominator: 'HUNDRED' } });
  return extension('limit', 'filters.http.local_ratelimit.v3.LocalRateLimit', {
    stat_prefix: 'l',
    token_bucket: { max_tokens: 100000, tokens_per_fill: 100000, fill_interval: '1s' },
    filter_enabled: share(enabled),
    filter_enforced: share(enforced),
  });
});

const filters = fc.oneof(apiKey, ipTagging, queryMutation, rewritten, cdnLoop, limited);

const client: fc.Arbitrary<TraceRequest> = fc
  .tuple(
    plainRequest,
    fc.subarray<[string, string]>(
      [
        ['x-key', 'k1'],
        ['x-key', 'k3'],
        ['cookie', 'key=k2'],
        ['cdn-loop', 'lab, other; v=1'],
        ['cdn-loop', 'other'],
        ['x-tags', 'mine'],
        ['x-tags', ''],
        ['x-envoy-ip-tags', 'mine'],
      ],
      { maxLength: 3 },
    ),
    fc.constantFrom('', '?key=k1', '?key=k2&x=0', '?y=1&y=2&x'),
  )
  .map(([request, headers, query]) => {
    const http = request.http;
    if (!http) return request;
    const single = headers.filter(([name], index) => name === 'x-tags' || headers.findIndex(([other]) => other === name) === index);
    return { ...request, http: { ...http, path: query === '' ? http.path : `/a${query}`, headers: [...http.headers, ...single] } };
  });

export const moreFilters: fc.Arbitrary<LabCase> = fc
  .record({
    own: fc.array(filters, { minLength: 1, maxLength: 2 }).filter((list) => new Set(list.map(({ name }) => name)).size === list.length),
    perRoute: perRouteKey,
    requests: fc.array(client, { minLength: 5, maxLength: 8 }),
  })
  .map(({ own, perRoute, requests }) => {
    const usesKeys = own.some(({ name }) => name === 'key');
    const routes: JsonObject[] = [
      { match: { prefix: '/a' }, route: { cluster: '§c1' }, ...(usesKeys && perRoute ? perRoute : {}) },
      { match: { prefix: '/' }, route: { cluster: '§c2' } },
    ];
    const request_headers_to_add = [{ header: { key: 'x-md', value: '%DYNAMIC_METADATA(lab:k)%' } }];
    const chain = httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)], request_headers_to_add }, { httpFilters: own });
    return { area: 'more_filters', listeners: [listener('l', [chain])], clusters: clusters(2), requests: once(requests) };
  });
