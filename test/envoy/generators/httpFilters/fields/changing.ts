/** Filters that change the request or its answer, or note something. */
import fc from 'fast-check';
import type { Json, JsonObject } from '../../../labCase';
import { extension, optional, typed } from '../../parts';
import { fieldFilter } from './fieldFilter';

const pair = fc
  .record({
    key: fc.constantFrom('k', 'n'),
    more: optional({
      metadata_namespace: fc.constant('lab'),
      type: fc.constantFrom('STRING', 'NUMBER'),
      encode: fc.constantFrom('NONE', 'BASE64'),
    }),
    how: fc.constantFrom<JsonObject[]>(
      {},
      { value: 'fixed' },
      { regex_value_rewrite: { pattern: { regex: '(.)b' }, substitution: '\\1' } },
    ),
  })
  .map(({ key, more, how }): JsonObject => ({ key, ...more, ...how }));
const rule = fc
  .record({
    where: fc.constantFrom<JsonObject[]>({ header: 'x' }, { header: 'y' }, { cookie: 'c' }, { header: ':path' }),
    present: pair,
    missing: fc.option(fc.constant<JsonObject>({ metadata_namespace: 'lab', key: 'k', value: 'missing' }), { nil: undefined }),
    remove: fc.boolean(),
  })
  .map(({ where, present, missing, remove }): JsonObject => ({
    ...where,
    on_header_present: present,
    ...(missing ? { on_header_missing: missing } : {}),
    ...(remove && where['header'] !== ':path' ? { remove } : {}),
  }));
const rules = fc.array(rule, { minLength: 1, maxLength: 2 });
const toMetadataConfig = fc.tuple(rules, fc.option(rules, { nil: undefined })).map(([request_rules, response_rules]): JsonObject => ({
  request_rules,
  ...(response_rules ? { response_rules: response_rules.filter(({ header }) => header !== ':path') } : {}),
}));
const TO_METADATA = 'filters.http.header_to_metadata.v3.Config';
const toMetadata = fieldFilter('to_metadata', TO_METADATA, toMetadataConfig, { type: TO_METADATA, config: toMetadataConfig });

const setMetadata = fieldFilter(
  'set_metadata',
  'filters.http.set_metadata.v3.Config',
  fc.constantFrom<JsonObject[]>(
    { metadata_namespace: 'lab', value: { k: 'old', typed: { a: [1, 'b', null, true] } } },
    { metadata: [{ metadata_namespace: 'lab', typed_value: { '@type': 'type.googleapis.com/google.protobuf.StringValue', value: 't' } }] },
    {
      metadata: [
        { metadata_namespace: 'lab', value: { k: 'one' } },
        { metadata_namespace: 'lab', value: { k: 'two', n: 1 } },
      ],
    },
    {
      metadata: [
        { metadata_namespace: 'lab', value: { k: { a: 1, b: [1] } } },
        { metadata_namespace: 'lab', value: { k: { a: 2, b: [2] } }, allow_overwrite: true },
      ],
    },
  ),
);

const state = fieldFilter(
  'state',
  'filters.http.set_filter_state.v3.Config',
  fc
    .tuple(fc.constantFrom('%REQ(x)%', 'fixed', '%REQ(x)%-%REQ(none)%'), fc.boolean(), fc.boolean(), fc.boolean())
    .map(([text, clear_route_cache, read_only, skip_if_empty]): JsonObject => ({
      on_request_headers: [
        {
          object_key: 'lab.k',
          factory_key: 'envoy.string',
          format_string: { text_format_source: { inline_string: text }, omit_empty_values: true },
          read_only,
          skip_if_empty,
        },
      ],
      clear_route_cache,
    })),
);

