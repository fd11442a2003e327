/** On which ports of its pod a gateway hears what its Kubernetes Service takes: told by the Services and workloads of the workspace. */
import type { ProxyScope } from '../../index/proxyScope';
import { namespaceOf } from '../../model/istio/istioSpec';
import type { ConfigNode } from '../../schema/configNode';
import { addToGroup } from '../../text/addToGroup';
import { memoizeByObject } from '../../text/memoizeByObject';
import { hasLabels } from './workloads';
import { kubernetesResources } from '../../index/istioResources';
import type { Snapshot } from '../../index/snapshot';

/**
 * Ports of the pod by the port of the Service, for the Services of the proxy's namespace that choose it by its labels (Kubernetes:
 * `ServicePort.targetPort`, which is `port` where it is unset; istio: pilot/pkg/model/gateway.go, MergeGateways). Empty where no Service of it
 * is in the workspace, and without the ports whose name no workload of the workspace explains.
 */
export function podPortsOf(snapshot: Snapshot, proxy: ProxyScope): ReadonlyMap<string, readonly string[]> {
  const ports = new Map<string, string[]>();
  for (const service of resourcesOf(snapshot, 'Service')) {
    const selector = service.get('spec')?.map('selector') ?? [];
    if (namespaceOf(service) !== proxy.proxyNode.namespace || selector.length === 0 || !hasLabels(proxy, selector)) continue;
    for (const port of service.get('spec')?.list('ports') ?? []) {
      const own = port.get('port')?.asString() ?? '';
      const target = port.get('targetPort')?.asString() ?? own;
      for (const each of /^\d+$/.test(target) ? [target] : namedPorts(snapshot, service, target)) addToGroup(ports, own, each);
    }
  }
  return ports;
}

/** The container ports of that name in the pods that a Service chooses: a Pod's own, or those in the template of what makes pods. */
function namedPorts(snapshot: Snapshot, service: ConfigNode, name: string): string[] {
  const selector = service.get('spec')?.map('selector') ?? [];
  return POD_MAKERS.flatMap((kind) => resourcesOf(snapshot, kind))
    .filter((each) => namespaceOf(each) === namespaceOf(service))
    .map((each) => (each.string('kind') === 'Pod' ? each : each.path('spec', 'template')))
    .flatMap((pod) => {
      const labels = new Map((pod?.get('metadata')?.map('labels') ?? []).map(([key, value]) => [key, value.asString()]));
      if (!pod || !selector.every(([key, value]) => labels.get(key) === value.asString())) return [];
      const ports = (pod.get('spec')?.list('containers') ?? []).flatMap((container) => container.list('ports'));
      return ports.filter((port) => port.string('name') === name).flatMap((port) => port.get('containerPort')?.asString() ?? []);
    });
}

const POD_MAKERS = ['Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet', 'Pod'];

function resourcesOf(snapshot: Snapshot, kind: string): readonly ConfigNode[] {
  return resourcesByKind(snapshot).get(kind) ?? [];
}

const resourcesByKind = memoizeByObject(({ documents }: Snapshot) => {
  const found = new Map<string, ConfigNode[]>();
  for (const { kind, node } of kubernetesResources(documents.values()))
    if (kind === 'istio_resource') addToGroup(found, node.string('kind'), node);
  return found;
});
