/** Virtual clusters: names for statistics (Envoy: CommonVirtualHostImpl::virtualClusterFromEntries). */
import type { ConfigNode } from '../../../schema/configNode';
import type { HttpRequest } from '../../facts/httpRequest';
import { mayLackEntries } from '../../../schema/mayLackEntries';
import { allOf, type Verdict } from '../../verdict';
import { testHeader } from '../routeMatch/headerMatcher';

/** The first whose headers all fit; `other` where there are some and none fits; undefined where there are none, or where a file has lost what decides. */
export function virtualClusterOf(
  virtualHost: ConfigNode | undefined,
  request: HttpRequest,
): { name: string; node: ConfigNode | undefined } | undefined {
  const clusters = virtualHost?.list('virtual_clusters') ?? [];
  if (clusters.length === 0) return undefined;
  const fit = (cluster: ConfigNode): Verdict => allOf(cluster.list('headers'), (header) => testHeader(header, request));
  const found = clusters.find((cluster) => mayLackEntries(cluster, 'headers') || fit(cluster).kind !== 'no');
  if (found && (mayLackEntries(found, 'headers') || fit(found).kind === 'unknown')) return undefined;
  return found ? { name: found.string('name'), node: found } : { name: 'other', node: undefined };
}
