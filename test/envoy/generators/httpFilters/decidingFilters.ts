/** Filters that decide by a script, a token, a password or a matcher around them. */
import fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { luaAnswerBody, luaBody } from './luaBodies';
import { clusters, extension, httpChain, listener, once, optional, plainRequest, stringMatcher, typed, virtualHost } from '../parts';

/** Plain scripts, as people write them. */
const SCRIPTS = [
  'h:headers():add("x-lua", "one")',
  'h:headers():replace("x", "abc") h:clearRouteCache()',
  'h:headers():remove("x")',
  'if h:headers():get("x") == "abc" then h:respond({[":status"] = "403"}, "no") end',
  'h:respond({[":status"] = "200", ["x-said"] = "lua"}, "hello")',
  'h:streamInfo():dynamicMetadata():set("lab", "k", "lua")',
  'h:headers():add("x-lua", h:streamInfo():protocol())',
];

const lua = fc
  .tuple(fc.oneof({ weight: 1, arbitrary: fc.constantFrom(...SCRIPTS) }, { weight: 4, arbitrary: luaBody }), luaAnswerBody)
  .map(([body, answer]) => {
    const code = `function envoy_on_request(h) ${body} end ${answer === '' ? '' : `function envoy_on_response(h) ${answer} end`}`;
    return extension('lua', 'filters.http.lua.v3.Lua', { default_source_code: { inline_string: code } });
  });

/** Changes answers on both sides of the filter. */
const answerChange = fc
  .tuple(fc.constantFrom('APPEND_IF_EXISTS_OR_ADD', 'OVERWRITE_IF_EXISTS_OR_ADD'), fc.constantFrom('x-added', 'x-lab'))
  .map(([append_action, key]) =>
    extension(`change-${key}`, 'filters.http.header_mutation.v3.HeaderMutation', {
      mutations: { response_mutations: [{ append: { header: { key, value: 'changed' }, append_action } }] },
    }),
  );

const jwks = (): string =>
  JSON.stringify({
    keys: [{ ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }), alg: 'ES256', kid: 'lab' }],
  });

const provider = (issuer: string, more: JsonObject): JsonObject => ({
  ...(issuer === '' ? {} : { issuer }),
  local_jwks: { inline_string: jwks() },
  ...more,
});

const simpleRequirement: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constantFrom('one', 'two').map((provider_name): JsonObject => ({ provider_name })),
  fc.constant<JsonObject>({ provider_and_audiences: { provider_name: 'one', audiences: ['aud.test'] } }),
  fc.constantFrom<JsonObject[]>({ allow_missing: {} }, { allow_missing_or_failed: {} }),
);
const requirement: fc.Arbitrary<JsonObject> = fc.oneof(
  simpleRequirement,
  fc.array(simpleRequirement, { minLength: 2, maxLength: 3 }).map((requirements): JsonObject => ({ requires_any: { requirements } })),
  fc.array(simpleRequirement, { minLength: 2, maxLength: 3 }).map((requirements): JsonObject => ({ requires_all: { requirements } })),
);

