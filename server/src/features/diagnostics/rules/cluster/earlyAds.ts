/**
 * Static clusters are loaded, and begin to ask for what they lack, before Envoy has its ADS (source/common/upstream/cluster_manager_impl.cc
 * `initialize`): a secret or a filter that one of them wants by ADS at once is a null pointer. Observed with Envoy 1.40, whichever cluster ADS has.
 */
import { eachEndpoint } from '../../../../model/loadAssignment';
import { readAddress } from '../../../../model/address';
import { ConfigNode } from '../../../../schema/configNode';
import { clusterExtensionOf } from '../../../../trace/cluster/discovery/clusterExtension';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { clusterKindOf, isDnsExtension } from './clusterKind';

/** `sources`: every ConfigSource of the file. */
export function checkEarlyAds(bootstrap: ConfigNode, sources: readonly ConfigNode[]): Problem[] {
  const byAds = sources.filter((source) => source.has('ads') && !source.isField('eds_config', 'leds_config', 'lrs_server'));
  if (byAds.length === 0) return [];
  const clusters = (bootstrap.get('static_resources')?.list('clusters') ?? []).filter(beginsAtOnce);
  return clusters.flatMap((cluster) =>
    byAds.filter((source) => isInside(source, cluster)).map((source) => errorAt(source.get('ads') ?? source, messageFor(cluster))),
  );
}

function messageFor(cluster: ConfigNode): string {
  return (
    `Envoy 1.40 crashes when it starts: the static cluster "${cluster.string('name')}" asks for this by ADS before ADS is there. ` +
    'Use a source of its own ("api_config_source" or "path_config_source").'
  );
}

function isInside({ id, tree }: ConfigNode, cluster: ConfigNode): boolean {
  return id > cluster.id && id < tree.next(cluster.id);
}

/** Others wait for names to be resolved, or for endpoints, and have ADS by then. */
function beginsAtOnce(cluster: ConfigNode): boolean {
  if (cluster.isIncomplete) return false;
  if (isDnsExtension(cluster)) return hasOnlyIps(cluster);
  switch (clusterKindOf(cluster)) {
    case 'STATIC':
    case 'ORIGINAL_DST':
      return true;
    case 'STRICT_DNS':
    case 'LOGICAL_DNS':
      return hasOnlyIps(cluster);
    case 'EDS':
      return ['path', 'path_config_source'].some((name) => cluster.path('eds_cluster_config', 'eds_config', name) !== undefined);
    default:
      return clusterExtensionOf(cluster)?.name === 'dynamic_forward_proxy';
  }
}

/** Nothing needs to be resolved. */
function hasOnlyIps(cluster: ConfigNode): boolean {
  const assignment = cluster.get('load_assignment');
  if (!assignment) return true;
  let isSo = !assignment.isIncomplete;
  eachEndpoint(assignment, (endpoint) => {
    const address = readAddress(new ConfigNode(assignment.tree, endpoint).path('endpoint', 'address'));
    if (address?.kind !== 'ip') isSo = false;
  });
  return isSo;
}
