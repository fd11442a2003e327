/** What a document says of one proxy: its resources, and where they stand. */
import type { ConfigNode } from '../../schema/configNode';
import type { Resource } from '../resources/resource';
import { ResourceList } from '../resources/resourceList';

/** What one proxy (or a piece of one) says of itself in a document. A dump of several pods (egctl) has several. */
export interface DocumentPart {
  /** `dump` and `bootstrap` are whole proxies; `partial` joins the others of its folder; `ztunnel` is the Rust one; `istio` are Istio's own resources. */
  readonly kind: 'dump' | 'bootstrap' | 'partial' | 'ztunnel' | 'istio';
  /** Where the part begins. */
  readonly node: ConfigNode;
  /** `core.v3.Node`, where the part has a bootstrap. */
  readonly proxyNode: ConfigNode | undefined;
  /** A name that the wrapper gives. Example: `envoy-gateway-system/envoy-default-eg` (egctl). */
  readonly label: string | undefined;
  readonly list: ResourceList;
  /** All of the list. */
  readonly resources: readonly Resource[];
  /** True where the part has an EndpointsConfigDump, so that what is absent there is really absent. */
  readonly hasEndpoints: boolean;
}

/** A part while it is being read. */
export interface OpenPart {
  kind: DocumentPart['kind'];
  node: ConfigNode;
  proxyNode: ConfigNode | undefined;
  label: string | undefined;
  resources: Resource[];
  hasEndpoints: boolean;
}

/** A part that has been read. */
export function closePart({ resources, ...part }: OpenPart): DocumentPart {
  return partOf(part, ResourceList.of(resources));
}

/** A part with these resources. */
export function partOf(
  { kind, node, proxyNode, label, hasEndpoints }: Omit<DocumentPart, 'list' | 'resources'>,
  list: ResourceList,
): DocumentPart {
  return {
    ...{ kind, node, proxyNode, label, hasEndpoints, list },
    get resources() {
      return list.all;
    },
  };
}

/** Adds a resource, by its name. */
export function addResource(part: OpenPart, resource: Omit<Resource, 'name'>): void {
  part.resources.push({ ...resource, name: nameOfResource(resource) });
}

/** Resources without a name of their own have the one that the dump's entry gives. */
export function nameOfResource({ kind, node, entry }: Pick<Resource, 'kind' | 'node' | 'entry'>): string {
  const own = kind === 'load_assignment' ? node.string('cluster_name') : node.string('name');
  return own || (kind === 'secret' || kind === 'listener' ? entry.string('name') : '');
}
