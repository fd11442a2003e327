/** Policies as Istio makes them of AuthorizationPolicy CUSTOM (shadow rules that switch external authorization on) and of claims of tokens. */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { extension } from '../../generators/parts';
import type { JsonObject } from '../../labCase';

const RBAC = 'envoy.filters.http.rbac';
const SHADOW_PREFIX = 'istio_ext_authz_';
const CUSTOM = 'istio-ext-authz';

function rbac(fields: JsonObject): JsonObject {
  return extension(RBAC, 'filters.http.rbac.v3.RBAC', fields);
}

/** A request that the shadow rules find must ask a server that nobody reaches; all others pass. */
const customAuthorization: fc.Arbitrary<JsonObject[]> = fc
  .record({
    permission: fc.constantFrom<JsonObject[]>(
      { url_path: { path: { prefix: '/admin' } } },
      { url_path: { path: { prefix: '/api' } } },
      { header: { name: ':method', string_match: { exact: 'POST' } } },
    ),
    lenient: fc.boolean(),
    status: fc.constantFrom(undefined, 503),
  })
  .map(({ permission, lenient, status }) => [
    rbac({
      shadow_rules: {
        action: 'DENY',
        policies: {
          [`${CUSTOM}-ns[shop]-policy[ask]-rule[0]`]: {
            permissions: [{ and_rules: { rules: [permission] } }],
            principals: [{ and_ids: { ids: [{ any: true }] } }],
          },
        },
      },
      shadow_rules_stat_prefix: SHADOW_PREFIX,
    }),
    extension('envoy.filters.http.ext_authz', 'filters.http.ext_authz.v3.ExtAuthz', {
      http_service: { server_uri: { uri: 'http://authz.test', cluster: 'BlackHoleCluster', timeout: '1s' } },
      failure_mode_allow: lenient,
      ...(status === undefined ? {} : { status_on_error: { code: status } }),
      filter_enabled_metadata: {
        filter: RBAC,
        path: [{ key: `${SHADOW_PREFIX}shadow_effective_policy_id` }],
        value: { string_match: { prefix: CUSTOM } },
      },
    }),
  ]);

const SECRET = 'the secret of the mesh';
const TOKENS = 'envoy.filters.http.jwt_authn';
const issuer = 'issuer.test';

const jwtAuthn = extension(TOKENS, 'filters.http.jwt_authn.v3.JwtAuthentication', {
  providers: {
    people: {
      issuer,
      forward: true,
      payload_in_metadata: 'payload',
      local_jwks: {
        inline_string: JSON.stringify({ keys: [{ kty: 'oct', alg: 'HS256', k: Buffer.from(SECRET).toString('base64url') }] }),
      },
    },
  },
  rules: [{ match: { prefix: '/' }, requires: { requires_any: { requirements: [{ provider_name: 'people' }, { allow_missing: {} }] } } }],
});

function claim(name: string, value: JsonObject): JsonObject {
  return { metadata: { filter: TOKENS, path: [{ key: 'payload' }, { key: name }], value } };
}

/** Tokens are read, and a policy asks for a claim: an issuer, or one of several groups. */
const claims: fc.Arbitrary<JsonObject[]> = fc
  .record({
    action: fc.constantFrom('ALLOW', 'DENY'),
    principal: fc.constantFrom<JsonObject[]>(
      claim('iss', { string_match: { exact: issuer } }),
      claim('groups', { list_match: { one_of: { string_match: { exact: 'admins' } } } }),
      { not_id: claim('groups', { list_match: { one_of: { string_match: { exact: 'admins' } } } }) },
    ),
  })
  .map(({ action, principal }) => [
    jwtAuthn,
    rbac({
      rules: {
        action,
        policies: { 'ns[shop]-policy[claims]-rule[0]': { permissions: [{ any: true }], principals: [{ and_ids: { ids: [principal] } }] } },
      },
    }),
  ]);

/** Several filters that belong together; mostly none. */
export const istioPolicies: fc.Arbitrary<JsonObject[]> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<JsonObject[]>([]) },
  { weight: 1, arbitrary: customAuthorization },
  { weight: 1, arbitrary: claims },
);

function tokenOf(payload: JsonObject, secret: string): string {
  const section = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${section({ alg: 'HS256', typ: 'JWT' })}.${section(payload)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** Of somebody, of an administrator, of a stranger, or none. */
export const authorization: fc.Arbitrary<[string, string][]> = fc
  .constantFrom(
    undefined,
    undefined,
    tokenOf({ iss: issuer, sub: 'bob', exp: 5_000_000_000 }, SECRET),
    tokenOf({ iss: issuer, sub: 'ann', groups: ['people', 'admins'], exp: 5_000_000_000 }, SECRET),
    tokenOf({ iss: issuer, groups: ['admins'] }, 'another secret'),
  )
  .map((token) => (token === undefined ? [] : [['authorization', `Bearer ${token}`]]));
