/** Filters that headers alone decide: chains and composites of others, answers in place of answers, agents, encodings, upstream filters. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { cluster, extension, httpChain, listener, once, optional, plainRequest, typed, virtualHost } from '../parts';

const inner: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constantFrom('x-one', 'x-two').map((key) =>
    extension('m', 'filters.http.header_mutation.v3.HeaderMutation', {
      mutations: {
        request_mutations: [{ append: { header: { key, value: '%REQ(x)%' } } }],
        response_mutations: [{ append: { header: { key: 'x-lab-answer', value: key }, append_action: 'APPEND_IF_EXISTS_OR_ADD' } }],
      },
    }),
  ),
  fc.constantFrom(404, 418, 503).map((http_status) =>
    extension('f', 'filters.http.fault.v3.HTTPFault', {
      abort: { http_status, percentage: { numerator: 100, denominator: 'HUNDRED' } },
      headers: [{ name: 'y', present_match: true }],
    }),
  ),
);
const chain = fc.array(inner, { minLength: 1, maxLength: 2 });

const input: JsonObject = {
  name: 'input',
  typed_config: { '@type': 'type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput', header_name: 'x' },
};

const execute: fc.Arbitrary<JsonObject> = fc.oneof(
  inner.map((typed_config): JsonObject => ({ typed_config })),
  chain.map((typed_config): JsonObject => ({ filter_chain: { typed_config } })),
  fc.constant<JsonObject>({ filter_chain_name: 'named' }),
);
const onMatch = execute.map((action): JsonObject => ({
  action: { name: 'run', typed_config: typed('filters.http.composite.v3.ExecuteFilterAction', action) },
}));
const matcher = fc.tuple(onMatch, onMatch, fc.option(onMatch, { nil: undefined })).map(([abc, five, on_no_match]): JsonObject => ({
  matcher_tree: { input, exact_match_map: { map: { abc, '5': five } } },
  ...(on_no_match ? { on_no_match } : {}),
}));

interface Own {
  readonly filter: JsonObject;
  readonly perRoute?: JsonObject;
}

const composite: fc.Arbitrary<Own> = fc.tuple(matcher, chain, fc.option(matcher, { nil: undefined })).map(([own, named, route]) => ({
  filter: extension('own', 'filters.http.composite.v3.Composite', {
    matcher: own,
    named_filter_chains: { named: { typed_config: named } },
  }),
  ...(route ? { perRoute: typed('filters.http.composite.v3.CompositePerRoute', { matcher: route }) } : {}),
}));

const filterChain: fc.Arbitrary<Own> = fc.tuple(chain, fc.option(chain, { nil: undefined })).map(([filters, route]) => ({
  filter: extension('own', 'filters.http.filter_chain.v3.FilterChainConfig', { default_filter_chain: { filters } }),
  ...(route ? { perRoute: typed('filters.http.filter_chain.v3.FilterChainConfigPerRoute', { filter_chain: { filters: route } }) } : {}),
}));

const policy = optional({
  status_code: fc.constantFrom(299, 404, 499),
  body: fc.constant<Json>({ inline_string: 'another' }),
  body_format: fc.constantFrom<Json[]>(
    { text_format_source: { inline_string: '%LOCAL_REPLY_BODY%|%RESPONSE_CODE%|%REQ(x)%' } },
    { json_format: { code: '%RESPONSE_CODE%', body: '%LOCAL_REPLY_BODY%', details: '%RESPONSE_CODE_DETAILS%' } },
  ),
  response_headers_to_add: fc.constant<Json>([{ header: { key: 'x-policy', value: '%RESPONSE_CODE%' } }]),
}).map((fields): JsonObject => ({
  action: {
    name: 'p',
    // By the details of the first answer the log tells what it was.
    typed_config: typed('http.custom_response.local_response_policy.v3.LocalResponsePolicy', {
      ...fields,
      preserve_response_code_details: true,
    }),
  },
}));
const codeMatcher = fc.tuple(fc.boolean(), policy, policy).map(([byClass, one, other]): JsonObject => ({
  custom_response_matcher: {
    matcher_tree: {
      input: {
        name: 'code',
        typed_config: {
          '@type': `type.googleapis.com/envoy.type.matcher.v3.HttpResponseStatusCode${byClass ? 'Class' : ''}MatchInput`,
        },
      },
      exact_match_map: { map: byClass ? { '4xx': one, '5xx': other } : { '404': one, '503': other } },
    },
  },
}));
const CUSTOM = 'filters.http.custom_response.v3.CustomResponse';
const customResponse: fc.Arbitrary<Own> = fc.tuple(codeMatcher, fc.option(codeMatcher, { nil: undefined })).map(([own, route]) => ({
  filter: extension('own', CUSTOM, own),
  ...(route ? { perRoute: typed(CUSTOM, route) } : {}),
}));

const library = (kind: string): fc.Arbitrary<JsonObject> =>
  fc
    .constantFrom(['gzip', 'Gzip'], ['brotli', 'Brotli'], ['zstd', 'Zstd'])
    .map(([name = '', message = '']) => extension(name, `compression.${name}.${kind}.v3.${message}`));

const encodings: fc.Arbitrary<Own> = fc.oneof(
  fc
    .tuple(library('decompressor'), optional({ advertise_accept_encoding: fc.boolean() }))
    .map(([decompressor_library, request_direction_config]) => ({
      filter: extension('own', 'filters.http.decompressor.v3.Decompressor', { decompressor_library, request_direction_config }),
    })),
  fc.tuple(library('compressor'), fc.boolean()).map(([compressor_library, remove_accept_encoding_header]) => ({
    filter: extension('own', 'filters.http.compressor.v3.Compressor', {
      compressor_library,
      response_direction_config: { remove_accept_encoding_header },
    }),
  })),
);

const agents: fc.Arbitrary<Own> = fc
  .constantFrom(
    extension('own', 'filters.http.mcp.v3.Mcp', { traffic_mode: 'REJECT_NO_MCP' }),
    extension('own', 'filters.http.mcp.v3.Mcp'),
    extension('own', 'filters.http.mcp.v3.Mcp', { traffic_mode: 'NOOP' }),
    extension('own', 'filters.http.a2a.v3.A2a', { traffic_mode: 'REJECT' }),
    extension('own', 'filters.http.a2a.v3.A2a'),
    extension('own', 'filters.http.body_size_limit.v3.BodySizeLimit', { max_request_bytes: 5 }),
    extension('own', 'filters.http.connect_grpc_bridge.v3.FilterConfig'),
  )
  .map((filter) => ({ filter }));

const HEADERS: readonly [string, string][] = [
  ['accept-encoding', 'br, gzip;q=0.5'],
  ['accept-encoding', 'zstd'],
  ['accept', 'text/event-stream'],
  ['content-type', 'application/json'],
  ['content-type', 'application/connect+proto'],
  ['connect-timeout-ms', '1500'],
  ['connect-accept-encoding', 'gzip'],
  ['y', 'abc'],
];

const visitor: fc.Arbitrary<TraceRequest> = fc
  .tuple(plainRequest, fc.subarray([...HEADERS], { maxLength: 3 }), fc.constantFrom('', '', '/s.v/M?connect=v1&encoding=proto&message=x'))
  .map(([request, more, path]) => {
    const { http } = request;
    if (!http) return request;
    return { ...request, http: { ...http, path: path || http.path, headers: [...new Map([...http.headers, ...more])] } };
  });

const OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const CODEC = extension('codec', 'filters.http.upstream_codec.v3.UpstreamCodec');

/** Filters that run once the host is chosen. */
function withFilters(filters: readonly JsonObject[]): JsonObject {
  const options = { explicit_http_config: { http_protocol_options: {} }, http_filters: [...filters, CODEC] };
  return { typed_extension_protocol_options: { [OPTIONS]: typed('upstreams.http.v3.HttpProtocolOptions', options) } };
}

