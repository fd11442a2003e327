/** Scoped routes: which route configuration the headers of a request lead to (Envoy: source/common/router/scoped_config_impl.cc). */
import { describe, expect, test } from 'vitest';
import { fate, filter } from '../httpFilters/filterTrace';

const header = (extractor: object): object => ({ fragments: [{ header_value_extractor: { name: 'addr', ...extractor } }] });
const byKey = header({ element_separator: ';', element: { key: 'x', separator: '=' } });

/** `scopes`: the keys of scopes that answer with 200, 201 … */
function scopeOf(scope_key_builder: object, scopes: readonly string[][], headers: [string, string][], filters: object[] = []): string {
  const list = scopes.map((keys, index) => ({
    name: `s${index}`,
    key: { fragments: keys.map((string_key) => ({ string_key })) },
    route_configuration: {
      name: `r${index}`,
      virtual_hosts: [{ name: 'v', domains: ['*'], routes: [{ match: { prefix: '/' }, direct_response: { status: 200 + index } }] }],
    },
  }));
  const scoped_routes = { name: 'scopes', scope_key_builder, scoped_route_configurations_list: { scoped_route_configurations: list } };
  const manager = { route_config: undefined, scoped_routes, rds_config_source: { ads: {} } };
  const answer = fate({ filters: filters as never[], manager }, { headers });
  return answer.split(' ')[1] ?? answer;
}

describe('the key of a request', () => {
  test.each<[string, object, string[][], [string, string][], string]>([
    ['is a whole header', header({ index: 0 }), [['foo']], [['addr', 'foo']], '200'],
    ['is the part at an index', header({ element_separator: ',', index: 1 }), [['a'], ['b']], [['addr', 'a,b']], '201'],
    ['has no part at that index', header({ element_separator: ',', index: 2 }), [['a'], ['b']], [['addr', 'a,b']], '404'],
    ['is the value of a named part', byKey, [['foo']], [['addr', 'a=1;x=foo']], '200'],
    ['is the first part of that name', byKey, [['foo'], ['bar']], [['addr', 'x=foo;x=bar']], '200'],
    ['has no part of that name', byKey, [['foo']], [['addr', 'a=1']], '404'],
    ['needs its header', byKey, [['foo']], [], '404'],
    ['is of the first line of a header', header({ index: 0 }), [['foo'], ['bar']], [['addr', 'bar'], ['addr', 'foo']], '201'], // prettier-ignore
    ['fits whole', header({ index: 0 }), [['foo']], [['addr', 'foobar']], '404'],
  ])('%s', (...[, builder, scopes, headers, expected]) => {
    expect(scopeOf(builder, scopes, headers)).toBe(expected);
  });

  test('has all its fragments', () => {
    const two = { fragments: ['a', 'b'].map((name) => ({ header_value_extractor: { name, index: 0 } })) };
    expect(scopeOf(two, [['1', '2']], [['a', '1'], ['b', '2']])).toBe('200'); // prettier-ignore
    expect(scopeOf(two, [['1', '2']], [['a', '1']])).toBe('404');
    expect(scopeOf(two, [['1', '2']], [['a', '2'], ['b', '1']])).toBe('404'); // prettier-ignore
  });

  test('is read again when the route is looked up again', () => {
    const script = 'function envoy_on_request(h) h:headers():replace("addr", "bar") h:clearRouteCache() end';
    const again = filter('again', 'lua.v3.Lua', { default_source_code: { inline_string: script } });
    expect(scopeOf(header({ index: 0 }), [['foo'], ['bar']], [['addr', 'foo']], [again])).toBe('201');
  });
});
