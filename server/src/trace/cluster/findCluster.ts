/** From a cluster's name to the cluster, or what happens without it. */
import type { ProxyScope } from '../../index/proxyScope';
import type { Resource } from '../../model/resources/resource';
import type { ConfigNode } from '../../schema/configNode';
import { KEPT_BACK } from '../../schema/keptBack';
import { addStep, type Hop } from '../hop';
import { cannotTell, ending, type Ending } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import { isFileOpen, mayLack } from '../lostResources';

export interface WantedCluster {
  readonly clusterName: string;
  readonly at: ConfigNode | undefined;
  readonly clusterNotFound: Parameters<typeof ending>[1];
}

export type FoundCluster = { readonly kind: 'found'; readonly cluster: ConfigNode } | Ending;

/** The active cluster of that name; else the ending that its absence has, where the files are sure to know every cluster. */
export function findCluster(hop: Hop, wanted: WantedCluster): FoundCluster {
  const { clusterName, at } = wanted;
  if (clusterName === KEPT_BACK) return cannotTell(words('the name of the cluster, which the dump keeps back'));
  const found = hop.proxy.byName.cluster.get(clusterName);
  if (found) return { kind: 'found', cluster: found.node };
  const doubt = clusterName === '' ? undefined : (onDemand(hop, clusterName) ?? whyUncertain(hop.proxy, clusterName));
  if (doubt) return cannotTell(doubt);
  addStep(hop, {
    stage: 'cluster',
    decision: clusterName === '' ? say`no cluster is named` : say`there is no cluster ${clusterName}`,
    because: whyMissing(hop.proxy, clusterName),
    ...(at && { at }),
  });
  return ending('no_cluster', wanted.clusterNotFound);
}

/** Whether the files are sure that there is no such cluster. */
export function isMissingCluster({ proxy }: Hop, name: string): boolean {
  return name !== KEPT_BACK && !proxy.byName.cluster.has(name) && whyUncertain(proxy, name) === undefined;
}

/** A cluster that is still warming, or that Envoy has refused, is not there for requests. */
function whyMissing(proxy: ProxyScope, name: string): Sentence {
  if (name === '') return say`the place that should name it gives nothing`;
  const other = proxy.resources.find((resource) => resource.kind === 'cluster' && resource.name === name);
  if (other) return say`it is in state ${stateName(other)} only, and takes no requests yet`;
  const { size } = proxy.byName.cluster;
  if (size < 2) return words(size === 0 ? 'the proxy has no clusters' : 'the only cluster of the proxy has another name');
  return say`none of the ${size} clusters of the proxy has this name`;
}

function stateName({ state }: Resource): string {
  return state === 'error' ? 'rejected' : state;
}

/** What must be known before one may say that a cluster does not exist. */
function whyUncertain(proxy: ProxyScope, name: string): Sentence | undefined {
  if (proxy.kind === 'dump' && proxy.byName.cluster.size === 0)
    return say`the clusters: this dump has none (cluster ${name}); take the whole /config_dump`;
  if (mayLack(proxy, 'cluster')) return say`cluster ${name}: the file leaves clusters out`;
  if (proxy.kind === 'dump') return undefined;
  if (proxy.kind === 'partial')
    return say`cluster ${name}: the open files are only a part of the proxy; add its clusters, or a whole config_dump`;
  const dynamic = proxy.bootstrap?.get('dynamic_resources');
  if (!dynamic?.has('cds_config') && !dynamic?.has('cds_resources_locator')) return undefined;
  const path = dynamic.path('cds_config', 'path_config_source', 'path')?.asString() ?? dynamic.get('cds_config')?.string('path');
  return path && isFileOpen(proxy, path) ? undefined : say`cluster ${name}: it may come by CDS; add the CDS file, or a config_dump`;
}

/** The on_demand filter fetches unknown clusters (ODCDS). */
function onDemand(hop: Hop, name: string): Sentence | undefined {
  const filters = hop.http?.manager.list('http_filters') ?? [];
  const fetches = filters.some((filter) => {
    const typed = filter.typed();
    return typed?.type.endsWith('.OnDemand') === true && typed.node.has('odcds');
  });
  return fetches ? say`cluster ${name}: the on_demand filter would ask the control plane for it` : undefined;
}
