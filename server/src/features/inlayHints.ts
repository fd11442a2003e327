/** Inlay hints: behind a cluster's name its endpoints and what the name means, behind an address whose it is. */
import { InlayHintKind, type InlayHint, type Range } from 'vscode-languageserver-types';
import { proxiesOf, type Snapshot } from '../index/buildSnapshot';
import type { NamedPlace } from '../index/collectNames';
import { isReference, spanOfName } from '../index/links';
import type { ProxyScope } from '../index/proxyScope';
import { loadAssignmentOf } from '../index/resolveName';
import { formatAddress } from '../model/address';
import { summarizeCluster } from '../model/clusterSummary';
import { explainClusterName } from '../model/istioNames';
import { isHealthy, readLoadAssignment } from '../model/loadAssignment';
import { shortProxy } from '../trace/renderText';
import { rangeOfSpan } from './place';

/** Hints that begin in the range. */
export function findInlayHints(snapshot: Snapshot, uri: string, range: Range): InlayHint[] {
  const facts = snapshot.documents.get(uri);
  if (!facts) return [];
  const start = facts.tree.lines.offsetAt({ line: range.start.line, column: range.start.character });
  const end = facts.tree.lines.offsetAt({ line: range.end.line, column: range.end.character });
  return facts.names.flatMap((place) => {
    const span = spanOfName(place);
    if (span.end < start || span.start > end) return [];
    const proxy = proxiesOf(snapshot, uri).find((each) => each.parts.has(place.part));
    const label = proxy && labelOf(snapshot, proxy, place);
    return label ? [{ position: rangeOfSpan(facts.tree, span).end, label, kind: InlayHintKind.Type, paddingLeft: true }] : [];
  });
}

function labelOf(snapshot: Snapshot, proxy: ProxyScope, place: NamedPlace): string {
  if (place.kind === 'internal_listener') return proxy.byName.listener.has(place.name) ? '' : 'no such listener here';
  if (place.kind !== 'cluster' || place.site.back) return '';
  if (!isReference(place)) return explainClusterName(place.name) ?? '';
  const cluster = proxy.byName.cluster.get(place.name);
  if (!cluster) return '';
  const assignment = loadAssignmentOf(proxy, cluster.node);
  if (!assignment) return summarizeCluster(cluster.node).discovery;
  const endpoints = readLoadAssignment(assignment).flatMap((locality) => locality.endpoints);
  const [only] = endpoints;
  if (endpoints.length === 1 && only?.address) return `${formatAddress(only.address)}${ownerOf(snapshot, only.address)}`;
  return `${endpoints.filter(isHealthy).length}/${endpoints.length} healthy`;
}

/** ` = productpage-v1.default (sidecar)`, where an open dump has the address. */
function ownerOf(snapshot: Snapshot, address: { kind: string; ip?: string }): string {
  const owner =
    address.kind === 'ip'
      ? snapshot.proxies.find((proxy) => address.ip !== undefined && proxy.proxyNode.ips.includes(address.ip))
      : undefined;
  return owner ? ` = ${shortProxy(owner.id)}` : '';
}
