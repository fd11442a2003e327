/** Runtime keys that a configuration names, and whose values the file may have lost. */
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { keepsBack, KEPT_BACK } from '../../schema/keptBack';
import type { Hop } from '../hop';
import { readRuntime } from './readRuntime';

/** The first key below the node whose value may stand in what the file leaves out, or keeps back, of `layered_runtime`. The request's values count. */
export function lostRuntimeKey(hop: Pick<Hop, 'request' | 'proxy'>, node: ConfigNode): string | undefined {
  const layered = hop.proxy.bootstrap?.get('layered_runtime');
  if (!layered || !keepsBack(layered)) return undefined;
  return runtimeKeysOf(node).find((key) => !isKnown(hop, key));
}

function isKnown(hop: Pick<Hop, 'request' | 'proxy'>, key: string): boolean {
  const values = [key, `${key}.numerator`].map((each) => readRuntime(hop, each).value);
  return values.some((value) => value !== undefined && value !== KEPT_BACK);
}

/** `runtime_key`, the `…_runtime` fields of the fault filter, and the keys of `weighted_clusters` with a `runtime_key_prefix`. */
const runtimeKeysOf: (node: ConfigNode) => readonly string[] = memoizeByNode((node) => {
  const prefix = node.string('runtime_key_prefix');
  const weights = prefix === '' ? [] : node.list('clusters').map((cluster) => `${prefix}.${cluster.string('name')}`);
  const below = node.isArray ? node.items() : node.entries().map(([, child]) => child);
  const named = node.entries().flatMap(([name, child]) => (/(?:^runtime_?key|_runtime)$/i.test(name) ? (child.asString() ?? []) : []));
  return [...named, ...weights, ...below.flatMap((child) => (child.isObject || child.isArray ? runtimeKeysOf(child) : []))].filter(
    (key) => key !== '',
  );
});
