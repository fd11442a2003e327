/** What Istio's own resources are in terms of the API: the message of their `spec`, and the names that they speak of. */
import type { ConfigNode } from '../../schema/configNode';
import { messageType } from '../../schema/table/messageType';

/** Packages of the kinds' messages, by the group of `apiVersion` (istio.io/api; the descriptors keep the oldest version of each). */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'networking.istio.io': ['istio.networking.v1alpha3', 'istio.networking.v1beta1'],
  'security.istio.io': ['istio.security.v1beta1'],
  'telemetry.istio.io': ['istio.telemetry.v1alpha1'],
  'extensions.istio.io': ['istio.extensions.v1alpha1'],
};

/** The group of Istio's routing resources. */
export const ISTIO_NETWORKING = 'networking.istio.io';

/** The group of the Kubernetes Gateway API. */
export const GATEWAY_API = 'gateway.networking.k8s.io';

/** Names that the message of a resource's `spec` may have, best first; [] where the resource is none of Istio's or the Gateway API's. */
export function specMessagesOf(resource: ConfigNode): string[] {
  const group = groupOf(resource);
  const kind = resource.string('kind');
  const packages = Object.hasOwn(PACKAGES, group) ? (PACKAGES[group] ?? []) : [];
  if (!/^[A-Z]\w*$/.test(kind)) return [];
  return group === GATEWAY_API ? [`${GATEWAY_API}.v1.${kind}Spec`] : packages.map((each) => `${each}.${kind}`);
}

export interface IstioSpec {
  readonly node: ConfigNode;
  /** Full name of a message of the table. Example: `istio.networking.v1alpha3.VirtualService` */
  readonly message: string;
}

/**
 * What a resource says in terms of the API: its `spec`; of an IstioOperator, and of a ConfigMap that istiod reads (`istio`, key `mesh`), what
 * they say of the mesh (istio: pkg/config/mesh/kubemesh). Undefined for all others.
 */
export function specOf(resource: ConfigNode): IstioSpec | undefined {
  const mesh = meshConfigOf(resource);
  if (mesh) return { node: mesh, message: 'istio.mesh.v1alpha1.MeshConfig' };
  const node = resource.get('spec');
  const message = specMessagesOf(resource).find((name) => messageType(name) !== undefined);
  return node && message !== undefined ? { node, message } : undefined;
}

/** The MeshConfig of an IstioOperator or of a ConfigMap whose text was read. */
export function meshConfigOf(resource: ConfigNode): ConfigNode | undefined {
  const kind = resource.string('kind');
  if (kind === 'IstioOperator') return resource.path('spec', 'meshConfig');
  const mesh = kind === 'ConfigMap' ? resource.path('data', 'mesh') : undefined;
  return mesh?.isObject === true ? mesh : undefined;
}

/** The API group of a Kubernetes resource; '' for the core group, whose `apiVersion` is `v1`. */
export function groupOf(resource: ConfigNode): string {
  const version = resource.string('apiVersion');
  return version.includes('/') ? version.slice(0, version.indexOf('/')) : '';
}

/** Whether a resource is of Istio, the Gateway API or Envoy Gateway: those tell proxies what to do. */
export function isOfMesh(resource: ConfigNode): boolean {
  return isMeshGroup(groupOf(resource)) || meshConfigOf(resource) !== undefined;
}

/** The same of the group of an `apiVersion`. */
export function isMeshGroup(group: string): boolean {
  return /(?:^|\.)istio\.io$|^gateway\.networking\.k8s\.io$|^gateway\.envoyproxy\.io$/.test(group);
}

/** Group and kind of a Kubernetes resource. Example: `networking.istio.io/Gateway`; `/Service` of the core group. */
export function groupAndKindOf(resource: ConfigNode): string {
  return `${groupOf(resource)}/${resource.string('kind')}`;
}

/** The name of a Kubernetes resource; '' where it has none. */
export function resourceNameOf(resource: ConfigNode): string {
  return resource.path('metadata', 'name')?.asString() ?? '';
}

/** The namespace of a Kubernetes resource. */
export function namespaceOf(resource: ConfigNode): string {
  return resource.get('metadata')?.string('namespace') || 'default';
}

/** `reviews` in the namespace `default` is `reviews.default.svc.cluster.local` (istio: pkg/config/resource short names); names with dots stay. */
export function fullHost(host: string, namespace: string): string {
  return host === '' || host.includes('.') || host === '*' ? host : `${host}.${namespace}.svc.cluster.local`;
}
