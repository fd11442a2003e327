/** The conditions on the way to a branch of a matcher, as parts of a request. */
import { canonicalIp } from '../../../model/address';
import { actionsOf } from '../../../model/summary/matcherBranch';
import type { ConfigNode } from '../../../schema/configNode';
import { setHeader } from '../../facts/httpRequest';
import { addProtocols, firstIp } from './chainConditions';
import { httpOf, type RequestDraft } from './requestDraft';
import { sampleOfMatcher } from './sampleText';

/** Walks from the branch up to `matcher` and takes every condition that it passes through. */
export function addMatcherConditions(draft: RequestDraft, branch: ConfigNode, matcher: ConfigNode): void {
  for (let at: ConfigNode | undefined = branch; at && !at.sameAs(matcher); at = at.parent) {
    const holder: ConfigNode | undefined = at.parent;
    if (!holder) return;
    if (holder.isField('map')) addMapKey(draft, at, holder);
    else if (at.has('predicate') && at.has('on_match')) addPredicate(draft, at.get('predicate'), 0);
    else if (holder.isField('range_matchers')) addRanges(draft, at, holder);
  }
}

/** The action that a place in a matcher belongs to, else the first one below it or below what stands around it: that branch is asked for. */
export function branchAround(matcher: ConfigNode, node: ConfigNode): ConfigNode {
  for (let at: ConfigNode | undefined = node; at; at = at.parent) {
    const [action] = actionsOf(at, 1);
    if (action) return action;
    if (at.sameAs(matcher)) break;
  }
  return node;
}

/** The place in `matcher` whose action names a chain; undefined where no action does. */
export function branchOfChain(matcher: ConfigNode, chainName: string): ConfigNode | undefined {
  return actionsOf(matcher).find((action) => action.typed()?.node.string('value') === chainName);
}

/** The chain of the listener that the branch's action names. */
export function chainOfBranch(listener: ConfigNode, branch: ConfigNode): ConfigNode | undefined {
  const name = (branch.typed() ?? branch.get('action')?.typed())?.node.string('value');
  return listener.list('filter_chains').find((chain) => chain.string('name') === name);
}

/** `…_match_map.map.KEY`: the input of the tree around it is KEY. */
function addMapKey(draft: RequestDraft, entry: ConfigNode, map: ConfigNode): void {
  const tree = map.parent?.parent;
  if (tree) addInput(draft, tree.get('input'), entry.key);
}

/** IPMatcher: `custom_match.typed_config.range_matchers[]`. */
function addRanges(draft: RequestDraft, entry: ConfigNode, list: ConfigNode): void {
  const ip = firstIp(entry.list('ranges'));
  for (let at = list.parent; at && ip !== undefined; at = at.parent) {
    const input = at.get('input');
    if (!input) continue;
    addInput(draft, input, ip);
    return;
  }
}

function addPredicate(draft: RequestDraft, predicate: ConfigNode | undefined, depth: number): void {
  if (!predicate || depth > 50) return;
  const single = predicate.get('single_predicate');
  if (single) {
    const value = sampleOfMatcher(single.get('value_match')) ?? ipOfMatch(single);
    if (value !== undefined) addInput(draft, single.get('input'), value);
    return;
  }
  for (const each of predicate.get('and_matcher')?.list('predicate') ?? []) addPredicate(draft, each, depth + 1);
  addPredicate(draft, predicate.get('or_matcher')?.list('predicate')[0], depth + 1);
}

function ipOfMatch(single: ConfigNode): string | undefined {
  const custom = single.get('custom_match')?.typed()?.node;
  return custom && firstIp(custom.list('cidr_ranges'));
}

/** Old spellings name the input (`istio.source_ip`), new ones its type (`SourceIPInput`). */
function addInput(draft: RequestDraft, input: ConfigNode | undefined, value: string): void {
  const type = input?.typed();
  const name = `${type?.type ?? ''} ${input?.string('name') ?? ''}`.toLowerCase().replace(/_/g, '');
  const ip = canonicalIp(value);
  if (name.includes('directsourceip')) draft.directSource = ip ?? draft.directSource;
  else if (name.includes('sourceip')) draft.sourceIp = ip ?? draft.sourceIp;
  else if (name.includes('sourceport')) draft.sourcePort = Number(value) || draft.sourcePort;
  else if (name.includes('destinationip') || /(^|[ .])ip(input)?$/.test(name)) draft.ip = ip ?? draft.ip;
  else if (name.includes('destinationport') || /(^|[ .])port(input)?$/.test(name)) draft.port = Number(value) || draft.port;
  else if (name.includes('servername')) addServerName(draft, value);
  else if (name.includes('transportprotocol')) draft.isTls = value === 'tls';
  else if (name.includes('applicationprotocol')) addProtocols(draft, [value.replace(/^'([^']*)'.*$/, '$1')]);
  else if (name.includes('httprequestheader')) setHeader(httpOf(draft), type?.node.string('header_name') ?? '', value);
  else if (name.includes('filterstate')) draft.filterState = { ...draft.filterState, [type?.node.string('key') ?? '']: value };
}

function addServerName(draft: RequestDraft, value: string): void {
  draft.isTls = true;
  draft.sni = value.replace(/^\*\./, 'a.');
}
