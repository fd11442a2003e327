/** Matchers and inputs that are extensions: hashes, fractions, addresses, metadata, CEL, Lua, names of the client's certificate, metadata of hosts. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { caPath, certificateOf, PRINCIPALS } from '../../certificates';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { cluster, clusters, connectionManager, endpoint, extension, httpRequest, listener, once, typed, virtualHost } from '../parts';

const TYPES = 'type.googleapis.com';
const INPUTS = 'matching.common_inputs';
const MATCHERS = 'matching.input_matchers';
const input = (type: string, fields: JsonObject = {}): JsonObject => ({
  name: 'input',
  typed_config: type.startsWith('envoy.') || type.startsWith('xds.') ? { '@type': `${TYPES}/${type}`, ...fields } : typed(type, fields),
});
const header = (header_name: string): JsonObject => input('envoy.type.matcher.v3.HttpRequestHeaderMatchInput', { header_name });
const share = (numerator: number, denominator: string): Json => ({ default_value: { numerator, denominator } });

const hashed = fc
  .tuple(fc.constantFrom(1, 2), fc.constantFrom(2, 3, 16), fc.constantFrom<JsonObject[]>({}, { seed: 7 }))
  .map(([threshold, modulo, seed]) =>
    extension('hash', `${MATCHERS}.consistent_hashing.v3.ConsistentHashing`, { threshold, modulo, ...seed }),
  );
const drawn = fc
  .tuple(fc.constantFrom(0, 30, 50, 100), fc.constantFrom('HUNDRED', 'TEN_THOUSAND'), fc.constantFrom<JsonObject[]>({}, { seed: 7 }))
  .map(([numerator, denominator, seed]) =>
    extension('fraction', `${MATCHERS}.runtime_fraction.v3.RuntimeFraction`, {
      runtime_fraction: share(denominator === 'HUNDRED' ? numerator : numerator * 100, denominator),
      ...seed,
    }),
  );
const inRange = fc
  .subarray<Json>(
    [
      { address_prefix: '10.0.0.0', prefix_len: 8 },
      { address_prefix: '203.0.113.0', prefix_len: 24 },
      { address_prefix: '2001:db8::', prefix_len: 32 },
    ],
    { minLength: 1 },
  )
  .map((cidr_ranges) => extension('ip', `${MATCHERS}.ip.v3.Ip`, { cidr_ranges, stat_prefix: 'i' }));
const noted = fc
  .tuple(
    fc.constantFrom<Json[]>({ string_match: { exact: 'abc' } }, { string_match: { prefix: 'a' } }, { present_match: true }),
    fc.boolean(),
  )
  .map(([value, invert]) => extension('metadata', `${MATCHERS}.metadata.v3.Metadata`, { value, ...(invert ? { invert } : {}) }));

const headers = fc.constantFrom<JsonObject[]>(header('x'), header('y'), header('x-ip'), header(':path'), header(':authority'));
const text = fc.oneof(
  headers,
  fc
    .constantFrom(
      'SourceIPInput',
      'DirectSourceIPInput',
      'DestinationIPInput',
      'DestinationPortInput',
      'ServerNameInput',
      'SourceTypeInput',
    )
    .map((name) => input(`${INPUTS}.network.v3.${name}`)),
);
const certificate = fc.constant(input(`${INPUTS}.ssl.v3.UriSanInput`));
const dynamic = input(`${INPUTS}.network.v3.DynamicMetadataInput`, { filter: 'lab', path: [{ key: 'k' }] });

const strings = fc.constantFrom<JsonObject[]>(
  { exact: 'abc' },
  { prefix: 'spiffe://lab/ns/a' },
  { contains: '10.' },
  { suffix: 'default' },
  { prefix: '', ignore_case: true, exact: '' },
);
const textMatch = strings.map((value_match): JsonObject => {
  const [[kind, value] = ['exact', 'x']] = Object.entries(value_match).filter(([, each]) => each !== '');
  return { value_match: typeof value === 'string' ? { [kind]: value } : { exact: 'x' } };
});

const name = (ident: string): JsonObject => ({ ident_expr: { name: ident } });
const call = (called: string, ...args: JsonObject[]): JsonObject => ({ call_expr: { function: called, args } });
const constant = (string_value: string): JsonObject => ({ const_expr: { string_value } });
const select = (object: string, field: string): JsonObject => ({ select_expr: { operand: name(object), field } });
const at = (operand: JsonObject, key: string): JsonObject => call('_[_]', operand, constant(key));
const expression = fc.constantFrom<JsonObject[]>(
  call('_==_', at(select('request', 'headers'), 'x'), constant('abc')),
  call('_==_', select('request', 'path'), constant('/a')),
  call('_&&_', select('connection', 'mtls'), call('_==_', select('connection', 'uri_san_peer_certificate'), constant(PRINCIPALS[0] ?? ''))),
  call('_==_', at(at(select('metadata', 'filter_metadata'), 'lab'), 'k'), constant('abc')),
  call('_==_', select('connection', 'requested_server_name'), constant('')),
  call('_!=_', select('destination', 'port'), { const_expr: { int64_value: '0' } }),
);
const cel = expression.map((expr): JsonObject => ({
  input: input('xds.type.matcher.v3.HttpAttributesCelMatchInput'),
  custom_match: {
    name: 'cel',
    typed_config: { '@type': `${TYPES}/xds.type.matcher.v3.CelMatcher`, expr_match: { cel_expr_parsed: { expr } } },
  },
}));

const single: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.tuple(text, fc.oneof(hashed, drawn, inRange)).map(([own, custom_match]): JsonObject => ({ input: own, custom_match })),
  fc.tuple(certificate, textMatch).map(([own, how]): JsonObject => ({ input: own, ...how })),
  noted.map((custom_match): JsonObject => ({ input: dynamic, custom_match })),
  cel,
);
const predicateOf = (one: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> =>
  fc.oneof(
    { weight: 4, arbitrary: one.map((single_predicate): JsonObject => ({ single_predicate })) },
    { weight: 1, arbitrary: one.map((single_predicate): JsonObject => ({ not_matcher: { single_predicate } })) },
  );

const route = (name: string): JsonObject => ({
  name: 'route',
  typed_config: { '@type': `${TYPES}/envoy.config.route.v3.Route`, match: { prefix: '/' }, route: { cluster: name } },
});
/** Routes are found by headers alone. */
const ofHeaders = fc
  .tuple(headers, fc.oneof(hashed, drawn, inRange))
  .map(([own, custom_match]): JsonObject => ({ input: own, custom_match }));