const jwt = fc
  .record({
    rules: fc.array(
      fc.tuple(
        fc.constantFrom<JsonObject[]>({ prefix: '/a' }, { path: '/b' }, { prefix: '/', headers: [{ name: 'x', present_match: true }] }),
        fc.option(requirement),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    from: fc.constantFrom<JsonObject[]>({}, { from_params: ['x'] }, { from_headers: [{ name: 'y', value_prefix: 'Bearer ' }] }),
    more: optional({ bypass_cors_preflight: fc.boolean(), strip_failure_response: fc.boolean() }),
  })
  .map(({ rules, from, more }) =>
    extension('jwt', 'filters.http.jwt_authn.v3.JwtAuthentication', {
      providers: { one: provider('iss.test', { audiences: ['aud.test'], ...from }), two: provider('other.test', {}) },
      rules: rules.map(([match, requires]): JsonObject => ({ match, ...(requires ? { requires } : {}) })),
      ...more,
    }),
  );

function token(header: Json, claims: Json): string {
  return [JSON.stringify(header), JSON.stringify(claims), 'signature'].map((part) => Buffer.from(part).toString('base64url')).join('.');
}

const ES256: JsonObject = { alg: 'ES256', kid: 'lab' };
/** None of them depends on a key or a clock. */
const CREDENTIALS = [
  '',
  '',
  'Bearer abc',
  'Bearer a.b.c',
  'Basic dXNlcjpwYXNz',
  'Basic dXNlcjp3cm9uZw==',
  'Basic nonsense',
  `Bearer ${token(ES256, { iss: 'foreign.test' })}`,
  `Bearer ${token(ES256, {})}`,
  `Bearer ${token({ alg: 'none' }, { iss: 'iss.test' })}`,
  `Bearer ${token({}, { iss: 'iss.test' })}`,
  `Bearer ${token(ES256, { iss: 'iss.test', aud: 'elsewhere.test' })}`,
  `Bearer ${token(ES256, { iss: 7 })}`,
  `Bearer ${token(ES256, 'text')}`,
  `bearer ${token(ES256, { iss: 'foreign.test' })}`,
];

const basicAuth = fc.constant(
  // user:pass, as htpasswd writes it with SHA-1.
  extension('basic_auth', 'filters.http.basic_auth.v3.BasicAuth', { users: { inline_string: 'user:{SHA}nU4eI71bcnBGqeO0t9tXvY1u5oQ=' } }),
);

const headerInput = fc.constantFrom('x', 'y', ':path').map((header_name): JsonObject => ({
  name: 'input',
  typed_config: { '@type': 'type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput', header_name },
}));

/** A matcher around an action: a list of predicates, or a map. */
function matcher(action: JsonObject): fc.Arbitrary<JsonObject> {
  const leaf = fc
    .tuple(headerInput, stringMatcher(['abc', '5', '/a']))
    .map(([input, value_match]): JsonObject => ({ single_predicate: { input, value_match } }));
  const predicate = fc.oneof(
    leaf,
    leaf.map((not_matcher): JsonObject => ({ not_matcher })),
    fc.tuple(leaf, leaf).map((list): JsonObject => ({ and_matcher: { predicate: list } })),
    fc.tuple(leaf, leaf).map((list): JsonObject => ({ or_matcher: { predicate: list } })),
  );
  const onMatch: JsonObject = { action };
  const list = fc
    .array(predicate, { minLength: 1, maxLength: 2 })
    .map((all): JsonObject => ({ matcher_list: { matchers: all.map((each) => ({ predicate: each, on_match: onMatch })) } }));
  const map = fc
    .tuple(headerInput, fc.constantFrom('exact_match_map', 'prefix_match_map'))
    .map(([input, kind]): JsonObject => ({ matcher_tree: { input, [kind]: { map: { abc: onMatch, '/a': onMatch, '5': onMatch } } } }));
  return fc
    .tuple(fc.oneof(list, map), fc.constantFrom(false, false, true))
    .map(([tree, otherwise]) => ({ ...tree, ...(otherwise ? { on_no_match: onMatch } : {}) }));
}

const inner = fc.oneof(
  fc.constant(
    extension('fault', 'filters.http.fault.v3.HTTPFault', {
      abort: { http_status: 418, percentage: { numerator: 100, denominator: 'HUNDRED' } },
    }),
  ),
  fc.constant(
    extension('mutation', 'filters.http.header_mutation.v3.HeaderMutation', {
      mutations: { request_mutations: [{ append: { header: { key: 'x-inner', value: '%REQ(x)%' } } }] },
    }),
  ),
  fc.constant(extension('rbac', 'filters.http.rbac.v3.RBAC', { rules: { action: 'ALLOW', policies: {} } })),
);

const WITH_MATCHER = 'type.googleapis.com/envoy.extensions.common.matching.v3.ExtensionWithMatcher';
const SKIP: JsonObject = { name: 'skip', typed_config: typed('filters.common.matcher.action.v3.SkipFilter') };

const delegate = fc.tuple(inner, matcher(SKIP)).map(([extension_config, xds_matcher]): JsonObject => ({
  name: 'delegate',
  typed_config: { '@type': WITH_MATCHER, extension_config, xds_matcher },
}));

const composite = inner
  .chain((typed_config) => matcher({ name: 'run', typed_config: typed('filters.http.composite.v3.ExecuteFilterAction', { typed_config }) }))
  .map((xds_matcher): JsonObject => ({
    name: 'composite',
    typed_config: { '@type': WITH_MATCHER, extension_config: extension('composite', 'filters.http.composite.v3.Composite'), xds_matcher },
  }));

const visitor: fc.Arbitrary<TraceRequest> = fc.tuple(plainRequest, fc.constantFrom(...CREDENTIALS)).map(([request, credentials]) => {
  const http = request.http;
  return http && credentials !== ''
    ? { ...request, http: { ...http, headers: [...http.headers, ['authorization', credentials]] } }
    : request;
});

function filterCase(area: string, filter: fc.Arbitrary<JsonObject>): fc.Arbitrary<LabCase> {
  const around = fc.tuple(fc.option(answerChange, { nil: undefined }), fc.option(answerChange, { nil: undefined }));
  const requested = fc.array(visitor, { minLength: 5, maxLength: 9 });
  return fc.record({ filter, around, requests: requested }).map(({ filter: own, around: [before, after], requests }) => {
    const routes: JsonObject[] = [
      { match: { prefix: '/a' }, route: { cluster: '§c1' } },
      { match: { prefix: '/', headers: [{ name: 'x', string_match: { exact: 'abc' } }] }, route: { cluster: '§c3' } },
      { match: { prefix: '/' }, route: { cluster: '§c2' } },
    ];
    const response_headers_to_add: JsonObject[] = [{ header: { key: 'x-added', value: '%REQ(:path)%' } }];
    const host = { ...virtualHost('v', ['*'], routes), ...(before ? { response_headers_to_add } : {}) };
    const httpFilters = [before, own, after].filter((each) => each !== undefined);
    const chain = httpChain({ virtual_hosts: [host] }, { httpFilters });
    return { area, listeners: [listener('l', [chain])], clusters: clusters(3), requests: once(requests) };
  });
}

export const luaScripts = filterCase('lua', lua);
export const tokens = filterCase('jwt', jwt);
export const passwords = filterCase('basic_auth', basicAuth);
export const delegated = filterCase('filter_matcher', fc.oneof(delegate, composite));
