/** What a name in a patch of an EnvoyFilter or EnvoyPatchPolicy means: it belongs to no proxy of its own, but to those that it is meant for. */
import { elsewhere } from '../../index/links/links';
import type { NamedPlace } from '../../index/names/documentNames';
import { resolveName, type LinkStatus } from '../../index/links/resolveName';
import type { ConfigNode } from '../../schema/configNode';
import { addedByPatches } from './addedByPatches';
import { proxiesChosenBy } from './workloads';
import type { Snapshot } from '../../index/snapshot';

export interface PatchResolution {
  readonly status: LinkStatus;
  readonly targets: readonly ConfigNode[];
}

/** In the proxies that the resource chooses; else in what patches add; else in any proxy. `unchecked` where no chosen proxy is known. */
export function resolvePatchName(snapshot: Snapshot, place: NamedPlace): PatchResolution {
  const owner = resourceAround(place.resource.node);
  const answers = (owner ? (proxiesChosenBy(snapshot, owner) ?? []) : []).map((proxy) => resolveName(snapshot, proxy, place));
  const chosen = answers.flatMap(({ targets }) => targets);
  if (chosen.length > 0) return { status: 'resolved', targets: chosen };
  const added = addedByPatches(snapshot, place.kind, place.name);
  if (added.length > 0) return { status: 'resolved', targets: added };
  const others = elsewhere(snapshot, place.resource.node.tree.uri, place).map(({ node }) => node);
  if (others.length > 0) return { status: 'resolved', targets: others };
  return { status: answers[0]?.status ?? 'unchecked', targets: [] };
}

/** The Kubernetes resource that has the patch. */
function resourceAround(patch: ConfigNode): ConfigNode | undefined {
  for (let node: ConfigNode | undefined = patch; node; node = node.parent) if (node.has('apiVersion') && node.has('kind')) return node;
  return undefined;
}
