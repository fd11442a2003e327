/** Virtual clusters: names for statistics (Envoy: CommonVirtualHostImpl::virtualClusterFromEntries). */
import type { ConfigNode } from '../../../schema/configNode';
import type { HttpRequest } from '../../facts/httpRequest';
import { mayLackEntries } from '../../../schema/mayLackEntries';
import { allOf } from '../../verdict';
import { testHeader } from '../routeMatch/headerMatcher';

/** The first whose headers all fit; `other` where there are some and none fits; undefined where there are none, or where a file has lost what decides. */
export function virtualClusterOf(
  virtualHost: ConfigNode | undefined,
  request: HttpRequest,
): { name: string; node: ConfigNode | undefined } | undefined {
  const clusters = virtualHost?.list('virtual_clusters') ?? [];
  if (clusters.length === 0) return undefined;
  for (const cluster of clusters) {
    if (mayLackEntries(cluster, 'headers')) return undefined;
    const { kind } = allOf(cluster.list('headers'), (header) => testHeader(header, request));
    if (kind === 'unknown') return undefined;
    if (kind === 'yes') return { name: cluster.string('name'), node: cluster };
  }
  return { name: 'other', node: undefined };
}
