/** A domain of a virtual host that no request names: it has a port, and the port of the host is taken away before domains are compared. */
import type { ConfigNode } from '../../../../schema/configNode';
import { HTTP_CONNECTION_MANAGER, VIRTUAL_HOST } from '../../messageNames';
import { adviceRule } from '../../messageRule';
import { warningAt } from '../../problem';
import type { Problem } from '../../rule';

/** Looks at the route configuration around the virtual host, and at the connection manager around that: an edit of these makes it look again. */
export const unreachableDomain = adviceRule('unreachable-domain', {
  [VIRTUAL_HOST]: (host) => {
    const routes = host.parent?.isArray ? host.parent.parent : host.parent;
    const what = routes && whatCutsPorts(routes);
    if (what === undefined) return [];
    return host.list('domains').flatMap((domain): Problem[] => (hasPort(domain.asString() ?? '') ? [describe(domain, what)] : []));
  },
});

/** Envoy: config_impl.cc (ignorePortInHostMatching), conn_manager_utility.cc (maybeNormalizeHost). */
function whatCutsPorts(routes: ConfigNode): string | undefined {
  if (routes.bool('ignore_port_in_host_matching')) return 'ignore_port_in_host_matching';
  const manager = routes.parent;
  const isManager = manager?.entry('@type')?.asString()?.endsWith(HTTP_CONNECTION_MANAGER) ?? false;
  return isManager && manager?.bool('strip_any_host_port') ? 'strip_any_host_port' : undefined;
}

/** `a.com:80`, `*.a.com:80` and `a.com:*`; of an IPv6 address what stands behind its bracket. */
function hasPort(domain: string): boolean {
  return /^(?:\[[^\]]*\]|[^:[\]]*):\d*\*?$/.test(domain);
}

function describe(domain: ConfigNode, what: string): Problem {
  return warningAt(domain, `No request reaches this domain: with "${what}" the port is left out of the host before domains are compared.`, {
    tag: 'unnecessary',
  });
}
