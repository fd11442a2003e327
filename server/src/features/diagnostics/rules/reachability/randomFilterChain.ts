/** An explicit range of all addresses beside chains without a range: Envoy 1.40 lets one hide the other, at random each time it starts. */
import type { ConfigNode } from '../../../../schema/configNode';
import { LISTENER } from '../../messageNames';
import { adviceRule } from '../../messageRule';
import { warningAt } from '../../problem';
import type { Problem } from '../../rule';

const RANGES = ['prefix_ranges', 'direct_source_prefix_ranges', 'source_prefix_ranges'];

export const randomFilterChain = adviceRule('random-filter-chain', {
  [LISTENER]: (listener) =>
    listener.has('filter_chain_matcher') ? [] : RANGES.map((field) => findRandom(listener.list('filter_chains'), field)),
});

/** Chains that agree in everything that is looked at before the range stand at one level. Hardly any listener has a range of all addresses. */
function findRandom(chains: readonly ConfigNode[], field: string): Problem | undefined {
  const rangesOf = (chain: ConfigNode) => chain.get('filter_chain_match')?.list(field) ?? [];
  const explicit = chains.flatMap((chain) => {
    const all = rangesOf(chain).find((range) => (range.number('prefix_len') ?? 0) === 0 && range.string('address_prefix') !== '');
    return all ? { chain, all } : [];
  });
  if (explicit.length === 0) return undefined;
  const open = new Set(chains.filter((chain) => rangesOf(chain).length === 0).map((chain) => levelOf(chain, field)));
  const random = explicit.find(({ chain }) => open.has(levelOf(chain, field)));
  return (
    random &&
    warningAt(
      random.all,
      `Another filter chain has no "${field}" at this level: Envoy uses one of the two, at random each time it starts. Leave the range out.`,
    )
  );
}

const ORDER = [
  'destination_port',
  'prefix_ranges',
  'server_names',
  'transport_protocol',
  'application_protocols',
  'direct_source_prefix_ranges',
  'source_type',
  'source_prefix_ranges',
];

function levelOf(chain: ConfigNode, field: string): string {
  const match = chain.get('filter_chain_match');
  return JSON.stringify(ORDER.slice(0, ORDER.indexOf(field)).map((name) => match?.get(name)?.toValue() ?? null));
}
