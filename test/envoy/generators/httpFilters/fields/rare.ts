/** Filters and fields that need secrets, samples, scripts of routes, or another filter inside. */
import fc from 'fast-check';
import type { Json, JsonObject } from '../../../labCase';
import { extension, optional, typed } from '../../parts';
import { fieldFilter, runtimeShare, type FieldFilter } from './fieldFilter';

/** Secrets that the filters name. */
export const FIELD_SECRETS: readonly JsonObject[] = [{ name: '§secret', generic_secret: { secret: { inline_string: 'hush' } } }];

const mutation = (header: string): JsonObject =>
  typed('filters.http.header_mutation.v3.HeaderMutation', {
    mutations: { request_mutations: [{ append: { header: { key: header, value: 'yes' } } }] },
  });
const headerInput = (header_name: string): Json => ({
  name: 'h',
  typed_config: { '@type': 'type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput', header_name },
});
const runs = fc.constantFrom<JsonObject[]>(
  { typed_config: { name: 'inner', typed_config: mutation('x-inner') } },
  { typed_config: { name: 'inner', typed_config: mutation('x-inner') }, sample_percent: runtimeShare(100) },
  { typed_config: { name: 'inner', typed_config: mutation('x-inner') }, sample_percent: runtimeShare(0) },
  {
    typed_config: {
      name: 'inner',
      typed_config: typed('filters.http.fault.v3.HTTPFault', { abort: { http_status: 418, percentage: { numerator: 100 } } }),
    },
  },
);
const compositeMatcher = runs.map((action): JsonObject => ({
  matcher_tree: {
    input: headerInput('x'),
    exact_match_map: {
      map: { abc: { action: { name: 'run', typed_config: typed('filters.http.composite.v3.ExecuteFilterAction', action) } } },
    },
  },
}));
/** The older way: a matcher around the composite filter, which a route may replace. */
const wrapped: fc.Arbitrary<FieldFilter> = fc
  .tuple(compositeMatcher, fc.option(compositeMatcher, { nil: undefined }))
  .map(([xds_matcher, other]) => ({
    filter: {
      name: 'wrapped',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.common.matching.v3.ExtensionWithMatcher',
        xds_matcher,
        extension_config: extension('composite', 'filters.http.composite.v3.Composite'),
      },
    },
    ...(other
      ? {
          perRoute: {
            '@type': 'type.googleapis.com/envoy.extensions.common.matching.v3.ExtensionWithMatcherPerRoute',
            xds_matcher: other,
          },
        }
      : {}),
  }));

const context = fieldFilter(
  'context',
  'filters.http.lua.v3.Lua',
  fc.constantFrom<JsonObject[]>({}, { filter_context: { to: 'two', n: 5 } }).map((more): JsonObject => ({
    default_source_code: {
      inline_string:
        'function envoy_on_request(h) local c = h:filterContext() h:headers():add("x-context", tostring(c and c["to"])) if c and c["n"] then h:headers():add("x-n", c["n"] + 1) end end',
    },
    ...more,
  })),
  {
    type: 'filters.http.lua.v3.LuaPerRoute',
    config: fc.constantFrom<JsonObject[]>({ filter_context: { to: 'three' } }, { filter_context: { n: 41 } }, { filter_context: {} }),
  },
);

const injected = fieldFilter(
  'credential',
  'filters.http.credential_injector.v3.CredentialInjector',
  fc
    .tuple(
      optional({ overwrite: fc.boolean(), allow_request_without_credential: fc.boolean() }),
      optional({ header: fc.constantFrom('x-credential', 'x'), header_value_prefix: fc.constantFrom('Bearer ', 'k=') }),
    )
    .map(([fields, generic]): JsonObject => ({
      ...fields,
      credential: extension('generic', 'http.injected_credentials.generic.v3.Generic', { credential: { name: '§secret' }, ...generic }),
    })),
);

const jsonPair = fc
  .tuple(
    fc.constantFrom('k', 'n'),
    optional({
      value: fc.constantFrom<Json[]>('fixed', 7, true),
      type: fc.constantFrom('STRING', 'NUMBER'),
      preserve_existing_metadata_value: fc.boolean(),
    }),
  )
  .map(([key, more]): JsonObject => ({ metadata_namespace: 'lab', key, ...more }));
