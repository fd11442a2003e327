/** Envoy's runtime guards (`envoy.reloadable_features.…`): by the runtime, else by the version that brought the new behaviour. */
import type { Hop } from '../hop';
import { readRuntime } from './readRuntime';

/** True where the new behaviour applies. `since`: the first version that has it; unknown versions count as new. */
export function isGuardOn(hop: Pick<Hop, 'request' | 'proxy'>, name: string, since: readonly [major: number, minor: number]): boolean {
  const { value } = readRuntime(hop, `envoy.reloadable_features.${name}`);
  if (value !== undefined) return value === true || value === 'true';
  const version = hop.proxy.proxyNode.version;
  return version === undefined || version[0] > since[0] || (version[0] === since[0] && version[1] >= since[1]);
}
