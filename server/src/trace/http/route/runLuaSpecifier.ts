/** A cluster specifier in Lua: `envoy_on_route` gives the cluster's name (Envoy: source/extensions/router/cluster_specifiers/lua). */
import { inlineText } from '../../../model/dataSource';
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { isMissingCluster } from '../../cluster/findCluster';
import { knownHeader } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { Hop } from '../../hop';
import { explorePasses } from '../../lua/explorePasses';
import { makeHost } from '../../lua/luaHost';
import { textAt } from '../../lua/luaNative';
import type { LuaScript } from '../../lua/luaSyntax';
import { isUnknown, LuaStop, textOfLua, unknownButTrue, type LuaHost, type LuaValue } from '../../lua/luaValue';
import { parseLua } from '../../lua/parseLua';
import { runLua } from '../../lua/runLua';
import { renderSentence, say, words } from '../../record/sentence';
import type { HttpStream } from '../../httpStream';
import type { ClusterChoice } from './clusterChoice';

const ENTRY = 'envoy_on_route';

/** What the script returns; `default_cluster` where that is no text, or where the script ends in an error. */
export function runLuaSpecifier(hop: Hop, http: HttpStream, config: ConfigNode): ClusterChoice {
  const script = scriptOf(config);
  const missing = (what: string): ClusterChoice => ({
    kind: 'unknown',
    missing: say`which cluster the Lua script of the route chooses: ${words(what)}`,
  });
  if (!script) return missing('it is not followed');
  const found = explorePasses((guess) => {
    const outcome = runLua(script, ENTRY, routeHandle(hop, http), guess);
    const returned = outcome.kind === 'finished' ? (outcome.returned?.[0] ?? null) : null;
    return { outcome, returned, summary: summarise(returned) };
  });
  if (found.kind === 'absent') return { kind: 'rejected_config', because: say`the script has no function ${ENTRY}`, at: config };
  if (found.kind === 'unknown') return missing(`it depends on ${found.what}`);
  const { returned } = found.pass;
  if (isUnknown(returned)) return missing(`it depends on ${returned.what}`);
  const name = textOfLua(returned);
  if (name !== undefined) return { kind: 'chosen', name, because: words('the Lua script of the route returns it'), at: config };
  const fallback = config.get('default_cluster');
  const because = words('the Lua script of the route returns no name, so the default cluster counts');
  return { kind: 'chosen', name: fallback?.asString() ?? '', because, at: fallback ?? config };
}

const scriptOf: (config: ConfigNode) => LuaScript | undefined = memoizeByNode((config) => {
  const text = inlineText(config.get('source_code'));
  return text === undefined ? undefined : parseLua(text);
});

function summarise(value: LuaValue): string {
  return isUnknown(value) ? `? ${value.what}` : JSON.stringify(textOfLua(value) ?? null);
}

const LOGS: readonly string[] = ['logTrace', 'logDebug', 'logInfo', 'logWarn', 'logErr', 'logCritical'];

function routeHandle(hop: Hop, { request }: HttpStream): LuaHost {
  const headers = makeHost(undefined, {
    get: (given) => {
      const name = textAt(given, 0);
      const values = knownHeader(request, name);
      if (values instanceof NotKnown) return [unknownButTrue(renderSentence(values.missing))];
      return values.length === 0 ? [] : [values.join(',')];
    },
  });
  return makeHost(undefined, {
    headers: () => [headers],
    getCluster: (given) => [clusterHost(hop, textAt(given, 0))],
    ...Object.fromEntries(LOGS.map((name) => [name, () => []])),
  });
}

/** nil where there is no such cluster; its counters are known at run time only. */
function clusterHost(hop: Hop, name: string): LuaHost | null {
  if (isMissingCluster(hop, name)) return null;
  if (!hop.proxy.byName.cluster.has(name)) throw new LuaStop(`whether there is a cluster ${name}`);
  const counters = ['numConnections', 'numRequests', 'numPendingRequests'];
  return makeHost(
    undefined,
    Object.fromEntries(counters.map((counter) => [counter, () => [unknownButTrue(`the load of cluster ${name}`)]])),
  );
}
