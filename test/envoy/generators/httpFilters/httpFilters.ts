/** HTTP filters whose answer is certain, in any order, with overrides of routes and virtual hosts. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { clusters, extension, httpChain, listener, once, optional, plainRequest, stringMatcher, virtualHost } from '../parts';

interface FilterChoice {
  readonly name: string;
  readonly filter: fc.Arbitrary<JsonObject>;
  /** What a route may say instead. */
  readonly override?: fc.Arbitrary<JsonObject>;
}

const percent = (numerator: number): JsonObject => ({ numerator, denominator: 'HUNDRED' });

const origins = stringMatcher(['http://good.test', 'http://', 'evil']);

const FILTERS: readonly FilterChoice[] = [
  {
    name: 'cors',
    filter: fc.constant(extension('cors', 'filters.http.cors.v3.Cors')),
    override: fc
      .tuple(
        fc.array(origins, { minLength: 1, maxLength: 2 }),
        optional({
          allow_methods: fc.constant('GET'),
          forward_not_matching_preflights: fc.boolean(),
          filter_enabled: fc.constantFrom(0, 100).map((share) => ({ default_value: percent(share) })),
        }),
      )
      .map(([allow_origin_string_match, more]): JsonObject => ({
        '@type': 'type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy',
        allow_origin_string_match,
        ...more,
      })),
  },
  {
    name: 'csrf',
    filter: csrf().map((policy): JsonObject => ({ name: 'csrf', typed_config: policy })),
    override: csrf(),
  },
  { name: 'fault', filter: fault().map((policy): JsonObject => ({ name: 'fault', typed_config: policy })), override: fault() },
  {
    name: 'health',
    filter: fc
      .constantFrom<JsonObject[]>({ name: ':path', string_match: { exact: '/a' } }, { name: 'x', string_match: { exact: 'abc' } })
      .map((header) => extension('health', 'filters.http.health_check.v3.HealthCheck', { pass_through_mode: false, headers: [header] })),
  },
  {
    name: 'to_metadata',
    filter: fc.constantFrom('x', 'y', ':path').chain((header) =>
      optional({
        on_header_present: fc.constant({ metadata_namespace: 'lab', key: 'k', type: 'STRING' }),
        on_header_missing: fc.constant({ metadata_namespace: 'lab', key: 'k', value: 'none', type: 'STRING' }),
        remove: fc.constant(true),
      }).map((rule) => {
        const actions =
          'on_header_present' in rule || 'on_header_missing' in rule
            ? rule
            : { ...rule, on_header_present: { metadata_namespace: 'lab', key: 'k', type: 'STRING' } };
        const allowed = header === ':path' ? without(actions, 'remove') : actions;
        return extension('to_metadata', 'filters.http.header_to_metadata.v3.Config', { request_rules: [{ header, ...allowed }] });
      }),
    ),
  },
  {
    name: 'set_metadata',
    filter: fc.boolean().map((allow_overwrite) =>
      extension('set_metadata', 'filters.http.set_metadata.v3.Config', {
        metadata: [{ metadata_namespace: 'lab', value: { k: 'set', n: 3 }, allow_overwrite }],
      }),
    ),
  },
  {
    name: 'state',
    filter: fc.constantFrom('%REQ(x)%', 'fixed', '%DYNAMIC_METADATA(lab:k)%').map((text) =>
      extension('state', 'filters.http.set_filter_state.v3.Config', {
        on_request_headers: [
          { object_key: 'lab.k', factory_key: 'envoy.string', format_string: { text_format_source: { inline_string: text } } },
        ],
      }),
    ),
  },
  {
    name: 'mutation',
    filter: mutations().map((changes) =>
      extension('mutation', 'filters.http.header_mutation.v3.HeaderMutation', { mutations: { request_mutations: changes } }),
    ),
    override: mutations().map((changes): JsonObject => ({
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute',
      mutations: { request_mutations: changes },
    })),
  },
  {
    name: 'buffer',
    filter: fc.constant(extension('buffer', 'filters.http.buffer.v3.Buffer', { max_request_bytes: 1024 })),
  },
  {
    name: 'rbac',
    filter: fc.constantFrom('lab', 'none').map((value) =>
      extension('rbac', 'filters.http.rbac.v3.RBAC', {
        rules: {
          action: 'DENY',
          policies: {
            p: {
              permissions: [{ any: true }],
              principals: [{ metadata: { filter: 'lab', path: [{ key: 'k' }], value: { string_match: { exact: value } } } }],
            },
          },
        },
      }),
    ),
  },
];

function csrf(): fc.Arbitrary<JsonObject> {
  return fc.tuple(fc.constantFrom(0, 100), fc.array(origins, { maxLength: 1 })).map(([share, additional_origins]): JsonObject => ({
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.csrf.v3.CsrfPolicy',
    filter_enabled: { default_value: percent(share) },
    additional_origins,
  }));
}

