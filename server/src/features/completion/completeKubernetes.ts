/** Completion around the `spec` of Istio's and the Gateway API's resources: versions, kinds, and the keys that every resource has. */
import { ConfigNode } from '../../schema/configNode';
import { NO_NODE } from '../../syntax/tree/syntaxTree';
import type { Cursor } from './cursor';
import { PLACEHOLDER } from './cursorToken';
import type { Candidate } from './writeCandidates';

/** The version that is best served today, by kind (istio.io/api and gateway-api CRDs). */
const VERSIONS: Readonly<Record<string, readonly string[]>> = {
  'networking.istio.io/v1': ['DestinationRule', 'Gateway', 'ServiceEntry', 'Sidecar', 'VirtualService', 'WorkloadEntry', 'WorkloadGroup'],
  'networking.istio.io/v1alpha3': ['EnvoyFilter'],
  'networking.istio.io/v1beta1': ['ProxyConfig'],
  'security.istio.io/v1': ['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication'],
  'telemetry.istio.io/v1': ['Telemetry'],
  'extensions.istio.io/v1alpha1': ['WasmPlugin', 'TrafficExtension'],
  'gateway.networking.k8s.io/v1': ['BackendTLSPolicy', 'GRPCRoute', 'Gateway', 'GatewayClass', 'HTTPRoute'],
  'gateway.networking.k8s.io/v1beta1': ['ReferenceGrant'],
  'gateway.networking.k8s.io/v1alpha2': ['TCPRoute', 'TLSRoute', 'UDPRoute'],
};

const RESOURCE_KEYS = ['apiVersion', 'kind', 'metadata', 'spec'];
const METADATA_KEYS = ['name', 'namespace', 'labels', 'annotations'];

/** [] elsewhere, and in resources of other makers. */
export function completeKubernetes({ facts, node, parent, isKey }: Cursor): Candidate[] {
  const { tree } = facts;
  if (parent === NO_NODE) return [];
  const around = new ConfigNode(tree, parent);
  const resource = tree.key(parent) === 'metadata' ? around.parent : around;
  if (!resource || resource.parent !== undefined || !(resource.has('apiVersion') || resource.has('kind'))) return [];
  if (isKey) return isOurs(resource) ? keys(around, resource.sameAs(around) ? RESOURCE_KEYS : METADATA_KEYS) : [];
  if (!resource.sameAs(around)) return [];
  if (tree.key(node) === 'kind') return kinds(written(resource, 'apiVersion'));
  return tree.key(node) === 'apiVersion' ? versions(written(resource, 'kind')) : [];
}

/** '' where it is what is being written. */
function written(resource: ConfigNode, key: string): string {
  const value = resource.string(key);
  return value.includes(PLACEHOLDER) ? '' : value;
}

function isOurs(resource: ConfigNode): boolean {
  const group = written(resource, 'apiVersion').split('/')[0] ?? '';
  return Object.keys(VERSIONS).some((version) => version.startsWith(`${group}/`));
}

function keys(object: ConfigNode, all: readonly string[]): Candidate[] {
  return all
    .filter((key) => !object.has(key))
    .map((name, rank): Candidate => ({ name, kind: 'field', rank, opensBlock: !/^(?:apiVersion|kind|name|namespace)$/.test(name) }));
}

/** Those of the group; all where the version is not written yet. */
function kinds(apiVersion: string): Candidate[] {
  const [group = ''] = apiVersion.split('/');
  return Object.entries(VERSIONS).flatMap(([version, names]) =>
    apiVersion === '' || version.startsWith(`${group}/`) ? names.map((name): Candidate => ({ name, kind: 'type', detail: version })) : [],
  );
}

/** Of a kind that is ours, or of all where there is none yet. */
function versions(kind: string): Candidate[] {
  const fitting = Object.entries(VERSIONS).filter(([, names]) => kind === '' || names.includes(kind));
  return fitting.map(([name, names]): Candidate => ({ name, kind: 'type', detail: kind || names.join(', ') }));
}
