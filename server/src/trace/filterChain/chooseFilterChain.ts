/** Chooses the filter chain: by filter_chain_matcher where there is one, else by filter_chain_match, else the default chain. */
import type { ConfigNode } from '../../schema/configNode';
import { addStep, type Hop, type HopResult } from '../hop';
import { refusalOfMatcher } from '../matcher/refusedParts';
import { cannotTell, ending, type RejectedList } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import { chainName, filterChainTableOf, isNameless, type FilterChainTable } from './filterChainTable';
import { matchByMatcher } from './matchByMatcher';
import { matchFilterChain } from './matchFilterChain';
import { rejectedChains } from './rejectedChains';
import type { FilterChain } from './filterChain';

/** Sets `hop.filterChain`; ends with `no_filter_chain` where there is none, `config_rejected` where Envoy refuses the chains. */
export function chooseFilterChain(hop: Hop): HopResult | undefined {
  const { listener } = hop;
  if (!listener) return cannotTell(words('which listener takes the connection'));
  const table = filterChainTableOf(listener);
  if (hop.assumed?.filterChain) return takeAssumed(hop, table, hop.assumed.filterChain);
  const refused = refusalOf(listener, table) ?? refusalOfMatcher(listener, 'envoy.config.listener.v3.Listener');
  if (refused) return rejectConfig(hop, refused);
  if (hop.doubts && !isOnlyChain(listener, table)) return cannotTell(...hop.doubts);
  return listener.has('filter_chain_matcher') ? chooseByMatcher(hop, listener, table) : chooseByMatch(hop, listener, table);
}

function takeAssumed(hop: Hop, { chains }: FilterChainTable, node: ConfigNode): undefined {
  const chain = chains.find((each) => each.node.sameAs(node));
  take(hop, { node, index: chain?.index ?? null, because: words('the trace begins here'), at: node, rejected: [], assumed: true });
}

interface Choice {
  readonly node: ConfigNode;
  readonly index: number | null;
  readonly because: Sentence;
  readonly at: ConfigNode;
  readonly rejected: RejectedList;
  readonly assumed?: boolean;
}

function take(hop: Hop, { node, index, because, at, rejected, assumed }: Choice): undefined {
  hop.filterChain = node;
  const name = node.string('name');
  hop.record.filterChain = { name, index };
  const which =
    index === null
      ? say`the default filter chain${name === '' ? words('') : say` ${name}`}`
      : say`filter chain ${chainName({ name, index })}`;
  addStep(hop, {
    stage: 'filter_chain',
    decision: say`${which} serves the connection`,
    because,
    at,
    rejected,
    ...(assumed && { assumed }),
  });
}

function refusalOf(listener: ConfigNode, { chains, refused }: FilterChainTable): FilterChainTable['refused'] {
  if (refused) return refused;
  const holder = listener.get('filter_chains');
  if (chains.length > 0 || listener.has('default_filter_chain') || holder?.isIncomplete || listener.isIncomplete) return undefined;
  return { because: words('it has no filter chains'), at: listener };
}

function rejectConfig(hop: Hop, { because, at }: { because: Sentence; at: ConfigNode }): HopResult {
  addStep(hop, { stage: 'filter_chain', decision: say`Envoy refuses the listener ${hop.record.listener}`, because, at });
  return ending('config_rejected');
}

/** Nothing that a filter finds out could lead elsewhere. */
function isOnlyChain(listener: ConfigNode, { chains }: FilterChainTable): boolean {
  const [only] = chains;
  return chains.length === 1 && !listener.has('filter_chain_matcher') && (only?.match?.entries().length ?? 0) === 0;
}

function chooseByMatch(hop: Hop, listener: ConfigNode, { chains }: FilterChainTable): HopResult | undefined {
  const lookup = matchFilterChain(listener, hop);
  if (lookup.kind === 'unknown') return cannotTell(lookup.missing);
  if (lookup.kind === 'chain') {
    const { chain, levels } = lookup;
    const decided = levels.flatMap(({ criterion, value }) => (criterion.asks(chain).length > 0 ? [value] : []));
    const because =
      decided.length > 0
        ? joinValues(decided)
        : chains.length > 1
          ? words('no other chain fits, and it has no conditions')
          : words('it is the only one and has no conditions');
    return take(hop, {
      node: chain.node,
      index: chain.index,
      because,
      at: chain.match ?? chain.node,
      rejected: rejectedChains(chains, { chosen: chain, levels, facts: hop }),
    });
  }
  const last = lookup.levels.at(-1);
  const because =
    chains.length === 0
      ? words('the listener has no other chain')
      : say`no filter chain fits: ${last?.value ?? words('no condition holds')}`;
  return takeDefault(hop, listener, {
    because,
    rejected: rejectedChains(chains, { chosen: undefined, levels: lookup.levels, facts: hop }),
  });
}

function joinValues(values: readonly Sentence[]): Sentence {
  return { strings: ['', ...values.map((_, index) => (index < values.length - 1 ? ', ' : ''))], values };
}

function chooseByMatcher(hop: Hop, listener: ConfigNode, table: FilterChainTable): HopResult | undefined {
  const found = matchByMatcher(hop, listener);
  switch (found.kind) {
    case 'ending':
      return found;
    case 'miss':
      return takeDefault(hop, listener, found);
    case 'name':
      break;
  }
  const chain: FilterChain | undefined = table.byName.get(found.name);
  if (chain) return take(hop, { node: chain.node, index: chain.index, because: found.because, at: found.action, rejected: found.rejected });
  if (listener.get('filter_chains')?.isIncomplete || table.chains.some(isNameless))
    return cannotTell(say`the filter chain ${found.name}, which the file leaves out`);
  // FilterChainNameAction gives null, and null is final: the default chain is not tried (filter_chain_manager_impl.cc).
  addStep(hop, {
    stage: 'filter_chain',
    decision: words('no filter chain serves the connection'),
    because: say`the matcher names ${found.name}, and no chain has that name${words(insteadOf(listener))}`,
    at: found.action,
    rejected: found.rejected,
  });
  return noChain();
}

function takeDefault(
  hop: Hop,
  listener: ConfigNode,
  { because, rejected }: { because: Sentence; rejected: RejectedList },
): HopResult | undefined {
  const otherwise = listener.get('default_filter_chain');
  if (listener.get('filter_chains')?.isIncomplete) return cannotTell(say`the filter chains that the file leaves out: ${because}`);
  if (otherwise) return take(hop, { node: otherwise, index: null, because, at: otherwise, rejected });
  if (listener.isIncomplete) return cannotTell(say`the rest of the listener, which the file leaves out: ${because}`);
  addStep(hop, {
    stage: 'filter_chain',
    decision: words('no filter chain serves the connection'),
    because,
    at: listener.get('filter_chain_matcher') ?? listener.get('filter_chains') ?? listener,
    rejected,
  });
  return noChain();
}

function noChain(): HopResult {
  return ending('no_filter_chain', { flags: ['NR'], details: 'filter_chain_not_found' });
}

/** Who has a default chain expects it to serve. */
function insteadOf(listener: ConfigNode): string {
  return listener.has('default_filter_chain') ? '; the default filter chain does not serve instead' : '';
}
