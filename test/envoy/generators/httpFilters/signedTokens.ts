/** Tokens with real signatures, keys of every kind, and what good tokens leave behind. */
import { constants, createHmac, generateKeyPairSync, KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { clusters, extension, httpChain, listener, once, optional, plainRequest, virtualHost } from '../parts';

interface Signer {
  readonly algorithm: string;
  readonly key: KeyObject | Buffer;
  readonly jwk: JsonObject;
}

const CURVES: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' };
const SECRET = Buffer.from('the secret of the lab');

function makeSigner(algorithm: string): Signer {
  if (algorithm.startsWith('HS')) return { algorithm, key: SECRET, jwk: { kty: 'oct', k: SECRET.toString('base64url') } };
  const namedCurve = CURVES[algorithm];
  const { publicKey, privateKey } =
    algorithm === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : namedCurve === undefined
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve });
  return { algorithm, key: privateKey, jwk: publicKey.export({ format: 'jwk' }) as JsonObject };
}

function signatureOf({ algorithm, key }: Signer, text: string): Buffer {
  const [hash, bytes] = [`sha${algorithm.slice(2)}`, Buffer.from(text)];
  if (!(key instanceof KeyObject)) return createHmac(hash, key).update(bytes).digest();
  if (algorithm === 'EdDSA') return sign(null, bytes, key);
  if (!algorithm.startsWith('PS')) return sign(hash, bytes, { key, dsaEncoding: 'ieee-p1363' });
  return sign(hash, bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST });
}

const section = (value: Json): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function tokenOf(signer: Signer, claims: Json, header: JsonObject): string {
  const text = `${section({ alg: signer.algorithm, ...header })}.${section(claims)}`;
  return `${text}.${signatureOf(signer, text).toString('base64url')}`;
}

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'HS256', 'HS384', 'HS512'];
const SIGNERS: readonly Signer[] = ALGORITHMS.map(makeSigner);
const STRANGERS: readonly Signer[] = ['RS256', 'ES256', 'EdDSA'].map(makeSigner);

/** Names of keys: none, or some that tokens may name as well. */
const keyName = optional({ kid: fc.constantFrom('a', 'a', 'b') });

const keySet = fc
  .array(
    fc.tuple(fc.constantFrom(...SIGNERS), keyName, fc.boolean()).map(([{ algorithm, jwk }, name, tellsAlgorithm]): JsonObject => ({
      ...jwk,
      ...name,
      ...(tellsAlgorithm ? { alg: algorithm } : {}),
    })),
    { minLength: 1, maxLength: 4 },
  )
  .map((keys) => JSON.stringify({ keys }));

const LONG_AGO = 1_000_000_000;
const FAR_AWAY = 5_000_000_000;

const claims: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.constantFrom('iss.test', 'iss.test', 'iss.test', 'other.test', 'foreign.test'),
    optional({
      sub: fc.constantFrom('me', 'spiffe://lab/you', ''),
      aud: fc.constantFrom<Json[]>('aud.test', ['x', 'https://aud.test/'], 'elsewhere', []),
      exp: fc.constantFrom(LONG_AGO, FAR_AWAY, FAR_AWAY, 0),
      nbf: fc.constantFrom(LONG_AGO, LONG_AGO, FAR_AWAY),
      scope: fc.constantFrom('read write', 'one', ''),
      roles: fc.constantFrom<Json[]>(['a', 'b'], [], ['märz', 1, true, null], { only: 'one' }),
      level: fc.constantFrom(7, 7.25, -1, 1e20, true, false, null),
      deep: fc.constantFrom<Json[]>({ er: 'x' }, { er: { est: 1 } }, 'flat'),
    }),
  )
  .map(([iss, more]) => ({ iss, ...more }));

const anyToken = fc
  .tuple(fc.constantFrom(...SIGNERS, ...SIGNERS, ...STRANGERS), claims, keyName, fc.integer({ min: 0, max: 9 }))
  .map(([signer, payload, header, fault]) => {
    const token = tokenOf(signer, payload, header);
    if (fault === 0) return `${token}AA`;
    return fault === 1 ? token.replace('.', '..') : token;
  });

const provider = (issuer: string): fc.Arbitrary<JsonObject> =>
  fc
    .tuple(
      keySet,
      optional({
        audiences: fc.constantFrom<Json[]>(['aud.test'], ['http://aud.test', 'more']),
        forward: fc.boolean(),
        forward_payload_header: fc.constant('x-payload'),
        pad_forward_payload_header: fc.boolean(),
        payload_in_metadata: fc.constantFrom('payload', 'shared'),
        header_in_metadata: fc.constantFrom('head', 'shared'),
        failed_status_in_metadata: fc.constant('failure'),
        clear_route_cache: fc.boolean(),
        subjects: fc.constantFrom<JsonObject[]>({ exact: 'me' }, { prefix: 'spiffe://' }),
        require_expiration: fc.boolean(),
        max_lifetime: fc.constantFrom('3600s', '9000000000s'),
        clock_skew_seconds: fc.constantFrom(1, 600),
        claim_to_headers: fc.constantFrom<Json[]>(
          [{ header_name: 'x', claim_name: 'sub' }],
          [
            { header_name: 'x-level', claim_name: 'level' },
            { header_name: 'x-deep', claim_name: 'deep.er' },
            { header_name: 'x-roles', claim_name: 'roles' },
          ],
          [
            { header_name: 'x-path', claim_path: [{ key: 'deep' }, { key: 'er' }] },
            { header_name: 'x-path-flat', claim_path: [{ key: 'deep.er' }] },
          ],
        ),
        normalize_payload_in_metadata: fc.constant<JsonObject>({ space_delimited_claims: ['scope'] }),
        from_headers: fc.constantFrom<Json[]>(
          [{ name: 'y', value_prefix: 'T ' }],
          [{ name: 'y' }, { name: 'authorization', value_prefix: 'Bearer ' }],
        ),
        from_params: fc.constant<Json>(['token']),
        from_cookies: fc.constant<Json>(['session']),
      }),
    )
    .map(([inline_string, more]): JsonObject => ({ ...(issuer === '' ? {} : { issuer }), local_jwks: { inline_string }, ...more }));

