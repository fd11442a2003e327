import { expect, test } from 'vitest';
import { any, filter, filterTrace } from '../httpFilters/filterTrace';
import { hopOf, onlyPath, stepsOf } from '../support/traceOf';

function whyNot(expression: string): string | undefined {
  const input = { name: 'cel', typed_config: any('xds.type.matcher.v3.HttpAttributesCelMatchInput') };
  const cel = any('xds.type.matcher.v3.CelMatcher', { expr_match: { cel_expr_string: expression } });
  const single_predicate = { input, custom_match: { name: 'm', typed_config: cel } };
  const action = { name: 'a', typed_config: any('envoy.config.rbac.v3.Action', { name: 'one', action: 'ALLOW' }) };
  const matcher = { matcher_list: { matchers: [{ predicate: { single_predicate }, on_match: { action } }] } };
  const trace = filterTrace({ filters: [filter('rbac', 'rbac.v3.RBAC', { matcher })] }, { path: '/x?y=1', headers: { 'x-user': 'bob' } });
  return stepsOf(hopOf(onlyPath(trace)), 'http_filter')[0]?.rejected[0]?.because;
}

test.each([
  ["request.headers['x-user'] == 'eve'", "`request.headers['x-user']` is `bob`, must be `eve`"],
  ["'eve' == request.headers['x-user']", "`request.headers['x-user']` is `bob`, must be `eve`"],
  ["request.path.startsWith('/x') && request.method == 'POST'", '`request.method` is `GET`, must be `POST`'],
  ["request.method in ['PUT', 'POST']", '`request.method` is `GET`, must be one of `PUT`, `POST`'],
  ["request.method == 'PUT' || request.path == '/z'", '`request.method` is `GET`, must be `PUT`, `request.path` is `/x?y=1`, must be `/z`'],
  ["!(request.method == 'GET')", "`request.method == 'GET'` holds"],
  ['has(request.referer)', 'there is no `request.referer`'],
  ["'x-none' in request.headers", '`request.headers` has no `x-none`'],
  ['request.size > 10', '`request.size` is `0`, must be above `10`'],
])('%s', (expression, because) => {
  const told = whyNot(expression);
  expect(told).toBe(`the CEL expression does not hold: ${because}`);
});
