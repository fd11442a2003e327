/** A domain that two virtual hosts of a route configuration claim; domains are compared in lower case (config_impl.cc RouteMatcher). */
import type { ConfigNode } from '../../../../schema/configNode';
import { ROUTE_CONFIGURATION } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

export const duplicateDomain = refusalRule('duplicate-domain', {
  [ROUTE_CONFIGURATION]: (routes) => {
    const seen = new Map<string, ConfigNode>();
    return routes
      .list('virtual_hosts')
      .flatMap((virtualHost) => virtualHost.list('domains'))
      .map((domain): Problem | undefined => {
        const text = (domain.asString() ?? '').toLowerCase();
        const first = seen.get(text);
        if (!first) seen.set(text, domain);
        const what =
          text === '*'
            ? 'Only a single wildcard domain "*" is permitted'
            : `Only unique values for domains are permitted: "${text}" is given twice`;
        return (
          first &&
          errorAt(domain, `${what} in the route configuration "${routes.string('name')}".`, {
            related: [{ message: 'The first one', at: first }],
          })
        );
      });
  },
});
