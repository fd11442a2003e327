/** The internal listener of a name (Envoy: source/extensions/bootstrap/internal_listener/client_connection_factory.cc). */
import type { ProxyScope } from '../../index/proxyScope';
import { say, words } from '../record/sentence';
import { isInternalListener } from './boundListeners';
import type { MaybeListener } from './findListener';

/** By name, among those that are internal. */
export function findInternalListener(proxy: ProxyScope, name: string): MaybeListener {
  const found = proxy.byName.listener.get(name);
  if (found && isInternalListener(found.node)) return { node: found.node, because: words('the endpoint names it'), rejected: [] };
  if (found) return { rejected: [{ candidate: say`${name}`, because: words('it is not an internal listener'), at: found.node }] };
  const waiting = proxy.resources.filter((resource) => resource.kind === 'listener' && resource.name === name);
  return {
    rejected: waiting.map(({ node, state }) => ({
      candidate: say`${name}`,
      because: say`it is in state ${state} and takes no connections`,
      at: node,
    })),
  };
}
