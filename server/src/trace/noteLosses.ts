/** What a file has lost of the messages that a hop went by: where nothing else asks for it, it is taken for absent, and that is said. */
import { keepsBack } from '../schema/keptBack';
import type { ConfigNode } from '../schema/configNode';
import type { Hop } from './hop';

export function noteLosses(hop: Hop): void {
  const { proxy, choices } = hop;
  for (const [what, partOf] of PARTS)
    if (partOf(hop)?.isIncomplete === true)
      choices.note(`the file leaves out a part of the ${what}: fields that are not there are taken for unset`);
  const runtime = proxy.bootstrap?.get('layered_runtime');
  if (runtime && keepsBack(runtime))
    choices.note('the file leaves out a part of layered_runtime: keys that are not there have the defaults of the configuration');
}

const PARTS: readonly (readonly [what: string, partOf: (hop: Hop) => ConfigNode | undefined])[] = [
  ['listener', ({ listener }) => listener],
  ['filter chain', ({ filterChain }) => filterChain],
  ['HTTP connection manager', ({ http }) => http?.manager],
  ['route configuration', ({ http }) => http?.routeConfiguration],
  ['virtual host', ({ http }) => http?.virtualHost],
  ['route', ({ http }) => http?.route],
  ['action of route', ({ http }) => http?.route?.get('route')],
];
