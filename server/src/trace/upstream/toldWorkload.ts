/** Which pod an endpoint is, as Istio's endpoint metadata tell: `workload;namespace;canonical name;revision;cluster` (istio: pilot/pkg/networking/util/util.go, AppendLbEndpointMetadata). */
import type { ProxyScope } from '../../index/proxyScope';
import { readZtunnel } from '../../model/ztunnel/readZtunnel';
import type { Host } from '../cluster/discovery/host';
import type { Hop } from '../hop';
import { meshPlaceOf } from './meshPlace';

export interface ToldWorkload {
  readonly name: string;
  readonly namespace: string;
  /** '' where it is not told. */
  readonly cluster: string;
}

/** Of the endpoint, or of the one that led into the internal listener; undefined where neither tells a pod. */
export function toldWorkload({ connection, arrival }: Hop, host: Host | undefined): ToldWorkload | undefined {
  const own = host?.metadata?.get('filter_metadata')?.entry('istio')?.entry('workload')?.asString();
  const passed = arrival.kind === 'internal' ? workloadIn(connection.metadata.get('istio')) : undefined;
  const [name = '', namespace = '', , , cluster = ''] = (own ?? passed ?? '').split(';');
  return name === '' || namespace === '' ? undefined : { name, namespace, cluster };
}

/** False where the owner is known to be another pod. */
export function mayBe(
  { proxy, kind }: { proxy: ProxyScope; kind: 'self' | 'workload' },
  ip: string,
  { namespace, cluster }: ToldWorkload,
): boolean {
  if (kind === 'workload' && proxy.ztunnel) {
    const known = readZtunnel(proxy.ztunnel).workloadsByIp.get(ip) ?? [];
    return known.some((workload) => workload.namespace === namespace && isSame(workload.clusterId, cluster));
  }
  const own = kind === 'self' ? (proxy.proxyNode.namespace ?? '') : '';
  return isSame(own, namespace) && isSame(meshPlaceOf(proxy).cluster, cluster);
}

function workloadIn(metadata: unknown): string | undefined {
  const workload: unknown = typeof metadata === 'object' && metadata !== null && 'workload' in metadata ? metadata.workload : undefined;
  return typeof workload === 'string' ? workload : undefined;
}

/** What is not told may be the same. */
function isSame(one: string, other: string): boolean {
  return one === '' || other === '' || one === other;
}
