/** How a matcher compares a text: which kind, with what. Without the flags around it (`ignore_case`, `invert_match`). */
import type { ConfigNode } from '../../schema/configNode';

export interface TextComparison {
  readonly kind: ComparisonKind;
  /** The wanted text, or the regular expression. */
  readonly text: string;
}

export type ComparisonKind = (typeof TEXTS)[number] | 'regex';

const TEXTS = ['exact', 'prefix', 'suffix', 'contains'] as const;

/** Of a `StringMatcher` (envoy.type.matcher.v3, xds.type.matcher.v3); undefined where it is a custom one, or its text is not there. */
export function readTextComparison(matcher: ConfigNode): TextComparison | undefined {
  const regex = matcher.path('safe_regex', 'regex')?.asString() ?? matcher.get('regex')?.asString();
  return regex === undefined ? firstText(matcher, '') : { kind: 'regex', text: regex };
}

/** Of a `HeaderMatcher` (envoy.config.route.v3): of its `string_match`, or of the older fields in its place, `exact_match` … `safe_regex_match`. */
export function readHeaderComparison(header: ConfigNode): TextComparison | undefined {
  const matcher = header.get('string_match');
  if (matcher) return readTextComparison(matcher);
  const regex = header.path('safe_regex_match', 'regex')?.asString();
  return regex === undefined ? firstText(header, '_match') : { kind: 'regex', text: regex };
}

function firstText(matcher: ConfigNode, ending: '' | '_match'): TextComparison | undefined {
  for (const kind of TEXTS) {
    const text = matcher.get(`${kind}${ending}`)?.asString();
    if (text !== undefined) return { kind, text };
  }
  return undefined;
}

/** Said of what is compared. Example: `begins with /api` */
export const COMPARISON_WORDS: Readonly<Record<ComparisonKind, string>> = {
  exact: 'is',
  prefix: 'begins with',
  suffix: 'ends with',
  contains: 'contains',
  regex: 'matches',
};
