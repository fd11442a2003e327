/** A route that no request reaches: an earlier one takes every request that it would take. */
import type { ConfigNode } from '../../../../schema/configNode';
import { readPathSpecifier } from '../../../../trace/http/routeMatch/matchPath';
import { VIRTUAL_HOST } from '../../messageNames';
import { adviceRule } from '../../messageRule';
import { warningAt } from '../../problem';
import { follow, requestConditions, type RequestCondition } from '../../requestConditions';
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
  readonly conditions: readonly RequestCondition[];
}

/** Prefixes of other lengths, routes of one path and expressions beyond these are not looked for: a bound on the work, not on the truth. */
const MAX_LENGTHS = 64;
const MAX_SAME_PATH = 16;
const MAX_EXPRESSIONS = 32;

/** What is known of the paths that a route takes. */
interface Paths {
  readonly kind: 'path' | 'prefix' | 'separated' | 'regex' | 'template' | 'connect';
  readonly text: string;
  readonly folds: boolean;
}

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
    if (specifier.kind === 'none' || specifier.kind === 'custom') return undefined;
    const paths = { kind: specifier.kind, text: 'text' in specifier ? specifier.text : '', folds: match.bool('case_sensitive') === false };
    const conditions = requestConditions(match);
    const taker = this.find(paths, conditions);
    if (!taker && !isFraction(match)) this.add({ route, index, conditions }, paths, 'test' in specifier ? specifier.test : undefined);
    return taker;
  }

  private add(earlier: EarlierRoute, paths: Paths, test: ((path: string) => boolean) | undefined): void {
    const key = keyOf(paths);
    const same = this.byPath.get(key) ?? [];
    if (same.length < MAX_SAME_PATH) same.push(earlier);
    this.byPath.set(key, same);
    const { kind, text } = paths;
    if ((kind === 'prefix' || kind === 'separated') && this.lengths.size < MAX_LENGTHS) this.lengths.add(text.length);
    if (kind === 'regex' && test && this.expressions.length < MAX_EXPRESSIONS) this.expressions.push({ test, earlier });
  }

  private find(paths: Paths, conditions: readonly RequestCondition[]): TakenRoute | undefined {
    const at = (kind: Paths['kind'], text: string): EarlierRoute | undefined =>
      keysOf(kind, text, paths.folds)
        .flatMap((key) => this.byPath.get(key) ?? [])
        .find((each) => follow(each.conditions, conditions));
    const same = at(paths.kind, paths.text);
    if (same || paths.kind === 'connect') return same;
    // Every path that is routed begins with a slash.
    const all = EVERY_PATH.map(([kind, text]) => at(kind, text)).find((each) => each !== undefined);
    if (all) return all;
    const { kind, text } = beginningOf(paths);
    for (const length of this.lengths) {
      if (length > text.length) continue;
      const isBounded = text.charAt(length) === '/' || (text.length === length && kind !== 'prefix');
      const found = at('prefix', text.slice(0, length)) ?? (isBounded ? at('separated', text.slice(0, length)) : undefined);
      if (found) return found;
    }
    return kind === 'path' && !paths.folds
      ? this.expressions.find(({ test, earlier }) => follow(earlier.conditions, conditions) && test(text))?.earlier
      : undefined;
  }
}

const EVERY_PATH: readonly (readonly [kind: Paths['kind'], text: string])[] = [
  ['prefix', '/'],
  ['prefix', ''],
  ...['.*', '/.*', '^.*$', '^/.*$'].map((text) => ['regex', text] as const),
];

/** Of expressions and templates the text with which every path begins. */
function beginningOf({ kind, text }: Paths): Pick<Paths, 'kind' | 'text'> {
  if (kind === 'regex') return { kind: 'prefix', text: literalBeginning(text) };
  return kind === 'template' ? { kind: 'prefix', text: text.replace(/[{*].*$/s, '') } : { kind, text };
}

/** What stands before the first sign of a regular expression; the character before a repetition may be missing. */
function literalBeginning(regex: string): string {
  if (regex.includes('|')) return '';
  const [literal = ''] = /^[^\\^$.|?*+()[\]{}]*/.exec(regex.replace(/^\^/, '')) ?? [];
  const next = regex.replace(/^\^/, '').charAt(literal.length);
  return /[?*{]/.test(next) ? literal.slice(0, -1) : literal;
}

function keyOf({ kind, text, folds }: Paths): string {
  return folds && kind !== 'regex' && hasLetters(text) ? `${kind} without case\n${text.toLowerCase()}` : `${kind}\n${text}`;
}

/** Under which keys earlier routes stand that take the paths of this text; `folds`: in any case of its letters. */
function keysOf(kind: Paths['kind'], text: string, folds: boolean): string[] {
  const exact = keyOf({ kind, text, folds: false });
  const folded = keyOf({ kind, text, folds: true });
  if (exact === folded) return [exact];
  return folds ? [folded] : [exact, folded];
}

function hasLetters(text: string): boolean {
  return /[a-z]/i.test(text);
}

/** A share of the requests goes on to the next route. */
function isFraction(match: ConfigNode): boolean {
  return match.has('runtime_fraction');
}
