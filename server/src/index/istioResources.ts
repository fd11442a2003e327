/** Istio's own resources in the workspace: found by the path or the policy name that a dump carries, and what became of them. */
import { parseIstioConfigPath } from '../model/istioNames';
import type { ConfigNode } from '../schema/configNode';
import type { DocumentFacts } from './documentFacts';

export interface IstioResources {
  /** By a path (`/apis/…/namespaces/default/virtual-service/reviews`) or a policy name (`ns[default]-policy[viewer]-rule[0]`). */
  find(name: string): readonly ConfigNode[];
}

/** Reads the documents' Istio resources when first asked. */
export function makeIstioResources(documents: Iterable<DocumentFacts>): IstioResources {
  let byKey: Map<string, ConfigNode[]> | undefined;
  return {
    find(name) {
      byKey ??= collect(documents);
      const key = keyOfName(name);
      return key === undefined ? [] : (byKey.get(key) ?? []);
    },
  };
}

/** The resource that a name in a dump means, as a key; undefined for other names. Kinds compare without case and hyphens. */
export function keyOfName(name: string): string | undefined {
  const policy = /^(?:istio-ext-authz-)?ns\[([^\]]*)\]-policy\[([^\]]*)\]-rule\[\d+\]/.exec(name);
  if (policy) return keyOf('AuthorizationPolicy', policy[1] ?? '', policy[2] ?? '');
  const path = parseIstioConfigPath(name);
  return path && keyOf(path.kind, path.namespace, path.name);
}

/** The key of a Kubernetes resource; its namespace is `default` where it gives none. */
export function keyOfResource(node: ConfigNode): string {
  const metadata = node.get('metadata');
  return keyOf(node.string('kind'), metadata?.string('namespace') || 'default', metadata?.string('name') ?? '');
}

function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind.toLowerCase().replace(/-/g, '')}\n${namespace}\n${name}`;
}

function collect(documents: Iterable<DocumentFacts>): Map<string, ConfigNode[]> {
  const found = new Map<string, ConfigNode[]>();
  for (const { parts } of documents)
    for (const { kind, resources } of parts) {
      if (kind !== 'istio') continue;
      for (const { node } of resources) {
        const key = keyOfResource(node);
        found.set(key, [...(found.get(key) ?? []), node]);
      }
    }
  return found;
}
