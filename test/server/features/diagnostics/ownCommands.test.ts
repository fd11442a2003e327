/** Commands that only some formats have: each case was asked of `envoy --mode validate`. */
import { describe, expect, test } from 'vitest';
import { extension, refusals } from './refusals';

const logged = (text: string, ...formatters: readonly object[]): object =>
  extension('access_loggers.stream.v3.StdoutAccessLog', { log_format: { text_format_source: { inline_string: text }, formatters } });
const unknown = (name: string): unknown[] => [expect.stringContaining(`there is no command "${name}"`)];

describe('of formatters', () => {
  const queries = extension('formatter.req_without_query.v3.ReqWithoutQuery');
  const files = extension('formatter.file_content.v3.FileContent');
  test.each([
    ['%REQ_WITHOUT_QUERY(a)%', queries],
    ['%FILE_CONTENT(/etc/hostname)%', files],
  ])('%s', (text, formatter) => expect(refusals(logged(text, formatter))).toEqual([]));
  test('of another formatter', () => expect(refusals(logged('%FILE_CONTENT(a)%', queries))).toEqual(unknown('FILE_CONTENT')));
  test('of none', () => {
    expect(refusals(logged('%NOPE%', queries, files))).toEqual(unknown('NOPE'));
    expect(refusals(logged('%REQ_WITHOUT_QUERY(a)%'))).toEqual(unknown('REQ_WITHOUT_QUERY'));
  });
  test('of code that Envoy loads', () => {
    const module = { name: 'm' };
    const loaded = extension('formatter.dynamic_modules.v3.DynamicModuleFormatter', { dynamic_module_config: module, formatter_name: 'f' });
    expect(refusals(logged('%NOPE%', loaded))).toEqual([]);
  });
});

describe('of filters', () => {
  const transformed = (inline_string: string): object =>
    extension('filters.http.transform.v3.TransformConfig', {
      request_transformation: { body_transformation: { body_format: { text_format_source: { inline_string } } } },
    });
  test.each(['%REQUEST_BODY(a:b)%', '%RESPONSE_BODY%', '%REQ(a)%'])('bodies: %s', (text) =>
    expect(refusals(transformed(text))).toEqual([]),
  );
  test('of another filter', () => expect(refusals(transformed('%METHOD%'))).toEqual(unknown('METHOD')));

  const generic = (text: string): object =>
    extension('filters.network.generic_proxy.v3.GenericProxy', {
      stat_prefix: 'g',
      codec_config: extension('filters.network.generic_proxy.codecs.http1.v3.Http1CodecConfig'),
      filters: [extension('filters.network.generic_proxy.router.v3.Router')],
      route_config: { name: 'r' },
      access_log: [logged(text)],
    });
  test.each(['%METHOD(a):3%', '%PATH(x:y)%', '%PROTOCOL(a)%', '%REQUEST_PROPERTY(a)%'])('any protocol: %s', (text) =>
    expect(refusals(generic(text))).toEqual([]),
  );
  test('what no filter has', () => expect(refusals(generic('%REQUEST_BODY%'))).toEqual(unknown('REQUEST_BODY')));
});

describe('paths of redirects', () => {
  const redirect = (path_rewrite: string): object => ({
    name: 'r',
    virtual_hosts: [{ name: 'v', domains: ['*'], routes: [{ match: { prefix: '/' }, redirect: { path_rewrite } }] }],
  });
  test('a command that is none', () => expect(refusals(redirect('/new/%NOPE%'))).toEqual(unknown('NOPE')));
  test('a command', () => expect(refusals(redirect('/new/%REQ(a)%'))).toEqual([]));
});
