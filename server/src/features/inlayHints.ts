/** Inlay hints: behind a cluster's name its endpoints and what the name means, behind an address whose it is. */
import { findFirst } from '../text/findFirst';
import type { Text } from '../text/text';
import { InlayHintKind, type InlayHint, type Position, type Range } from 'vscode-languageserver-types';
import { proxiesOf } from '../index/buildSnapshot';
import type { NamedPlace } from '../index/names/documentNames';
import type { DocumentFacts } from '../index/documentFacts';
import { isReference, spanOfName } from '../index/links/links';
import type { ProxyScope } from '../index/proxyScope';
import { loadAssignmentOf } from '../index/links/resolveName';
import { canonicalIp, labelOfAddress, parseIpPort, type Address } from '../model/address';
import { summarizeCluster } from '../model/summary/clusterSummary';
import { explainIstioName } from '../model/istio/explainIstioName';
import { findHover } from './hover/hover';
import { count } from './writing/markdown';
import { isOurs } from './known/isOurs';
import { isOfIstio } from './known/isOfIstio';
import { shortHealthOf } from './known/shortHealth';
import { endpointsOf } from '../model/loadAssignment';
import { readDestination } from '../model/ztunnel/readZtunnelMembers';
import { FLAG_COPY, NodeKind, type SyntaxTree } from '../syntax/tree/syntaxTree';
import type { Span } from '../text/span';
import { ownerOfAddress } from './known/addressOwners';
import { namesWithin, rangeOfSpan, spanOfRange } from './place/place';
import { nameOfThing, ztunnelPlacesOf } from './ztunnel/ztunnelPlaces';
import type { Snapshot } from '../index/snapshot';

/** Which hints the user wants. */
export interface InlayHintOptions {
  /** Behind names: endpoints, and what an Istio name means. */
  readonly clusters: boolean;
  /** Behind IPs: whose they are. */
  readonly addresses: boolean;
}

const ALL_INLAY_HINTS: InlayHintOptions = { clusters: true, addresses: true };

/** Hints that begin in the range, names first. */
export function findInlayHints(snapshot: Snapshot, uri: string, range: Range, options = ALL_INLAY_HINTS): InlayHint[] {
  const facts = snapshot.documents.get(uri);
  if (!facts || !isOurs(facts)) return [];
  const within = spanOfRange(facts.tree, range);
  return [
    ...(options.clusters ? nameHints(snapshot, facts, within) : []),
    ...(options.addresses ? [...addressHints(snapshot, facts, within), ...waypointHints(snapshot, facts, within)] : []),
  ];
}

function nameHints(snapshot: Snapshot, facts: DocumentFacts, within: Span): InlayHint[] {
  const proxies = proxiesOf(snapshot, facts.uri);
  return namesWithin(facts, within).flatMap((place) => {
    const proxy = proxies.find((each) => each.parts.has(place.part));
    return hintAfter(facts.tree, spanOfName(place), proxy && labelOf(snapshot, proxy, place));
  });
}

/** IPs as values and as keys (of matcher maps), alone or with a port or a whole-address prefix length. */
function addressHints(snapshot: Snapshot, { tree }: DocumentFacts, within: Span): InlayHint[] {
  const found: InlayHint[] = [];
  const proxies = proxiesOf(snapshot, tree.uri);
  const own = proxies.length === 1 ? (proxies[0]?.proxyNode.ips ?? []) : [];
  for (let node = firstNodeFrom(tree, within.start); node < tree.size; node++) {
    const keyStart = tree.keyStart(node);
    if (tree.start(node) > within.end && (keyStart < 0 || keyStart > within.end)) break;
    if (tree.end(node) < within.start || tree.hasFlag(node, FLAG_COPY)) continue;
    const spans = [
      keyStart >= within.start ? tree.keySpan(node) : undefined,
      tree.kind(node) === NodeKind.string ? tree.span(node) : undefined,
    ];
    for (const span of spans) {
      if (!span || span.start < within.start || span.start > within.end) continue;
      const ip = readIp(tree.text, span);
      const owner = ip === undefined ? undefined : own.includes(ip) ? 'this proxy' : ownerOfAddress(snapshot, ip);
      found.push(...hintAfter(tree, span, owner && `= ${owner}`));
    }
  }
  return found;
}

