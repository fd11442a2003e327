/** Bodies that formats make, as Envoy 1.40 writes them: JSON, numbers, what is left out, filter state by its factories. */
import { describe, expect, test } from 'vitest';
import { filter, filterPath } from '../httpFilters/filterTrace';

const DATA = { text: 'abcd', number: 100000, small: 0.0001, list: ['a', 1000000, null], struct: { b: true, a: null }, nothing: null };
const before = [
  filter('data', 'set_metadata.v3.Config', { metadata: [{ metadata_namespace: 'lab', value: DATA }] }),
  filter('state', 'set_filter_state.v3.Config', {
    on_request_headers: [
      object('text', 'envoy.string', 'abc'),
      object('yes', 'envoy.bool', 'Yes'),
      object('none', 'envoy.bool', 'perhaps'),
      object('ip', 'envoy.network.ip', '10.1.2.3'),
      object('address', 'envoy.network.transport_socket.original_dst_address', '10.1.2.3:80'),
      object('protocols', 'envoy.network.application_protocols', 'h2'),
      object('port', 'envoy.upstream.dynamic_port', '+7'),
      { object_key: 'json', factory_key: 'envoy.string', format_string: { json_format: { path: '%REQ(:path)%', none: '%REQ(none)%' } } },
    ],
  }),
];

function object(object_key: string, factory_key: string, inline_string: string): object {
  return { object_key, factory_key, format_string: { text_format_source: { inline_string } } };
}

/** The body of a direct response. */
function bodyOf(body_format: object, path = '/p'): string | undefined {
  const route = { match: { prefix: '/' }, direct_response: { status: 418, body: { inline_string: 'own "body"' }, body_format } };
  const fixture = { filters: before, routes: [route] };
  return filterPath(fixture, { path, headers: { x: 'v', dash: '-' } }).response?.body;
}

const textOf = (inline_string: string, path?: string): string | undefined => bodyOf({ text_format_source: { inline_string } }, path);
const jsonOf = (json_format: object, omit_empty_values = false): string | undefined => bodyOf({ json_format, omit_empty_values });

describe('a JSON format', () => {
  test('keeps the type of what one operator gives alone, and writes everything else as a text', () => {
    expect(jsonOf({ b: '%DOWNSTREAM_LOCAL_PORT%', a: '<%DOWNSTREAM_LOCAL_PORT%>', c: '%DYNAMIC_METADATA(lab:struct)%' })).toBe(
      '{"a":"<80>","b":80,"c":{"a":null,"b":true}}\n',
    );
    expect(jsonOf({ a: '%LOCAL_REPLY_BODY%', b: '%RESPONSE_CODE%', c: '%RESPONSE_FLAGS%', d: '%CEL(size(request.path))%' })).toBe(
      '{"a":"own \\"body\\"","b":0,"c":"-","d":"2"}\n',
    );
  });
  test('writes null for what is absent, and a dash for a header that is one', () => {
    expect(jsonOf({ a: '%REQ(none)%', b: '%REQ(dash)%', c: 'x%REQ(none)%' })).toBe('{"a":null,"b":"-","c":"x-"}\n');
  });
  test('leaves out nulls, and structs of nothing else, where empty values are omitted', () => {
    const format = { a: '%REQ(none)%', b: { c: { d: null } }, e: [null, {}, [], '%REQ(x)%'], f: '', g: '%DYNAMIC_METADATA(lab:struct)%' };
    expect(jsonOf(format, true)).toBe('{"e":[[],"v"],"f":"","g":{"a":null,"b":true}}\n');
    expect(jsonOf({ a: '%REQ(none)%' }, true)).toBe('{}\n');
  });
  test('cuts texts only', () => {
    expect(jsonOf({ a: '%DYNAMIC_METADATA(lab:text):2%', b: '%DYNAMIC_METADATA(lab:number):2%' })).toBe('{"a":"ab","b":1e+05}\n');
  });
  test('that the file has lost is not guessed', () => {
    expect(jsonOf({ a: '[redacted]' })).toBeUndefined();
  });
});

test.each([
  ['%DYNAMIC_METADATA(lab:number)%', '1e+05'],
  ['%DYNAMIC_METADATA(lab:small)%', '1e-04'],
  ['%DYNAMIC_METADATA(lab:list)%', '["a",1e+06,null]'],
  ['%DYNAMIC_METADATA(lab:number):3%', '1e+'],
  ['%DYNAMIC_METADATA(lab:nothing)%', '-'],
])('numbers are written in the shorter way: %s', (format, expected) => {
  expect(textOf(format)).toBe(expected);
});

test.each([
  ['%FILTER_STATE(text)%|%FILTER_STATE(text:PLAIN):2%', '"abc"|ab'],
  ['%FILTER_STATE(yes)%|%FILTER_STATE(yes:PLAIN)%', 'true|true'],
  ['%FILTER_STATE(none)%', '-'],
  ['%FILTER_STATE(ip)%|%FILTER_STATE(ip:PLAIN)%', '-|10.1.2.3:0'],
  ['%FILTER_STATE(address:FIELD:ip)%|%FILTER_STATE(address:FIELD:port)%|%FILTER_STATE(text:FIELD:ip)%', '10.1.2.3|80|-'],
  ['%FILTER_STATE(protocols:PLAIN)%', '-'],
  ['%FILTER_STATE(port)%', '7'],
  ['%FILTER_STATE(json:PLAIN)%', '{"none":null,"path":"/p"}\n'],
])('an object of filter state is what its factory makes of it: %s', (format, expected) => {
  expect(textOf(format)).toBe(expected);
});

test('a query parameter without a value is empty, not absent', () => {
  expect(textOf('<%QUERY_PARAM(a)%|%QUERY_PARAM(b)%>', '/p?a')).toBe('<|->');
});

test('the first operator of COALESCE that is there counts, be it empty; it sees the answer as well', () => {
  expect(textOf('<%COALESCE({"operators": [{"command": "QUERY_PARAM", "param": "a"}, "PROTOCOL"]})%>', '/p?a')).toBe('<>');
  expect(textOf('%COALESCE({"operators": ["LOCAL_REPLY_BODY"]})%')).toBe('own "body"');
});

test('the details of the answer are not there while its body is made', () => {
  expect(bodyOf({ text_format_source: { inline_string: '<%RESPONSE_CODE_DETAILS%>' }, omit_empty_values: true })).toBe('<>');
});

describe('a body that stands in a file', () => {
  const file = { filename: '/etc/body' };
  const bodyFor = (direct: object, local_reply_config: object): string | undefined =>
    filterPath({
      filters: [],
      routes: [{ match: { prefix: '/' }, direct_response: { status: 418, ...direct } }],
      manager: { local_reply_config },
    }).response?.body;
  const said = { body_format: { text_format_source: { inline_string: '<%LOCAL_REPLY_BODY%>' } } };
  const fits = { filter: { status_code_filter: { comparison: { op: 'GE', value: { default_value: 400, runtime_key: 'k' } } } } };
  test('is not taken for none, whoever formats it', () => {
    expect(bodyFor({ body: { inline_string: 'own' } }, said)).toBe('<own>');
    expect(bodyFor({ body: file }, said)).toBeUndefined();
    expect(bodyFor({ body: file, ...said }, {})).toBeUndefined();
    expect(bodyFor({}, { ...said, mappers: [{ ...fits, body: file }] })).toBeUndefined();
    expect(bodyFor({ body: file }, { ...said, mappers: [{ ...fits, body: { inline_string: 'other' } }] })).toBe('<other>');
  });
});
