import { describe, expect, test } from 'vitest';
import { hopOf } from '../support/traceOf';
import { any, fate, filter, filterPath, sentHeader, type FilterFixture } from './filterTrace';

const BY_HEADER = [
  { name: 'hit', match: { prefix: '/', headers: [{ name: 'x', string_match: { exact: '1' } }] }, route: { cluster: 'b' } },
  { name: 'miss', match: { prefix: '/' }, route: { cluster: 'a' } },
];

/** Refuses where the permission holds. */
const refuse = (permission: object, principal: object = { any: true }): ReturnType<typeof filter> =>
  filter('guard', 'rbac.v3.RBAC', { rules: { action: 'DENY', policies: { p: { permissions: [permission], principals: [principal] } } } });
const DENIED = 'denied 403 rbac_access_denied_matched_policy[p]';

const metadata = (key: string, value: object): object => ({ metadata: { filter: 'ns', path: [{ key }], value } });

describe('header_mutation', () => {
  const mutate = (mutations: object, more = {}): ReturnType<typeof filter> =>
    filter('m', 'header_mutation.v3.HeaderMutation', { mutations, ...more });
  const overwrite = (key: string, value: string): object => ({
    append: { header: { key, value }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' },
  });

  test('changes what later filters see, and not the route', () => {
    const filters = [mutate({ request_mutations: [overwrite('x', '1'), { remove: 'y' }] })];
    const path = filterPath({ filters, routes: BY_HEADER }, { headers: { y: '2' } });
    expect(hopOf(path).route?.name).toBe('miss');
    expect(sentHeader(path, 'x')).toBe('1');
    expect(sentHeader(path, 'y')).toBeUndefined();
    expect(fate({ filters: [...filters, refuse({ header: { name: 'x', string_match: { exact: '1' } } })] })).toBe(DENIED);
  });

  test('removes pseudo headers where a pattern fits them, without which nothing is sent', () => {
    const without = (exact: string): ReturnType<typeof filter> =>
      mutate({ request_mutations: [{ remove_on_match: { key_matcher: { exact } } }] });
    expect(fate({ filters: [without(':path')] })).toBe(
      'protocol_error 503 filter_removed_required_request_headers{missing_required_header:_:path}',
    );
    expect(fate({ filters: [without(':method')] })).toBe(
      'protocol_error 503 filter_removed_required_request_headers{missing_required_header:_:method}',
    );
    const redirect = [{ match: { prefix: '/' }, redirect: { path_redirect: '/n' } }];
    expect(filterPath({ filters: [without(':scheme')], routes: redirect }, { authority: 'a.test' }).response?.location).toBe('://a.test/n');
  });

  // Envoy makes the request id, whose value no file tells.
  test.each([
    ['ADD_IF_ABSENT', undefined, false],
    ['OVERWRITE_IF_EXISTS', '1', true],
  ])('%s sees a header whose value only Envoy knows', (append_action, sent, isKnown) => {
    const path = filterPath({
      filters: [mutate({ request_mutations: [{ append: { header: { key: 'x-request-id', value: '1' }, append_action } }] })],
    });
    expect(sentHeader(path, 'x-request-id')).toBe(sent);
    const denied = refuse({ header: { name: 'x-request-id', string_match: { exact: '1' } } });
    const filters = [mutate({ request_mutations: [{ append: { header: { key: 'x-request-id', value: '1' }, append_action } }] }), denied];
    expect(fate({ filters })).toBe(isKnown ? DENIED : 'insufficient_info');
  });

  test('removes by a pattern what only Envoy knows, too', () => {
    const filters = [mutate({ request_mutations: [{ remove_on_match: { key_matcher: { prefix: 'x-req' } } }] })];
    expect(fate({ filters: [...filters, refuse({ header: { name: 'x-request-id', present_match: true } })] })).toBe('upstream a');
  });

  test.each([
    [false, 'host'],
    [true, 'route'],
  ])('lets the most specific win: %s', (wins, expected) => {
    const per = (value: string): object => ({
      typed_per_filter_config: {
        m: any('header_mutation.v3.HeaderMutationPerRoute', { mutations: { request_mutations: [overwrite('x', value)] } }),
      },
    });
    const filters = [mutate({}, { most_specific_header_mutations_wins: wins })];
    const fixture = { filters, route: per('route'), virtualHost: per('host') } as FilterFixture;
    expect(sentHeader(filterPath(fixture), 'x')).toBe(expected);
  });

  test('writes the query back in the order of its names', () => {
    const query_parameter_mutations = [
      { append: { record: { key: 'q', value: 'z' }, action: 'OVERWRITE_IF_EXISTS_OR_ADD' } },
      { remove: 'r' },
    ];
    const path = filterPath({ filters: [mutate({ query_parameter_mutations })] }, { path: '/p?w=a%2Fb&q=1&q=2&r=1' });
    expect(hopOf(path).upstream?.http?.path).toBe('/p?q=z&w=a/b');
  });

  test.each<[Record<string, unknown>, [string, string][] | undefined]>([
    [{}, undefined],
    [{ server_header_transformation: 'PASS_THROUGH' }, [['server', 'mine']]],
  ])('with %j the server header is %j', (manager, set) => {
    const path = filterPath({ filters: [mutate({ response_mutations: [overwrite('server', 'mine')] })], manager });
    expect(path.response?.headers?.set).toEqual(set);
  });

  test('shows what it does to the answer', () => {
    const path = filterPath({ filters: [mutate({ response_mutations: [overwrite('y', '%REQ(:method)%'), { remove: 'x' }] })] });
    expect(path.response?.headers).toMatchObject({ set: [['y', 'GET']], remove: ['x'] });
  });

  test('may not touch pseudo headers', () => {
    expect(fate({ filters: [mutate({ request_mutations: [overwrite(':path', '/')] })] })).toBe('config_rejected');
  });
});

describe('metadata', () => {
  const headerRule = {
    header: 'y',
    on_header_present: { metadata_namespace: 'ns', key: 'k' },
    on_header_missing: { metadata_namespace: 'ns', key: 'n', value: '5', type: 'NUMBER' },
  };
  const fromHeaders = filter('h', 'header_to_metadata.v3.Config', { request_rules: [headerRule] });

  test('from headers: all values joined, or what stands for none', () => {
    const guarded = { filters: [fromHeaders, refuse(metadata('k', { string_match: { exact: 'a,b' } }))] };
    expect(
      fate(guarded, {
        headers: [
          ['y', 'a'],
          ['y', 'b'],
        ],
      }),
    ).toBe(DENIED);
    expect(fate(guarded, { headers: { y: 'a' } })).toBe('upstream a');
    expect(fate({ filters: [fromHeaders, refuse(metadata('n', { double_match: { exact: 5 } }))] })).toBe(DENIED);
  });

  test('from a header that is there and whose value only Envoy knows', () => {
    const missing = { metadata_namespace: 'ns', key: 'k', value: 'none' };
    const read = (present: object): ReturnType<typeof filter> =>
      filter('h', 'header_to_metadata.v3.Config', {
        request_rules: [{ header: 'x-request-id', on_header_present: { metadata_namespace: 'ns', key: 'k', ...present }, on_header_missing: missing }], // prettier-ignore
      });
    const told = (present: object, exact: string): string => fate({ filters: [read(present), refuse(metadata('k', { string_match: { exact } }))] }); // prettier-ignore
    expect(told({}, 'none')).toMatch(/^insufficient_info/);
    expect(told({ value: 'some' }, 'none')).toBe('upstream a');
    expect(told({ value: 'some' }, 'some')).toBe(DENIED);
  });

  test('from headers: what is no number, or too long, is not written', () => {
    const typed = (type: string, y: string, value: object): string => {
      const rule = { header: 'y', on_header_present: { metadata_namespace: 'ns', key: 'k', type } };
      const filters = [filter('h', 'header_to_metadata.v3.Config', { request_rules: [rule] }), refuse(metadata('k', value))];
      return fate({ filters }, { headers: { y } });
    };
    expect(typed('NUMBER', '1e1', { double_match: { exact: 10 } })).toBe(DENIED);
    expect(typed('NUMBER', '0x10', { double_match: { exact: 16 } })).toBe('upstream a');
    expect(typed('STRING', 'a'.repeat(8191), { present_match: true })).toBe(DENIED);
    expect(typed('STRING', 'a'.repeat(8192), { present_match: true })).toBe('upstream a');
    expect(typed('PROTOBUF_VALUE', 'a', { present_match: true })).toMatch(/^insufficient_info/);
  });

  test('from cookies, rewritten and removed', () => {
    const rules = [
      { cookie: 'c', on_header_present: { metadata_namespace: 'ns', key: 'c', value: 'yes' } },
      {
        header: 'w',
        remove: true,
        on_header_present: {
          metadata_namespace: 'ns',
          key: 'w',
          regex_value_rewrite: { pattern: { regex: '^/([^/]*)/.*$' }, substitution: '\\1' },
        },
      },
    ];
    const filters = [filter('h', 'header_to_metadata.v3.Config', { request_rules: rules })];
    expect(
      fate({ filters: [...filters, refuse(metadata('c', { string_match: { exact: 'yes' } }))] }, { headers: { cookie: 'a=1; c="z"' } }),
    ).toBe(DENIED);
    expect(fate({ filters: [...filters, refuse(metadata('w', { string_match: { exact: 'foo' } }))] }, { headers: { w: '/foo/bar' } })).toBe(
      DENIED,
    );
    expect(sentHeader(filterPath({ filters }, { headers: { w: '/foo/bar' } }), 'w')).toBeUndefined();
  });

  test('as it is set: merged only where that is allowed', () => {
    const entries = [
      { metadata_namespace: 'ns', value: { a: '1', l: ['x'] } },
      { metadata_namespace: 'ns', value: { a: '2' } },
      { metadata_namespace: 'ns', allow_overwrite: true, value: { l: ['y'] } },
    ];
    const filters = [filter('s', 'set_metadata.v3.Config', { metadata: entries })];
    expect(fate({ filters: [...filters, refuse(metadata('a', { string_match: { exact: '1' } }))] })).toBe(DENIED);
    for (const item of ['x', 'y'])
      expect(fate({ filters: [...filters, refuse(metadata('l', { list_match: { one_of: { string_match: { exact: item } } } }))] })).toBe(
        DENIED,
      );
  });
});

test('set_filter_state writes what later filters read; the route after the filter', () => {
  const value = (header: string): object => ({
    object_key: 'k',
    factory_key: 'envoy.string',
    format_string: { text_format_source: { inline_string: `%REQ(${header})%` } },
  });
  const filters = [
    filter('s', 'set_filter_state.v3.Config', { on_request_headers: [value('x')] }),
    refuse({ any: true }, { filter_state: { key: 'k', string_match: { exact: 'bad' } } }),
  ];
  expect(fate({ filters }, { headers: { x: 'bad' } })).toBe(DENIED);
  expect(fate({ filters }, { headers: { x: 'good' } })).toBe('upstream a');
  const route = { typed_per_filter_config: { s: any('set_filter_state.v3.Config', { on_request_headers: [value('y')] }) } };
  expect(fate({ filters, route }, { headers: { x: 'bad', y: 'good' } })).toBe('upstream a');
});

test('ip_tagging writes the tag and has the route looked up again', () => {
  const ip_tags = [{ ip_tag_name: '1', ip_list: [{ address_prefix: '10.9.0.0', prefix_len: 16 }] }];
  const fixture = { filters: [filter('t', 'ip_tagging.v3.IPTagging', { ip_tags, ip_tag_header: { header: 'x' } })], routes: BY_HEADER };
  expect(fate(fixture)).toBe('upstream b');
  expect(fate(fixture, { connection: { source: '10.8.0.1:1' } })).toBe('upstream a');
});

test('ip_tagging adds to the first line of its header', () => {
  const ip_tags = [{ ip_tag_name: 'n', ip_list: [{ address_prefix: '10.9.0.0', prefix_len: 16 }] }];
  const ip_tag_header = { header: 'X-Tags', action: 'APPEND_IF_EXISTS_OR_ADD' };
  const sent = (headers: [string, string][]): unknown =>
    hopOf(filterPath({ filters: [filter('t', 'ip_tagging.v3.IPTagging', { ip_tags, ip_tag_header })] }, { headers })).upstream?.http
      ?.headers;
  const first = sent([
    ['x-tags', 'a'],
    ['x-tags', 'b'],
  ]);
  expect(first).toContainEqual(['x-tags', 'a,n']);
  expect(first).toContainEqual(['x-tags', 'b']);
  expect(sent([['x-tags', '']])).toContainEqual(['x-tags', 'n']);
});

test('grpc_web turns the request into gRPC', () => {
  const path = filterPath(
    { filters: [filter('g', 'grpc_web.v3.GrpcWeb')] },
    { method: 'POST', headers: { 'content-type': 'application/grpc-web+proto' } },
  );
  expect(sentHeader(path, 'content-type')).toBe('application/grpc');
});

describe('a matcher around a filter', () => {
  const input = { name: 'i', typed_config: any('envoy.type.matcher.v3.HttpRequestHeaderMatchInput', { header_name: 'x' }) };
  const around = (inner: object, map: object): FilterFixture => ({
    filters: [
      filter('d', 'envoy.extensions.common.matching.v3.ExtensionWithMatcher', {
        extension_config: inner,
        xds_matcher: { matcher_tree: { input, exact_match_map: { map } } },
      }),
    ],
  });
  const abort = (http_status: number): object =>
    filter('f', 'fault.v3.HTTPFault', { abort: { http_status, percentage: { numerator: 100 } } });
  const action = (typed_config: object): object => ({ action: { name: 'a', typed_config } });

  test('skips it', () => {
    const fixture = around(abort(418), { skip: action(any('envoy.extensions.filters.common.matcher.action.v3.SkipFilter')) });
    expect(fate(fixture, { headers: { x: 'skip' } })).toBe('upstream a');
    expect(fate(fixture)).toBe('local_reply 418 fault_filter_abort');
  });

  test('tells the composite filter which filter to run', () => {
    const run = (more: object): object => action(any('composite.v3.ExecuteFilterAction', { typed_config: abort(419), ...more }));
    const fixture = around(filter('c', 'composite.v3.Composite'), {
      run: run({}),
      never: run({ sample_percent: { default_value: { numerator: 0 } } }),
    });
    expect(fate(fixture, { headers: { x: 'run' } })).toBe('local_reply 419 fault_filter_abort');
    expect(fate(fixture, { headers: { x: 'never' } })).toBe('upstream a');
    expect(fate(fixture)).toBe('upstream a');
  });

  // Observed with Envoy 1.40: what follows an entry that asks for more, or keeps on matching, is lost, and that skips the filter.
  test('which a route sets, asks for headers alone', () => {
    const asks = (typed: unknown) => ({ single_predicate: { input: { name: 'i', typed_config: typed }, value_match: { exact: 'y' } } });
    const header = asks(input.typed_config);
    const address = asks(any('envoy.extensions.matching.common_inputs.network.v3.SourceIPInput', {}));
    const skip = action(any('envoy.extensions.filters.common.matcher.action.v3.SkipFilter', {}));
    const ofRoute = (...predicates: object[]): FilterFixture => ({
      ...around(abort(418), { skip }),
      route: {
        typed_per_filter_config: {
          d: any('envoy.extensions.common.matching.v3.ExtensionWithMatcherPerRoute', {
            xds_matcher: {
              matcher_list: { matchers: predicates.map((predicate) => ({ predicate, on_match: skip })) },
            },
          }),
        },
      },
    });
    const sent = { headers: { x: 'y' } };
    expect(fate(ofRoute(header), sent)).toBe('upstream a');
    expect(fate(ofRoute({ or_matcher: { predicate: [header, address] } }), sent)).toBe('upstream a');
    expect(fate(ofRoute(header, address))).toBe('upstream a');
    expect(fate(ofRoute(header))).toBe('local_reply 418 fault_filter_abort');
  });
});

describe('aws_lambda', () => {
  const arn = 'arn:aws:lambda:us-west-2:987654321:function:hello';
  const invoke = (more: Record<string, unknown>, metadata?: Record<string, unknown>) =>
    filterPath(
      {
        filters: [filter('l', 'aws_lambda.v3.Config', { arn, ...more })],
        route: { route: { cluster: 'gateway' } },
        clusters: [
          {
            name: 'gateway',
            load_assignment: {
              cluster_name: 'gateway',
              endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: '10.50.0.9', port_value: 80 } } } }] }],
            },
            ...(metadata && { metadata: { filter_metadata: { 'com.amazonaws.lambda': metadata } } }),
          },
        ],
      },
      { path: '/x?y' },
    );

  test('makes an invocation of a request to a gateway', () => {
    const path = invoke({ payload_passthrough: true, invocation_mode: 'ASYNCHRONOUS', host_rewrite: 'l.test' }, { egress_gateway: true });
    const sent = path.hops[0]?.upstream?.http;
    expect(sent).toMatchObject({ method: 'POST', authority: 'l.test', path: `/2015-03-31/functions/${arn}/invocations` });
    expect(sentHeader(path, 'x-amz-invocation-type')).toBe('Event');
    expect(sent?.unknownHeaders).toContain('authorization');
    expect(sentHeader(invoke({}, { egress_gateway: true }), 'content-type')).toBe('application/json');
  });

  test('leaves requests to other clusters alone', () => {
    expect(invoke({}).hops[0]?.upstream?.http).toMatchObject({ method: 'GET', path: '/x?y' });
    expect(invoke({}, { egress_gateway: '[redacted]' }).disposition).toBe('insufficient_info');
  });
});
