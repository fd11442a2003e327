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

/** Prefixes of other lengths than these are not looked for: a bound on the work, not on the truth of what is said. */
const MAX_LENGTHS = 64;

/** The routes before the one in question, by their conditions and paths. Only equal conditions, and none at all, prove anything. */
class EarlierRoutes {
  private readonly byPath = new Map<string, TakenRoute>();
  private readonly lengths = new Set<number>();

  /** The earlier route that takes all requests of this one; the route then counts as earlier itself. */
  takerOf(route: ConfigNode, index: number): TakenRoute | undefined {
    const match = route.get('match');
    if (!match || match.isIncomplete || route.isIncomplete) return undefined;
    const specifier = readPathSpecifier(match);
    const conditions = conditionsOf(match);
    if (specifier.kind === 'none' || specifier.kind === 'custom') return undefined;
    const taker = this.find('', match, specifier) ?? (conditions === '' ? undefined : this.find(conditions, match, specifier));
    if (!taker && !isFraction(match)) this.add({ route, index }, conditions, match);
    return taker;
  }

  private add(taken: TakenRoute, conditions: string, match: ConfigNode): void {
    const specifier = readPathSpecifier(match);
    const key = keyOf(conditions, specifier, match);
    if (key === undefined || this.byPath.has(key)) return;
    this.byPath.set(key, taken);
    if ((specifier.kind === 'prefix' || specifier.kind === 'separated') && this.lengths.size < MAX_LENGTHS)
      this.lengths.add(specifier.text.length);
  }

  private find(conditions: string, match: ConfigNode, specifier: PathSpecifier): TakenRoute | undefined {
    const same = this.byPath.get(keyOf(conditions, specifier, match) ?? '');
    if (same) return same;
    if (specifier.kind === 'connect') return undefined;
    // Every path that is routed begins with a slash.
    const all = this.byPath.get(`${conditions}\nprefix\n/`) ?? this.byPath.get(`${conditions}\nprefix\n`);
    if (all) return all;
    if (specifier.kind !== 'prefix' && specifier.kind !== 'path' && specifier.kind !== 'separated') return undefined;
    if (foldsCase(match)) return undefined;
    for (const length of this.lengths) {
      if (length > specifier.text.length) continue;
      const found =
        this.byPath.get(`${conditions}\nprefix\n${specifier.text.slice(0, length)}`) ?? this.separatedTaker(conditions, specifier, length);
      if (found) return found;
    }
    return undefined;
  }

  private separatedTaker(conditions: string, { kind, text }: { kind: string; text: string }, length: number): TakenRoute | undefined {
    const isBounded = text.charAt(length) === '/' || (text.length === length && kind !== 'prefix');
    return isBounded ? this.byPath.get(`${conditions}\nseparated\n${text.slice(0, length)}`) : undefined;
  }
}

function keyOf(conditions: string, specifier: PathSpecifier, match: ConfigNode): string | undefined {
  if (specifier.kind === 'none' || specifier.kind === 'custom') return undefined;
  const text = 'text' in specifier ? specifier.text : '';
  const hasLetters = /[a-z]/i.test(text);
  return `${conditions}\n${specifier.kind}${foldsCase(match) && hasLetters ? ' without case' : ''}\n${text}`;
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
]);

/** Everything that the match asks for beside the path, as one text; '' for nothing. */
function conditionsOf(match: ConfigNode): string {
  const others = match.entries().flatMap(([key, value]) => {
    const name = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const isEmpty = value.isArray && value.items().length === 0;
    return PATHS.has(name) || isEmpty || name === 'runtime_fraction' ? [] : [`${name}: ${JSON.stringify(value.toValue())}`];
  });
  return others.sort().join('\n');
}

/** A share of the requests goes on to the next route. */
function isFraction(match: ConfigNode): boolean {
  return match.has('runtime_fraction');
}
