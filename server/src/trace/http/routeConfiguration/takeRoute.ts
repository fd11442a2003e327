/** Makes a route the stream's own and finds the cluster that it names. */
import type { ConfigNode } from '../../../schema/configNode';
import { addStep, type Hop, type HopResult } from '../../hop';
import { cannotTell, ending, type RejectedList } from '../../record/hopRecord';
import { say, words, type Sentence } from '../../record/sentence';
import type { HttpStream } from '../../httpStream';
import { chooseCluster } from '../route/chooseCluster';
import { routeIndexOf } from '../route/routeIndex';

export interface TakenRoute {
  readonly route: ConfigNode;
  readonly virtualHost: ConfigNode | undefined;
  readonly because: Sentence;
  readonly rejected: RejectedList;
  /** The trace began at the route. */
  readonly assumed?: boolean;
}

/** Envoy chooses the cluster together with the route, before any HTTP filter runs. */
export function takeRoute(
  hop: Hop,
  http: HttpStream,
  { route, virtualHost, because, rejected, assumed }: TakenRoute,
): HopResult | undefined {
  http.route = route;
  hop.record.route = { name: route.string('name'), index: indexOf(route, virtualHost) };
  addStep(hop, {
    stage: 'route',
    decision: say`route ${routeName(route, virtualHost)} takes the request`,
    because,
    at: route,
    rejected,
    ...(assumed && { assumed }),
  });
  const cluster = chooseCluster(hop, http, route);
  switch (cluster.kind) {
    case 'unknown':
      addStep(hop, { stage: 'route', decision: words('which cluster is named cannot be known'), because: cluster.missing, at: route });
      return cannotTell(cluster.missing);
    case 'rejected_config':
      return refuseConfiguration(hop, cluster);
    case 'crash':
      addStep(hop, { stage: 'route', decision: words('Envoy ends here'), because: cluster.because, at: cluster.at });
      return ending('closed');
    case 'chosen':
      http.clusterName = cluster.name;
      http.clusterWeight = cluster.weight;
      if (cluster.name !== undefined) tellCluster(hop, cluster.name, cluster);
      return undefined;
  }
}

function tellCluster(hop: Hop, name: string, { because, at }: { because: Sentence; at: ConfigNode }): void {
  addStep(hop, { stage: 'route', decision: name === '' ? words('no cluster is named') : say`cluster ${name} is named`, because, at });
}

/** The request runs into what Envoy does not load. */
export function refuseConfiguration(hop: Hop, { because, at }: { because: Sentence; at: ConfigNode }): HopResult {
  addStep(hop, { stage: 'route', decision: words('Envoy refuses this configuration'), because, at });
  return ending('config_rejected');
}

/** `#1` where it has no name. */
export function routeName(route: ConfigNode, virtualHost: ConfigNode | undefined): string {
  return route.string('name') || `#${indexOf(route, virtualHost)}`;
}

function indexOf(route: ConfigNode, virtualHost: ConfigNode | undefined): number {
  return virtualHost ? routeIndexOf(virtualHost, route) : 0;
}
