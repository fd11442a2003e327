/** envoy.filters.http.lua (Envoy: source/extensions/filters/http/lua/lua_filter.cc). */
import { inlineText } from '../../../model/dataSource';
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { KEPT_BACK } from '../../../schema/keptBack';
import type { HopResult } from '../../hop';
import type { StreamAnswer } from '../../httpStream';
import { freshRoute } from '../../http/routeConfiguration/refreshRoute';
import { joinSentences, say, words } from '../../record/sentence';
import { answer, clearRoute, leaveOpen, pass, tell, type FilterCall } from '../filterCall';
import { followScript, type ScriptFate } from '../lua/followScript';
import type { LuaScript } from '../../lua/luaSyntax';
import { parseLua } from '../../lua/parseLua';
import { readLuaTokens } from '../../lua/readLuaTokens';
import type { ScriptAnswer, ScriptEffects } from '../lua/scriptStream';
import { routeConfigOf } from '../perRouteConfig';

const ENTRY = 'envoy_on_request';
const ON_ANSWER = 'envoy_on_response';
const COULD = words('it may answer by itself, or change the request and so its route');

/** A script without `envoy_on_request` has no say; others are followed; where that is not possible it is said what they may do. */
export function runLuaFilter(call: FilterCall): HopResult | undefined {
  const found = findSource(call);
  if (found.kind === 'none') return pass(call, found);
  const at = found.source;
  const script = readScript(at, ENTRY);
  switch (script.kind) {
    case 'absent':
      return leaveOpen(call, say`the Lua script, which is not in the configuration: ${COULD}`, { at });
    case 'answers_only':
      return pass(call, { because: say`the script has no ${ENTRY}, so it changes answers only`, at });
    case 'opaque':
      return leaveOpen(call, say`what the Lua script does: ${COULD}`, { at });
    case 'script':
      return tellFate(call, followScript(script.script, ENTRY, call), at);
  }
}

/** `envoy_on_response`: what it makes of the answer's headers; where that cannot be known it is said. */
export function runLuaOnAnswer(call: FilterCall, answered: StreamAnswer): void {
  const found = findSource(call);
  const script = found.kind === 'source' ? readScript(found.source, ON_ANSWER) : undefined;
  if (found.kind !== 'source' || script?.kind !== 'script') return;
  const fate = followScript(script.script, ON_ANSWER, call, answered);
  if (fate.kind === 'unknown')
    tell(call, say`what the script of filter ${call.name} makes of the answer cannot be known`, {
      because: say`it depends on ${words(fate.what)}`,
      at: found.source,
    });
  else if (fate.kind === 'done' && fate.effects.changes.length > 0)
    tell(call, say`the script of filter ${call.name} changes the answer`, {
      because: joinSentences(fate.effects.changes),
      at: found.source,
    });
}

type ReadScript = { readonly kind: 'absent' | 'answers_only' | 'opaque' } | { readonly kind: 'script'; readonly script: LuaScript };

/** Without the function's name in its text a script cannot have it. */
function readScript(source: ConfigNode, entry: string): ReadScript {
  const read = parseSource(source);
  return read.kind === 'script' && !read.names.has(entry) ? { kind: 'answers_only' } : read;
}

const parseSource: (source: ConfigNode) => ReadScript & { readonly names: ReadonlySet<string> } = memoizeByNode((source) => {
  const text = textOf(source);
  if (text === undefined) return { kind: 'absent', names: new Set<string>() };
  const names = new Set((readLuaTokens(text) ?? []).filter(({ kind }) => kind === 'name').map((token) => token.text));
  const script = parseLua(text);
  return script ? { kind: 'script', script, names } : { kind: 'opaque', names };
});

function tellFate(call: FilterCall, fate: ScriptFate, at: ConfigNode): HopResult | undefined {
  if (fate.kind === 'unknown') return leaveOpen(call, say`what the Lua script does: it depends on ${words(fate.what)}; ${COULD}`, { at });
  if (fate.kind === 'absent') return pass(call, { because: say`the script sets no ${ENTRY}, so it changes answers only`, at });
  const { effects, error } = fate;
  if (effects.host) call.hop.sessionHost = { ...effects.host, at };
  if (effects.answer) {
    // Headers forget the route as they are changed, so that the answer belongs to the route of the changed request.
    clearAfter(call, effects);
    const lost = freshRoute(call.hop);
    if (lost) return lost;
    return respond(call, effects.answer, at);
  }
  const stops = error ? [words('then the script ends with an error, and Envoy goes on')] : [];
  if (effects.changes.length === 0 && !effects.clearsRoute)
    return pass(call, { because: joinSentences([words('the script changes nothing of this request'), ...stops]), at });
  tell(call, say`the script of filter ${call.name} changes the request`, { because: joinSentences([...effects.changes, ...stops]), at });
  return clearAfter(call, effects);
}

function clearAfter(call: FilterCall, effects: ScriptEffects): HopResult | undefined {
  const clears = effects.clearsRoute || (effects.changesHeaders && call.config.bool('clear_route_cache') !== false);
  return clears ? clearRoute(call, effects.clearsRoute ? words('the script says so') : words('the script has changed headers')) : undefined;
}

function respond(call: FilterCall, { code, body, headers }: ScriptAnswer, at: ConfigNode): HopResult {
  call.http.responseHeaders.set.push(...headers);
  return answer(call, 'local_reply', { code, details: 'lua_response', body }, { because: words('the script answers by itself'), at });
}

type Source =
  | { readonly kind: 'source'; readonly source: ConfigNode }
  | { readonly kind: 'none'; readonly because: ReturnType<typeof say>; readonly at?: ConfigNode };

/** LuaPerRoute: `disabled`, a script of the filter by `name`, or its own `source_code`. */
function findSource({ http, name, config }: FilterCall): Source {
  const perRoute = routeConfigOf(http, name);
  if (perRoute?.node.bool('disabled') === true) return { kind: 'none', because: words('the route turns it off'), at: perRoute.entry };
  const own = perRoute?.node.get('source_code');
  if (own) return { kind: 'source', source: own };
  const wanted = perRoute?.node.get('name')?.asString();
  if (wanted !== undefined) {
    const named = config.get('source_codes')?.entry(wanted);
    return named
      ? { kind: 'source', source: named }
      : { kind: 'none', because: say`there is no script ${wanted}`, at: perRoute?.entry ?? config };
  }
  const standard = config.get('default_source_code') ?? config.get('inline_code');
  return standard ? { kind: 'source', source: standard } : { kind: 'none', because: words('it has no script for this route') };
}

/** A DataSource, or the old `inline_code`; undefined for files, the environment, and what a dump keeps back. */
function textOf(source: ConfigNode): string | undefined {
  const text = source.isObject ? inlineText(source) : source.asString();
  return text === KEPT_BACK || source.isIncomplete ? undefined : text;
}
