/** Bodies of `envoy_on_request(h)`: plain ones put together from parts, as people write them, and some that end in an error. */
import fc from 'fast-check';

const value = fc.constantFrom(
  'h:headers():get("x")',
  'h:headers():get(":path")',
  'h:headers():get("y")',
  '(h:headers():get("x") or "none")',
  'h:headers():get(":method"):lower()',
  'h:streamInfo():protocol()',
  'h:streamInfo():routeName()',
  'tostring(h:connection():ssl() == nil)',
  'tostring(#h:headers():get(":path"))',
  '(h:headers():get(":path"):match("^/(%w)") or "-")',
  'string.format("%03d|%s", #h:headers():get(":path"), h:headers():get(":authority"))',
  '(h:headers():get(":path"):gsub("/", "."))',
  'h:headers():get(":path"):sub(2, 3)',
  'tostring(h:headers():getNumValues("x"))',
  '(2 ^ 3 + 7 % 4) / 2',
  'select("#", h:headers():get("x"))',
);

const condition = fc.oneof(
  fc.tuple(value, fc.constantFrom('abc', '/a', 'get', '5', 'none')).map(([left, right]) => `${left} == "${right}"`),
  fc.constantFrom(
    'h:headers():get("x")',
    'not h:headers():get("y")',
    'h:headers():get(":path"):find("a", 1, true)',
    'h:headers():get(":path"):find("^/%a+$")',
    '#h:headers():get(":path") > 2',
    'tonumber(h:headers():get("x") or "0")',
    'h:body() == nil',
    'os.getenv("NOBODY_SETS_THIS") == "1" and false',
  ),
);

const effect = fc.oneof(
  value.map((text) => `h:headers():add("x-lua", ${text})`),
  value.map((text) => `h:headers():replace("x", ${text})`),
  value.map((text) => `h:headers():replace("x-was", ${text} or "nil")`),
  fc.constantFrom(
    'h:headers():remove("x")',
    'h:headers():remove("y")',
    'h:clearRouteCache()',
    'h:logInfo("here")',
    'h:respond({[":status"] = "403", ["x-by"] = "lua"}, "no")',
    'h:respond({[":status"] = 200})',
    'h:headers():replace(":path", "/a/new?q=1")',
    'h:headers():replace(":authority", "b.test")',
    'h:streamInfo():dynamicMetadata():set("lab", "k", {1, "two", {three = true}})',
    'h:headers():add("x-lua", tostring(h:streamInfo():dynamicMetadata():get("lab") == nil))',
    'error("stop")',
    'local none = nil; none.x = 1',
    'local ok = pcall(function() error("inside") end) h:headers():add("x-lua", tostring(ok))',
    'local seen for name, text in pairs(h:headers()) do if name == "x" then seen = text end end h:headers():add("x-lua", tostring(seen))',
    'for i = 1, 3 do h:headers():add("x-lua", i) end',
    'local t = {} for part in h:headers():get(":path"):gmatch("[^/]+") do t[#t + 1] = part end h:headers():add("x-lua", table.concat(t, "+"))',
    'local n = 0 while n < 4 do n = n + 1 if n == 2 then break end end h:headers():add("x-lua", n)',
    'local t = {c = 3} t.b = 2 t["a"] = 1 h:headers():add("x-lua", t.a .. t.b .. t.c .. tostring(t.d))',
    'local function join(...) local s = "" for _, v in ipairs({...}) do s = s .. v end return s end h:headers():add("x-lua", join("a", 1, "b"))',
  ),
);

const block: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: effect },
  { weight: 2, arbitrary: fc.tuple(condition, effect).map(([test, body]) => `if ${test} then ${body} end`) },
  {
    weight: 1,
    arbitrary: fc.tuple(condition, effect, effect).map(([test, yes, otherwise]) => `if ${test} then ${yes} else ${otherwise} end`),
  },
);

export const luaBody: fc.Arbitrary<string> = fc.array(block, { minLength: 1, maxLength: 4 }).map((blocks) => blocks.join('\n'));

const answerEffect = fc.constantFrom(
  'h:headers():add("x-said", "lua")',
  'h:headers():replace("x-lab", "lua")',
  'h:headers():remove("x-lab")',
  'h:headers():add("x-said", h:headers():get("x-added") or "nothing")',
  'h:headers():add("x-said", h:streamInfo():protocol())',
  'h:headers():add("x-said", tostring(h:streamInfo():dynamicMetadata():get("lab") == nil))',
  'for i = 1, 2 do h:headers():add("x-said", i) end',
  'error("stop")',
);

/** Bodies of `envoy_on_response(h)`; ''. */
export const luaAnswerBody: fc.Arbitrary<string> = fc
  .array(answerEffect, { maxLength: 3 })
  .map((effects) => (effects.length === 0 ? '' : effects.join('\n')));
