/** Fields of matchers that no other area sets: exclusive ranges, inverted addresses, sources of metadata, expressions with literals of every type. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { clusters, connectionManager, extension, httpRequest, listener, once, ORIGINAL_DST, typed, virtualHost } from '../parts';

const range = (address_prefix: string, prefix_len: number): Json => ({ address_prefix, prefix_len });

const state: fc.Arbitrary<JsonObject> = fc
  .tuple(fc.boolean(), fc.constantFrom('10.0.0.0', '192.168.0.0'))
  .map(([invert_match, prefix]): JsonObject => ({
    filter_state: { key: 'envoy.filters.listener.original_dst.local_ip', address_match: { ranges: [range(prefix, 8)], invert_match } },
  }));

const sourced = fc
  .tuple(fc.constantFrom('DYNAMIC', 'ROUTE'), fc.constantFrom('md', 'route', 'abc'), fc.boolean())
  .map(([metadata_source, exact, invert]): JsonObject => ({
    sourced_metadata: {
      metadata_source,
      metadata_matcher: { filter: 'lab', path: [{ key: 'k' }], value: { string_match: { exact } }, invert },
    },
  }));

const call = (name: string, ...args: JsonObject[]): JsonObject => ({ call_expr: { function: name, args } });
const constant = (kind: string, value: Json): JsonObject => ({ const_expr: { [kind]: value } });
const select = (field: string): JsonObject => ({ select_expr: { operand: { ident_expr: { name: 'request' } }, field } });
const has = (field: string): JsonObject => ({
  select_expr: { operand: select('headers'), field, test_only: true },
});
const list = (...elements: JsonObject[]): JsonObject => ({ list_expr: { elements } });
const condition = fc.constantFrom<JsonObject[]>(
  call('_==_', call('size', select('path')), constant('uint64_value', '2')),
  call('_==_', constant('bytes_value', 'YQ=='), constant('bytes_value', 'YQ==')),
  call('_==_', call('_[_]', select('headers'), constant('string_value', 'x')), constant('string_value', 'abc')),
  call('@in', select('method'), list(constant('string_value', 'GET'), constant('string_value', 'PUT'))),
  call('_&&_', has('x'), call('!_', constant('bool_value', false))),
  call('_||_', has('none'), has('y')),
  call('_?_:_', has('x'), constant('bool_value', true), constant('bool_value', false)),
  call('_==_', constant('double_value', 1.5), call('_/_', constant('double_value', 3), constant('double_value', 2))),
  call('_<_', constant('int64_value', '-1'), constant('int64_value', '0')),
  call('matches', select('path'), constant('string_value', '^/a.*')),
  call('_<_', { const_expr: { duration_value: '1s' } }, { const_expr: { duration_value: '2s' } }),
  call('_<_', { const_expr: { timestamp_value: '2020-01-01T00:00:00Z' } }, { const_expr: { timestamp_value: '2021-01-01T00:00:00Z' } }),
);

const permission: fc.Arbitrary<JsonObject> = fc.oneof(
  sourced,
  fc.constantFrom<JsonObject[]>(
    { any: true },
    { url_path: { path: { prefix: '/a' } } },
    { not_rule: { header: { name: 'x', present_match: true } } },
    {
      matcher: {
        name: 'uri',
        typed_config: typed('path.match.uri_template.v3.UriTemplateMatchConfig', { path_template: '/a/{b}' }),
      },
    },
  ),
);
const principal = fc.oneof(state, sourced, fc.constant<JsonObject>({ any: true }));

const policies = fc
  .record({
    action: fc.constantFrom('ALLOW', 'DENY'),
    permission,
    principal,
    how: fc.option(condition, { nil: undefined }),
    cel: fc.constantFrom<JsonObject[]>(
      {},
      {},
      { cel_config: { enable_string_conversion: true, enable_string_concat: true, enable_string_functions: true } },
    ),
  })
  .map(({ action, permission: may, principal: who, how, cel }): JsonObject => ({
    action,
    policies: { p: { permissions: [may], principals: [who], ...(how ? { condition: how, ...cel } : {}) } },
  }));

const rbac = policies.map((rules) => extension('rbac', 'filters.http.rbac.v3.RBAC', { rules }));

const input = (name: string, type: string, fields: JsonObject = {}): Json => ({
  name,
  typed_config: { '@type': `type.googleapis.com/${type}`, ...fields },
});
const INPUTS = 'envoy.extensions.matching.common_inputs';
const onMatch = (name: string): Json => ({
  action: { name, typed_config: { '@type': 'type.googleapis.com/google.protobuf.StringValue', value: name } },
});

/** xds.type.matcher.v3.IPMatcher, with ranges that only count where nothing narrower does. */
const ranges = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()).map(([wide, narrow, own]): JsonObject => ({
  range_matchers: [
    { ranges: [range('10.0.0.0', 8)], on_match: onMatch('first'), exclusive: wide },
    { ranges: [range('10.1.0.0', 16), range('192.168.0.0', 16)], on_match: onMatch('second'), exclusive: narrow },
    ...(own ? [{ ranges: [range('10.1.2.0', 24)], on_match: { matcher: nested('third') }, exclusive: true }] : []),
  ],
}));

