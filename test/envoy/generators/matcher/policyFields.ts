/** Fields of RBAC policies and of value matchers that other areas leave out, over metadata and filter state of every type. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { clusters, extension, httpChain, httpRequest, listener, once, stringMatcher, virtualHost } from '../parts';

const ADDRESS = 'envoy.filters.listener.original_dst.local_ip';

/** One value of each type. */
const VALUES: JsonObject = { s: 'abc', d: 1.5, i: 7, b: true, l: ['x', 7, true], n: null, o: { in: 'deep', list: [1.5] } };

const value: fc.Arbitrary<JsonObject> = fc.oneof(
  stringMatcher(['abc', 'x', 'deep']).map((string_match): JsonObject => ({ string_match })),
  fc.constantFrom<JsonObject[]>(
    { null_match: {} },
    { double_match: { exact: 1.5 } },
    { double_match: { range: { start: 1, end: 7 } } },
    { double_match: { range: { start: 7, end: 9 } } },
    { bool_match: true },
    { bool_match: false },
    { present_match: true },
    { present_match: false },
    { list_match: { one_of: { string_match: { exact: 'x' } } } },
    { list_match: { one_of: { double_match: { exact: 7 } } } },
    { or_match: { value_matchers: [{ bool_match: true }, { double_match: { exact: 7 } }] } },
    { or_match: { value_matchers: [{ null_match: {} }, { list_match: { one_of: { bool_match: true } } }] } },
  ),
);
const metadata = fc
  .record({
    path: fc.constantFrom('s', 'd', 'i', 'b', 'l', 'n', 'o', 'o.in', 'o.list', 'none', 's.in'),
    own: value,
    invert: fc.boolean(),
  })
  .map(({ path, own, invert }): JsonObject => ({
    filter: 'lab',
    path: path.split('.').map((key): Json => ({ key })),
    value: own,
    ...(invert ? { invert } : {}),
  }));

const range = (address_prefix: string, prefix_len: number): Json => ({ address_prefix, prefix_len });
const state: fc.Arbitrary<JsonObject> = fc.oneof(
  fc
    .constantFrom([range('10.0.0.0', 8)], [range('192.168.0.0', 16), range('10.9.9.9', 32)])
    .map((ranges): JsonObject => ({ key: ADDRESS, address_match: { ranges } })),
  stringMatcher(['abc', '10.9.9.9:80']).map((string_match): JsonObject => ({ key: 'lab.k', string_match })),
  fc.constant<JsonObject>({ key: 'lab.k', address_match: { ranges: [range('10.0.0.0', 8)] } }),
);

const checked = (expression: JsonObject): JsonObject => ({ expr: expression, source_info: {} });
const call = (name: string, ...args: JsonObject[]): JsonObject => ({ call_expr: { function: name, args } });
const text = (string_value: string): JsonObject => ({ const_expr: { string_value } });
const select = (of: JsonObject, field: string): JsonObject => ({ select_expr: { operand: of, field } });
const request: JsonObject = { ident_expr: { name: 'request' } };
const condition = fc.constantFrom<JsonObject[]>(
  call('_==_', select(request, 'method'), text('GET')),
  call('startsWith', select(request, 'path'), text('/a')),
  { call_expr: { target: select(request, 'path'), function: 'startsWith', args: [text('/a')] } },
  call('_>_', call('size', select(request, 'path')), { const_expr: { int64_value: '2' } }),
  call('@in', text('x'), select(request, 'headers')),
  call('_==_', select(request, 'nowhere'), { const_expr: { null_value: 'NULL_VALUE' } }),
);

const permission: fc.Arbitrary<JsonObject> = fc.oneof(
  metadata.map((own): JsonObject => ({ metadata: own })),
  metadata.map((own): JsonObject => ({ not_rule: { sourced_metadata: { metadata_matcher: own } } })),
  fc.constant<JsonObject>({ any: true }),
);
const principal: fc.Arbitrary<JsonObject> = fc.oneof(
  metadata.map((own): JsonObject => ({ metadata: own })),
  state.map((filter_state): JsonObject => ({ filter_state })),
  fc.constant<JsonObject>({ any: true }),
);

const policies = fc
  .record({
    action: fc.constantFrom('ALLOW', 'DENY'),
    permissions: fc.array(permission, { minLength: 1, maxLength: 2 }),
    principals: fc.array(principal, { minLength: 1, maxLength: 2 }),
    how: fc.option(fc.tuple(condition, fc.boolean()), { nil: undefined }),
  })
  .map(({ action, permissions, principals, how }): JsonObject => {
    const [expression, isChecked] = how ?? [];
    const own: JsonObject = expression ? (isChecked ? { checked_condition: checked(expression) } : { condition: expression }) : {};
    return { rules: { action, policies: { p: { permissions, principals, ...own } } } };
  });

const objects: JsonObject = {
  on_request_headers: [
    { object_key: ADDRESS, format_string: { text_format_source: { inline_string: '%REQ(x-ip)%' } }, skip_if_empty: true },
    {
      object_key: 'lab.k',
      factory_key: 'envoy.string',
      format_string: { text_format_source: { inline_string: '%REQ(x)%' } },
      skip_if_empty: true,
    },
  ],
};

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    method: fc.constantFrom('GET', 'POST'),
    path: fc.constantFrom('/a', '/b'),
    headers: fc.subarray<[string, string]>([
      ['x', 'abc'],
      ['x-ip', '10.9.9.9:80'],
      ['y', '1'],
    ]),
  })
  .map((http) => httpRequest(http));

export const policyFields: fc.Arbitrary<LabCase> = fc
  .record({ policies, requests: fc.array(client, { minLength: 3, maxLength: 6 }) })
  .map(({ policies: own, requests }) => {
    const httpFilters = [
      extension('set', 'filters.http.set_metadata.v3.Config', { metadata: [{ metadata_namespace: 'lab', value: VALUES }] }),
      extension('state', 'filters.http.set_filter_state.v3.Config', objects),
      extension('rbac', 'filters.http.rbac.v3.RBAC', own),
    ];
    const routes = [{ match: { prefix: '/' }, route: { cluster: '§c1' } }];
    const chain = httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)] }, { httpFilters });
    return { area: 'policy_field', listeners: [listener('l', [chain])], clusters: clusters(1), requests: once(requests) };
  });
