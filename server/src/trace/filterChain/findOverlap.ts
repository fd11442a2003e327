/** Two chains on one leaf of Envoy's nested maps (filter_chain_manager_impl.cc: "overlapping matching rules"). */
import type { FilterChain } from './filterChain';

/** Combinations that are looked at; beyond that Envoy's own word is taken that there are none. */
const MAX_LEAVES = 50_000;

/** The first two chains that one connection could reach alike (or one that says a condition twice, which Envoy refuses, too); undefined where there are none. */
export function findOverlap(chains: readonly FilterChain[]): readonly [FilterChain, FilterChain] | undefined {
  const leaves = new Map<string, FilterChain>();
  let count = 0;
  for (const chain of chains) {
    const keys = keysOf(chain);
    count += keys.reduce((product, { length }) => product * length, 1);
    if (count > MAX_LEAVES) return undefined;
    for (const leaf of combine(keys)) {
      const other = leaves.get(leaf);
      if (other) return [other, chain];
      leaves.set(leaf, chain);
    }
  }
  return undefined;
}

function keysOf(chain: FilterChain): readonly (readonly (string | number)[])[] {
  return [
    [chain.destinationPort],
    rangeKeys(chain.destinationRanges),
    orAny(chain.serverNames),
    [chain.transportProtocol],
    orAny(chain.applicationProtocols),
    rangeKeys(chain.directSourceRanges),
    [chain.sourceType],
    rangeKeys(chain.sourceRanges),
    orAny(chain.sourcePorts),
  ];
}

function rangeKeys(ranges: FilterChain['destinationRanges']): readonly string[] {
  return orAny(ranges.map(({ address, bits }) => `${maskedText(address.toByteArray(), bits)}/${bits}`));
}

function maskedText(bytes: readonly number[], bits: number): string {
  return bytes
    .map((byte, index) => (bits >= index * 8 + 8 ? byte : bits <= index * 8 ? 0 : byte & (0xff << (8 - (bits - index * 8)))))
    .join('.');
}

function orAny<Key>(keys: readonly Key[]): readonly (Key | '')[] {
  return keys.length === 0 ? [''] : keys;
}

/** Every combination as one text. */
function combine(levels: readonly (readonly (string | number)[])[]): string[] {
  return levels.reduce<string[]>((texts, keys) => texts.flatMap((text) => keys.map((key) => `${text}\u0000${key}`)), ['']);
}