const leaf: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constantFrom('one', 'one', 'two').map((provider_name): JsonObject => ({ provider_name })),
  fc.constant<JsonObject>({ provider_and_audiences: { provider_name: 'one', audiences: ['aud.test'] } }),
  fc.constantFrom<JsonObject[]>({ allow_missing: {} }, { allow_missing_or_failed: {} }),
  fc.constantFrom<JsonObject[]>(
    { extract_only_without_validation: {} },
    { extract_only_without_validation: { verification_status_header: 'x-verified' } },
    { extract_only_without_validation: { verification_status_header: '-' } },
  ),
);
const group = (each: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> =>
  fc
    .tuple(fc.constantFrom('requires_any', 'requires_all'), fc.array(each, { minLength: 2, maxLength: 3 }))
    .map(([kind, requirements]): JsonObject => ({ [kind]: { requirements } }));
const requirement = fc.oneof(
  { weight: 3, arbitrary: leaf },
  { weight: 2, arbitrary: group(leaf) },
  { weight: 1, arbitrary: group(group(leaf)) },
);

const filter = fc
  .record({
    one: provider('iss.test'),
    two: fc.constantFrom('other.test', '').chain(provider),
    requires: requirement,
    strip_failure_response: fc.boolean(),
    how: fc.constantFrom('rule', 'rule', 'name', 'state'),
  })
  .map(({ one, two, requires, how, ...more }) =>
    extension('jwt', 'filters.http.jwt_authn.v3.JwtAuthentication', {
      providers: { one, two },
      ...placeRequirement(how, requires),
      ...more,
    }),
  );

function placeRequirement(how: string, requires: JsonObject): JsonObject {
  if (how === 'name') return { requirement_map: { needed: requires }, rules: [{ match: { prefix: '/' }, requirement_name: 'needed' }] };
  if (how === 'state') return { filter_state_rules: { name: 'lab.need', requires: { needed: requires } } };
  return { rules: [{ match: { prefix: '/' }, requires }] };
}

/** Names the requirement for `filter_state_rules`. */
const STATE = extension('state', 'filters.http.set_filter_state.v3.Config', {
  on_request_headers: [
    {
      object_key: 'lab.need',
      factory_key: 'envoy.string',
      format_string: { text_format_source: { inline_string: '%REQ(x-need?:method)%' } },
    },
  ],
});

type Placed = (token: string) => { readonly headers?: [string, string][]; readonly path?: string };

const PLACES: readonly Placed[] = [
  (token) => ({ headers: [['authorization', `Bearer ${token}`]] }),
  (token) => ({ headers: [['authorization', `Bearer ${token}`]] }),
  (token) => ({ headers: [['authorization', `Bearer  ${token}, more`]] }),
  (token) => ({ headers: [['y', `T ${token}`]] }),
  (token) => ({ headers: [['y', token]] }),
  (token) => ({ headers: [['cookie', `a=b; session=${token}`]] }),
  (token) => ({ path: `/a?z=1&access_token=${token}&b=%20` }),
  (token) => ({ path: `/a?token=${token}` }),
];

const visitor: fc.Arbitrary<TraceRequest> = fc
  .tuple(plainRequest, fc.array(fc.tuple(fc.constantFrom(...PLACES), anyToken), { maxLength: 2 }))
  .map(([request, placed]) => {
    const { http } = request;
    if (!http) return request;
    const all = placed.map(([place, token]) => place(token));
    const [path = http.path] = all.flatMap((each) => each.path ?? []);
    // One line a name: several of `authorization` end a stream of HTTP/2.
    const headers = new Map<string, string>([['x-need', 'needed'], ...http.headers, ...all.flatMap((each) => each.headers ?? [])]);
    return { ...request, http: { ...http, path, headers: [...headers] } };
  });

const SHOWN = ['payload:sub', 'payload:scope', 'shared:iss', 'shared:alg', 'head:alg', 'failure:code', 'failure:message'];

export const signedTokens: fc.Arbitrary<LabCase> = fc
  .tuple(filter, fc.array(visitor, { minLength: 5, maxLength: 9 }))
  .map(([own, requests]) => {
    const routes: JsonObject[] = [
      { match: { prefix: '/', headers: [{ name: 'x', string_match: { exact: 'me' } }] }, route: { cluster: '§c2' } },
      { match: { prefix: '/' }, route: { cluster: '§c1' } },
    ];
    const request_headers_to_add: JsonObject[] = SHOWN.map((path) => ({
      header: { key: `x-${path.replace(':', '-')}`, value: `%DYNAMIC_METADATA(envoy.filters.http.jwt_authn:${path})%` },
    }));
    const chain = httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)], request_headers_to_add }, { httpFilters: [STATE, own] });
    return { area: 'jwt_signed', listeners: [listener('l', [chain])], clusters: clusters(2), requests: once(requests) };
  });
