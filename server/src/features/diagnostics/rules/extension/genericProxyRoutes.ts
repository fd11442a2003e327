/** Hosts of a generic proxy's routes (source/extensions/filters/network/generic_proxy/route_impl.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

/** Hosts that are empty or stand twice, and routes beside the host for all. */
export function checkHosts(routes: ConfigNode): Problem[] {
  const seen = new Map<string, ConfigNode>();
  const hosts = routes.list('virtual_hosts').flatMap((host) => host.list('hosts'));
  const problems = hosts.flatMap((host): Problem[] => {
    const name = host.asString() ?? '';
    const first = seen.get(name);
    if (name === '') return [errorAt(host, 'The name of a host cannot be empty.')];
    if (!first) seen.set(name, host);
    return first
      ? [errorAt(host, `Only unique hosts are permitted: "${name}" stands twice.`, { related: [{ message: 'The first one', at: first }] })]
      : [];
  });
  const all = seen.get('*');
  const inner = routes.get('routes');
  return inner && all
    ? [
        ...problems,
        errorAt(inner, '"routes" cannot stand beside a virtual host for all ("*").', { related: [{ message: 'The host', at: all }] }),
      ]
    : problems;
}
