/** Virtual clusters: names for statistics (Envoy: CommonVirtualHostImpl::virtualClusterFromEntries). */
import type { ConfigNode } from '../../../schema/configNode';
import type { HttpRequest } from '../../facts/httpRequest';
import { testHeader } from '../routeMatch/headerMatcher';

/** The first whose headers all fit; `other` where there are some and none fits; undefined where there are none. */
export function virtualClusterOf(
  virtualHost: ConfigNode | undefined,
  request: HttpRequest,
): { name: string; node: ConfigNode | undefined } | undefined {
  const clusters = virtualHost?.list('virtual_clusters') ?? [];
  if (clusters.length === 0) return undefined;
  const found = clusters.find((cluster) => cluster.list('headers').every((header) => testHeader(header, request).kind === 'yes'));
  return found ? { name: found.string('name'), node: found } : { name: 'other', node: undefined };
}