const mutations = chain.filter((list) => list.every(({ name }) => name === 'm'));

export const plainFilters: fc.Arbitrary<LabCase> = fc
  .record({
    own: fc.oneof(composite, filterChain, customResponse, customResponse, encodings, agents),
    after: fc.option(inner, { nil: undefined }),
    upstream: fc.option(mutations, { nil: undefined }),
    requests: fc.array(visitor, { minLength: 5, maxLength: 9 }),
  })
  .map(({ own, after, upstream, requests }) => {
    const per: JsonObject = own.perRoute ? { typed_per_filter_config: { own: own.perRoute } } : {};
    const routes: JsonObject[] = [
      { match: { prefix: '/a/b' }, direct_response: { status: 404, body: { inline_string: 'direct' } }, ...per },
      { match: { prefix: '/a' }, route: { cluster: '§c1' }, ...per },
      { match: { prefix: '/b' }, route: { cluster: '§none' } },
      { match: { prefix: '/' }, route: { cluster: '§c2' } },
    ];
    const response_headers_to_add: JsonObject[] = [{ header: { key: 'x-lab-route', value: '%RESPONSE_CODE%' } }];
    const config = { virtual_hosts: [{ ...virtualHost('v', ['*'], routes), response_headers_to_add }], validate_clusters: false };
    const http = httpChain(config, { httpFilters: [own.filter, ...(after ? [after] : [])] });
    const clusters = [cluster(1, { fields: upstream ? withFilters(upstream) : {} }), cluster(2)];
    return { area: 'plain_filters', listeners: [listener('l', [http])], clusters, requests: once(requests) };
  });
