/** A virtual host's `matcher`: not beside `routes`, and over request headers only (source/common/router/matcher_visitor.cc). */
import { readTyped, type ConfigNode } from '../../../../schema/configNode';
import { VIRTUAL_HOST } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

const QUERY_INPUT = 'envoy.type.matcher.v3.HttpRequestQueryParamMatchInput';

export const virtualHostMatcher = refusalRule('virtual-host-matcher', {
  [VIRTUAL_HOST]: (virtualHost) => {
    const matcher = virtualHost.get('matcher');
    if (!matcher) return [];
    const both =
      virtualHost.list('routes').length > 0 ? errorAt(matcher, 'A virtual host cannot have both a "matcher" and "routes".') : undefined;
    return [both, ...queryInputs(matcher)];
  },
  'envoy.config.route.v3.VirtualCluster': (cluster) => [
    cluster.list('headers').length > 0 || cluster.isIncomplete ? undefined : errorAt(cluster, 'A virtual cluster must define "headers".'),
  ],
});

function queryInputs(matcher: ConfigNode): Problem[] {
  const found: Problem[] = [];
  const pending = [matcher];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const input = next.isObject ? next.path('input', 'typed_config') : undefined;
    if (input && readTyped(input).type === QUERY_INPUT) found.push(errorAt(input, 'A route matcher can only look at request headers.'));
    for (const [key, child] of next.isArray ? next.items().map((item): [string, ConfigNode] => ['', item]) : next.entries())
      if (key !== 'action' && (child.isObject || child.isArray)) pending.push(child);
  }
  return found;
}
