/** Envoy's regular expressions: RE2, linear in the text, never JavaScript's own engine. */
import { RE2JS } from 're2js';
import { messageOfError } from '../../protocol/messageOfError';

export type CompiledRegex = { readonly kind: 'regex'; readonly pattern: RE2JS } | { readonly kind: 'invalid'; readonly message: string };

const compiled = new Map<string, CompiledRegex>();

/** Compiles once per text; the table is emptied when it grows past 5,000 patterns. An expression that RE2 refuses is `invalid`, with RE2's reason. */
export function compileRegex(text: string): CompiledRegex {
  const known = compiled.get(text);
  if (known) return known;
  if (compiled.size > 5_000) compiled.clear();
  const regex = tryCompile(text);
  compiled.set(text, regex);
  return regex;
}

function tryCompile(text: string): CompiledRegex {
  try {
    return { kind: 'regex', pattern: RE2JS.compile(text) };
  } catch (error) {
    return { kind: 'invalid', message: messageOfError(error) };
  }
}

/** True when the whole text matches (Envoy: source/common/common/regex.cc, FullMatch). An invalid expression matches nothing. */
export function fullMatch(regex: CompiledRegex, text: string): boolean {
  return regex.kind === 'regex' && regex.pattern.matches(text);
}

/** Envoy's replaceAll (RE2::GlobalReplace); `\1` refers to a group, `\0` to the whole match. A group that is not there: nothing is replaced. */
export function replaceAll(regex: CompiledRegex, text: string, substitution: string): string {
  if (regex.kind === 'invalid') return text;
  const highest = Math.max(0, ...[...substitution.matchAll(/\\(\d|\\)/g)].map(([, what]) => Number(what) || 0));
  if (highest > regex.pattern.groupCount()) return text;
  const matcher = regex.pattern.matcher(text);
  let result = '';
  let end = 0;
  let isFirst = true;
  while (matcher.find()) {
    // Right behind a match RE2 takes no empty one.
    if (!isFirst && matcher.end() === end) continue;
    isFirst = false;
    result += text.slice(end, matcher.start()) + expand(substitution, (group) => matcher.group(group) ?? '');
    end = matcher.end();
  }
  return result + text.slice(end);
}

/** It ends before a backslash with anything else behind it (RE2::Rewrite). */
function expand(substitution: string, group: (index: number) => string): string {
  const whole = /^(?:[^\\]|\\[\d\\])*/.exec(substitution)?.[0] ?? '';
  return whole.replace(/\\(\d|\\)/g, (_, what: string) => (what === '\\' ? '\\' : group(Number(what))));
}