const jsonRules = fc
  .tuple(
    jsonPair,
    jsonPair,
    optional({ allow_content_types_regex: fc.constant<Json>({ regex: 'text/.*' }), allow_empty_content_type: fc.boolean() }),
  )
  .map(([missing, error, more]): Json => ({
    rules: [
      {
        selectors: [{ key: 'a' }],
        on_present: { metadata_namespace: 'lab', key: 'k' },
        on_missing: { ...missing, value: 'none' },
        on_error: { ...error, value: 'error' },
      },
    ],
    ...more,
  }));
const json = fieldFilter(
  'json',
  'filters.http.json_to_metadata.v3.JsonToMetadata',
  fc
    .tuple(jsonRules, fc.option(jsonRules, { nil: undefined }))
    .map(([request_rules, response_rules]): JsonObject => ({ request_rules, ...(response_rules ? { response_rules } : {}) })),
);

const tagged = fieldFilter(
  'tagged',
  'filters.http.ip_tagging.v3.IPTagging',
  fc
    .tuple(
      fc.constantFrom('BOTH', 'INTERNAL', 'EXTERNAL'),
      fc.constantFrom<JsonObject[]>(
        {},
        { ip_tag_header: { header: 'x-tags' } },
        { ip_tag_header: { header: 'x-tags', action: 'APPEND_IF_EXISTS_OR_ADD' } },
      ),
    )
    .map(([request_type, more]): JsonObject => ({
      request_type,
      ...more,
      ip_tags: [
        { ip_tag_name: 'ten', ip_list: [{ address_prefix: '10.0.0.0', prefix_len: 8 }] },
        { ip_tag_name: 'one', ip_list: [{ address_prefix: '203.0.113.0', prefix_len: 24 }] },
      ],
    })),
);

const formatters = fieldFilter(
  'formatted',
  'filters.http.header_mutation.v3.HeaderMutation',
  fc
    .tuple(
      fc.subarray<JsonObject>(
        [
          { append: { header: { key: 'x-query', value: '%REQ_WITHOUT_QUERY(:path)%' } } },
          { append: { header: { key: 'x-cel', value: '%CEL(request.method)%' } } },
          { append: { header: { key: 'x-meta', value: '%METADATA(ROUTE:lab:k)%|%METADATA(CLUSTER:lab:k)%' } } },
          { append: { header: { key: 'x', value: 'one' }, append_action: 'OVERWRITE_IF_EXISTS' } },
          { append: { header: { key: 'x', value: 'two' }, append_action: 'ADD_IF_ABSENT' } },
        ],
        { minLength: 1 },
      ),
      fc.subarray<JsonObject>([
        { append: { record: { key: 'q', value: 'v' } } },
        { append: { record: { key: 'key', value: 'w' }, action: 'OVERWRITE_IF_EXISTS_OR_ADD' } },
        { remove: 'x' },
      ]),
    )
    .map(([request_mutations, query_parameter_mutations]): JsonObject => ({
      mutations: {
        request_mutations,
        query_parameter_mutations,
        formatters: [
          extension('rwq', 'formatter.req_without_query.v3.ReqWithoutQuery'),
          extension('cel', 'formatter.cel.v3.Cel'),
          extension('metadata', 'formatter.metadata.v3.Metadata'),
        ],
      },
    })),
);

const session = fieldFilter(
  'session',
  'filters.http.stateful_session.v3.StatefulSession',
  fc
    .tuple(fc.boolean(), fc.constantFrom<JsonObject[]>({}, { status_on_strict_destination_not_found: { code: 'NotFound' } }))
    .map(([strict, more]): JsonObject => ({
      strict,
      ...(strict ? more : {}),
      session_state: {
        name: 'envoy.http.stateful_session.header',
        typed_config: typed('http.stateful_session.header.v3.HeaderBasedSessionState', { name: 'x' }),
      },
    })),
  {
    type: 'filters.http.stateful_session.v3.StatefulSessionPerRoute',
    config: fc.constantFrom<JsonObject[]>(
      { disabled: true },
      {
        stateful_session: {
          strict: true,
          session_state: {
            name: 'envoy.http.stateful_session.header',
            typed_config: typed('http.stateful_session.header.v3.HeaderBasedSessionState', { name: 'y' }),
          },
        },
      },
    ),
  },
);

export const rareFilters = [wrapped, context, injected, json, tagged, formatters, session];
