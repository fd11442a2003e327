/** `keep_matching` where Envoy does not support it: route and RBAC matchers refuse it, a filter chain matcher crashes (Envoy 1.40). */
import type { ConfigNode } from '../../../../schema/configNode';
import { matcherNodes } from '../../matcherNodes';
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

function keepsIn(matcher: ConfigNode | undefined): ConfigNode[] {
  return matcherNodes(matcher).flatMap((node) => {
    const keep = node.get('keep_matching');
    return keep?.asBoolean() ? [keep] : [];
  });
}
