/** "Trace from here": the request that a place in a configuration implies. */
import type { TraceRequest } from '../../protocol/trace';
import type { ProxyScope } from '../../index/proxyScope';
import { ConfigNode } from '../../schema/configNode';
import { nodeAt } from '../../syntax/tree/nodeAt';
import type { SyntaxTree } from '../../syntax/tree/syntaxTree';
import type { Assumption } from '../hop';
import { addChainContent, addChainMatch, typicalChain } from './implied/chainConditions';
import { addListenerAddress } from './implied/listenerAddress';
import { addMatcherConditions, branchAround, branchOfChain, chainOfBranch } from './implied/matcherConditions';
import { addCluster } from './implied/clusterRequest';
import { finishDraft, type RequestDraft } from './implied/requestDraft';
import { addRoute, addVirtualHost } from './implied/routeRequest';
import { addTunnelContent } from './implied/tunnelContent';
import { typicalRoute } from './implied/typicalRoute';
import { ztunnelRequestAt } from './implied/ztunnelRequest';
import { placesOfNode, type Place } from './startAt';
import type { Snapshot } from '../../index/snapshot';

export interface ImpliedRequest {
  readonly request: TraceRequest;
  /** Example: `route jason of reviews:9080` */
  readonly title: string;
}

/**
 * A listener implies its address; a filter chain the conditions of its match or of the matcher branch that leads to it; a matcher branch
 * its conditions; a route a path, headers and an authority that it takes (what stands around routes: a typical one of them); a cluster itself;
 * a service or a workload of a ztunnel a client on its node. undefined: nothing that a request passes.
 */
export function impliedRequest(snapshot: Snapshot, uri: string, offset: number): ImpliedRequest | undefined {
  const tree = snapshot.documents.get(uri)?.tree;
  const found = tree && nodeAt(tree, contentAt(tree, offset));
  if (!tree || !found) return undefined;
  const node = new ConfigNode(tree, found.node);
  const [place] = placesOfNode(snapshot, node);
  if (!place) return ztunnelRequestAt(snapshot, node);
  const anchor = anchorOf(place, node);
  const start = { proxy: place.proxy.id, at: { uri, pointer: tree.pointer(anchor.id) } };
  return { request: finishDraft(draftOf(place, node), start), title: titleOf(place) };
}

/** Before the first word of a line, that word: the indentation of a list's item, and its dash, belong to what holds the list. */
function contentAt({ text, lines }: SyntaxTree, offset: number): number {
  const line = lines.lineAt(offset);
  const start = lines.offsetAt({ line, column: 0 });
  const [indentation = ''] = /^[ \t]*(?:-[ \t]+)*/.exec(text.slice(start, lines.offsetAt({ line: line + 1, column: 0 }))) ?? [];
  return Math.max(offset, start + indentation.length);
}

function draftOf({ proxy, assumed }: Place, node: ConfigNode): RequestDraft {
  const draft: RequestDraft = {};
  const { listener, virtualHost, route } = assumed;
  // A place in a matcher stands for the chain of its branch, a listener alone for its typical one.
  if (listener) addListenerAddress(draft, proxy, listener);
  const matcher = listener?.get('filter_chain_matcher');
  const around = matcher && isInside(node, matcher) ? branchAround(matcher, node) : undefined;
  const filterChain = assumed.filterChain ?? (listener && (around ? chainOfBranch(listener, around) : typicalChain(listener, draft.port)));
  const branch = around ?? (matcher && filterChain && branchOfChain(matcher, filterChain.string('name')));
  if (matcher && branch) addMatcherConditions(draft, branch, matcher);
  else if (filterChain && !matcher) addChainMatch(draft, filterChain);
  if (filterChain) addChainContent(draft, filterChain);
  addRouting(draft, proxy, { virtualHost, route, filterChain });
  if (assumed.cluster !== undefined) addCluster(draft, proxy, assumed.cluster);
  return draft;
}

/** Where no route is meant, one that is typical, so that the trace shows where requests go. */
function addRouting(draft: RequestDraft, proxy: ProxyScope, { virtualHost, route, filterChain }: Assumption): void {
  const typical = virtualHost
    ? { virtualHost, route: virtualHost.list('routes')[0] }
    : draft.http && filterChain && typicalRoute(proxy, filterChain);
  if (typical) addVirtualHost(draft, typical.virtualHost);
  const conditions = route ? undefined : typical?.virtualHost.get('matcher');
  if (conditions) addMatcherConditions(draft, branchAround(conditions, conditions), conditions);
  const taken = route ?? typical?.route;
  if (!taken) return;
  addRoute(draft, taken);
  addTunnelContent(draft, proxy, taken);
}

function isInside(node: ConfigNode, container: ConfigNode): boolean {
  for (let at: ConfigNode | undefined = node; at; at = at.parent) if (at.sameAs(container)) return true;
  return false;
}

/** Where the trace begins: the innermost thing that is taken for granted and stands in this file around the place; else the place itself. */
function anchorOf({ assumed }: Place, node: ConfigNode): ConfigNode {
  const { route, virtualHost, filterChain, listener } = assumed;
  return (
    [route, virtualHost, filterChain].find((each) => each && isInside(node, each)) ??
    (listener && !isInMatcher(node, listener) && isInside(node, listener) ? listener : node)
  );
}

function isInMatcher(node: ConfigNode, listener: ConfigNode): boolean {
  const matcher = listener.get('filter_chain_matcher');
  return matcher !== undefined && isInside(node, matcher);
}

function titleOf({ assumed }: Place): string {
  const { cluster, route, virtualHost, filterChain, listener } = assumed;
  const named = (kind: string, node: ConfigNode): string => `${kind} ${node.string('name') || `#${node.tree.indexInParent(node.id)}`}`;
  const hostName = virtualHost?.string('name');
  if (cluster !== undefined) return `cluster ${cluster}`;
  if (route) return `${named('route', route)}${hostName ? ` of ${hostName}` : ''}`;
  if (virtualHost) return named('virtual host', virtualHost);
  if (filterChain) return `${named('filter chain', filterChain)}${listener?.string('name') ? ` of ${listener.string('name')}` : ''}`;
  return listener ? named('listener', listener) : 'this place';
}
