/** "Trace from here" at a cluster: everything before it is taken for granted. */
import type { Hop, HopResult } from '../hop';
import { addStep } from '../hop';
import { cannotTell } from '../record/hopRecord';
import { say, words } from '../record/sentence';
import { forwardToCluster } from './forwardToCluster';

/** Sends the request straight to the assumed cluster; undefined where the trace begins elsewhere. */
export function startAtCluster(hop: Hop): HopResult | undefined {
  const name = hop.assumed?.cluster;
  if (name === undefined) return undefined;
  if (name === '')
    return cannotTell(words('whose endpoints these are: the load assignment has no cluster_name; take a dump with a newer proxy'));
  const at = hop.proxy.byName.cluster.get(name)?.node;
  addStep(hop, {
    stage: 'cluster',
    decision: say`the request goes to cluster ${name}`,
    because: say`the trace begins here`,
    assumed: true,
    ...(at && { at }),
  });
  const layers = hop.connection.layers.filter((layer, index) => index > 0 || layer.kind !== 'tls');
  const isHttp = layers[0]?.kind === 'http';
  return forwardToCluster(hop, {
    clusterName: name,
    at,
    protocol: isHttp ? 'http' : 'tcp',
    layers,
    metadataMatch: undefined,
    clusterNotFound: isHttp ? { code: 503, flags: ['NC'], details: 'cluster_not_found' } : { flags: ['NC'] },
  });
}
