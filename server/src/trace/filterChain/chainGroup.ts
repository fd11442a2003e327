/** A subtree of Envoy's nested maps: the chains that agree with every branch taken so far. Its tables are built when first needed. */
import type { CidrRange } from '../../model/address';
import { PrefixTable } from '../matcher/tree/prefixTable';
import { addToGroup } from '../../text/addToGroup';
import type { FilterChain } from './filterChain';
import { isObscureAt } from './filterChainTable';

export class ChainGroup {
  private readonly tables = new Map<string, ReadonlyMap<string | number, ChainGroup>>();
  private readonly rangeTables = new Map<string, RangeTable>();
  private readonly obscure = new Map<string, FilterChain | undefined>();
  private members: ReadonlySet<FilterChain> | undefined;

  constructor(readonly chains: readonly FilterChain[]) {}

  has(chain: FilterChain): boolean {
    this.members ??= new Set(this.chains);
    return this.members.has(chain);
  }

  /** The first chain of which the file has lost this condition. */
  obscureAt(condition: string): FilterChain | undefined {
    if (!this.obscure.has(condition))
      this.obscure.set(
        condition,
        this.chains.find((chain) => isObscureAt(chain, condition)),
      );
    return this.obscure.get(condition);
  }

  /** The branches of a criterion; chains without one stand under `neutral`. */
  branches<Key extends string | number>(
    criterion: string,
    keysOf: (chain: FilterChain) => readonly Key[],
    neutral: Key,
  ): ReadonlyMap<string | number, ChainGroup> {
    let table = this.tables.get(criterion);
    if (!table) {
      const lists = new Map<string | number, FilterChain[]>();
      for (const chain of this.chains) {
        const keys = keysOf(chain);
        for (const key of new Set(keys.length === 0 ? [neutral] : keys)) addToGroup(lists, key, chain);
      }
      table = new Map([...lists].map(([key, chains]) => [key, new ChainGroup(chains)]));
      this.tables.set(criterion, table);
    }
    return table;
  }

  /** The branches of an IP criterion. */
  ranges(criterion: string, rangesOf: (chain: FilterChain) => readonly CidrRange[]): RangeTable {
    let table = this.rangeTables.get(criterion);
    if (!table) this.rangeTables.set(criterion, (table = new RangeTable(this.chains, rangesOf)));
    return table;
  }
}

export type RangeBranch =
  | { readonly kind: 'group'; readonly group: ChainGroup }
  | { readonly kind: 'miss' }
  | { readonly kind: 'random'; readonly explicit: ChainGroup; readonly open: ChainGroup };

/** Longest prefix wins; chains without ranges are the catch-all. */
class RangeTable {
  /** Some chain asks for a range, so the address matters. */
  readonly matters: boolean;
  private readonly open: ChainGroup | undefined;
  private readonly table = new PrefixTable<FilterChain>();
  private readonly groups = new Map<readonly FilterChain[], ChainGroup>();

  constructor(chains: readonly FilterChain[], rangesOf: (chain: FilterChain) => readonly CidrRange[]) {
    const open = chains.filter((chain) => rangesOf(chain).length === 0);
    this.open = open.length > 0 ? new ChainGroup(open) : undefined;
    this.matters = open.length < chains.length;
    for (const chain of chains) for (const range of rangesOf(chain)) this.table.add(range, chain);
  }

  lookUp(ip: string): RangeBranch {
    const best = this.table.lookUp(ip)[0];
    if (!best) return this.open ? { kind: 'group', group: this.open } : { kind: 'miss' };
    let group = this.groups.get(best.values);
    if (!group) this.groups.set(best.values, (group = new ChainGroup([...new Set(best.values)])));
    return best.bits === 0 && this.open ? { kind: 'random', explicit: group, open: this.open } : { kind: 'group', group };
  }

  get openGroup(): ChainGroup | undefined {
    return this.open;
  }
}
