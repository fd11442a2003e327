/** When one condition on a text holds whenever another does: proofs for what is never reached, by the trace's own matchers. */
import type { ConfigNode } from '../../schema/configNode';
import { readStringMatcher } from '../../trace/matcher/stringMatcher';

export interface TextCondition {
  readonly kind: string;
  readonly text: string;
  readonly ignoresCase: boolean;
  /** The StringMatcher. */
  readonly value: ConfigNode;
}

/** Reads a StringMatcher; undefined where its kind is not understood. */
export function readTextCondition(value: ConfigNode | undefined): TextCondition | undefined {
  const kind = value && Object.keys(COVERED).find((name) => value.has(name));
  if (!value || kind === undefined) return undefined;
  const text = (kind === 'safe_regex' ? value.path('safe_regex', 'regex') : value.get(kind))?.asString() ?? '';
  return { kind, text, ignoresCase: value.bool('ignore_case') ?? false, value };
}

/** By the kind of the wider condition: the kinds whose text tells that it holds. */
const COVERED: Readonly<Record<string, readonly string[]>> = {
  exact: ['exact'],
  prefix: ['exact', 'prefix'],
  suffix: ['exact', 'suffix'],
  contains: ['exact', 'prefix', 'suffix', 'contains'],
  safe_regex: ['exact'],
};

/** Does `wide` hold of every text of which `narrow` holds? False where that is not proved. */
export function coversText(wide: TextCondition, narrow: TextCondition): boolean {
  if (!COVERED[wide.kind]?.includes(narrow.kind) || (narrow.ignoresCase && !wide.ignoresCase)) return false;
  return readStringMatcher(wide.value).matches?.(narrow.text) ?? false;
}
