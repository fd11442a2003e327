/** Lua that cannot be loaded (source/extensions/filters/common/lua/lua.cc: "script load error"). */
import { inlineText } from '../../../../model/dataSource';
import type { ConfigNode } from '../../../../schema/configNode';
import type { LuaScript } from '../../../../trace/lua/luaSyntax';
import { LuaStop } from '../../../../trace/lua/luaValue';
import { parseLua } from '../../../../trace/lua/parseLua';
import { runLua } from '../../../../trace/lua/runLua';
import { refusalRule, type CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

const LUA = 'envoy.extensions.filters.http.lua.v3';

const source =
  (field: string): CheckMessage =>
  (config) => [checkSource(config.get(field))];

export const luaScript = refusalRule('lua-script', {
  [`${LUA}.Lua`]: (config) => [
    checkScript(config.get('inline_code')),
    checkSource(config.get('default_source_code')),
    ...config.map('source_codes').map(([, code]) => checkSource(code)),
  ],
  [`${LUA}.LuaPerRoute`]: source('source_code'),
  'envoy.extensions.string_matcher.lua.v3.Lua': source('source_code'),
  'envoy.extensions.router.cluster_specifiers.lua.v3.LuaConfig': source('source_code'),
});

/** What our reader of Lua does not read, and LuaJIT does: jumps, and numbers with a suffix. */
const UNREAD = /\bgoto\b|::|\d(?:U?LL|i)\b|\0/;

function checkSource(source: ConfigNode | undefined): Problem | undefined {
  return checkScript(source?.get('inline_string') ?? source?.get('inline_bytes'), inlineText(source));
}

function checkScript(script: ConfigNode | undefined, text = script?.asString()): Problem | undefined {
  if (!script || text === undefined || text.includes('...') || UNREAD.test(text)) return undefined;
  const parsed = parseLua(text);
  if (!parsed) return errorAt(script, 'This is no Lua script: Envoy cannot load it.');
  return failsToLoad(parsed) ? errorAt(script, 'This script ends with an error when Envoy loads it.') : undefined;
}

/** Whether what stands outside of all functions fails, whatever the machine is like. */
function failsToLoad(script: LuaScript): boolean {
  const outcome = runLua(script, NO_FUNCTION, null, (what) => {
    throw new LuaStop(what);
  });
  return outcome.kind === 'finished' && outcome.error === true;
}

const NO_FUNCTION = '';
