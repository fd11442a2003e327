/** Istio's own resources in the workspace: found by the path or the policy name that a dump carries, and what became of them. */
import { readGeneratedName, ROUTE_KINDS } from '../model/istio/generatedNames';
import { parseIstioConfigPath, parseIstioPolicyName } from '../model/istio/istioNames';
import { fullHost, namespaceOf, resourceNameOf } from '../model/istio/istioSpec';
import type { ConfigNode } from '../schema/configNode';
import type { DocumentFacts } from './documentFacts';
import { addToGroup } from '../text/addToGroup';
import type { Resource } from '../model/resources/resource';

export interface IstioResources {
  /** There are none. */
  readonly isEmpty: boolean;
  /**
   * By a path (`/apis/…/namespaces/default/virtual-service/reviews`) or a policy name (`ns[default]-policy[viewer]-rule[0]`).
   * `routeName`: of the route that carries the path. Where istiod made the VirtualService of Gateway API resources, they are found by it.
   */
  find(name: string, routeName?: string): readonly ConfigNode[];
}

/** Reads the documents' Istio resources when first asked. */
export function makeIstioResources(documents: readonly DocumentFacts[]): IstioResources {
  let known: KnownResources | undefined;
  return {
    isEmpty: !documents.some(({ parts }) => parts.some(({ kind }) => kind === 'istio')),
    find(name, routeName = '') {
      known ??= collect(documents);
      const { byKey } = known;
      const key = keyOfName(name);
      const own = key === undefined ? undefined : byKey.get(key);
      return own ?? keysOfGenerated(name, routeName, known).flatMap((each) => byKey.get(each) ?? []);
    },
  };
}

interface KnownResources {
  readonly byKey: ReadonlyMap<string, readonly ConfigNode[]>;
  /** Routes of the Gateway API by the names of their rules. */
  readonly byRule: ReadonlyMap<string, readonly ConfigNode[]>;
}

/** The resource that a name in a dump means, as a key; undefined for other names. Kinds compare without case and hyphens. */
function keyOfName(name: string): string | undefined {
  const made = parseIstioPolicyName(name);
  if (made) return keyOf('AuthorizationPolicy', made.namespace, made.policy);
  const path = parseIstioConfigPath(name);
  return path && keyOf(path.kind, path.namespace, path.name);
}

/** What was written where istiod keeps the resource to itself; routes by the name of their rule, else `namespace.route.index`. */
function keysOfGenerated(path: string, routeName: string, known: KnownResources): string[] {
  const parsed = parseIstioConfigPath(path);
  const written = parsed && readGeneratedName(parsed);
  switch (written?.what) {
    case undefined:
      return [];
    case 'routes_of_listener': {
      const gateway = keyOf('', written.namespace, written.gateway);
      // A listener is one of a Gateway or of a ListenerSet.
      return [
        ...routesNamed(routeName, { gateway }, known),
        ...['Gateway', 'ListenerSet'].map((kind) => `${kind.toLowerCase()}${gateway}`),
      ];
    }
    case 'routes_of_service':
      return routesNamed(routeName, { host: written.host }, known);
    case 'route':
      return written.kinds.map((kind) => keyOf(kind, written.namespace, written.name));
    case 'backend_policies':
      return [];
    case 'ingress':
      return [keyOf('Ingress', written.namespace, written.name)];
  }
}

/** Routes whose rule gave a route its name: a name that the rule has, or the one that istiod makes where it has none. */
function routesNamed(routeName: string, parent: { readonly gateway?: string; readonly host?: string }, known: KnownResources): string[] {
  const unnamed = /^([^.]+)\.(.+)\.\d+$/.exec(routeName);
  const direct = unnamed ? ROUTE_KINDS.map((kind) => keyOf(kind, unnamed[1] ?? '', unnamed[2] ?? '')) : [];
  if (direct.some((key) => known.byKey.has(key))) return direct;
  const isBelow = (node: ConfigNode) =>
    (node.get('spec')?.list('parentRefs') ?? []).some((reference) => {
      const namespace = reference.string('namespace') || namespaceOf(node);
      const name = reference.string('name');
      return parent.host === undefined ? keyOf('', namespace, name) === parent.gateway : fullHost(name, namespace) === parent.host;
    });
  return (known.byRule.get(routeName) ?? []).filter(isBelow).map(keyOfResource);
}

function keyOfResource(node: ConfigNode): string {
  return keyOf(node.string('kind'), namespaceOf(node), resourceNameOf(node));
}

function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind.toLowerCase().replace(/-/g, '')}\n${namespace}\n${name}`;
}

function collect(documents: Iterable<DocumentFacts>): KnownResources {
  const byKey = new Map<string, ConfigNode[]>();
  const byRule = new Map<string, ConfigNode[]>();
  for (const { node } of kubernetesResources(documents)) {
    addToGroup(byKey, keyOfResource(node), node);
    const rules = ROUTE_KINDS.includes(node.string('kind')) ? node.get('spec')?.list('rules') : undefined;
    for (const rule of rules ?? []) addToGroup(byRule, rule.string('name'), node);
  }
  return { byKey, byRule };
}

/** What stands in documents of Kubernetes: resources (`istio_resource`), and what patches in them bring. In the order of the documents. */
export function* kubernetesResources(documents: Iterable<DocumentFacts>): Generator<Resource> {
  for (const { parts } of documents) for (const { kind, resources } of parts) if (kind === 'istio') yield* resources;
}
