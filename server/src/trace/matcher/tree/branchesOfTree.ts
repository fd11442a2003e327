/** The branches of a matcher tree that an input leads to (Envoy: source/common/matcher/{map,exact_map,prefix_map}_matcher.h). */
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import type { RejectedList } from '../../record/hopRecord';
import { lazyRejected } from '../../record/rejectedList';
import { say, words, type Sentence } from '../../record/sentence';
import type { InputReading } from '../inputs/inputReading';
import { readInput } from '../inputs/readInput';
import type { MatchContext } from '../matchContext';
import { actionNames, countActions } from '../matcherActions';
import { domainBranches } from './domainBranches';
import { rangeBranches } from './rangeBranches';
import type { TreeLookup } from './treeLookup';

/** Reads the tree's input and looks it up. */
export function branchesOfTree(tree: ConfigNode, context: MatchContext): TreeLookup {
  const reading = readInput(tree.get('input'), context);
  const { what, value } = reading;
  const exact = tree.get('exact_match_map');
  if (value.kind === 'unknown') {
    const excluded = exact && value.excludes && [...keyTableOf(exact).byKey.keys()].every(value.excludes);
    return excluded ? lookUpMap(exact, { what, value: { kind: 'absent' } }, exactBranches) : { kind: 'unknown', missing: value.missing };
  }
  if (value.kind === 'not_available') return { kind: 'not_available', because: say`${what} is not available at this point` };
  if (exact) return lookUpMap(exact, reading, exactBranches);
  const prefix = tree.get('prefix_match_map');
  if (prefix) return lookUpMap(prefix, reading, prefixBranches);
  const custom = tree.get('custom_match')?.typed();
  switch (custom?.type) {
    case 'xds.type.matcher.v3.IPMatcher':
      return rangeBranches(custom.node, reading);
    case 'xds.type.matcher.v3.ServerNameMatcher':
      return domainBranches(custom.node, reading);
    case undefined:
      return { kind: 'unknown', missing: words('the map of the matcher tree, which the file leaves out') };
    default:
      return { kind: 'unknown', missing: say`what the matcher ${custom?.type ?? ''} does` };
  }
}

export interface KeyTable {
  readonly byKey: ReadonlyMap<string, ConfigNode>;
  /** Lengths of the keys, longest first. */
  readonly lengths: readonly number[];
}

/** Built once per map. */
const keyTableOf: (map: ConfigNode) => KeyTable = memoizeByNode((map) => {
  const byKey = new Map(map.get('map')?.entries() ?? []);
  return { byKey, lengths: [...new Set([...byKey.keys()].map((key) => key.length))].sort((a, b) => b - a) };
});

type Lookup = (table: KeyTable, text: string) => string[];

function lookUpMap(map: ConfigNode, { what, value }: InputReading, lookUp: Lookup): TreeLookup {
  const table = keyTableOf(map);
  const container = map.get('map') ?? map;
  if (value.kind !== 'text') {
    return {
      kind: 'found',
      branches: [],
      rejected: rejectKeys(table, [], say`${what} is absent`),
      missed: say`${what} is absent`,
      container,
      retriesByItself: false,
    };
  }
  const keys = lookUp(table, value.text);
  const branches = keys.flatMap((key) => {
    const onMatch = table.byKey.get(key);
    return onMatch
      ? [{ onMatch, because: key === value.text ? say`${what} is ${key}` : say`${what} ${value.text} begins with ${key}` }]
      : [];
  });
  const missed = keys.length > 0 ? say`nothing under ${keys} fits` : say`${what} is ${value.text}, which no entry has`;
  return {
    kind: 'found',
    branches,
    rejected: rejectKeys(table, keys, say`${what} is ${value.text}`),
    missed,
    container,
    retriesByItself: false,
  };
}

function exactBranches({ byKey }: KeyTable, text: string): string[] {
  return byKey.has(text) ? [text] : [];
}

/** Longest first. */
function prefixBranches({ byKey, lengths }: KeyTable, text: string): string[] {
  return lengths.flatMap((length) => {
    const key = text.slice(0, length);
    return key.length === length && byKey.has(key) ? [key] : [];
  });
}

const countAll: (map: ConfigNode) => number = memoizeByNode((map) =>
  map.entries().reduce((sum, [, branch]) => sum + countActions(branch), 0),
);

function rejectKeys({ byKey }: KeyTable, taken: readonly string[], because: Sentence): RejectedList {
  const map = [...byKey.values()][0]?.parent;
  const takenCount = taken.reduce((sum, key) => sum + countOf(byKey.get(key)), 0);
  return lazyRejected((map ? countAll(map) : 0) - takenCount, () =>
    [...byKey].flatMap(([key, onMatch]) =>
      taken.includes(key)
        ? []
        : actionNames(onMatch).map((candidate) => ({ candidate, because: say`${because}, must be ${key}`, at: onMatch })),
    ),
  );
}

function countOf(branch: ConfigNode | undefined): number {
  return branch ? countActions(branch) : 0;
}
