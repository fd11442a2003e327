/** Where a proxy stands: its mesh, network and Kubernetes cluster, as Istio's node metadata or a ztunnel's own configuration tell. */
import type { ProxyScope } from '../../index/proxyScope';
import { readZtunnel } from '../../model/ztunnel/readZtunnel';
import { memoizeByObject } from '../../text/memoizeByObject';

/** '' where the dump does not tell. */
export interface MeshPlace {
  /** Example: `cluster.local` (`MESH_ID`) */
  readonly mesh: string;
  /** Example: `network1` (`NETWORK`) */
  readonly network: string;
  /** Example: `Kubernetes` (`CLUSTER_ID`) */
  readonly cluster: string;
}

/** Istio: pilot/pkg/model/context.go (NodeMetadata); istio/ztunnel: src/config.rs. */
export const meshPlaceOf: (proxy: ProxyScope) => MeshPlace = memoizeByObject(readPlace);

/** What tells two places apart; undefined where one may reach the other's addresses. What is not told is taken to be the same (Istio: InNetwork). */
export function differenceOf(one: MeshPlace, other: MeshPlace): 'mesh' | 'network' | undefined {
  if (differ(one.mesh, other.mesh)) return 'mesh';
  return differ(one.network, other.network) ? 'network' : undefined;
}

function readPlace({ ztunnel, proxyNode: { metadata } }: ProxyScope): MeshPlace {
  if (ztunnel) {
    const { network, clusterId } = readZtunnel(ztunnel);
    return { mesh: '', network, cluster: clusterId };
  }
  return {
    mesh: metadata?.string('MESH_ID') ?? '',
    network: metadata?.string('NETWORK') ?? '',
    cluster: metadata?.string('CLUSTER_ID') ?? '',
  };
}

function differ(one: string, other: string): boolean {
  return one !== '' && other !== '' && one !== other;
}
