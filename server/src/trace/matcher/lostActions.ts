/**
 * What Envoy loses of a matcher with `keep_matching`, or an input that is not asked for, at a place that takes neither and does not look at the errors: all that it
 * makes after the first of them does nothing (source/common/matcher/{matcher,validation_visitor}.h; observed with Envoy 1.40).
 */
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { asksForMore } from './asksFor';
import { MAX_MATCHER_DEPTH } from './matcherActions';
import { keptMatches } from './matcherNodes';

/** `perhaps`: the entries of a map are made in any order. */
export type Loss = 'lost' | 'perhaps';

/** By the id of an OnMatch, or, for what follows a miss, of the matcher: `on_no_match` is lost even where there is none. */
export type LostActions = ReadonlyMap<number, Loss>;

export type FindLost = (matcher: ConfigNode) => LostActions;

/** `inputs`: the messages of those that the place takes; without them it takes all. */
export function findLostActions(inputs?: ReadonlySet<string>): FindLost {
  return memoizeByNode((matcher) => {
    const making = new Making(inputs);
    if (making.fails(matcher)) making.matcher(matcher, 0);
    return making.lost;
  });
}

/** In the order in which Envoy makes the parts (MatchTreeFactory). */
class Making {
  readonly lost = new Map<number, Loss>();
  private hasFailed = false;

  constructor(private readonly inputs: ReadonlySet<string> | undefined) {}

  /** Whether an error lies in it. */
  fails(node: ConfigNode): boolean {
    return keptMatches(node).length > 0 || this.asksForMore(node);
  }

  matcher(matcher: ConfigNode, depth: number): void {
    const tree = matcher.get('matcher_tree');
    if (this.asksForMore(tree?.get('input'))) this.hasFailed = true;
    if (tree) {
      this.onMatch(matcher.id, matcher.get('on_no_match'), depth);
      this.branches(tree, depth);
      return;
    }
    for (const item of matcher.path('matcher_list', 'matchers')?.items() ?? []) {
      if (this.asksForMore(item.get('predicate'))) this.hasFailed = true;
      const onMatch = item.get('on_match');
      if (onMatch) this.onMatch(onMatch.id, onMatch, depth);
    }
    this.onMatch(matcher.id, matcher.get('on_no_match'), depth);
  }

  private onMatch(key: number, onMatch: ConfigNode | undefined, depth: number): void {
    if (onMatch?.bool('keep_matching') === true) this.hasFailed = true;
    const nested = onMatch?.get('matcher');
    if (this.hasFailed) this.lost.set(key, 'lost');
    else if (nested && depth < MAX_MATCHER_DEPTH) this.matcher(nested, depth + 1);
  }

  private branches(tree: ConfigNode, depth: number): void {
    const custom = tree.get('custom_match')?.typed()?.node;
    const inOrder = [...(custom?.list('range_matchers') ?? []), ...(custom?.list('domain_matchers') ?? [])];
    for (const onMatch of inOrder.flatMap((item) => item.get('on_match') ?? [])) this.onMatch(onMatch.id, onMatch, depth);
    const map = tree.path('exact_match_map', 'map') ?? tree.path('prefix_match_map', 'map');
    this.entries(map?.entries().map(([, onMatch]) => onMatch) ?? [], depth);
  }

  private entries(all: readonly ConfigNode[], depth: number): void {
    const before = this.hasFailed;
    const failing = all.filter((each) => this.fails(each));
    for (const each of all) {
      this.hasFailed = before;
      this.onMatch(each.id, each, depth);
      const isAlone = failing.length === 1 && failing[0] === each;
      if (failing.length > 0 && !isAlone && !this.lost.has(each.id)) this.lost.set(each.id, 'perhaps');
    }
    this.hasFailed = before || failing.length > 0;
  }

  private asksForMore(node: ConfigNode | undefined): boolean {
    return this.inputs !== undefined && asksForMore(node, this.inputs);
  }
}
