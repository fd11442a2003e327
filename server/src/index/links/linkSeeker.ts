/** Who finds what the names of one site mean in one proxy. */
import type { ReferenceSite } from '../../schema/references/referenceSite';
import type { DocumentNames } from '../names/documentNames';
import type { ScopeNames } from '../names/scopeNames';
import { isInsideResource } from './endpointMetadata';
import { EndpointSeeker } from './endpointSeeker';
import type { ProxyScope } from '../proxyScope';
import { hasStaticAndDynamic, resourceKindOf, statusOfUnfoundAt, type LinkStatus } from './resolveName';
import { ResourceSeeker } from './resourceSeeker';
import type { Snapshot } from '../snapshot';
import type { LinkSeeker } from './seeker';

/** `proxy`: undefined where several share the document. */
export function linkSeeker(snapshot: Snapshot, proxy: ProxyScope | undefined, site: ReferenceSite): LinkSeeker {
  if (!proxy) return UNKNOWN;
  if (site.dynamic) return new SiteSeeker(proxy, 'unchecked');
  const kind = resourceKindOf(site);
  // Of equal names the place decides.
  if (kind === 'secret' && hasStaticAndDynamic(proxy)) return new SiteSeeker(proxy, undefined);
  if (kind || site.back) return new ResourceSeeker(proxy, site);
  if (isInsideResource(site)) return new EndpointSeeker(proxy, site);
  const isIstio = site.kind === 'istio_config' && !snapshot.istioResources.isEmpty;
  const isSeveral = site.kind === 'scoped_routes' || site.kind === 'virtual_host';
  if (isSeveral || isIstio) return new SiteSeeker(proxy, undefined);
  const names = snapshot.namesOf(proxy);
  return names.defines(site.kind) ? new DefinitionSeeker(proxy, site, names) : new SiteSeeker(proxy, statusOfUnfoundAt(site));
}

/** Every name of the site is the same. Classes, so that the engine keeps their code from one document to the next (keepShapes.ts). */
class SiteSeeker implements LinkSeeker {
  constructor(
    readonly proxy: ProxyScope | undefined,
    private readonly status: LinkStatus | undefined,
  ) {}

  find(): LinkStatus | undefined {
    return this.status;
  }
}

/** Of what resources define inside: names that nothing defines are told at once, such as the many headers that routes ask for. */
class DefinitionSeeker implements LinkSeeker {
  private readonly unfound: LinkStatus | undefined;

  constructor(
    readonly proxy: ProxyScope,
    private readonly site: ReferenceSite,
    private readonly names: ScopeNames,
  ) {
    this.unfound = statusOfUnfoundAt(site);
  }

  find(names: DocumentNames, index: number): LinkStatus | undefined {
    const isDefined = this.unfound === undefined || this.names.definitions(this.site.kind, names.textAt(index)).length > 0;
    return isDefined ? undefined : this.unfound;
  }
}

const UNKNOWN = new SiteSeeker(undefined, undefined);
