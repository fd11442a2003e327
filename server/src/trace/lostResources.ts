/** Whether the files of a proxy have lost resources: then the absence of one proves nothing. */
import type { ProxyScope } from '../index/proxyScope';
import type { Resource, ResourceKind } from '../model/resource';
import type { ConfigNode } from '../schema/configNode';
import { KEPT_BACK } from '../schema/keptBack';
import { memoizeByObject } from '../text/memoizeByObject';

/** A list or section of that kind is cut (`{...}`), the whole file is, or a name is kept back. */
export function mayLack(proxy: ProxyScope, kind: ResourceKind): boolean {
  const { kinds, isCut } = lossesOf(proxy);
  return isCut || kinds.has(kind);
}

interface Losses {
  readonly kinds: ReadonlySet<ResourceKind>;
  /** What holds the sections. */
  readonly isCut: boolean;
}

const lossesOf = memoizeByObject(({ resources, kind: scope }: ProxyScope): Losses => {
  const kinds = new Set<ResourceKind>();
  let isCut = false;
  let last: ConfigNode | undefined;
  for (const resource of resources) {
    if (isGone(resource) || resource.name === KEPT_BACK) kinds.add(resource.kind);
    const list = resource.entry.parent;
    if (!list || (last && list.sameAs(last))) continue;
    last = list;
    const [own, ...outer] = holdersOf(resource, list);
    if (own) kinds.add(resource.kind);
    if (scope === 'dump' && outer.some(Boolean)) isCut = true;
  }
  return { kinds, isCut };
});

/** Of the message nothing is left, or not its name. */
function isGone({ name, node, entry }: Resource): boolean {
  return (node.isIncomplete && node.entries().length === 0) || (name === '' && (node.isIncomplete || entry.isIncomplete));
}

/** Cut or not: the list with its section, then what holds the section. */
function holdersOf({ entry, node }: Resource, list: ConfigNode): boolean[] {
  const section = list.isArray ? list.parent : undefined;
  const own = list.isIncomplete || section?.isIncomplete === true || (!node.sameAs(entry) && node.parent?.isIncomplete === true);
  const outer: boolean[] = [];
  for (let at = section?.parent; at; at = at.parent) outer.push(at.isIncomplete);
  return [own, ...outer];
}
