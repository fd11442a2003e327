/** Lua's patterns (Lua 5.1 reference manual, 5.4.1; lstrlib.c), on ASCII texts, with a limit of steps. */
import { LuaError, LuaStop, type LuaRun } from './luaValue';

/** A capture: a text, or a position for `()`. */
export type LuaCapture = string | number;

export interface LuaMatch {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** An error where one is unfinished: for who asks. */
  readonly captures: () => readonly LuaCapture[];
}

const MAX_STEPS = 100_000;
const OPEN = -1;
const POSITION = -2;

/** The first match at or after `from`; undefined where there is none. Its steps count as steps of the script. */
export function matchLua(run: LuaRun, text: string, pattern: string, from: number): LuaMatch | undefined {
  const isAnchored = pattern.startsWith('^');
  const matcher = new PatternMatcher(text, pattern);
  for (let start = from; start <= text.length; start++) {
    const end = matcher.match(start, isAnchored ? 1 : 0);
    if (end !== undefined || isAnchored || start === text.length) run.step(matcher.steps >> 3);
    if (end !== undefined) return { start, end, captures: () => matcher.captures() };
    if (isAnchored) return undefined;
  }
  return undefined;
}

class PatternMatcher {
  steps = 0;
  private found: { start: number; length: number }[] = [];

  constructor(
    private readonly text: string,
    private readonly pattern: string,
  ) {}

  captures(): LuaCapture[] {
    return this.found.map(({ start, length }) => {
      if (length === OPEN) throw new LuaError('unfinished capture');
      return length === POSITION ? start + 1 : this.text.slice(start, start + length);
    });
  }

  match(at: number, from: number): number | undefined {
    if (from < 2) this.found = [];
    return this.matchFrom(at, from);
  }

  /** The end of the match of the pattern from `p` on; undefined where there is none. */
  private matchFrom(at: number, p: number): number | undefined {
    if (++this.steps > MAX_STEPS) throw new LuaStop('a pattern of so many steps');
    const { pattern, text } = this;
    if (p >= pattern.length) return at;
    if (pattern[p] === '(') return pattern[p + 1] === ')' ? this.withCapture(at, p + 2, POSITION) : this.withCapture(at, p + 1, OPEN);
    if (pattern[p] === ')') return this.closeCapture(at, p + 1);
    if (pattern[p] === '$' && p + 1 === pattern.length) return at === text.length ? at : undefined;
    if (pattern[p] === '%' && pattern[p + 1] === 'b') return this.matchBalance(at, p + 2);
    if (pattern[p] === '%' && pattern[p + 1] === 'f') return this.matchFrontier(at, p + 2);
    if (pattern[p] === '%' && /\d/.test(pattern[p + 1] ?? '')) return this.matchBack(at, p + 1);
    return this.matchItem(at, p, this.endOfClass(p));
  }

  private matchItem(at: number, p: number, end: number): number | undefined {
    const fits = (place: number): boolean => place < this.text.length && this.fits(this.text[place] ?? '', p, end);
    switch (this.pattern[end]) {
      case '?':
        return (fits(at) ? this.matchFrom(at + 1, end + 1) : undefined) ?? this.matchFrom(at, end + 1);
      case '+':
        return fits(at) ? this.matchMost(at, at + 1, { fits, rest: end + 1 }) : undefined;
      case '*':
        return this.matchMost(at, at, { fits, rest: end + 1 });
      case '-':
        for (let place = at; ; place++) {
          const found = this.matchFrom(place, end + 1);
          if (found !== undefined || !fits(place)) return found;
        }
      default:
        return fits(at) ? this.matchFrom(at + 1, end) : undefined;
    }
  }

