/** Load assignments without `cluster_name` (dumps of 2022): matched by content that only one cluster can have, never by their order. */
import type { ProxyScope } from '../../../index/proxyScope';
import { formatAddress, readAddress } from '../../../model/address';
import type { ConfigNode } from '../../../schema/configNode';
import { memoizeByObject } from '../../../text/memoizeByObject';

/** The unnamed load assignment with exactly the addresses that the cluster itself lists; undefined where several fit, or none. */
export function assignmentByContent(proxy: ProxyScope, cluster: ConfigNode): ConfigNode | undefined {
  const inline = cluster.get('load_assignment');
  const wanted = inline && contentOf(inline);
  return wanted ? tableOf(proxy).get(wanted) : undefined;
}

/** By content; undefined where several load assignments have it. */
const tableOf = memoizeByObject((proxy: ProxyScope): ReadonlyMap<string, ConfigNode | undefined> => {
  const table = new Map<string, ConfigNode | undefined>();
  for (const { kind, name, node } of proxy.resources) {
    if (kind !== 'load_assignment' || name !== '') continue;
    const content = contentOf(node);
    if (content) table.set(content, table.has(content) ? undefined : node);
  }
  const owners = new Map<string, number>();
  if (table.size > 0)
    for (const { node } of proxy.byName.cluster.values()) {
      const content = contentOf(node.get('load_assignment'));
      if (content) owners.set(content, (owners.get(content) ?? 0) + 1);
    }
  for (const [content, count] of owners) if (count > 1) table.delete(content);
  return table;
});

/** '' for no addresses at all: that says nothing. */
function contentOf(assignment: ConfigNode | undefined): string {
  const addresses = (assignment?.list('endpoints') ?? []).flatMap((group) =>
    group.list('lb_endpoints').flatMap((endpoint) => {
      const address = readAddress(endpoint.path('endpoint', 'address'));
      return address ? [formatAddress(address)] : [];
    }),
  );
  return addresses.sort().join(' ');
}