const LUA = 'function envoy_on_request(h) h:headers():add("x-lua", "NAME") end';
const script = (name: string): JsonObject => ({ inline_string: LUA.replace('NAME', name) });
const lua = fieldFilter(
  'lua',
  'filters.http.lua.v3.Lua',
  fc.constantFrom<JsonObject[]>(
    { inline_code: LUA },
    { inline_code: LUA, source_codes: { one: script('one') } },
    { default_source_code: script('default'), source_codes: { one: script('one'), two: script('two') } },
    { source_codes: { one: script('one') } },
    {
      default_source_code: {
        inline_string: 'function envoy_on_request(h) h:headers():replace("x-to", "three") end',
      },
      clear_route_cache: true,
    },
    {
      default_source_code: { inline_string: 'function envoy_on_request(h) h:headers():replace("x-to", h:filterContext()["to"]) end' },
      filter_context: { to: 'three' },
    },
  ),
  {
    type: 'filters.http.lua.v3.LuaPerRoute',
    config: fc.constantFrom<JsonObject[]>(
      { name: 'one' },
      { name: 'two' },
      { name: 'nowhere' },
      { disabled: true },
      { source_code: script('route') },
      { filter_context: { to: 'two' } },
    ),
  },
);

const mutation = fieldFilter(
  'mutation',
  'filters.http.header_mutation.v3.HeaderMutation',
  fc
    .record({
      request: fc.subarray<JsonObject>([
        { remove_on_match: { key_matcher: { prefix: 'x-' } } },
        { remove_on_match: { key_matcher: { contains: 'key', ignore_case: true } } },
        { append: { header: { key: 'x-new', value: '%REQ(x)%' }, keep_empty_value: true } },
        { remove: 'y' },
        { append: { header: { key: 'x-to', value: 'three' }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' } },
      ]),
      response: fc.subarray<JsonObject>([
        { remove_on_match: { key_matcher: { prefix: 'x-f' } } },
        { append: { header: { key: 'x-lab-more', value: '%RESP(x-lab)%' } } },
      ]),
      trailers: fc.boolean(),
    })
    .map(({ request, response, trailers }): JsonObject => ({
      mutations: {
        request_mutations: request,
        response_mutations: response,
        ...(trailers ? { response_trailers_mutations: [{ append: { header: { key: 'x-t', value: 't' } } }] } : {}),
      },
    })),
);

const tags = fieldFilter(
  'tags',
  'filters.http.ip_tagging.v3.IPTagging',
  fc.constantFrom('BOTH', 'INTERNAL', 'EXTERNAL').map((request_type): JsonObject => ({
    request_type,
    ip_tags: [{ ip_tag_name: 't', ip_list: [{ address_prefix: '10.0.0.0', prefix_len: 8 }] }],
  })),
);

const direction = optional({
  enabled: fc.constantFrom<Json[]>({ default_value: true, runtime_key: 'lab.off' }, { default_value: true, runtime_key: '§unset' }),
  min_content_length: fc.constantFrom(30, 1000),
  content_type: fc.constant<Json>(['application/json']),
  content_type_matcher: fc.constant<Json>([{ prefix: 'application/' }]),
});
const gzip = extension('gzip', 'compression.gzip.compressor.v3.Gzip');
const compressor = fieldFilter(
  'compressor',
  'filters.http.compressor.v3.Compressor',
  optional({
    content_length: fc.constant(30),
    disable_on_etag_header: fc.boolean(),
    remove_accept_encoding_header: fc.boolean(),
    runtime_enabled: fc.constant<Json>({ default_value: false, runtime_key: '§unset' }),
    request_direction_config: direction.map((common_config): Json => ({ common_config })),
    response_direction_config: optional({
      common_config: direction.map((each): Json => each),
      disable_on_etag_header: fc.boolean(),
      remove_accept_encoding_header: fc.boolean(),
      weaken_etag_on_compress: fc.boolean(),
      status_header_enabled: fc.boolean(),
      uncompressible_response_codes: fc.constant<Json>([404]),
    }).map((each): Json => each),
    choose_first: fc.boolean(),
  }).map((fields): JsonObject => {
    const { content_length, disable_on_etag_header, remove_accept_encoding_header, runtime_enabled, ...rest } = fields;
    const old = { content_length, disable_on_etag_header, remove_accept_encoding_header, runtime_enabled };
    const given = Object.fromEntries(Object.entries(old).filter((entry): entry is [string, Json] => entry[1] !== undefined));
    return { compressor_library: gzip, ...('response_direction_config' in rest ? rest : { ...rest, ...given }) };
  }),
  {
    type: 'filters.http.compressor.v3.CompressorPerRoute',
    config: fc.constantFrom<JsonObject[]>(
      { disabled: true },
      { overrides: { response_direction_config: { remove_accept_encoding_header: true } } },
    ),
  },
);

const decompressor = fieldFilter(
  'decompressor',
  'filters.http.decompressor.v3.Decompressor',
  optional({
    request_direction_config: optional({
      advertise_accept_encoding: fc.boolean(),
      common_config: fc.constantFrom<Json[]>(
        { enabled: { default_value: true, runtime_key: 'lab.off' } },
        { ignore_no_transform_header: true },
      ),
    }).map((each): Json => each),
    response_direction_config: fc.constant<Json>({ common_config: { enabled: { default_value: false, runtime_key: '§unset' } } }),
  }).map((fields): JsonObject => ({
    decompressor_library: extension('gzip', 'compression.gzip.decompressor.v3.Gzip'),
    ...fields,
  })),
);

const grpcWeb = fieldFilter('grpc_web', 'filters.http.grpc_web.v3.GrpcWeb', fc.constant({}));
const bridge = fieldFilter(
  'bridge',
  'filters.http.grpc_http1_bridge.v3.Config',
  optional({ upgrade_protobuf_to_grpc: fc.boolean(), ignore_query_parameters: fc.boolean() }),
);
const reverse = fieldFilter(
  'reverse',
  'filters.http.grpc_http1_reverse_bridge.v3.FilterConfig',
  optional({ withhold_grpc_frames: fc.boolean(), response_size_header: fc.constant('x-size') }).map((fields): JsonObject => ({
    content_type: 'application/x-protobuf',
    ...fields,
  })),
  { type: 'filters.http.grpc_http1_reverse_bridge.v3.FilterConfigPerRoute', config: fc.constant({ disabled: true }) },
);
const stats = fieldFilter(
  'stats',
  'filters.http.grpc_stats.v3.FilterConfig',
  fc.constantFrom<JsonObject[]>({}, { emit_filter_state: true }),
);

const injected = fieldFilter(
  'injected',
  'filters.http.credential_injector.v3.CredentialInjector',
  optional({ overwrite: fc.boolean(), allow_request_without_credential: fc.boolean() }).map((fields): JsonObject => ({
    ...fields,
    credential: {
      name: 'generic',
      typed_config: typed('http.injected_credentials.generic.v3.Generic', { credential: { name: '§secret' }, header: 'authorization' }),
    },
  })),
);

const jsonToMetadata = fieldFilter(
  'json',
  'filters.http.json_to_metadata.v3.JsonToMetadata',
  optional({ allow_content_types: fc.constant<Json>(['text/json']), allow_empty_content_type: fc.boolean() }).map((more): JsonObject => ({
    request_rules: {
      rules: [
        {
          selectors: [{ key: 'a' }],
          on_present: { metadata_namespace: 'lab', key: 'k' },
          on_missing: { metadata_namespace: 'lab', key: 'k', value: 'none' },
          on_error: { metadata_namespace: 'lab', key: 'k', value: 'error' },
        },
      ],
      ...more,
    },
  })),
);

const cache = fieldFilter(
  'cache',
  'filters.http.cache.v3.CacheConfig',
  fc.constantFrom<JsonObject[]>(
    { disabled: { value: true } },
    { typed_config: typed('http.cache.simple_http_cache.v3.SimpleHttpCacheConfig') },
  ),
);

const demand = fieldFilter('demand', 'filters.http.on_demand.v3.OnDemand', fc.constant({}));
const slow = fieldFilter(
  'slow',
  'filters.http.bandwidth_limit.v3.BandwidthLimit',
  fc.constantFrom<JsonObject[]>(
    { stat_prefix: 'b', enable_mode: 'DISABLED' },
    { stat_prefix: 'b', enable_mode: 'REQUEST_AND_RESPONSE', limit_kbps: 100000, enable_response_trailers: true },
  ),
);

export const changingFilters = [
  ...[toMetadata, setMetadata, state, lua, mutation, tags, compressor, decompressor, grpcWeb, bridge],
  ...[reverse, stats, injected, jsonToMetadata, cache, demand, slow],
];