  private matchMost(_: number, least: number, { fits, rest }: { fits: (place: number) => boolean; rest: number }): number | undefined {
    let most = least;
    while (fits(most)) most++;
    for (let place = most; place >= least; place--) {
      const found = this.matchFrom(place, rest);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private withCapture(at: number, p: number, length: number): number | undefined {
    this.found.push({ start: at, length });
    const found = this.matchFrom(at, p);
    if (found === undefined) this.found.pop();
    return found;
  }

  private closeCapture(at: number, p: number): number | undefined {
    const open = this.found.findLast(({ length }) => length === OPEN);
    if (!open) throw new LuaError('invalid pattern capture');
    open.length = at - open.start;
    const found = this.matchFrom(at, p);
    if (found === undefined) open.length = OPEN;
    return found;
  }

  private matchBalance(at: number, p: number): number | undefined {
    const [opening, closing] = [this.pattern[p], this.pattern[p + 1]];
    if (closing === undefined) throw new LuaError("malformed pattern (missing arguments to '%b')");
    if (this.text[at] !== opening) return undefined;
    let depth = 1;
    for (let place = at + 1; place < this.text.length; place++) {
      if (this.text[place] === closing) {
        if (--depth === 0) return this.matchFrom(place + 1, p + 2);
      } else if (this.text[place] === opening) depth++;
    }
    return undefined;
  }

  private matchFrontier(at: number, p: number): number | undefined {
    if (this.pattern[p] !== '[') throw new LuaError("missing '[' after '%f' in pattern");
    const end = this.endOfClass(p);
    const [before, here] = [at === 0 ? '\0' : (this.text[at - 1] ?? '\0'), this.text[at] ?? '\0'];
    return !this.fits(before, p, end) && this.fits(here, p, end) ? this.matchFrom(at, end) : undefined;
  }

  private matchBack(at: number, p: number): number | undefined {
    const capture = this.found[Number(this.pattern[p]) - 1];
    if (!capture || capture.length < 0) throw new LuaError('invalid capture index');
    const part = this.text.slice(capture.start, capture.start + capture.length);
    return this.text.startsWith(part, at) ? this.matchFrom(at + part.length, p + 1) : undefined;
  }

  /** Where the single class at `p` ends: `a`, `%a`, `[…]`. */
  private endOfClass(p: number): number {
    const { pattern } = this;
    if (pattern[p] === '%') {
      if (p + 1 >= pattern.length) throw new LuaError("malformed pattern (ends with '%')");
      return p + 2;
    }
    if (pattern[p] !== '[') return p + 1;
    let end = pattern[p + 1] === '^' ? p + 2 : p + 1;
    do {
      if (end >= pattern.length) throw new LuaError("malformed pattern (missing ']')");
      end += pattern[end] === '%' ? 2 : 1;
    } while (pattern[end] !== ']');
    return end + 1;
  }

  private fits(character: string, p: number, end: number): boolean {
    switch (this.pattern[p]) {
      case '.':
        return true;
      case '%':
        return fitsClass(character, this.pattern[p + 1] ?? '');
      case '[':
        return this.fitsSet(character, p + 1, end - 1);
      default:
        return this.pattern[p] === character;
    }
  }

  private fitsSet(character: string, start: number, end: number): boolean {
    const { pattern } = this;
    const isInverted = pattern[start] === '^';
    for (let p = isInverted ? start + 1 : start; p < end; p++) {
      if (pattern[p] === '%') {
        if (fitsClass(character, pattern[++p] ?? '')) return !isInverted;
      } else if (pattern[p + 1] === '-' && p + 2 < end) {
        if ((pattern[p] ?? '') <= character && character <= (pattern[p + 2] ?? '')) return !isInverted;
        p += 2;
      } else if (pattern[p] === character) return !isInverted;
    }
    return isInverted;
  }
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  a: /[A-Za-z]/,
  c: /\p{Cc}/u,
  d: /[0-9]/,
  l: /[a-z]/,
  p: /[!-/:-@[-`{-~]/,
  s: /[ \t-\r]/,
  u: /[A-Z]/,
  w: /[A-Za-z0-9]/,
  x: /[0-9A-Fa-f]/,
  z: /^\0$/,
};

/** An upper-case letter is the complement of the lower-case one; anything else stands for itself. */
function fitsClass(character: string, letter: string): boolean {
  const known = CLASSES[letter.toLowerCase()];
  if (!known || !/[a-zA-Z]/.test(letter)) return letter === character;
  return known.test(character) === (letter === letter.toLowerCase());
}
