/** Resources that EnvoyFilters and EnvoyPatchPolicies of the workspace add to proxies: what a name may mean that no open proxy has. */
import type { Resource } from '../../model/resources/resource';
import type { ConfigNode } from '../../schema/configNode';
import type { ReferenceKind } from '../../schema/references/referenceSite';
import { kubernetesResources } from '../../index/istioResources';
import type { Snapshot } from '../../index/snapshot';

const MESSAGES: Partial<Record<ReferenceKind, string>> = {
  cluster: 'envoy.config.cluster.v3.Cluster',
  listener: 'envoy.config.listener.v3.Listener',
  internal_listener: 'envoy.config.listener.v3.Listener',
  route_configuration: 'envoy.config.route.v3.RouteConfiguration',
  extension_config: 'envoy.config.core.v3.TypedExtensionConfig',
};

/** The values of patches that add a resource of that kind and name, in the order of the documents. */
export function addedByPatches(snapshot: Snapshot, kind: ReferenceKind, name: string): ConfigNode[] {
  const message = MESSAGES[kind];
  if (message === undefined || name === '') return [];
  return [...kubernetesResources(snapshot.documents.values())]
    .filter((resource) => resource.message === message && resource.name === name && isAdded(resource))
    .map(({ node }) => node);
}

/** `patch: {operation: ADD}` of an EnvoyFilter, `operation: {op: add}` of an EnvoyPatchPolicy: other operations change what is there. */
function isAdded({ node }: Resource): boolean {
  const patch = node.parent;
  return /^add$/i.test(patch?.string('operation') ?? '') || /^add$/i.test(patch?.string('op') ?? '');
}