function nested(name: string): Json {
  return {
    matcher_list: {
      matchers: [
        {
          predicate: {
            single_predicate: {
              input: input('port', `${INPUTS}.network.v3.DestinationPortInput`),
              value_match: { exact: '20003' },
            },
          },
          on_match: onMatch(name),
        },
      ],
    },
  };
}

const chainMatcher = fc
  .tuple(ranges, fc.constantFrom('SourceIPInput', 'DestinationIPInput', 'DirectSourceIPInput'), fc.boolean())
  .map(([matchers, kind, rest]): JsonObject => ({
    matcher_tree: {
      input: input('ip', `${INPUTS}.network.v3.${kind}`),
      custom_match: { name: 'ip', typed_config: { '@type': 'type.googleapis.com/xds.type.matcher.v3.IPMatcher', ...matchers } },
    },
    ...(rest ? { on_no_match: onMatch('third') } : {}),
  }));

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    method: fc.constantFrom('GET', 'POST'),
    path: fc.constantFrom('/a', '/a/b', '/b', '/route'),
    source: fc.constantFrom('10.1.2.3', '10.9.9.9', '192.168.7.7', '203.0.113.9'),
    destination: fc.constantFrom('10.1.1.1:20000', '10.7.7.7:20000', '192.168.1.1:20000', '203.0.113.1:20000'),
    headers: fc.subarray<[string, string]>([
      ['x', 'abc'],
      ['y', '1'],
      ['x-ip', '10.9.9.9:80'],
    ]),
  })
  .map(({ source, destination, ...http }) => httpRequest(http, { source, destination }));

const objects = extension('state', 'filters.http.set_filter_state.v3.Config', {
  on_request_headers: [
    {
      object_key: 'envoy.filters.listener.original_dst.local_ip',
      format_string: { text_format_source: { inline_string: '%REQ(x-ip)%' } },
      skip_if_empty: true,
    },
  ],
});
const metadata = extension('metadata', 'filters.http.set_metadata.v3.Config', {
  metadata: [{ metadata_namespace: 'lab', value: { k: 'md' } }],
});

export const seldomMatchers: fc.Arbitrary<LabCase> = fc
  .record({
    rbac,
    matcher: fc.option(chainMatcher, { nil: undefined }),
    restores: fc.boolean(),
    requests: fc.array(client, { minLength: 4, maxLength: 8 }),
  })
  .map(({ rbac: guard, matcher, restores, requests }) => {
    const lab: JsonObject = { metadata: { filter_metadata: { lab: { k: 'route' } } } };
    const routes: JsonObject[] = [
      { match: { prefix: '/route' }, route: { cluster: '§c2' }, ...lab },
      { match: { prefix: '/' }, route: { cluster: '§c1' } },
    ];
    const request_headers_to_add: JsonObject[] = ["size(request.headers['x'])", "duration('90m').getHours()", 'request.path'].map(
      (value, index) => ({
        header: { key: `x-cel-${index}`, value: `%CEL(${value})%` },
      }),
    );
    const manager = connectionManager({ virtual_hosts: [virtualHost('v', ['*'], routes)], request_headers_to_add }, [
      objects,
      metadata,
      guard,
    ]);
    const chains = ['first', 'second', 'third'].map((name): JsonObject => ({ name, filters: [manager] }));
    return {
      area: 'seldom_matchers',
      listeners: [
        listener('l', matcher ? chains : chains.slice(0, 1), {
          ...(matcher ? { filter_chain_matcher: matcher } : {}),
          listener_filters: restores ? [ORIGINAL_DST] : [],
        }),
      ],
      clusters: clusters(2),
      requests: once(requests),
    };
  });
