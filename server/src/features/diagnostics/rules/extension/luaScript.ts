/** Lua that cannot be loaded (source/extensions/filters/common/lua/lua.cc: "script load error"). */
import type { ConfigNode } from '../../../../schema/configNode';
import { parseLua } from '../../../../trace/httpFilters/lua/parseLua';
import { refusalRule, type CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

const LUA = 'envoy.extensions.filters.http.lua.v3';

const source =
  (field: string): CheckMessage =>
  (config) => [checkScript(config.path(field, 'inline_string'))];

export const luaScript = refusalRule('lua-script', {
  [`${LUA}.Lua`]: (config) => [
    checkScript(config.get('inline_code')),
    checkScript(config.path('default_source_code', 'inline_string')),
    ...config.map('source_codes').map(([, code]) => checkScript(code.get('inline_string'))),
  ],
  [`${LUA}.LuaPerRoute`]: source('source_code'),
  'envoy.extensions.string_matcher.lua.v3.Lua': source('source_code'),
  'envoy.extensions.router.cluster_specifiers.lua.v3.LuaConfig': source('source_code'),
});

/** What our reader of Lua does not read, and LuaJIT does: jumps, and numbers with a suffix. */
const UNREAD = /\bgoto\b|::|\d(?:U?LL|i)\b|\0/;

function checkScript(script: ConfigNode | undefined): Problem | undefined {
  const text = script?.asString();
  if (!script || text === undefined || text.includes('...') || UNREAD.test(text) || parseLua(text)) return undefined;
  return errorAt(script, 'This is no Lua script: Envoy cannot load it.');
}
