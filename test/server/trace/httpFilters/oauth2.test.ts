/** OAuth2: what the cookies and the file decide; the rest was tried on Envoy 1.40. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { TracePath } from '../../../../server/src/protocol/trace';
import { any, type FilterCall, fateOf, filter, sentHeader } from './filterTrace';
import { GET, onlyPath, traceOf } from '../support/traceOf';

type Fields = Readonly<Record<string, unknown>>;

const sign = (text: string): string => createHmac('sha256', 'key').update(text).digest('base64');

const bootstrap = (more: Fields, secrets: readonly Fields[]): Fields => {
  const config = {
    token_endpoint: { cluster: 'a', uri: 'https://idp.test/token', timeout: '1s' },
    authorization_endpoint: 'https://idp.test/auth?tenant=t',
    redirect_uri: '%REQ(x-forwarded-proto)%://%REQ(:authority)%/callback',
    redirect_path_matcher: { path: { exact: '/callback' } },
    signout_path: { path: { exact: '/signout' } },
    credentials: { client_id: 'c', hmac_secret: { name: 'hmac' }, token_secret: { name: 'token' } },
    deny_redirect_matcher: [{ name: 'x-deny', present_match: true }],
    allow_failed_matcher: [{ name: 'x-guest', present_match: true }],
    ...more,
  };
  const manager = any('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
    stat_prefix: 'h',
    route_config: { virtual_hosts: [{ name: 'v', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'a' } }] }] },
    http_filters: [filter('o', 'oauth2.v3.OAuth2', { config }), filter('router', 'router.v3.Router')],
  });
  const address = (ip: string): Fields => ({ socket_address: { address: ip, port_value: 80 } });
  const hosts = [{ lb_endpoints: [{ endpoint: { address: address('10.50.0.1') } }] }];
  return {
    static_resources: {
      listeners: [{ name: 'l', address: address('0.0.0.0'), filter_chains: [{ filters: [{ name: 'h', typed_config: manager }] }] }],
      clusters: [{ name: 'a', load_assignment: { cluster_name: 'a', endpoints: hosts } }],
      secrets,
    },
  };
};

const SECRET: Fields = { name: 'hmac', generic_secret: { secret: { inline_string: 'key' } } };

function path(call: FilterCall, more: Fields = {}, secrets: readonly Fields[] = [SECRET]): TracePath {
  const { headers = {}, time, connection: _, random: __, runtime: ___, ...http } = call;
  const files = { '/w/envoy.json': JSON.stringify(bootstrap(more, secrets)) };
  const request = { ...GET, ...http, headers: Array.isArray(headers) ? headers : Object.entries(headers) };
  const connection = { destination: '10.0.0.1:80', source: '10.9.9.9:40000' };
  return onlyPath(traceOf(files, { connection, http: request, ...(time !== undefined && { time }) }));
}

const END = '1900000000';
const session = (token = 'tk', end = END): string =>
  `OauthHMAC=${sign(['a.test', end, token, '', ''].join('\n'))}; OauthExpires=${end}; BearerToken=${token}`;
const NONCE = `f1.${sign('f1')}`;
const state = (fields: Fields): string => Buffer.from(JSON.stringify(fields)).toString('base64url');
const begun = state({ url: 'http://a.test/x', csrf_token: NONCE, flow_id: 'f1' });

describe('oauth2', () => {
  test.each<[FilterCall, string]>([
    [{ path: '/a' }, 'redirect 302 oauth.missing_credentials'],
    [{ method: 'CONNECT', authority: 'a.test:80', path: '' }, 'denied 400 oauth_missing_path'],
    [{ path: '/a', headers: { 'x-deny': '1' } }, 'denied 401 Unauthorized,_and_redirecting_to_OAuth_server_is_not_allowed:_/a'],
    [{ path: '/signout?x' }, 'redirect 302 oauth.sign_out'],
    [{ path: '/callback' }, 'denied 401 Code_or_state_query_param_does_not_exist:_'],
    [{ path: '/callback?z=1&code=1' }, 'denied 401 Code_or_state_query_param_does_not_exist:_?code=1&z=1'],
    [{ path: '/callback?code=&state=' }, 'denied 401 State_query_param_is_not_a_valid_JSON:_'],
    [{ path: '/callback?error=denied' }, 'denied 401 OAuth_server_returned_an_error:_?error=denied'],
    [{ path: `/callback?code=1&state=${begun}` }, 'denied 401 CSRF_token_validation_failed'],
    [
      { path: `/callback?code=1&state=${begun}`, headers: { cookie: `OauthNonce.f1=${NONCE}` } },
      'denied 401 Code_verifier_cookie_is_missing_in_the_request',
    ],
    [
      { path: `/callback?code=1&state=${begun}`, headers: { cookie: `OauthNonce=${NONCE}; CodeVerifier=${'A'.repeat(64)}` } },
      'insufficient_info',
    ],
    [{ path: '/a', headers: { cookie: 'OauthHMAC=x' } }, 'redirect 302 oauth.missing_credentials'],
    [
      { path: '/a', headers: { cookie: session().replace('BearerToken=tk', 'BearerToken=other') } },
      'redirect 302 oauth.missing_credentials',
    ],
    [{ path: '/a', headers: { cookie: session() } }, 'insufficient_info'],
    [{ path: '/a', headers: { cookie: session() }, time: '2030-01-01T00:00:00Z' }, 'upstream a'],
    [{ path: '/a', headers: { cookie: session() }, time: '2031-01-01T00:00:00Z' }, 'redirect 302 oauth.missing_credentials'],
    [{ path: '/a', headers: { cookie: session('A'.repeat(64)) }, time: '2030-01-01T00:00:00Z' }, 'insufficient_info'],
    [
      { path: `/callback?code=1&state=${begun}`, headers: { cookie: `${session()}; OauthNonce=${NONCE}` }, time: '2030-01-01T00:00:00Z' },
      'redirect 302 oauth.race_redirect',
    ],
    [{ path: '/a', headers: { cookie: 'RefreshToken=x' } }, 'insufficient_info'],
  ])('%j: %s', (call, expected) => {
    expect(fateOf(path(call))).toBe(expected);
  });

  test('without the secret a session stays open', () => {
    const call = { headers: { cookie: session() }, time: '2030-01-01T00:00:00Z' };
    expect(path(call, {}, []).missing).toEqual([expect.stringContaining('needs the secret')]);
  });

  test('the way to the authorization server is told, but for what is drawn', () => {
    const { response } = path({ path: '/a' }, { auth_scopes: ['openid', 'e~*'], resources: ['r'] });
    expect(response?.location).toBe(
      'https://idp.test/auth?client_id=c&code_challenge=…&code_challenge_method=S256&redirect_uri=http%3A%2F%2Fa.test%2Fcallback' +
        '&response_type=code&scope=openid%20e%7E*&state=…&tenant=t&resource=r',
    );
    expect(response?.headers?.uncertain).toEqual(['set-cookie']);
  });

  test('clients of foreign domains are refused', () => {
    const allowed = { allowed_redirect_domains: ['*.shop.test', 'a.test'] };
    expect(fateOf(path({ authority: 'www.shop.test:81' }, allowed))).toBe('redirect 302 oauth.missing_credentials');
    expect(fateOf(path({ authority: 'shop.test' }, allowed))).toBe(
      'denied 401 authority_or_original_request_uri_failed_domain_allow-list_validation:_http://shop.test',
    );
  });

  test('the upstream sees the token, and not the proof of the session', () => {
    const cookie = `${session()}; CodeVerifier.f2=z`;
    const user = path({ headers: { cookie, authorization: 'mine' }, time: '2030-01-01T00:00:00Z' }, { forward_bearer_token: true });
    expect([sentHeader(user, 'authorization'), sentHeader(user, 'cookie')]).toEqual(['Bearer tk', 'BearerToken=tk']);
    const guest = path({ headers: { cookie: `q=1; ${cookie}x`, 'x-guest': '1' }, time: '2031-01-01T00:00:00Z' });
    expect([sentHeader(guest, 'x-envoy-oauth-status'), sentHeader(guest, 'cookie')]).toEqual(['failed', 'q=1']);
  });

  test('signing out deletes all cookies, and leads to the provider’s own sign-out', () => {
    const out = { end_session_endpoint: 'https://idp.test/out', auth_scopes: ['openid'] };
    const call = { path: '/signout', headers: { cookie: 'OauthNonce.f1=1; IdToken=t' } };
    const { response } = path(call, out);
    expect(response?.location).toBe('https://idp.test/out?id_token_hint=t&client_id=c&post_logout_redirect_uri=http%3A%2F%2Fa.test%2F');
    expect(response?.headers?.append.map(([, value]) => value.split('=')[0])).toEqual([
      ...['OauthHMAC', 'BearerToken', 'IdToken', 'RefreshToken', 'OauthExpires', 'OauthNonce.f1'],
    ]);
    expect(response?.headers?.uncertain).toBeUndefined();
    const twice = path({ ...call, headers: { cookie: 'OauthNonce.f1=1; CodeVerifier.f1=2' } }, out);
    expect(twice.response?.headers?.uncertain).toEqual(['set-cookie']);
    expect(path(call, { ...out, post_logout_redirect_uri: { disabled: true } }).response?.location).toMatch(/client_id=c$/);
    expect(path(call, { ...out, post_logout_redirect_uri: { uri: 'http://x%REQ(:path)%' } }).response?.location).toMatch(
      /=http%3A%2F%2Fx%2Fsignout$/,
    );
  });
});
