/** Policies of custom_response that fetch another answer, as Envoy 1.40 was seen to run them. */
import { describe, expect, test } from 'vitest';
import type { TracePath } from '../../../../server/src/protocol/trace';
import { hopOf } from '../support/traceOf';
import { any, filter, filterPath, sentHeader } from './filterTrace';

type Fields = Readonly<Record<string, unknown>>;

const custom = (policy: Fields): Fields =>
  filter('own', 'custom_response.v3.CustomResponse', {
    custom_response_matcher: {
      matcher_tree: {
        input: { name: 'class', typed_config: any('envoy.type.matcher.v3.HttpResponseStatusCodeClassMatchInput') },
        exact_match_map: {
          map: {
            '4xx': {
              action: {
                name: 'p',
                typed_config: any('envoy.extensions.http.custom_response.redirect_policy.v3.RedirectPolicy', policy),
              },
            },
          },
        },
      },
    },
  });
const denyAll = (condition: Fields): Fields =>
  filter('rbac', 'rbac.v3.RBAC', {
    rules: { action: 'DENY', policies: { p: { permissions: [condition], principals: [{ any: true }] } } },
  });
const direct = (status: number, body: string): Fields => ({ direct_response: { status, body: { inline_string: body } } });
const page = { name: 'page', match: { path: '/err' }, ...direct(200, 'page') };
const toA = { name: 'to-a', match: { path: '/err' }, route: { cluster: 'a' } };
const first = { name: 'first', match: { prefix: '/x' }, ...direct(404, 'first') };
const URI = { uri: 'http://e.test/err?q=1#f' };

interface Given {
  readonly policy?: Fields;
  readonly before?: readonly Fields[];
  readonly routes?: readonly Fields[];
}

function fetched({ policy = {}, before = [], routes = [page, first] }: Given): TracePath {
  return filterPath({ filters: [...before, custom({ ...URI, ...policy })], routes }, { path: '/x/y' });
}

describe('the answer of another route', () => {
  test('with the code of the one that it replaces', () => {
    const path = fetched({});
    expect(path.response).toMatchObject({ code: 404, body: 'page', details: 'direct_response' });
    expect(hopOf(path).route?.name).toBe('page');
  });

  test('or with the policy’s, and its headers', () => {
    const response_headers_to_add = [{ header: { key: 'r', value: '%RESPONSE_CODE%-%REQ(:authority)%' } }];
    const { response } = fetched({ policy: { status_code: 299, response_headers_to_add } });
    expect(response).toMatchObject({ code: 299, body: 'page', headers: { append: [['r', '200-e.test']] } });
  });

  test('where the route’s host and path are those of an action', () => {
    const redirect_action = { host_redirect: 'e.test', path_redirect: '/err' };
    expect(fetched({ policy: { uri: null, redirect_action } }).response).toMatchObject({ code: 404, body: 'page' });
  });

  test('may come from an upstream, which gets a GET for it', () => {
    const request_headers_to_add = [{ header: { key: 'a', value: 'v' } }];
    const path = fetched({ policy: { request_headers_to_add }, routes: [toA, first] });
    expect([path.disposition, path.response?.code, sentHeader(path, 'a')]).toEqual(['upstream', 404, 'v']);
    expect(hopOf(path).upstream?.http).toMatchObject({ method: 'GET', authority: 'e.test', path: '/err?q=1' });
  });

  test('passes through all filters again', () => {
    const atError = { header: { name: ':authority', string_match: { exact: 'e.test' } } };
    expect(fetched({ before: [denyAll(atError)] })).toMatchObject({
      disposition: 'denied',
      response: { code: 404, body: 'RBAC: access denied' },
    });
  });
});

describe('the answer stays', () => {
  test('where no route takes the request for another', () => {
    const path = fetched({ routes: [first] });
    expect(path.response).toMatchObject({ code: 404, body: 'first' });
    expect(hopOf(path).route?.name).toBe('first');
  });

  test('where the request has not come to the filter', () => {
    expect(fetched({ before: [denyAll({ any: true })] }).response).toMatchObject({ code: 403, body: 'RBAC: access denied' });
  });

  test('or cannot be known, where an extension changes the request for another', () => {
    const modify_request_headers_action = { name: 'm', typed_config: any('google.protobuf.Struct') };
    expect(fetched({ policy: { modify_request_headers_action } }).missing?.[0]).toContain('fetches from `http://e.test/err?q=1#f`');
  });
});