const tree = fc.array(predicateOf(ofHeaders), { minLength: 1, maxLength: 3 }).map((all): JsonObject => ({
  matcher_list: { matchers: all.map((each, index) => ({ predicate: each, on_match: { action: route(`§c${index + 1}`) } })) },
  on_no_match: { action: route('§c4') },
}));

/** The same conditions as a filter's: Lua and custom string matchers in a policy. */
const script = fc.constantFrom(
  'function envoy_match(text) return text == "abc" end',
  'function envoy_match(text) return #text > 3 end',
  'function envoy_match(text) if string.find(text, "b") then return true end return false end',
  'function envoy_match(text) return nil end',
);
const lua = script.map((inline_string): JsonObject => ({
  custom: extension('lua', 'string_matcher.lua.v3.Lua', { source_code: { inline_string } }),
}));
const authenticated = fc.oneof(
  fc.constant<JsonObject>({ any_validated_client_certificate: true }),
  fc
    .constantFrom<JsonObject[]>({ exact: PRINCIPALS[0] ?? '' }, { prefix: 'spiffe://lab/ns/a' }, { suffix: 'default' })
    .map((matcher): JsonObject => ({ san_matcher: { san_type: 'URI', matcher } })),
);
const policy = fc.oneof(
  lua.map((string_match): JsonObject => ({ permissions: [{ header: { name: 'x', string_match } }], principals: [{ any: true }] })),
  authenticated.map((fields): JsonObject => ({
    permissions: [{ any: true }],
    principals: [{ custom: extension('mtls', 'rbac.principals.mtls_authenticated.v3.Config', fields) }],
  })),
);
const verdict = (action: string): JsonObject => ({
  action: { name: 'verdict', typed_config: { '@type': `${TYPES}/envoy.config.rbac.v3.Action`, name: action, action } },
});
const judged = fc.array(predicateOf(single), { minLength: 1, maxLength: 2 }).map((all): JsonObject => ({
  matcher: {
    matcher_list: { matchers: all.map((each, index) => ({ predicate: each, on_match: verdict(index === 0 ? 'DENY' : 'ALLOW') })) },
    on_no_match: verdict(all.length === 1 ? 'ALLOW' : 'DENY'),
  },
}));
const rbac = fc
  .oneof(
    { weight: 3, arbitrary: judged },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('ALLOW', 'DENY'), policy)
        .map(([action, p]): JsonObject => ({ rules: { action, policies: { p } } })),
    },
  )
  .map((fields) => extension('rbac', 'filters.http.rbac.v3.RBAC', fields));

