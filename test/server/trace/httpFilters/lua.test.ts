import { describe, expect, test } from 'vitest';
import { parseLua } from '../../../../server/src/trace/lua/parseLua';
import { hopOf } from '../support/traceOf';
import { any, fate, fateOf, filter, filterPath, type FilterCall, type FilterFixture } from './filterTrace';

const ROUTES = [
  { name: 'hit', match: { prefix: '/', headers: [{ name: 'x', string_match: { exact: '1' } }] }, route: { cluster: 'b' } },
  { name: 'miss', match: { prefix: '/' }, route: { cluster: 'a' } },
];

function lua(code: string, more: Record<string, unknown> = {}): FilterFixture {
  return { filters: [filter('lua', 'lua.v3.Lua', { default_source_code: { inline_string: code }, ...more })], routes: ROUTES };
}

const GRPC: FilterCall = { version: 'http2', method: 'POST', headers: { 'content-type': 'application/grpc' } };
const onRequest = (body: string): string => `function envoy_on_request(handle)\n${body}\nend`;
const requestFate = (body: string, call: FilterCall = {}): string => fate(lua(onRequest(body)), call);

describe('a script', () => {
  test.each([
    ['the operator', 'local s = "x" while #s < 1e12 do s = s .. s end'],
    ['gsub', 'local s = "x" while #s < 1e12 do s = s:gsub("x", "xxxxxxxx") end'],
    ['concat', 'local s = "x" while #s < 1e12 do s = table.concat({ s, s, s, s }) end'],
  ])('that makes texts without end by %s is left open, not run out of memory', (_, body) => {
    expect(requestFate(body)).toContain('insufficient_info');
  });

  test('without envoy_on_request has no say', () => {
    expect(fate(lua('function envoy_on_response(h) h:headers():add("x", "1") end'))).toBe('upstream a');
    expect(fate(lua('-- envoy_on_request\nfunction other(h) while true do end end'))).toBe('upstream a');
  });

  test('that changes headers has the route looked up again, unless it is told not to', () => {
    const add = onRequest('handle:headers():add("x", "1")');
    expect(fate(lua(add))).toBe('upstream b');
    expect(fate(lua(add, { clear_route_cache: false }))).toBe('upstream a');
    expect(fate(lua(onRequest('handle:headers():add("x", "1") handle:clearRouteCache()'), { clear_route_cache: false }))).toBe(
      'upstream b',
    );
  });

  test('may answer by itself', () => {
    const path = filterPath(lua(onRequest('handle:respond({[":status"] = "451", ["y"] = "z"}, "no")')));
    expect(fateOf(path)).toBe('local_reply 451 lua_response');
    expect(path.response).toMatchObject({ body: 'no', headers: { set: [['y', 'z']] } });
  });

  test.each<[string, FilterCall, string]>([
    [
      'if handle:headers():get("y") == "a,b" then handle:headers():replace("x", "1") end',
      {
        headers: [
          ['y', 'a'],
          ['y', 'b'],
        ],
      },
      'upstream b',
    ],
    ['if handle:headers():get("y") == nil then handle:headers():replace("x", "1") end', {}, 'upstream b'],
    ['handle:headers():replace("x", handle:headers():get(":method") == "GET" and "1" or "2")', { method: 'POST' }, 'upstream a'],
    [
      'local h = handle:headers() if not h:get("y") then handle:logInfo("no y") return end h:remove("x")',
      { headers: { x: '1' } },
      'upstream b',
    ],
    [
      'local h = handle:headers() if #(h:get("y") or "") > 2 then h:add("x", tostring(3 - 2)) elseif true then h:add("x", "2") end',
      { headers: { y: 'abc' } },
      'upstream b',
    ],
    ['local function tag(h, v) h:headers():add("x", v) end tag(handle, "1")', {}, 'upstream b'],
  ])('is followed: %s', (body, call, expected) => {
    expect(requestFate(body, call)).toBe(expected);
  });

  test.each([
    'local headers, body = handle:httpCall("a", {}, "", 5000) if headers[":status"] ~= "200" then handle:respond({[":status"] = "403"}) end',
    'if os.time() % 2 == 0 then handle:headers():add("x", "1") end',
    'for word in pairs({a = 1, b = 2}) do if word == "a" then break end handle:headers():add("x", "1") end',
    'local log = os.getenv("LOG") if log == "1" then handle:headers():add("x", "1") end',
    'seen[handle:headers():get(":path")] = true if seen["/b"] then handle:respond({[":status"] = "403"}) end',
    'count = (count or 0) + 1 if count > 10 then handle:respond({[":status"] = "429"}) end',
  ])('is not guessed: %s', (body) => {
    const path = filterPath(lua(onRequest(body)));
    expect(path.disposition).toBe('insufficient_info');
    expect(path.missing?.[0]).toContain('Lua script');
  });

  test.each<[string, FilterCall, string]>([
    ['if os.getenv("DEBUG") then handle:logInfo("x") end handle:headers():add("x", "1")', {}, 'upstream b'],
    ['local h = handle:headers() h:add("y", tostring(os.time())) if #h:get("y") < 100 or true then h:add("x", "1") end', {}, 'upstream b'],
    ['path = handle:headers():get(":path") if path == "/" then handle:headers():add("x", "1") end', {}, 'upstream b'],
    [
      'local sum = 0 for name, size in pairs({a = 1, b = 2, c = 3}) do sum = sum + size end handle:headers():add("x", sum - 5)',
      {},
      'upstream b',
    ],
    ['if handle:body() then handle:headers():add("x", "1") end', { version: 'http2', method: 'GET' }, 'upstream a'],
    ['if handle:body() then handle:headers():add("x", "1") end', { method: 'POST', headers: { 'content-length': '5' } }, 'upstream b'],
    ['if handle:body() then handle:logInfo("body") end', GRPC, 'upstream a'],
    ['if handle:body() then handle:headers():add("x", "1") end', GRPC, 'insufficient_info'],
    ['handle:httpCall("a", {[":method"] = "GET"}, nil, 10, true) handle:headers():add("x", "1")', {}, 'upstream b'],
  ])('matters only where it decides: %s', (body, call, expected) => {
    expect(requestFate(body, call)).toBe(expected);
  });

  test('shows a header whose value it cannot know as such', () => {
    const http = hopOf(filterPath(lua(onRequest('handle:headers():add("y", tostring(os.time()))')))).upstream?.http;
    expect(http?.unknownHeaders).toEqual(['y']);
    expect(http?.headers).toContainEqual(['y', '?']);
  });

  test('that writes a header which later decides', () => {
    const guard = (header: string): Record<string, unknown> =>
      filter('guard', 'rbac.v3.RBAC', {
        rules: {
          action: 'DENY',
          policies: { p: { permissions: [{ header: { name: header, string_match: { exact: '1' } } }], principals: [{ any: true }] } },
        },
      });
    const script = lua(onRequest('handle:headers():add("y", tostring(os.time()))'));
    expect(fate({ ...script, filters: [...script.filters, guard('z')] })).toBe('upstream a');
    expect(fate({ ...script, filters: [...script.filters, guard('y')] })).toBe('insufficient_info');
  });

  test('stands in a file: it cannot be known', () => {
    const fixture = { filters: [filter('lua', 'lua.v3.Lua', { default_source_code: { filename: '/etc/x.lua' } })] };
    expect(fate(fixture)).toBe('insufficient_info');
  });

  test('writes metadata for later filters', () => {
    const guard = filter('guard', 'rbac.v3.RBAC', {
      rules: {
        action: 'DENY',
        policies: {
          p: {
            permissions: [{ metadata: { filter: 'ns', path: [{ key: 'n' }], value: { double_match: { exact: 5 } } } }],
            principals: [{ any: true }],
          },
        },
      },
    });
    const fixture = lua(onRequest('handle:streamInfo():dynamicMetadata():set("ns", "n", 5)'));
    expect(fate({ ...fixture, filters: [...fixture.filters, guard] })).toBe('denied 403 rbac_access_denied_matched_policy[p]');
  });
});

