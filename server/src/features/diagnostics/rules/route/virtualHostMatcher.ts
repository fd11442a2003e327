/** A virtual host's `matcher`: not beside `routes`; and virtual clusters (source/common/router/config_impl.cc). */
import { VIRTUAL_HOST } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';

export const virtualHostMatcher = refusalRule('virtual-host-matcher', {
  [VIRTUAL_HOST]: (virtualHost) => {
    const matcher = virtualHost.get('matcher');
    if (!matcher) return [];
    const both =
      virtualHost.list('routes').length > 0 ? errorAt(matcher, 'A virtual host cannot have both a "matcher" and "routes".') : undefined;
    return [both];
  },
  'envoy.config.route.v3.VirtualCluster': (cluster) => [
    cluster.list('headers').length > 0 || cluster.isIncomplete ? undefined : errorAt(cluster, 'A virtual cluster must define "headers".'),
  ],
});
