/** Which route configuration, virtual host and path: scopes, domains, normalisation. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { JsonObject, LabCase } from '../../labCase';
import { clusters, httpChain, httpRequest, listener, once, optional, virtualHost } from '../parts';

const CLUSTERS = 4;
const LABELS = ['a', 'b', 'foo', 'x-bar', 'www'];
const label = fc.constantFrom(...LABELS);
const top = fc.constantFrom('com', 'test', 'bar');

const domain: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(label, top).map((parts) => parts.join('.')) },
  { weight: 2, arbitrary: fc.tuple(label, label, top).map((parts) => parts.join('.')) },
  { weight: 2, arbitrary: fc.tuple(label, top).map(([one, two]) => `*.${one}.${two}`) },
  { weight: 2, arbitrary: fc.tuple(label, top).map(([one, two]) => `*-bar.${one}.${two}`) },
  { weight: 1, arbitrary: top.map((end) => `*.${end}`) },
  { weight: 1, arbitrary: top.map((end) => `*${end}`) },
  { weight: 1, arbitrary: label.map((begin) => `${begin}.*`) },
  { weight: 1, arbitrary: fc.tuple(label, label).map(([one, two]) => `${one}.${two}*`) },
  {
    weight: 1,
    arbitrary: fc.tuple(label, top, fc.constantFrom('8080', '80', '443', '*')).map(([one, two, port]) => `${one}.${two}:${port}`),
  },
  { weight: 1, arbitrary: fc.constantFrom('*', '10.1.1.1', '[::1]', '[::1]:8080', 'A.com', 'x*y.com', '*:8080') },
);

const host = fc
  .tuple(
    fc.oneof(fc.tuple(label, top), fc.tuple(label, label, top)).map((parts) => parts.join('.')),
    fc.constantFrom('', '', '', ':80', ':8080', ':443', ':'),
    fc.constantFrom(false, false, true),
  )
  .map(([name, port, upper]) => `${upper ? name.toUpperCase() : name}${port}`);

const authority = fc.oneof(
  { weight: 6, arbitrary: host },
  { weight: 1, arbitrary: fc.constantFrom('10.1.1.1', '[::1]', '[::1]:8080', 'com', 'a', 'x*y.com', 'foo.x-bar', 'a.com.') },
);

function anyRequest(authorities: fc.Arbitrary<string>, paths: fc.Arbitrary<string>): fc.Arbitrary<TraceRequest> {
  return fc
    .record({ version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http2'), authority: authorities, path: paths })
    .map((http) => httpRequest(http, { source: '10.1.2.3' }));
}

/** Domains of every form, with ports and capitals. */
export const virtualHosts: fc.Arbitrary<LabCase> = fc
  .record({
    domains: fc.uniqueArray(domain, { minLength: 2, maxLength: 8, selector: (each) => each.toLowerCase() }),
    configuration: optional({ ignore_port_in_host_matching: fc.boolean() }),
    manager: optional({ strip_any_host_port: fc.constant(true), strip_trailing_host_dot: fc.boolean() }),
    requests: fc.array(anyRequest(authority, fc.constant('/')), { minLength: 6, maxLength: 10 }),
  })
  .map(({ domains, configuration, manager, requests }) => {
    const all = (index: number): JsonObject[] => [{ match: { prefix: '/' }, route: { cluster: `§c${(index % CLUSTERS) + 1}` } }];
    const hosts = domains.map((each, index) => virtualHost(`v${index}`, [each], all(index)));
    const chain = httpChain({ virtual_hosts: hosts, ...configuration }, { fields: manager });
    return { area: 'virtual_host', listeners: [listener('l', [chain])], clusters: clusters(CLUSTERS), requests: once(requests) };
  });

const SEGMENTS = [
  'a',
  'b',
  '.',
  '..',
  '',
  'A',
  '%2e',
  '%2E%2e',
  'a%2Fb',
  '%5Cb',
  'a%5cb',
  'a;p=1',
  '..;x',
  ';',
  'a%00b',
  'a%20b',
  '%7Ea',
  'a"b',
  'a|b',
  '%zz',
  '%',

  'a\\b',
  '<b>',
  "a'b",
  '%25',
  'a+b',
  '%c3%a4',
  'a,b',
  '~a',
  '{a}',
  '[a]',
  '^',
  '`',
];
const ENDS = ['', '', '', '?', '?x=1', '?x=/../b', '?a//b', '#f', '?x#f', '#', '?q=%2F', '/', '//', '/.', '/..'];
const wildPath = fc
  .tuple(fc.array(fc.constantFrom(...SEGMENTS), { minLength: 1, maxLength: 4 }), fc.constantFrom(...ENDS))
  .map(([segments, end]) => `/${segments.join('/')}${end}`);

