/** What a file has lost of the messages that a hop went by: where nothing else asks for it, it is taken for absent, and that is said. */
import { keepsBack } from '../schema/keptBack';
import type { ConfigNode } from '../schema/configNode';
import type { Hop } from './hop';

export function noteLosses({ listener, filterChain, http, proxy, choices }: Hop): void {
  const parts: readonly (readonly [what: string, node: ConfigNode | undefined])[] = [
    ['listener', listener],
    ['filter chain', filterChain],
    ['HTTP connection manager', http?.manager],
    ['route configuration', http?.routeConfiguration],
    ['virtual host', http?.virtualHost],
    ['route', http?.route],
    ['action of route', http?.route?.get('route')],
  ];
  for (const [what, node] of parts)
    if (node?.isIncomplete === true)
      choices.notes.push(`the file leaves out a part of the ${what}: fields that are not there are taken for unset`);
  const runtime = proxy.bootstrap?.get('layered_runtime');
  if (runtime && keepsBack(runtime))
    choices.notes.push('the file leaves out a part of layered_runtime: keys that are not there have the defaults of the configuration');
}
