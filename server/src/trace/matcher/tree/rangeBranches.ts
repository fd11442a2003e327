/** IPMatcher of a matcher tree (Envoy: source/extensions/common/matcher/ip_range_matcher.h). */
import { readCidr } from '../../../model/address';
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { keepsBack } from '../../../schema/keptBack';
import { say, type Sentence } from '../../record/sentence';
import type { InputReading } from '../inputs/inputReading';
import { joinRejected } from '../../record/rejectedList';
import { rejectBranch, rejectItems } from '../matcherActions';
import { PrefixTable } from './prefixTable';
import type { TreeLookup } from './treeLookup';

interface RangeEntry {
  readonly order: number;
  readonly item: ConfigNode;
  readonly text: string;
  readonly exclusive: boolean;
}

const rangeTableOf: (matcher: ConfigNode) => PrefixTable<RangeEntry> = memoizeByNode((matcher) => {
  const table = new PrefixTable<RangeEntry>();
  matcher.list('range_matchers').forEach((item, order) => {
    for (const range of item.list('ranges')) {
      const cidr = readCidr(range);
      if (cidr) table.add(cidr, { order, item, text: cidr.text, exclusive: item.bool('exclusive') === true });
    }
  });
  return table;
});

/** The file leaves out, or keeps back, a part of a range: it may hold any address. */
const hidesRanges: (matcher: ConfigNode) => boolean = memoizeByNode((matcher) =>
  matcher.list('range_matchers').some((item) => keepsBack(item.get('ranges') ?? item)),
);

/** All ranges that hold the IP, longest first, then as declared; an exclusive one counts only when it comes first. */
export function rangeBranches(matcher: ConfigNode, { what, value }: InputReading): TreeLookup {
  if (hidesRanges(matcher))
    return { kind: 'unknown', missing: say`which of the matcher's ranges hold ${what}: the file leaves out, or keeps back, some of them` };
  const container = matcher.get('range_matchers') ?? matcher;
  const text = value.kind === 'text' ? value.text : '';
  const found = rangeTableOf(matcher)
    .lookUp(text)
    .flatMap(({ values }) => [...values].sort((a, b) => a.order - b.order));
  const isCounted = ({ exclusive }: RangeEntry, index: number): boolean => index === 0 || !exclusive;
  const [counted, passedOver] = [found.filter(isCounted), found.filter((entry, index) => !isCounted(entry, index))];
  const others = rejectItems(container, new Set(found.map(({ item }) => item.id)), {
    because: value.kind === 'text' ? say`${what} ${text} is in none of its ranges` : say`${what} is absent`,
    field: 'ranges',
  });
  const exclusive = passedOver.map(({ item, text: range }) =>
    rejectBranch(
      item.get('on_match'),
      say`${what} ${text} is in ${range}, which is exclusive, and in ${found[0]?.text}, which comes first`,
      item,
    ),
  );
  return {
    kind: 'found',
    branches: counted.flatMap(({ item, text: range }) => {
      const onMatch = item.get('on_match');
      return onMatch ? [{ onMatch, because: say`${what} ${text} is in ${range}` }] : [];
    }),
    rejected: joinRejected([...exclusive, others]),
    missed: missedBy({ what, value }, found.length > 0),
    container,
    retriesByItself: true,
  };
}

function missedBy({ what, value }: InputReading, isHeld: boolean): Sentence {
  if (value.kind !== 'text') return say`${what} is absent`;
  return isHeld ? say`no range that holds ${what} ${value.text} leads anywhere` : say`no range holds ${what} ${value.text}`;
}