/** Behind the address of a waypoint or a gateway in a ztunnel's dump whose it is. */
function waypointHints(snapshot: Snapshot, { tree }: DocumentFacts, within: Span): InlayHint[] {
  return ztunnelPlacesOf(snapshot, tree.uri).flatMap(({ node, isDefinition, thing }) => {
    if (isDefinition || node.tree !== tree || tree.key(node.id) !== 'destination') return [];
    const span = tree.span(node.id);
    const isSeen = span.start >= within.start && span.start <= within.end;
    return isSeen && readDestination(node.asString() ?? '').kind === 'address' ? hintAfter(tree, span, `= ${nameOfThing(thing)}`) : [];
  });
}

/** The first node that begins at or behind an offset: nodes are in document order. */
function firstNodeFrom({ columns: { starts, size } }: SyntaxTree, offset: number): number {
  return findFirst(size, (node) => (starts[node] ?? 0) >= offset);
}

const IP = /^["']?([0-9a-f.:]{3,39})["']?$/i;

function readIp(text: Text, { start, end }: Span): string | undefined {
  if (end - start < 3 || end - start > 50) return undefined;
  const written = text.slice(start, end).replace(/\/(?:32|128)(["']?)$/, '$1');
  const bracketed = /^["']?(\[[^\]]+\]:\d+)["']?$/.exec(written)?.[1];
  const plain = bracketed ?? IP.exec(written)?.[1];
  return plain === undefined ? undefined : (canonicalIp(plain) ?? parseIpPort(plain)?.ip);
}

function hintAfter(tree: SyntaxTree, span: Span, label: string | undefined): InlayHint[] {
  if (!label) return [];
  const { start, end } = rangeOfSpan(tree, span);
  const data: HintData = { uri: tree.uri, position: start };
  return [{ position: end, label, kind: InlayHintKind.Type, paddingLeft: true, data }];
}

/** What a hint carries until somebody points at it. */
interface HintData {
  readonly uri: string;
  /** Where the name begins that the hint stands behind. */
  readonly position: Position;
}

/** With what a hover of the name tells: the hint is only its summary. */
export function resolveInlayHint(snapshot: Snapshot, hint: InlayHint): InlayHint {
  const data = hint.data as HintData | undefined;
  const tree = data && snapshot.documents.get(data.uri)?.tree;
  if (!data || !tree) return hint;
  const { start } = spanOfRange(tree, { start: data.position, end: data.position });
  const contents = findHover({ snapshot, uri: data.uri, offset: start + 1 })?.contents;
  const isMarkup = typeof contents === 'object' && 'kind' in contents;
  return isMarkup ? { ...hint, tooltip: contents } : hint;
}

function labelOf(snapshot: Snapshot, proxy: ProxyScope, place: NamedPlace): string {
  if (place.kind === 'internal_listener') return proxy.byName.listener.has(place.name) ? '' : 'no such listener here';
  if (place.kind !== 'cluster' || place.site.back) return '';
  if (!isReference(place)) return explainIstioName('cluster', place.name, isOfIstio(proxy)) ?? '';
  const cluster = proxy.byName.cluster.get(place.name);
  if (!cluster) return '';
  const assignment = loadAssignmentOf(proxy, cluster.node);
  if (!assignment) return withoutEndpoints(summarizeCluster(cluster.node).discovery);
  const endpoints = endpointsOf(assignment);
  const [only] = endpoints;
  if (endpoints.length === 1 && only?.address) return `${labelOfAddress(only.address)}${ownerOf(snapshot, only.address)}`;
  return shortHealthOf(endpoints);
}

/** Clusters of these kinds list their endpoints themselves: where they list none, there are none. */
function withoutEndpoints(discovery: string): string {
  return ['STATIC', 'STRICT_DNS', 'LOGICAL_DNS'].includes(discovery) ? count(0, 'endpoint') : discovery;
}

/** ` = productpage-v1.default (sidecar)`, where a document knows the address. */
function ownerOf(snapshot: Snapshot, address: Address): string {
  const owner = address.kind === 'ip' ? ownerOfAddress(snapshot, address.ip) : undefined;
  return owner === undefined || owner.startsWith('endpoint of') ? '' : ` = ${owner}`;
}
