/**
 * A tiny snapshot that stays alive on purpose: at a collection that finds no object of some shape, the engine drops the code compiled for
 * it, and the next dump would take longer (docs/performance.md). It costs a few kilobytes.
 */
import { ReferenceCollector } from '../schema/references/collectReferences';
import { messageOfKind } from './names/collectNames';
import { linkSeeker } from './links/linkSeeker';
import type { Snapshot } from './snapshot';

/** The snapshot, and those who read it, which have shapes, too. */
let kept: object[] | undefined;

/** Keeps what `read` makes of a small dump that has the shapes of large ones. */
export function keepShapes(read: (text: string) => Snapshot): void {
  if (kept) return;
  const snapshot = read(JSON.stringify(DUMP));
  kept = [snapshot];
  for (const { names, tree, parts } of snapshot.documents.values()) {
    const collector = new ReferenceCollector(tree);
    for (const { resources } of parts) for (const { node, kind } of resources) collector.collect(node.id, messageOfKind(kind));
    kept.push(collector);
    for (const [index, { site }] of names.slice().entries()) {
      const seeker = linkSeeker(snapshot, snapshot.proxies[0], site);
      seeker.find(names, index);
      kept.push(seeker);
    }
  }
}

const typed = (message: string, fields: object) => ({ '@type': `type.googleapis.com/${message}`, ...fields });
const cluster = typed('envoy.config.cluster.v3.Cluster', {
  name: 'kept',
  type: 'EDS',
  lb_policy: 'RANDOM',
  eds_cluster_config: { service_name: 'kept' },
});
const assignment = typed('envoy.config.endpoint.v3.ClusterLoadAssignment', { cluster_name: 'kept' });
const DUMP = {
  configs: [
    typed('envoy.admin.v3.ClustersConfigDump', { dynamic_active_clusters: [{ cluster }, { cluster }] }),
    typed('envoy.admin.v3.EndpointsConfigDump', { dynamic_endpoint_configs: [{ endpoint_config: assignment }] }),
  ],
};
