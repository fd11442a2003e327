/** Finds, for what clusters ask of their endpoints (`metadata_match` …), the load assignments that set it. */
import type { Resource } from '../../model/resources/resource';
import { siteCount, siteOfNumber, type ReferenceSite } from '../../schema/references/referenceSite';
import { NO_NODE, type NodeId } from '../../syntax/tree/syntaxTree';
import type { DocumentNames } from '../names/documentNames';
import type { NamedResources } from '../names/namedResources';
import { endpointsNameOf, type ProxyScope } from '../proxyScope';
import { memoizeByObject } from '../../text/memoizeByObject';
import { statusOfUnfoundAt, type LinkStatus } from './resolveName';
import type { LinkSeeker } from './seeker';

export class EndpointSeeker implements LinkSeeker {
  private readonly assignments: NamedResources;
  /** See settersOf. */
  private readonly sets: Uint8Array;
  private readonly isRenamed: boolean;
  /** The first name behind the load assignment that was looked at last. */
  private behind = 0;

  constructor(
    readonly proxy: ProxyScope,
    private readonly site: ReferenceSite,
  ) {
    this.isRenamed = proxy.hasRenamedEndpoints;
    this.assignments = proxy.byName.load_assignment;
    this.sets = settersOf(site);
  }

  find(names: DocumentNames, index: number): Resource | LinkStatus | undefined {
    if (names.headAt(index)?.kind !== 'cluster' || this.site.qualifier === undefined || this.isSetBeside(names, index)) return undefined;
    const assignment = this.assignmentOf(names, index);
    if (assignment && assignment.node.tree !== names.tree) return undefined;
    const isSet = assignment && this.isSetInside(names, assignment.node.id, names.textAt(index));
    return isSet ? assignment : statusOfUnfoundAt(this.site);
  }

  /** The cluster has endpoints of its own. */
  private isSetBeside({ columns: { sites, owners } }: DocumentNames, index: number): boolean {
    const { sets } = this;
    const owner = owners[index];
    let isSet = 0;
    for (let at = index; owners[at] === owner; at--) isSet |= sets[(sites[at] ?? 0) >> 1] ?? 0;
    for (let at = index; owners[at] === owner; at++) isSet |= sets[(sites[at] ?? 0) >> 1] ?? 0;
    return isSet === 1;
  }

  private assignmentOf(names: DocumentNames, index: number): Resource | undefined {
    const { assignments, isRenamed } = this;
    if (isRenamed) {
      const { node, name } = names.resourceAt(index);
      return assignments.get(endpointsNameOf(node, name));
    }
    const place = assignments.placeOfNamesake(names.listAt(index), names.indexInListAt(index));
    return place === undefined ? undefined : assignments.at(place);
  }

  private isSetInside(names: DocumentNames, assignment: NodeId, name: string): boolean {
    const { nodes, sites, size } = names.columns;
    const end = names.tree.next(assignment);
    const isBehind = (nodes[this.behind - 1] ?? NO_NODE) < assignment && (nodes[this.behind] ?? end) >= assignment;
    let at = isBehind ? this.behind : names.firstAt(assignment);
    let isSet = false;
    for (; at < size && (nodes[at] ?? end) < end; at++) isSet ||= this.sets[(sites[at] ?? 0) >> 1] === 1 && names.isAt(at, name);
    this.behind = at;
    return isSet;
  }
}

/** By the number of the site: 1 where names are set that this site uses. */
const settersOf = memoizeByObject(({ kind, qualifier }: ReferenceSite): Uint8Array => {
  const isSetter = (site: ReferenceSite) => site.kind === kind && site.role === 'set' && site.qualifier === qualifier;
  return Uint8Array.from({ length: siteCount() }, (_, number) => (isSetter(siteOfNumber(number)) ? 1 : 0));
});
