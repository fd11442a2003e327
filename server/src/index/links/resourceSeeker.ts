/**
 * Finds the resources that the names of one site mean. Most references say again what one shortly before said (the SDS cluster), or go
 * along the resources in their order (endpoints after endpoints): to see that costs less than to look a name up.
 */
import type { Resource } from '../../model/resources/resource';
import { isNoted, NOTE } from '../../model/resources/resourceNotes';
import type { ReferenceSite } from '../../schema/references/referenceSite';
import type { DocumentNames } from '../names/documentNames';
import type { NamedResources } from '../names/namedResources';
import type { ProxyScope } from '../proxyScope';
import {
  isElsewhere,
  isMeant,
  resourceKindOf,
  resourceNamed,
  statusOfUndelivered,
  statusOfUnfoundAt,
  type LinkStatus,
} from './resolveName';
import { isDelivered } from './delivery';
import { ResourcesInOrder } from './resourcesInOrder';
import type { LinkSeeker } from './seeker';

export class ResourceSeeker implements LinkSeeker {
  private last: Resource | undefined;
  private readonly missed = new RecentNames<LinkStatus>();
  private readonly resources: NamedResources;
  private readonly inOrder: ResourcesInOrder;
  /** What names a cluster by its own name may mean others, too. */
  private readonly isShared: boolean;
  /** The name under which a cluster's endpoints are listed. */
  private readonly isServiceName: boolean;
  /** The last one was found behind the one before. */
  private isInOrder = false;

  constructor(
    readonly proxy: ProxyScope,
    private readonly site: ReferenceSite,
  ) {
    this.resources = proxy.byName[resourceKindOf(site) ?? 'cluster'];
    this.inOrder = new ResourcesInOrder(this.resources);
    this.isServiceName = site.field === 'service_name' && site.message === 'envoy.config.cluster.v3.Cluster.EdsClusterConfig';
    // To find that out notes which clusters have no others (NOTE.listsOwnEndpoints).
    const hasOthers = (site.back === true || this.isServiceName) && proxy.hasRenamedEndpoints;
    this.isShared = hasOthers && site.back === true;
  }

  find(names: DocumentNames, index: number): Resource | LinkStatus | undefined {
    const namesake = this.namesakeOf(names, index);
    if (namesake) return namesake;
    const again = this.isInOrder
      ? (this.nextAt(names, index) ?? this.lastAt(names, index))
      : (this.lastAt(names, index) ?? this.nextAt(names, index));
    if (again) return again;
    const status = this.missed.at(names, index);
    if (status !== undefined) return this.unlessDelivered(status, names, index);
    return this.lookUp(names.textAt(index), names, index);
  }

  /** What has the name of the resource around, where that name stands here: endpoints by themselves, and clusters seen to list theirs under their own name. */
  private namesakeOf(names: DocumentNames, index: number): Resource | undefined {
    if (this.isShared || !(this.site.back || this.isServiceName)) return undefined;
    const list = names.listAt(index);
    const owner = names.indexInListAt(index);
    const head = names.headAt(index);
    const isOwn = this.isServiceName ? isNoted(list, owner, NOTE.listsOwnEndpoints) : head?.kind === 'load_assignment';
    // Where a key stands twice, one of its values is not the name.
    if (!head || !isOwn || !names.isAsLongAt(index, head.name)) return undefined;
    const place = this.resources.placeOfNamesake(list, owner);
    return place === undefined ? undefined : this.resources.at(place);
  }

  private lookUp(name: string, names: DocumentNames, index: number): Resource | LinkStatus | undefined {
    if (this.site.back) {
      const [cluster, another] = this.proxy.clustersOfEndpoints(name);
      if (another) return undefined;
      if (cluster) return cluster.name === name ? this.goTo(cluster, this.resources.placeOf(name)) : cluster;
    } else {
      const place = this.resources.placeOf(name);
      const resource = place === undefined ? undefined : this.resources.at(place);
      if (resource && isMeant(this.site, resource)) return this.goTo(resource, place);
      const warming = resourceNamed(this.proxy, this.site, name);
      if (warming) return warming;
    }
    return this.unlessDelivered(this.miss(name), names, index);
  }

  private lastAt(names: DocumentNames, index: number): Resource | undefined {
    return this.last && names.isAt(index, this.last.name) ? this.last : undefined;
  }

  /** The resource behind the one that was found last, if the name is its. */
  private nextAt(names: DocumentNames, index: number): Resource | undefined {
    const name = this.inOrder.nextName();
    return name !== undefined && names.isAt(index, name) ? this.goOn() : undefined;
  }

  /** Goes on to the resource behind, unless its name means more than it. */
  private goOn(): Resource | undefined {
    const next = this.inOrder.next();
    if (!next || !this.isOnly(next)) return undefined;
    this.inOrder.goOn();
    this.isInOrder = true;
    return (this.last = next);
  }

  /** Whether the name of a resource means it and no other one. */
  private isOnly(resource: Resource): boolean {
    const { proxy, site } = this;
    if (!site.back) return isMeant(site, resource);
    if (!this.isShared) return true;
    const [cluster, another] = proxy.clustersOfEndpoints(resource.name);
    return cluster === resource && !another;
  }

  private goTo(resource: Resource, place = 0): Resource {
    this.inOrder.goBehind(place);
    this.isInOrder = false;
    return (this.last = resource);
  }

  private miss(name: string): LinkStatus {
    const { proxy, site } = this;
    const status = statusOfUnfoundAt(site) ?? (isElsewhere(name) ? 'external' : statusOfUndelivered(proxy, site.kind));
    this.missed.add(name, status);
    return status;
  }

  private unlessDelivered(status: LinkStatus, names: DocumentNames, index: number): LinkStatus {
    const { proxy, site } = this;
    if (status === 'external' || statusOfUnfoundAt(site) !== undefined) return status;
    return isDelivered(proxy, site, { tree: names.tree, id: names.messageAt(index) }) ? 'external' : status;
  }
}

/** The last few names that were met, with what they mean. */
class RecentNames<Meaning> {
  private readonly names: string[] = [];
  private readonly meanings: Meaning[] = [];
  private oldest = 0;

  at(names: DocumentNames, index: number): Meaning | undefined {
    for (let place = 0; place < this.names.length; place++) if (names.isAt(index, this.names[place] ?? '')) return this.meanings[place];
    return undefined;
  }

  add(name: string, meaning: Meaning): void {
    const ROOM = 3;
    this.names[this.oldest] = name;
    this.meanings[this.oldest] = meaning;
    this.oldest = (this.oldest + 1) % ROOM;
  }
}
