/** A listener filter may have restored the address: where the list is cut, formats do not know it. */
import { expect, test } from 'vitest';
import { call, filter, REST, world, type Fields } from '../missing/missingCase';
import { onlyPath, traceOf } from '../support/traceOf';

function endOf(listener_filters: unknown[]): string {
  const routes = [
    { match: { prefix: '/', headers: [{ name: 'y', string_match: { exact: '10.0.0.1:80' } }] }, redirect: { path_redirect: '/y' } },
    { match: { prefix: '/' }, route: { cluster: 'a' } },
  ];
  const header = { key: 'y', value: '%DOWNSTREAM_LOCAL_ADDRESS%' };
  const http: Fields[] = [
    filter('m', 'header_mutation.v3.HeaderMutation', { mutations: { request_mutations: [{ append: { header } }] } }),
    filter('l', 'lua.v3.Lua', { default_source_code: { inline_string: 'function envoy_on_request(h) h:clearRouteCache() end' } }),
  ];
  return onlyPath(traceOf({ ...world({ listener: { listener_filters }, http, routes }) }, call())).disposition;
}

test('what the list holds decides', () => {
  expect(endOf([])).toBe('redirect');
  expect(endOf([REST])).toBe('insufficient_info');
});