const socketTree = fc
  .tuple(
    fc.constantFrom<JsonObject[]>(
      input(`${INPUTS}.transport_socket.v3.EndpointMetadataInput`, { path: [{ key: 'tls' }] }),
      input(`${INPUTS}.transport_socket.v3.EndpointMetadataInput`, { filter: 'lab', path: [{ key: 'tls' }] }),
      input(`${INPUTS}.transport_socket.v3.LocalityMetadataInput`, { filter: 'lab', path: [{ key: 'tls' }] }),
      input(`${INPUTS}.transport_socket.v3.FilterStateInput`, { key: 'lab.socket' }),
    ),
    fc.boolean(),
  )
  .map(([own, rest]): JsonObject => {
    const action = (name: string): JsonObject => ({
      action: { name: 'socket', typed_config: typed(`${INPUTS}.transport_socket.v3.TransportSocketNameAction`, { name }) },
    });
    return {
      transport_socket_matcher: {
        matcher_tree: { input: own, exact_match_map: { map: { yes: action('secure'), no: action('plain') } } },
        ...(rest ? { on_no_match: action('plain') } : {}),
      },
      transport_socket_matches: [
        {
          name: 'secure',
          match: {},
          transport_socket: { name: 'tls', typed_config: typed('transport_sockets.tls.v3.UpstreamTlsContext', { sni: 'secure.test' }) },
        },
        { name: 'plain', match: {}, transport_socket: { name: 'raw', typed_config: typed('transport_sockets.raw_buffer.v3.RawBuffer') } },
      ],
    };
  });
const said = fc.constantFrom<JsonObject[]>({}, { tls: 'yes' }, { tls: 'no' }, { tls: 'maybe' }, { tls: true });
const matched = fc.tuple(socketTree, said, said, said).map(([fields, one, other, third]) =>
  cluster(1, {
    endpoints: [
      {
        metadata: { filter_metadata: { lab: third } },
        lb_endpoints: [
          endpoint('10.200.0.1', 9080, { metadata: { filter_metadata: { 'envoy.transport_socket_match': one, lab: other } } }),
        ],
      },
    ],
    fields,
  }),
);

const filters: JsonObject[] = [
  extension('metadata', 'filters.http.header_to_metadata.v3.Config', {
    request_rules: [{ header: 'x', on_header_present: { metadata_namespace: 'lab', key: 'k', type: 'STRING' } }],
  }),
  extension('state', 'filters.http.set_filter_state.v3.Config', {
    on_request_headers: [
      {
        object_key: 'lab.socket',
        factory_key: 'envoy.string',
        format_string: { text_format_source: { inline_string: '%REQ(y)%' } },
        shared_with_upstream: 'ONCE',
        skip_if_empty: true,
      },
    ],
  }),
];

const socket: JsonObject = {
  name: 'tls',
  typed_config: typed('transport_sockets.tls.v3.DownstreamTlsContext', {
    common_tls_context: {
      tls_certificates: [certificateOf('lab.test')],
      validation_context: { trusted_ca: { filename: caPath() } },
    },
  }),
};

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    source: fc.constantFrom('10.1.2.3', '203.0.113.9', '192.168.7.7'),
    path: fc.constantFrom('/a', '/b', '/a/b?x=1'),
    method: fc.constantFrom('GET', 'POST'),
    principal: fc.constantFrom('', ...PRINCIPALS),
    headers: fc.subarray<[string, string]>([
      ['x', 'abc'],
      ['y', 'yes'],
      ['x-ip', '2001:db8::7'],
    ]),
  })
  .map(({ source, principal, ...http }) =>
    httpRequest(http, { source, transport: 'tls', ...(principal === '' ? {} : { peerPrincipals: [principal] }) }),
  );

export const customMatchers: fc.Arbitrary<LabCase> = fc
  .record({
    tree: fc.option(tree, { nil: undefined }),
    rbac: fc.option(rbac, { nil: undefined, freq: 3 }),
    first: fc.option(matched, { nil: undefined }),
    isSecure: fc.boolean(),
    requests: fc.array(client, { minLength: 3, maxLength: 6 }),
  })
  .map(({ tree: matcher, rbac: guard, first, isSecure, requests }) => {
    const routes = [{ match: { prefix: '/' }, route: { cluster: '§c1' } }];
    const host = matcher ? { name: 'v', domains: ['*'], matcher } : virtualHost('v', ['*'], routes);
    const manager = connectionManager({ virtual_hosts: [host] }, [...filters, ...(guard ? [guard] : [])]);
    const [, ...others] = clusters(4);
    return {
      area: 'custom_matcher',
      listeners: [listener('l', [{ name: 'f', filters: [manager], ...(isSecure ? { transport_socket: socket } : {}) }])],
      clusters: [first ?? cluster(1), ...others],
      requests: once(isSecure ? requests : requests.map(plain)),
    };
  });

function plain({ connection: { peerPrincipals: _, ...connection }, http }: TraceRequest): TraceRequest {
  return { connection: { ...connection, transport: 'raw_buffer' }, ...(http && { http: { ...http, scheme: 'http' } }) };
}
