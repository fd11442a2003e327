/** What extensions are made of: descriptors, trust bundles, hosts of generic routes, gauges, and extensions inside of others. */
import { describe, expect, test } from 'vitest';
import { readDescriptorSet } from '../../../../server/src/model/descriptorSet';
import { collectDiagnostics } from '../../../../server/src/features/diagnostics/collectDiagnostics';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';

const EXTENSIONS = 'type.googleapis.com/envoy.extensions.';

/** The errors of one extension by itself: code and message. */
function errorsOf(type: string, fields: object): string[] {
  const uri = 'test:/filter.json';
  const text = JSON.stringify({ name: 'x', typed_config: { '@type': EXTENSIONS + type, ...fields } });
  return collectDiagnostics(buildSnapshot([{ uri, text }]), uri)
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code}: ${message}`);
}

/** A field of a message on the wire. */
function field(number: number, ...parts: (string | number[])[]): number[] {
  const bytes = parts.flatMap((part) => (typeof part === 'string' ? Array.from(part, (letter) => letter.charCodeAt(0)) : part));
  return [number * 8 + 2, bytes.length, ...bytes];
}

const IMPORTED = field(1, field(1, 'b.proto'), field(2, 'p.q'));
const METHOD = field(2, field(1, 'Get'));
const FILE = field(1, field(1, 'a.proto'), field(2, 'p.q'), field(3, 'b.proto'), field(6, field(1, 'S'), METHOD));

describe('descriptors of protos', () => {
  test('tell services, methods, and an import that is left out', () => {
    const whole = readDescriptorSet(new Uint8Array([...IMPORTED, ...FILE]));
    expect(whole).toMatchObject({ missingImport: undefined });
    expect([...(whole?.services.keys() ?? [])]).toEqual(['p.q.S']);
    expect(whole?.services.get('p.q.S')).toMatchObject([{ service: 'p.q.S', name: 'Get' }]);
    expect(readDescriptorSet(new Uint8Array(FILE))?.missingImport).toBe('b.proto');
    expect(readDescriptorSet(new Uint8Array())?.services.size).toBe(0);
  });
  test.each([[[0, 0, 0]], [[10, 200]], [[10, 5, 1]], [[8]], [IMPORTED.slice(0, -1)]])('%j is none', (bytes) =>
    expect(readDescriptorSet(new Uint8Array(bytes))).toBeUndefined(),
  );
  test('what a transcoder serves is looked for in them', () => {
    const bin = Buffer.from([...IMPORTED, ...FILE]).toString('base64');
    const transcoder = 'filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder';
    expect(errorsOf(transcoder, { proto_descriptor_bin: bin, services: ['p.q.S'] })).toEqual([]);
    expect(errorsOf(transcoder, { proto_descriptor_bin: bin, services: ['p.q.T'] })).toEqual([
      'extension-settings: Could not find "p.q.T" in the proto descriptor.',
    ]);
    expect(errorsOf(transcoder, { proto_descriptor_bin: 'AAAA', services: ['p.q.S'] })[0]).toContain('no FileDescriptorSet');
    expect(errorsOf(transcoder, { proto_descriptor_bin: 'AAAA' })).toEqual([]);
  });
});

describe('trust bundles', () => {
  const errors = (fields: object): string[] => errorsOf('transport_sockets.tls.v3.SPIFFECertValidatorConfig', fields);
  const map = (json: unknown): string[] => errors({ trust_bundles: { inline_string: JSON.stringify(json) } });
  test.each([
    [{}, 'no trust domains'],
    [{ trust_domains: { a: { keys: [] } } }, 'no keys'],
    [{ trust_domains: { a: { keys: [{ use: 'jwt-svid' }] } } }, 'not for "x509-svid"'],
    [{ trust_domains: { a: { keys: [{ use: 'x509-svid' }] } } }, 'no certificates'],
    [{ trust_domains: { a: { keys: [{ use: 'x509-svid', x5c: ['AAAA'] }] } } }, 'is none'],
  ])('%j', (json, words) => expect(map(json)[0]).toContain(words));
  test('one that holds something, one in a file, and a domain without any', () => {
    expect(map({ trust_domains: { a: { keys: [{ use: 'x509-svid', x5c: ['MAMCAQE='] }] } } })).toEqual([]);
    expect(errors({ trust_bundles: { filename: 'a.json' } })).toEqual([]);
    expect(errors({ trust_domains: [{ name: 'a', trust_bundle: { inline_string: 'x' } }] })).toHaveLength(1);
    expect(errors({ trust_domains: [{ name: 'a', trust_bundle: { filename: 'a.pem' } }] })).toEqual([]);
  });
});

test('an extension in another is of the kind that its place takes', () => {
  const formatter = (type: string): object => ({
    mutations: { formatters: [{ name: 'x', typed_config: { '@type': EXTENSIONS + type } }] },
  });
  const mutation = 'filters.http.header_mutation.v3.HeaderMutation';
  expect(errorsOf(mutation, formatter('formatter.req_without_query.v3.ReqWithoutQuery'))).toEqual([]);
  expect(errorsOf(mutation, formatter('filters.http.router.v3.Router'))[0]).toContain('envoy.formatter is expected');
});

test('a gauge has one operation', () => {
  const gauge = (fields: object): string[] =>
    errorsOf('access_loggers.stats.v3.Config', { stat_prefix: 'p', gauges: [{ stat: { name: 'g' }, value_fixed: 1, ...fields }] });
  expect(gauge({ set: { log_type: 'DownstreamEnd' } })).toEqual([]);
  expect(gauge({})[0]).toContain('needs an operation');
  expect(gauge({ add_subtract: { add_log_type: 'DownstreamEnd', sub_log_type: 'DownstreamEnd' } })[0]).toContain('stands twice');
});

test('a filter of access logs needs its expression', () => {
  const filter = (fields: object): string[] => errorsOf('access_loggers.filters.cel.v3.ExpressionFilter', fields);
  expect(filter({ expression: 'response.code >= 400' })).toEqual([]);
  expect(filter({})[0]).toContain('"expression" is not set');
  expect(filter({ expression: null })[0]).toContain('"expression" is not set');
});

test('an amount of a hash cannot be more than all', () => {
  const hashing = (threshold: number): string[] =>
    errorsOf('matching.input_matchers.consistent_hashing.v3.ConsistentHashing', { threshold, modulo: 100 });
  expect(hashing(100)).toEqual([]);
  expect(hashing(101)).toHaveLength(1);
});

describe('Lua that Envoy runs when it loads it', () => {
  const load = (script: string): string[] => errorsOf('filters.http.lua.v3.Lua', { default_source_code: { inline_string: script } });
  test.each([
    "error('x')",
    'local c = foo.bar',
    'local M = {} function M.a() return foo.bar end M.a()',
    'local n = "x" .. nil',
    'string.format("%s")',
    'string.format("100%")',
    'string.format("%100d", 1)',
    'select(0)',
    'select(-2, 1)',
    'setmetatable(1, {})',
    'setmetatable({})',
    'tonumber()',
    'tonumber("1", 99)',
    'table.insert({}, 1, 2, 3)',
    'string.match("a", "(")',
    'string.gsub("a", "(", "%1")',
    'string.gsub("a", "a", "%2")',
    'string.find("a", "%f")',
  ])('%s ends with an error', (script) =>
    expect(load(script)).toEqual(['lua-script: This script ends with an error when Envoy loads it.']),
  );
  test.each([
    'break',
    'while true do local f = function() break end end',
    'return 1 local x',
    'for i = 1, 2, 3, 4 do end',
    '--[[',
    '--[=[ ]]',
    'local x = "\\q"',
    'local goto = 1',
    'local t = { goto = 1 }',
    'goto = 1',
    'local x = 1\u00a0',
  ])('%s is no Lua', (script) => expect(load(script)).toEqual(['lua-script: This is no Lua script: Envoy cannot load it.']));
  test.each([
    'pcall(error)',
    'local M = {} function M.a() return foo.bar end',
    // What the machine decides.
    "local json = require('cjson')",
    "if os.getenv('X') then error('x') end",
    '#!/usr/bin/lua\nlocal x',
    '\ufefflocal x',
    'local café, x = 1, “y”',
    'local x = "\\xff"',
    'local x = 0x1p4 + 0b11 + 1LL',
    'for i = 1, 2, 0 do break end',
    'while true do break end return',
    'local x = string.format("%s", {})',
    'local x = { ... }',
    'string.find("a", ")")',
    'string.gsub("a", "(", "")',
    'while false do if x then goto continue end ::continue:: end',
    'local f = function() for i = 1, 2 do for j = 1, 2 do goto out end end ::out:: end',
  ])('%s is taken', (script) => expect(load(script)).toEqual([]));
  test.each(['goto a', 'do ::a:: end goto a', 'local f = function() goto a end ::a::', 'while false do goto a end'])(
    '%s leads to no label',
    (script) => expect(load(script)).toEqual(['lua-script: This is no Lua script: "goto a" leads to no label.']),
  );
});
