/** All documents together: proxies with their names resolved. Immutable; an edit makes a new one from the facts of the others. */
import type { DocumentFacts } from './documentFacts';
import type { ScopeNames } from './names/scopeNames';
import type { IstioResources } from './istioResources';
import type { ProxyScope } from './proxyScope';

export interface Snapshot {
  /** By uri, in the order in which they were given. */
  readonly documents: ReadonlyMap<string, DocumentFacts>;
  readonly proxies: readonly ProxyScope[];
  /** The names of a proxy; read when first asked for. */
  namesOf(proxy: ProxyScope): ScopeNames;
  /** Istio's own resources among the documents. */
  readonly istioResources: IstioResources;
}
