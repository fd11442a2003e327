/**
 * A tiny snapshot that stays alive on purpose: at a collection that finds no object of some shape, the engine drops the code compiled for
 * it, and the next dump would take longer (docs/performance.md). It costs a few kilobytes.
 */
import type { Snapshot } from './buildSnapshot';

let kept: Snapshot | undefined;

/** Keeps what `read` makes of a small dump that has the shapes of large ones. */
export function keepShapes(read: (text: string) => Snapshot): void {
  if (kept) return;
  kept = read(JSON.stringify(DUMP));
  for (const { names } of kept.documents.values()) names.slice();
}

const typed = (message: string, fields: object) => ({ '@type': `type.googleapis.com/${message}`, ...fields });
const cluster = typed('envoy.config.cluster.v3.Cluster', { name: 'kept', lb_policy: 'RANDOM' });
const assignment = typed('envoy.config.endpoint.v3.ClusterLoadAssignment', { cluster_name: 'kept' });
const DUMP = {
  configs: [
    typed('envoy.admin.v3.ClustersConfigDump', { dynamic_active_clusters: [{ cluster }] }),
    typed('envoy.admin.v3.EndpointsConfigDump', { dynamic_endpoint_configs: [{ endpoint_config: assignment }] }),
  ],
};
