/** What a person calls the proxy of a hop. */
import type { TraceHop } from '../../server/src/protocol/trace';
import { fileName } from '../../server/src/protocol/fileName';

/** Istio's node ids are `type~ip~pod.namespace~domain`: the pod is what a person calls it. */
export function proxyWords({ proxy, kind }: Pick<TraceHop, 'proxy' | 'kind'>): [name: string, detail: string] {
  const [type, ip, pod, ...domain] = proxy.split('~');
  // A proxy without a node id is called after its file or folder.
  return pod && domain.length === 1 ? [pod, `${type} · ${ip}`] : [fileName(proxy), kind];
}
