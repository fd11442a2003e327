/** Lua that cannot be loaded (source/extensions/filters/common/lua/lua.cc: "script load error"). */
import { inlineText } from '../../../../model/dataSource';
import type { ConfigNode } from '../../../../schema/configNode';
import { findLostJump } from '../../../../trace/lua/findLostJump';
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

/** What our reader of Lua does not read, and LuaJIT does: numbers with a suffix or of other bases, bytes that are no text. */
const UNREAD = /\d(?:u?ll|i)\b|\b0x[\da-f]*[.p]|\b0b[01]|\\(?:[1-9]\d\d|x[89a-f]|u\{)|\0/i;
/** Jumps are not followed. */
const JUMP = /\bgoto\b|::/;

function checkSource(source: ConfigNode | undefined): Problem | undefined {
  return checkScript(source?.get('inline_string') ?? source?.get('inline_bytes'), inlineText(source));
}

function checkScript(script: ConfigNode | undefined, text = script?.asString()): Problem | undefined {
  if (!script || text === undefined) return undefined;
  const parsed = parseLua(text);
  // Three dots may stand for what was left out.
  if (!parsed && (text.includes('...') || UNREAD.test(text))) return undefined;
  if (!parsed) return errorAt(script, 'This is no Lua script: Envoy cannot load it.');
  const lost = findLostJump(parsed.body);
  if (lost !== undefined) return errorAt(script, `This is no Lua script: "goto ${lost}" leads to no label.`);
  return !JUMP.test(text) && failsToLoad(parsed) ? errorAt(script, 'This script ends with an error when Envoy loads it.') : undefined;
}

/** Whether what stands outside of all functions fails, whatever the machine is like. */
function failsToLoad(script: LuaScript): boolean {
  const outcome = runLua(script, NO_FUNCTION, null, (what) => {
    throw new LuaStop(what);
  });
  return outcome.kind === 'finished' && outcome.error === true;
}

const NO_FUNCTION = '';
