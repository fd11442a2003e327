/** A route that no request reaches: an earlier one takes every request that it would take. */
import type { ConfigNode } from '../../../../schema/configNode';
import { readPathSpecifier, type PathSpecifier } from '../../../../trace/http/routeMatch/matchPath';
import { VIRTUAL_HOST } from '../../messageNames';
import { adviceRule } from '../../messageRule';
import { warningAt } from '../../problem';
import type { Problem } from '../../rule';

export const shadowedRoute = adviceRule('shadowed-route', {
  [VIRTUAL_HOST]: (virtualHost) => {
    const earlier = new EarlierRoutes();
    return virtualHost.list('routes').map((route, index) => describe(route, earlier.takerOf(route, index)));
  },
});

function describe(route: ConfigNode, taker: TakenRoute | undefined): Problem | undefined {
  if (!taker) return undefined;
  const name = taker.route.string('name');
  const which = name === '' ? `the route at ${taker.index}` : `the route "${name}"`;
  return warningAt(route, `No request reaches this route: ${which} takes them before.`, {
    tag: 'unnecessary',
    related: [{ message: 'This route takes them', at: taker.route.get('match') ?? taker.route }],
  });
}

interface TakenRoute {
  readonly route: ConfigNode;
  readonly index: number;
}

interface EarlierRoute extends TakenRoute {
  readonly conditions: ReadonlySet<string>;
}

/** Prefixes of other lengths, routes of one path and expressions beyond these are not looked for: a bound on the work, not on the truth. */
const MAX_LENGTHS = 64;
const MAX_SAME_PATH = 16;
const MAX_EXPRESSIONS = 32;

/** The routes before the one in question by their paths. One of them takes all that it takes where its path covers and it asks for no more. */
class EarlierRoutes {
  private readonly byPath = new Map<string, EarlierRoute[]>();
  private readonly lengths = new Set<number>();
  private readonly expressions: { readonly test: (path: string) => boolean; readonly earlier: EarlierRoute }[] = [];

  /** The earlier route that takes all requests of this one; the route then counts as earlier itself. */
  takerOf(route: ConfigNode, index: number): TakenRoute | undefined {
    const match = route.get('match');
    if (!match || match.isIncomplete || route.isIncomplete) return undefined;
    const specifier = readPathSpecifier(match);
    const conditions = conditionsOf(match);
    if (specifier.kind === 'none' || specifier.kind === 'custom') return undefined;
    const taker = this.find(conditions, match, specifier);
    if (!taker && !isFraction(match)) this.add({ route, index, conditions }, specifier, match);
    return taker;
  }

  private add(earlier: EarlierRoute, specifier: PathSpecifier, match: ConfigNode): void {
    const key = keyOf(specifier, match);
    if (key === undefined) return;
    const same = this.byPath.get(key) ?? [];
    if (same.length < MAX_SAME_PATH) same.push(earlier);
    this.byPath.set(key, same);
    if ((specifier.kind === 'prefix' || specifier.kind === 'separated') && this.lengths.size < MAX_LENGTHS)
      this.lengths.add(specifier.text.length);
    if (specifier.kind === 'regex' && this.expressions.length < MAX_EXPRESSIONS) this.expressions.push({ test: specifier.test, earlier });
  }

  private find(conditions: ReadonlySet<string>, match: ConfigNode, specifier: PathSpecifier): TakenRoute | undefined {
    const at = (key: string): EarlierRoute | undefined => this.byPath.get(key)?.find((each) => asksNoMore(each, conditions));
    const same = at(keyOf(specifier, match) ?? '');
    if (same || specifier.kind === 'connect') return same;
    // Every path that is routed begins with a slash.
    const all = EVERY_PATH.map(at).find((each) => each !== undefined);
    if (all) return all;
    if (specifier.kind !== 'prefix' && specifier.kind !== 'path' && specifier.kind !== 'separated') return undefined;
    if (foldsCase(match)) return undefined;
    const { kind, text } = specifier;
    for (const length of this.lengths) {
      if (length > text.length) continue;
      const isBounded = text.charAt(length) === '/' || (text.length === length && kind !== 'prefix');
      const found = at(`prefix\n${text.slice(0, length)}`) ?? (isBounded ? at(`separated\n${text.slice(0, length)}`) : undefined);
      if (found) return found;
    }
    return kind === 'path'
      ? this.expressions.find(({ test, earlier }) => asksNoMore(earlier, conditions) && test(text))?.earlier
      : undefined;
  }
}

const EVERY_PATH = ['prefix\n/', 'prefix\n', 'regex\n.*', 'regex\n/.*', 'regex\n^.*$', 'regex\n^/.*$'];

function asksNoMore({ conditions }: EarlierRoute, of: ReadonlySet<string>): boolean {
  return [...conditions].every((condition) => of.has(condition));
}

function keyOf(specifier: PathSpecifier, match: ConfigNode): string | undefined {
  if (specifier.kind === 'none' || specifier.kind === 'custom') return undefined;
  const text = 'text' in specifier ? specifier.text : '';
  const hasLetters = /[a-z]/i.test(text);
  return `${specifier.kind}${foldsCase(match) && hasLetters ? ' without case' : ''}\n${text}`;
}

function foldsCase(match: ConfigNode): boolean {
  return match.bool('case_sensitive') === false;
}

const PATHS = new Set([
  'prefix',
  'path',
  'safe_regex',
  'regex',
  'connect_matcher',
  'path_separated_prefix',
  'path_match_policy',
  'case_sensitive',
  'runtime_fraction',
]);

/** Each thing that the match asks for beside the path. */
function conditionsOf(match: ConfigNode): ReadonlySet<string> {
  return new Set(
    match.entries().flatMap(([key, value]) => {
      const name = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      if (PATHS.has(name)) return [];
      return (value.isArray ? value.items() : [value]).map((item) => `${name}: ${JSON.stringify(item.toValue())}`);
    }),
  );
}

/** A share of the requests goes on to the next route. */
function isFraction(match: ConfigNode): boolean {
  return match.has('runtime_fraction');
}
