/** Bodies that formats make of what is known of a request: as a text, as JSON, with empty values and without. */
import fc from 'fast-check';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { clusters, extension, httpChain, httpRequest, listener, once, virtualHost } from '../parts';

const DATA: JsonObject = {
  text: 'abcd',
  quoted: 'a"b\\c\u0001/',
  empty: '',
  yes: true,
  nothing: null,
  struct: { one: 'two', none: null, n: 1.5 },
  list: ['a', 1, true, null, 100000],
  integer: 7,
  million: 1e6,
  huge: 1e21,
  tiny: 0.00001,
  large: 123456789,
  negative: -100000,
};

const STATES: Readonly<Record<string, [factory: string, format: JsonObject]>> = {
  text: ['envoy.string', { text_format_source: { inline_string: '%REQ(x)%' } }],
  yes: ['envoy.bool', { text_format_source: { inline_string: 'yes' } }],
  ip: ['envoy.network.ip', { text_format_source: { inline_string: '10.1.2.3' } }],
  address: ['envoy.network.transport_socket.original_dst_address', { text_format_source: { inline_string: '10.1.2.3:80' } }],
  protocols: ['envoy.network.application_protocols', { text_format_source: { inline_string: 'h2' } }],
  port: ['envoy.upstream.dynamic_port', { text_format_source: { inline_string: '+8080' } }],
  never: ['envoy.ratelimit.hits_addend', { text_format_source: { inline_string: 'many' } }],
  json: ['envoy.string', { json_format: { x: '%REQ(x)%', none: '%REQ(none)%', n: 100000 } }],
};

const OPERATORS = [
  ...Object.keys(DATA).flatMap((key) => [`DYNAMIC_METADATA(lab:${key})`, `DYNAMIC_METADATA(lab:${key}):3`]),
  ...Object.keys(STATES).flatMap((key) => ['', ':PLAIN', ':TYPED', ':FIELD:ip', ':FIELD:port'].map((how) => `FILTER_STATE(${key}${how})`)),
  ...['x', 'none', 'none?x', 'empty', 'dash'].map((name) => `REQ(${name})`),
  ...['QUERY_PARAM(p)', 'QUERY_PARAM(q)', 'QUERY_PARAM(none)', 'QUERY_PARAMS', 'PATH(NQ)', 'PATH:4', 'PROTOCOL'],
  ...[
    'RESPONSE_CODE',
    'RESPONSE_CODE_DETAILS',
    'RESPONSE_FLAGS',
    'RESPONSE_FLAGS_LONG',
    'LOCAL_REPLY_BODY',
    'UPSTREAM_REQUEST_ATTEMPT_COUNT',
  ],
  ...['DOWNSTREAM_LOCAL_PORT', 'DOWNSTREAM_REMOTE_PORT', 'DOWNSTREAM_REMOTE_ADDRESS', 'UPSTREAM_REMOTE_PORT', 'BYTES_SENT', 'ROUTE_NAME'],
  ...['METADATA(ROUTE:lab:million)', 'METADATA(ROUTE:lab)', 'METADATA(ROUTE:lab:text):2', 'CLUSTER_METADATA(lab:text)'],
  ...['CEL(request.path)', 'CEL(size(request.path))', 'CEL(request.headers["none"])', 'CEL(request.method):2'],
  'COALESCE({"operators":[{"command":"REQ","param":"none"},{"command":"REQ","param":"x","max_length":2}]})',
  'COALESCE({"operators":[{"command":"REQ","param":"empty"},"PROTOCOL"]})',
  'COALESCE({"operators":["REQUESTED_SERVER_NAME","LOCAL_REPLY_BODY"]}):5',
];

const before: JsonObject[] = [
  extension('set_metadata', 'filters.http.set_metadata.v3.Config', { metadata: [{ metadata_namespace: 'lab', value: DATA }] }),
  extension('state', 'filters.http.set_filter_state.v3.Config', {
    on_request_headers: Object.entries(STATES).map(([object_key, [factory_key, format_string]]) => ({
      object_key,
      factory_key,
      format_string,
    })),
  }),
];

const operator = fc.constantFrom(...OPERATORS).map((name) => `%${name}%`);
const text = fc.oneof(
  operator,
  operator.map((one) => `<${one}>`),
  fc.tuple(operator, operator).map((two) => two.join('')),
);
const leaf: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom<Json[]>('plain', 100000, 1.5, 1e-7, true, null, {}, [], '%%', '') },
);
const value: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: leaf },
  { weight: 1, arbitrary: fc.array(leaf, { maxLength: 3 }) },
  { weight: 1, arbitrary: leaf.map((inner): Json => ({ inner })) },
);
const format: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.oneof(
      text.map((inline_string): JsonObject => ({ text_format_source: { inline_string } })),
      fc.record({ b: value, a: value, '"q"': value }, { requiredKeys: [] }).map((json_format): JsonObject => ({ json_format })),
    ),
    fc.boolean(),
  )
  .map(([own, omits]) => ({ ...own, ...(omits ? { omit_empty_values: true } : {}) }));

export const replyBodies: fc.Arbitrary<LabCase> = fc.array(format, { minLength: 4, maxLength: 8 }).map((formats) => {
  const routes = formats.map((body_format, index): JsonObject => ({
    name: `r${index}`,
    match: { prefix: `/${index}` },
    metadata: { filter_metadata: { lab: DATA } },
    direct_response: { status: 418, body: { inline_string: 'own "body"' }, body_format },
  }));
  const headers: [string, string][] = [['x', 'abc'], ['empty', ''], ['dash', '-']]; // prettier-ignore
  const requests = formats.map((_, index) => httpRequest({ path: `/${index}?p=1&q`, headers }, { source: '10.1.2.3:30123' }));
  const chain = httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)] }, { httpFilters: before });
  return { area: 'reply_body', listeners: [listener('l', [chain])], clusters: clusters(1), requests: once(requests) };
});