const pathMatch = fc.constantFrom<JsonObject[]>(
  { path: '/a' },
  { path: '/b' },
  { path: '/a/b' },
  { prefix: '/a/' },
  { prefix: '/a' },
  { prefix: '/A', case_sensitive: false },
  { path_separated_prefix: '/a' },
  { path_separated_prefix: '/a/b' },
  { safe_regex: { regex: '/a/?b?' } },
  { safe_regex: { regex: '/[^/]*' } },
  { prefix: '//' },
  { path: '/' },
);

/** Paths as nobody should write them, through every option that repairs or refuses them. */
export const normalisation: fc.Arbitrary<LabCase> = fc
  .record({
    matches: fc.array(pathMatch, { minLength: 2, maxLength: 5 }),
    manager: optional({
      normalize_path: fc.boolean(),
      merge_slashes: fc.boolean(),
      path_with_escaped_slashes_action: fc.constantFrom(
        'KEEP_UNCHANGED',
        'REJECT_REQUEST',
        'UNESCAPE_AND_REDIRECT',
        'UNESCAPE_AND_FORWARD',
      ),
    }),
    configuration: optional({ ignore_path_parameters_in_path_matching: fc.boolean() }),
    requests: fc.array(anyRequest(fc.constant('a.test'), wildPath), { minLength: 6, maxLength: 10 }),
  })
  .map(({ matches, manager, configuration, requests }) => {
    const routes = [...matches, { prefix: '/' }].map((match, at) => ({
      name: `r${at}`,
      match,
      route: { cluster: `§c${(at % CLUSTERS) + 1}` },
    }));
    const chain = httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)], ...configuration }, { fields: manager });
    return { area: 'normalise', listeners: [listener('l', [chain])], clusters: clusters(CLUSTERS), requests: once(requests) };
  });

const extractor = fc.constantFrom<JsonObject[]>(
  { name: 'x-scope', element_separator: ';', element: { key: 'k', separator: '=' } },
  { name: 'x-scope', element_separator: ',', element: { key: 'k', separator: ':' } },
  { name: 'x-scope', element_separator: ';', index: 0 },
  { name: 'x-scope', element_separator: ';', index: 1 },
  { name: 'x-scope' },
  { name: 'x-scope', element_separator: '', index: 0 },
);

const KEYS = ['foo', 'bar', 'k=foo', 'foo;bar', ''];
const SCOPE_HEADERS = [
  'foo',
  'bar',
  'k=foo',
  'k=bar;z',
  'z;k=foo',
  'k=foo=1',
  'foo;bar',
  ';foo',
  'k:foo,k:bar',
  'k=;foo',
  'k',
  'FOO',
  'z; k=foo',
  'k=foo;k=bar',
];

/** Scopes by one or two header fragments. */
export const scopedRoutes: fc.Arbitrary<LabCase> = fc
  .record({
    fragments: fc.array(extractor, { minLength: 1, maxLength: 2 }),
    keys: fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), fc.constantFrom('on', 'off')), {
      minLength: 1,
      maxLength: 4,
      selector: ([one]) => one,
    }),
    headers: fc.array(fc.tuple(fc.option(fc.constantFrom(...SCOPE_HEADERS)), fc.constantFrom('on', 'off', '')), {
      minLength: 5,
      maxLength: 9,
    }),
  })
  .map(({ fragments: [first = {}, second], keys, headers }) => {
    const builder = [{ header_value_extractor: first }, ...(second ? [{ header_value_extractor: { name: 'x-more', index: 0 } }] : [])];
    const scopes = keys.map(([key, more], index): JsonObject => {
      const routes = [{ match: { prefix: '/' }, route: { cluster: `§c${index + 1}` } }];
      return {
        name: `scope${index}`,
        route_configuration: { name: `rc${index}`, virtual_hosts: [virtualHost(`v${index}`, ['*'], routes)] },
        key: { fragments: [{ string_key: key }, ...(second ? [{ string_key: more }] : [])] },
      };
    });
    const scoped_routes: JsonObject = {
      name: 's',
      scope_key_builder: { fragments: builder },
      scoped_route_configurations_list: { scoped_route_configurations: scopes },
      rds_config_source: { ads: {} },
    };
    const chain = httpChain({}, { fields: { scoped_routes } });
    const requests = headers.map(([scope, more]) =>
      httpRequest({
        headers: [
          ...(scope === null ? [] : [['x-scope', scope] as [string, string]]),
          ...(more === '' ? [] : [['x-more', more] as [string, string]]),
        ],
      }),
    );
    return {
      area: 'scoped_routes',
      listeners: [listener('l', [withoutRoutes(chain)])],
      clusters: clusters(CLUSTERS),
      requests: once(requests),
    };
  });

/** A connection manager has one of `route_config` and `scoped_routes`. */
function withoutRoutes(chain: JsonObject): JsonObject {
  const drop = (filter: JsonObject): JsonObject => {
    const config = filter['typed_config'] as JsonObject;
    return { ...filter, typed_config: Object.fromEntries(Object.entries(config).filter(([key]) => key !== 'route_config')) };
  };
  return { ...chain, filters: (chain['filters'] as JsonObject[]).map(drop) };
}
