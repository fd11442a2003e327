/** The filter chains of a listener with their conditions read, and what Envoy would refuse about them. Built once per listener. */
import { readCidr, type CidrRange } from '../../model/address';
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { keepsBack, KEPT_BACK, lostField } from '../../schema/keptBack';
import { say, words, type Sentence } from '../record/sentence';
import { findOverlap } from './findOverlap';
import type { SourceType, FilterChain } from './filterChain';

export interface FilterChainTable {
  readonly chains: readonly FilterChain[];
  /** Envoy refuses the listener. */
  readonly refused: { readonly because: Sentence; readonly at: ConfigNode } | undefined;
  readonly byName: ReadonlyMap<string, FilterChain>;
}

/** Everything about a listener's chains that does not depend on the connection. `refused` is what a linter may report. */
export const filterChainTableOf: (listener: ConfigNode) => FilterChainTable = memoizeByNode((listener) => {
  const chains = listener.list('filter_chains').map(readFilterChain);
  const byName = new Map<string, FilterChain>();
  for (const chain of chains) if (!byName.has(chain.name)) byName.set(chain.name, chain);
  return { chains, byName, refused: refusalOf(listener, chains) };
});

/** The file leaves out, or keeps back, its name. */
export function isNameless({ name, node }: Pick<FilterChain, 'name' | 'node'>): boolean {
  return name === KEPT_BACK || (name === '' && node.isIncomplete);
}

/** The file leaves out, or keeps back, some of its conditions. */
function isObscure({ node, match }: FilterChain): boolean {
  return match ? keepsBack(match) : node.isIncomplete;
}

/** Or that one: a chain that asks for it may take the connection, or keep it from the chains that do not. */
export function isObscureAt({ node, match }: FilterChain, condition: string): boolean {
  return match ? lostField(match, [condition]) !== undefined : node.isIncomplete;
}

/** Unnamed chains are called by their place, counted from 0 as in the outline and in a trace's JSON. */
export function chainName({ name, index }: Pick<FilterChain, 'name' | 'index'>): Sentence {
  return name === '' ? say`${`#${index ?? 0}`}` : say`${name}`;
}

function readFilterChain(node: ConfigNode, index: number): FilterChain {
  const match = node.get('filter_chain_match');
  return {
    node,
    index,
    match,
    name: node.string('name'),
    destinationPort: match?.number('destination_port') ?? 0,
    destinationRanges: readRanges(match, 'prefix_ranges'),
    serverNames: readTexts(match, 'server_names').map((name) => (name.startsWith('*.') ? name.slice(1) : name).toLowerCase()),
    transportProtocol: match?.string('transport_protocol') ?? '',
    applicationProtocols: readTexts(match, 'application_protocols'),
    directSourceRanges: readRanges(match, 'direct_source_prefix_ranges'),
    sourceType: readSourceType(match),
    sourceRanges: readRanges(match, 'source_prefix_ranges'),
    sourcePorts: (match?.list('source_ports') ?? []).flatMap((port) => port.asNumber() ?? []),
  };
}

function readRanges(match: ConfigNode | undefined, field: string): CidrRange[] {
  return (match?.list(field) ?? []).flatMap((range) => readCidr(range) ?? []);
}

function readTexts(match: ConfigNode | undefined, field: string): string[] {
  return (match?.list(field) ?? []).flatMap((text) => text.asString() ?? []);
}

/** LOCAL is the older name of SAME_IP_OR_LOOPBACK. */
function readSourceType(match: ConfigNode | undefined): SourceType {
  if (match?.enumName('source_type') === 'LOCAL') return 'SAME_IP_OR_LOOPBACK';
  return match?.enumValue('source_type', ['ANY', 'SAME_IP_OR_LOOPBACK', 'EXTERNAL']) ?? 'ANY';
}

/** filter_chain_manager_impl.cc verifyNoDuplicateMatchers and setupFilterChainMatch; listener_impl.cc for the names. */
function refusalOf(listener: ConfigNode, chains: readonly FilterChain[]): FilterChainTable['refused'] {
  if (listener.has('filter_chain_matcher')) return refusedNames(chains);
  for (const { match } of chains) {
    const unimplemented = match?.get('address_suffix')?.asString() ? match.get('address_suffix') : match?.get('suffix_len');
    if (unimplemented) return { because: say`${'address_suffix'} and ${'suffix_len'} are not implemented`, at: unimplemented };
    const partial = match?.list('server_names').find((name) => isPartialWildcard(name.asString() ?? ''));
    if (partial) return { because: say`partial wildcards such as ${partial.asString()} are not supported in server names`, at: partial };
  }
  if (chains.some(isObscure)) return undefined;
  const [one, other] = findOverlap(chains) ?? [];
  if (!one || !other) return undefined;
  const because =
    one === other
      ? say`the filter chain ${one.name} names a condition twice`
      : say`the filter chains ${one.name} and ${other.name} have overlapping conditions`;
  return { because, at: other.match ?? other.node };
}

function isPartialWildcard(name: string): boolean {
  return name.includes('*') && !name.startsWith('*.');
}

function refusedNames(chains: readonly FilterChain[]): FilterChainTable['refused'] {
  const seen = new Set<string>();
  for (const { name, node } of chains) {
    if (isNameless({ name, node })) continue;
    if (name === '') return { because: words('with a filter_chain_matcher every filter chain needs a name'), at: node };
    if (seen.has(name)) return { because: say`with a filter_chain_matcher the name ${name} may stand only once`, at: node };
    seen.add(name);
  }
  return undefined;
}
