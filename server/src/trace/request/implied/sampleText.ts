/** A text that fulfils a condition: for matchers by text and for regular expressions. */
import { readTextComparison, type TextComparison } from '../../../model/summary/textComparison';
import type { ConfigNode } from '../../../schema/configNode';
import { compileRegex, fullMatch } from '../../matcher/regex';

/** A value that a `StringMatcher` takes; undefined where none is found. */
export function sampleOfMatcher(matcher: ConfigNode | undefined): string | undefined {
  const comparison = matcher && readTextComparison(matcher);
  return comparison && sampleOf(comparison);
}

/** A text for which a comparison holds; undefined where none is found. */
export function sampleOf({ kind, text }: TextComparison): string | undefined {
  return kind === 'regex' ? sampleOfRegex(text) : text;
}

/** A short text that the whole expression matches; undefined where this simple search finds none. */
export function sampleOfRegex(regex: string): string | undefined {
  if (regex.length > 1_000) return undefined;
  const sample = new Sampler(regex).alternatives();
  return fullMatch(compileRegex(regex), sample) ? sample : undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { d: '1', w: 'a', s: ' ', D: 'a', W: '-', S: 'a', b: '', B: '', A: '', z: '' };

/** Reads left to right and takes the first way through: the first alternative, the fewest repetitions. */
class Sampler {
  private at = 0;
  private depth = 0;

  constructor(private readonly regex: string) {}

  alternatives(): string {
    const first = this.sequence();
    while (this.peek() === '|') {
      this.at++;
      this.sequence();
    }
    return first;
  }

  private sequence(): string {
    let text = '';
    while (this.at < this.regex.length && this.peek() !== '|' && this.peek() !== ')') {
      const atom = this.atom();
      text += this.repeated(atom);
    }
    return text;
  }

  private repeated(atom: string): string {
    const mark = this.peek();
    let count = 1;
    if (mark === '*' || mark === '?') count = 0;
    else if (mark === '{') count = this.bounds();
    if (mark === '*' || mark === '?' || mark === '+') this.at++;
    if (this.peek() === '?' && mark !== undefined && '*+?{'.includes(mark)) this.at++;
    return atom.repeat(Math.min(count, 20));
  }

  private bounds(): number {
    const match = /^\{(\d+)(?:,\d*)?\}/.exec(this.regex.slice(this.at, this.at + 12));
    if (!match) return 1;
    this.at += match[0].length;
    return Number(match[1]);
  }

  private atom(): string {
    const char = this.regex[this.at++] ?? '';
    switch (char) {
      case '^':
      case '$':
        return '';
      case '.':
        return 'x';
      case '\\': {
        const next = this.regex[this.at++] ?? '';
        return ESCAPES[next] ?? next;
      }
      case '[':
        return this.charClass();
      case '(':
        return this.group();
      default:
        return char;
    }
  }

  private group(): string {
    const flags = /^\?[a-zA-Z-]+\)/.exec(this.regex.slice(this.at, this.at + 12));
    if (flags) {
      this.at += flags[0].length;
      return '';
    }
    const opening = /^\?(?:P?<[A-Za-z_]\w*>|[a-zA-Z-]*:)/.exec(this.regex.slice(this.at, this.at + 60));
    if (opening) this.at += opening[0].length;
    if (++this.depth > 50) return '';
    const inside = this.alternatives();
    this.depth--;
    if (this.peek() === ')') this.at++;
    return inside;
  }

  /** The first character of the class; one that is not in it for a negated class. */
  private charClass(): string {
    const negated = this.peek() === '^';
    if (negated) this.at++;
    const start = this.at;
    if (this.peek() === ']') this.at++;
    while (this.at < this.regex.length && this.peek() !== ']') this.at += this.peek() === '\\' ? 2 : 1;
    const content = this.regex.slice(start, this.at);
    this.at++;
    if (negated) return ['x', '1', '-', '/', ' '].find((char) => fullMatch(compileRegex(`[^${content}]`), char)) ?? 'x';
    return content.startsWith('\\') ? (ESCAPES[content[1] ?? ''] ?? content[1] ?? '') : (content[0] ?? '');
  }

  private peek(): string | undefined {
    return this.regex[this.at];
  }
}
