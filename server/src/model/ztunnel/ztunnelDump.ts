/** The pieces of a ztunnel's dump: the whole of it, or the lists that `istioctl ztunnel-config workload`, `service`, `policy` … print. */
import type { ConfigNode } from '../../schema/configNode';

/** A whole dump (`all -o json`, `/config_dump`), or several lists of one ztunnel. */
export type ZtunnelDump = readonly ConfigNode[];

export type ZtunnelSection = 'workloads' | 'services' | 'policies' | 'certificates' | 'connections';

/** Keys that the items of each list have (istio/istio: istioctl/pkg/writer/ztunnel/configdump/api.go). */
const SIGNS: readonly (readonly [ZtunnelSection, readonly string[]])[] = [
  ['workloads', ['workloadIps', 'protocol', 'name', 'namespace']],
  ['services', ['hostname', 'vips', 'ports']],
  ['policies', ['scope', 'action', 'rules', 'name']],
  ['certificates', ['identity', 'certChain']],
  ['connections', ['info', 'connections']],
];

const SAMPLE = 5;

/** Which list an array is; undefined for other arrays. */
export function ztunnelSectionOf(list: ConfigNode): ZtunnelSection | undefined {
  const first = list.tree.firstChild(list.id);
  if (!list.isArray || first < 0) return undefined;
  const sample = list.items().slice(0, SAMPLE);
  return SIGNS.find(([, keys]) => sample.every((item) => keys.every((key) => item.entry(key) !== undefined)))?.[0];
}

/** What the dump has of a section: a list, or an object by address in which one thing may stand under several keys. */
export function ztunnelMembers(dump: ZtunnelDump, section: Exclude<ZtunnelSection, 'connections'>): ConfigNode[] {
  return dump.flatMap((piece) => {
    if (piece.isArray) return ztunnelSectionOf(piece) === section ? piece.items() : [];
    const holder = piece.get(section);
    return holder?.isArray ? holder.items() : differentOf(holder?.entries() ?? []);
  });
}

function differentOf(entries: readonly (readonly [string, ConfigNode])[]): ConfigNode[] {
  const seen = new Set<string>();
  return entries.flatMap(([key, node]) => {
    const identity = node.string('uid') || (node.string('hostname') ? `${node.string('namespace')}/${node.string('hostname')}` : key);
    if (seen.has(identity)) return [];
    seen.add(identity);
    return [node];
  });
}

/** Pods that the ztunnel has taken over, with their connections. */
export function ztunnelStates(dump: ZtunnelDump): ConfigNode[] {
  return dump.flatMap((piece) =>
    piece.isArray ? (ztunnelSectionOf(piece) === 'connections' ? piece.items() : []) : piece.map('workloadState').map(([, state]) => state),
  );
}

/** The lists that are not there; [] of a whole dump. */
export function missingSections(dump: ZtunnelDump): ZtunnelSection[] {
  if (dump.some((piece) => !piece.isArray)) return [];
  const there = new Set(dump.map(ztunnelSectionOf));
  return SIGNS.flatMap(([section]) => (there.has(section) ? [] : [section]));
}
