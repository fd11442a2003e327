/** The string matcher in Lua (Envoy: source/extensions/string_matcher/lua/match.cc). */
import { inlineText } from '../../model/dataSource';
import type { ConfigNode } from '../../schema/configNode';
import { parseLua } from '../lua/parseLua';
import { runLua } from '../lua/runLua';

const TYPE = 'envoy.extensions.string_matcher.lua.v3.Lua';
const ENTRY = 'envoy_match';

/**
 * What `custom: {typed_config}` of a StringMatcher says of a text: yes where its function returns `true`, no for another value or an error. Undefined where it
 * is no script that the text alone decides: it remembers texts before, or asks for time, chance or files.
 */
export function readLuaMatch(matcher: ConfigNode): ((value: string) => boolean) | undefined {
  const typed = matcher.get('custom')?.typed();
  if (typed?.type !== TYPE) return undefined;
  const text = inlineText(typed.node.get('source_code'));
  if (text === undefined || WORLDLY.test(text)) return undefined;
  const script = parseLua(text);
  if (!script || script.shared.size > 0) return undefined;
  return (value) => {
    const outcome = runLua(script, ENTRY, value, () => false);
    return outcome.kind === 'finished' && outcome.returned?.[0] === true;
  };
}

const WORLDLY = /\b(?:os|io|random|require|package|debug|load|loadfile|loadstring|dofile|coroutine|collectgarbage|[gs]etfenv|jit|ffi)\b/;