describe('filter state', () => {
  const guard = filter('guard', 'rbac.v3.RBAC', {
    rules: {
      action: 'DENY',
      policies: { p: { permissions: [{ any: true }], principals: [{ filter_state: { key: 'k', string_match: { exact: 'v' } } }] } },
    },
  });
  const fateAfter = (script: string): string => {
    const fixture = lua(onRequest(script));
    return fate({ ...fixture, filters: [...fixture.filters, guard] });
  };

  test('is written for later filters', () => {
    expect(fateAfter('handle:streamInfo():filterState():set("k", "envoy.string", "v")')).toBe(
      'denied 403 rbac_access_denied_matched_policy[p]',
    );
  });

  test('needs a factory that is there', () => {
    expect(fateAfter('handle:streamInfo():filterState():set("k", "no.such", "v")')).toBe('upstream a');
  });
});

describe('a route', () => {
  const respond = (code: string): string => onRequest(`handle:respond({[":status"] = "${code}"})`);
  const perRoute = (config: Record<string, unknown>): object => ({ typed_per_filter_config: { lua: any('lua.v3.LuaPerRoute', config) } });
  const fixture = (config: Record<string, unknown>): FilterFixture => ({
    ...lua(respond('418'), { source_codes: { named: { inline_string: respond('420') } } }),
    virtualHost: perRoute(config) as Record<string, unknown>,
  });

  test.each<[Record<string, unknown>, string]>([
    [{ disabled: true }, 'upstream a'],
    [{ name: 'named' }, 'local_reply 420 lua_response'],
    [{ name: 'nobody' }, 'upstream a'],
    [{ source_code: { inline_string: respond('421') } }, 'local_reply 421 lua_response'],
  ])('chooses the script: %j', (config, expected) => {
    expect(fate(fixture(config))).toBe(expected);
  });
});

test('the route in the trace is the new one', () => {
  expect(hopOf(filterPath(lua(onRequest('handle:headers():add("x", "1")')))).route).toEqual({ name: 'hit', index: 0 });
});

test('scripts with hostile shapes end', () => {
  expect(parseLua(`x = ${'('.repeat(5000)}`)).toBeUndefined();
  expect(parseLua('[['.repeat(20_000))).toBeUndefined();
  expect(requestFate('local t = ("a"):rep(30000) for i = 1, 1000 do t:find("a-a-a-a-a-b") end')).toBe('insufficient_info');
  expect(requestFate('local t = ("x"):rep(1e9)')).toBe('upstream a');
  expect(requestFate('while true do end')).toBe('insufficient_info');
  expect(
    requestFate('local t = {} for i = 1, 5000 do t[#t + 1] = i end t[#t] = nil t[#t] = nil handle:headers():add("x", #t - 4997)'),
  ).toBe('upstream b');
  expect(requestFate('local t = {1, 2, 3} t[2] = nil if #t == 3 then handle:headers():add("x", "1") end')).toBe('insufficient_info');
  expect(requestFate('local function f(h) return f(h) end f(handle)')).toBe('insufficient_info');
  expect(requestFate('local function f(h, n) f(h, n) f(h, n) end f(handle, 1)')).toBe('insufficient_info');
});
