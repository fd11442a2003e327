/** What a document says of one proxy: its resources, and where they stand. */
import type { ConfigNode } from '../schema/configNode';
import { newContent, type Resource } from './resource';

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

/** Adds a resource, by its name. */
export function addResource(part: OpenPart, resource: Omit<Resource, 'name' | 'content'>): void {
  part.resources.push({ ...resource, name: nameOfResource(resource), content: newContent() });
}

/** Resources without a name of their own have the one that the dump's entry gives. */
export function nameOfResource({ kind, node, entry }: Pick<Resource, 'kind' | 'node' | 'entry'>): string {
  const own = kind === 'load_assignment' ? node.string('cluster_name') : node.string('name');
  return own || (kind === 'secret' || kind === 'listener' ? entry.string('name') : '');
}

/** Resources that lie in no other one of the list, in document order. */
export function outermostOf(resources: readonly Resource[]): Resource[] {
  const found: Resource[] = [];
  let [last, end] = [-1, -1];
  for (const resource of resources) {
    const { id, tree } = resource.node;
    if (id < last) return outermostOf([...resources].sort((a, b) => a.node.id - b.node.id));
    last = id;
    if (id < end) continue;
    found.push(resource);
    end = tree.columns.nexts[id] ?? end;
  }
  return found;
}
