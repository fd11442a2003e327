/** OAuth2: who is sent to the authorization server, who comes back, who has a session, who is let in all the same. */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { clusters, httpChain, httpRequest, listener, once, optional, typed, virtualHost } from '../parts';

const TYPE = 'filters.http.oauth2.v3';
const END = '5000000000';
const sign = (text: string): string => createHmac('sha256', 'key').update(text).digest('base64');
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const header = (name: string): Json => [{ name, present_match: true }];
const more = optional({
  forward_bearer_token: fc.boolean(),
  preserve_authorization_header: fc.boolean(),
  pass_through_matcher: fc.constant(header('x-pass')),
  deny_redirect_matcher: fc.constant(header('x-deny')),
  allow_failed_matcher: fc.constant(header('x-guest')),
  auth_scopes: fc.constantFrom<Json[]>(['openid'], ['openid', 'e mail', 'x/y']),
  resources: fc.constantFrom<Json[]>(['r'], ['http://r.test/a?b', 'two']),
  auth_type: fc.constantFrom('URL_ENCODED_BODY', 'BASIC_AUTH', 'TLS_CLIENT_AUTH'),
  end_session_endpoint: fc.constant('https://idp.test/out'),
  default_expires_in: fc.constant('60s'),
  disable_id_token_set_cookie: fc.boolean(),
  disable_access_token_set_cookie: fc.boolean(),
  disable_refresh_token_set_cookie: fc.boolean(),
  use_refresh_token: fc.boolean(),
  disable_token_encryption: fc.boolean(),
  cookie_configs: fc.constant<Json>({ oauth_hmac_cookie_config: { same_site: 'STRICT' } }),
  csrf_token_expires_in: fc.constant('60s'),
});
const places = fc.record({
  redirect_uri: fc.constantFrom('%REQ(x-forwarded-proto)%://%REQ(:authority)%/callback', 'https://app.test/callback'),
  authorization_endpoint: fc.constantFrom(
    'https://idp.test/auth',
    'https://idp.test/auth?tenant=t',
    'http://idp.test/auth?client_id=mine&z',
  ),
  redirect_path_matcher: fc.constantFrom<Json[]>({ path: { exact: '/callback' } }, { path: { prefix: '/callback' } }),
  signout_path: fc.constantFrom<Json[]>({ path: { exact: '/signout' } }, { path: { suffix: 'out', ignore_case: true } }),
});
const names = fc.constantFrom<JsonObject[]>(
  {},
  {},
  { cookie_names: { oauth_hmac: 'mac', bearer_token: 'bear' } },
  { cookie_domain: 'a.test' },
);

const config = fc.tuple(more, places, names).map(([fields, own, cookies]): JsonObject => ({
  config: {
    token_endpoint: { cluster: '§c3', uri: 'https://idp.test/token', timeout: '1s' },
    credentials: { client_id: 'c', hmac_secret: { name: '§hmac' }, token_secret: { name: '§token' }, ...cookies },
    ...own,
    ...fields,
  },
}));

const NONCE = `f1.${sign('f1')}`;
const begun = encode({ url: 'http://a.test/x', csrf_token: NONCE, flow_id: 'f1' });
const foreign = encode({ url: 'http://a.test/x', csrf_token: `f2.${sign('f1')}`, flow_id: 'f2' });

const path = fc.constantFrom(
  '/a',
  '/a?q=1',
  '/b',
  '/free',
  '/signout',
  '/signout?x',
  '/callback',
  '/callback?z=1&code=1',
  '/callback?code=&state=',
  '/callback?error=denied&state=x',
  '/callback?code=1&state=e30',
  `/callback?code=1&state=${begun}`,
  `/callback?code=1&state=${foreign}`,
);

/** The cookies of a session, whose tokens may be another's. */
function sessionOf(authority: string, { hmac, bearer, end }: { hmac: string; bearer: string; end: string }): string {
  return `${hmac}=${sign([authority, end, 'tk', '', ''].join('\n'))}; OauthExpires=${end}; ${bearer}=tk`;
}

const session = fc.record({
  hmac: fc.constantFrom('OauthHMAC', 'OauthHMAC', 'mac'),
  bearer: fc.constantFrom('BearerToken', 'BearerToken', 'bear'),
  end: fc.constantFrom(END, END, '1000000000'),
});

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    path,
    authority: fc.constantFrom('a.test', 'a.test', 'a.test:8080', 'b.test'),
    method: fc.constantFrom('GET', 'GET', 'POST'),
    version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http2'),
    headers: fc.subarray<[string, string]>([
      ['x-pass', '1'],
      ['x-deny', '1'],
      ['x-guest', '1'],
      ['authorization', 'Basic abc'],
      ['x-forwarded-proto', 'https'],
      ['content-type', 'application/grpc'],
    ]),
    given: fc.option(session, { nil: undefined }),
    others: fc.subarray(['q=1', `OauthNonce.f1=${NONCE}`, `OauthNonce=${NONCE}`, 'RefreshToken=', 'CodeVerifier=x', 'IdToken=t']),
  })
  .map(({ given, others, headers, ...http }) => {
    const cookies = [...others, ...(given ? [sessionOf(http.authority, given)] : [])].join('; ');
    return httpRequest({ ...http, headers: [...headers, ...(cookies === '' ? [] : [['cookie', cookies] as [string, string]])] });
  });

const secret = (name: string): JsonObject => ({ name, generic_secret: { secret: { inline_string: 'key' } } });

export const logins: fc.Arbitrary<LabCase> = fc
  .record({
    config,
    ofRoute: fc.option(config, { nil: undefined, freq: 3 }),
    requests: fc.array(client, { minLength: 4, maxLength: 8 }),
  })
  .map(({ config: own, ofRoute, requests }) => {
    const per: JsonObject = ofRoute ? { typed_per_filter_config: { login: typed(`${TYPE}.OAuth2PerRoute`, ofRoute) } } : {};
    const routes: JsonObject[] = [
      { match: { prefix: '/a' }, route: { cluster: '§c1' }, ...per },
      {
        match: { prefix: '/free' },
        route: { cluster: '§c1' },
        typed_per_filter_config: { login: { '@type': 'type.googleapis.com/envoy.config.route.v3.FilterConfig', disabled: true } },
      },
      { match: { prefix: '/' }, route: { cluster: '§c2' } },
    ];
    const chain = httpChain(
      { virtual_hosts: [virtualHost('v', ['*'], routes)] },
      { httpFilters: [{ name: 'login', typed_config: typed(`${TYPE}.OAuth2`, own) }] },
    );
    return {
      area: 'login',
      listeners: [listener('l', [chain])],
      clusters: clusters(3),
      secrets: [secret('§hmac'), secret('§token')],
      requests: once(requests),
    };
  });
