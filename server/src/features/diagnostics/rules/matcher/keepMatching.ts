/** `keep_matching` where Envoy does not support it: route and RBAC matchers refuse it, a filter chain matcher crashes (Envoy 1.40). */
import type { ConfigNode } from '../../../../schema/configNode';
import { LISTENER, VIRTUAL_HOST } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt, warningAt } from '../../problem';
import type { Problem } from '../../rule';

export const keepMatching = refusalRule('keep-matching', {
  [LISTENER]: (listener) =>
    keepsIn(listener.get('filter_chain_matcher')).map((at) =>
      warningAt(at, 'Envoy 1.40 crashes on "keep_matching" in a "filter_chain_matcher" at the first connection.'),
    ),
  [VIRTUAL_HOST]: (virtualHost) => keepsIn(virtualHost.get('matcher')).map(refuse),
  'envoy.extensions.filters.http.rbac.v3.RBAC': (rbac) => keepsIn(rbac.get('matcher')).map(refuse),
  'envoy.extensions.filters.network.rbac.v3.RBAC': (rbac) => keepsIn(rbac.get('matcher')).map(refuse),
});

function refuse(at: ConfigNode): Problem {
  return errorAt(at, '"keep_matching" is not supported in this matcher.');
}

/** Every `keep_matching: true` below; actions are not entered. */
function keepsIn(matcher: ConfigNode | undefined): ConfigNode[] {
  const found: ConfigNode[] = [];
  const pending = matcher ? [matcher] : [];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const keep = next.isObject ? next.get('keep_matching') : undefined;
    if (keep?.asBoolean()) found.push(keep);
    for (const [key, child] of next.isArray ? next.items().map((item): [string, ConfigNode] => ['', item]) : next.entries())
      if (key !== 'action' && (child.isObject || child.isArray)) pending.push(child);
  }
  return found;
}