function fault(): fc.Arbitrary<JsonObject> {
  return fc
    .tuple(
      fc.constantFrom(0, 100),
      fc.constantFrom(418, 503),
      optional({
        headers: fc.constantFrom<Json[]>([{ name: 'x', present_match: true }], [{ name: 'y', string_match: { exact: 'abc' } }]),
        upstream_cluster: fc.constantFrom('§c1', '§c2'),
      }),
    )
    .map(([share, http_status, more]): JsonObject => ({
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault',
      abort: { http_status, percentage: percent(share) },
      ...more,
    }));
}

function mutations(): fc.Arbitrary<Json> {
  const change = fc.oneof(
    fc.constantFrom('x', 'y').map((remove): JsonObject => ({ remove })),
    fc
      .tuple(
        fc.constantFrom('x', 'x-new'),
        fc.constantFrom('v', '%DYNAMIC_METADATA(lab:k)%', '%FILTER_STATE(lab.k:PLAIN)%', '%REQ(y)%'),
        fc.constantFrom('APPEND_IF_EXISTS_OR_ADD', 'ADD_IF_ABSENT', 'OVERWRITE_IF_EXISTS_OR_ADD', 'OVERWRITE_IF_EXISTS'),
      )
      .map(([key, value, append_action]): JsonObject => ({ append: { header: { key, value }, append_action } })),
  );
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((list): Json => list);
}

function without(fields: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
}

const chosen = fc.uniqueArray(fc.constantFrom(...FILTERS), { minLength: 1, maxLength: 4, selector: ({ name }) => name }).chain((choices) =>
  fc.tuple(
    ...choices.map(({ name, filter, override }) =>
      fc.record({
        name: fc.constant(name),
        filter: fc
          .tuple(filter, fc.constantFrom(false, false, false, true))
          .map(([own, disabled]): JsonObject => ({ ...own, ...(disabled ? { disabled: true } : {}) })),
        route: overrideOf(override),
        host: overrideOf(override),
      }),
    ),
  ),
);

const FILTER_CONFIG = 'type.googleapis.com/envoy.config.route.v3.FilterConfig';

/** An own configuration, switched off, or nothing. */
function overrideOf(override: fc.Arbitrary<JsonObject> | undefined): fc.Arbitrary<JsonObject | undefined> {
  const disabled = fc.constant<JsonObject>({ '@type': FILTER_CONFIG, disabled: true });
  const nothing = fc.constant(undefined);
  return override
    ? fc.oneof({ weight: 2, arbitrary: nothing }, { weight: 3, arbitrary: override }, { weight: 1, arbitrary: disabled })
    : fc.oneof({ weight: 4, arbitrary: nothing }, { weight: 1, arbitrary: disabled });
}

function overridesOf(list: readonly { readonly name: string; readonly own: JsonObject | undefined }[]): JsonObject {
  const given = list.filter(({ own }) => own !== undefined);
  return given.length === 0 ? {} : { typed_per_filter_config: Object.fromEntries(given.map(({ name, own }) => [name, own ?? {}])) };
}

const browser: fc.Arbitrary<TraceRequest> = fc
  .tuple(
    plainRequest,
    fc.constantFrom<[string, string][][]>(
      [],
      [['origin', 'http://good.test']],
      [['origin', 'http://evil.test']],
      [
        ['origin', 'http://good.test'],
        ['access-control-request-method', 'GET'],
      ],
    ),
    fc.constantFrom('GET', 'POST', 'OPTIONS'),
  ) // prettier-ignore
  .map(([request, headers, method]) => {
    const http = request.http;
    return http ? { ...request, http: { ...http, method, headers: [...http.headers, ...headers] } } : request;
  });

export const httpFilters: fc.Arbitrary<LabCase> = fc
  .record({ filters: chosen, requests: fc.array(browser, { minLength: 4, maxLength: 9 }) })
  .map(({ filters, requests }) => {
    const routes: JsonObject[] = [
      { match: { prefix: '/a' }, route: { cluster: '§c1' }, ...overridesOf(filters.map(({ name, route }) => ({ name, own: route }))) },
      { match: { prefix: '/' }, route: { cluster: '§c2' } },
    ];
    const host = overridesOf(filters.map(({ name, host: own }) => ({ name, own })));
    const added = {
      request_headers_to_add: [
        { header: { key: 'x-md', value: '%DYNAMIC_METADATA(lab:k)%' } },
        { header: { key: 'x-fs', value: '%FILTER_STATE(lab.k:PLAIN)%' } },
      ],
    };
    const chain = httpChain(
      { virtual_hosts: [virtualHost('v', ['*'], routes, { ...host, ...added })] },
      { httpFilters: filters.map(({ filter }) => filter) },
    );
    return { area: 'http_filters', listeners: [listener('l', [chain])], clusters: clusters(2), requests: once(requests) };
  });
