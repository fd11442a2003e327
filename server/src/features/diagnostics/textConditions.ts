/** When one condition on a text holds whenever another does: proofs for what is never reached, by the trace's own matchers. */
import { readTextComparison, type ComparisonKind, type TextComparison } from '../../model/summary/textComparison';
import type { ConfigNode } from '../../schema/configNode';
import { readStringMatcher } from '../../trace/matcher/stringMatcher';

export interface TextCondition extends TextComparison {
  readonly ignoresCase: boolean;
  /** The StringMatcher. */
  readonly value: ConfigNode;
}

/** Reads a StringMatcher; undefined where its kind is not understood. */
export function readTextCondition(value: ConfigNode | undefined): TextCondition | undefined {
  const comparison = value && readTextComparison(value);
  return comparison && { ...comparison, ignoresCase: value.bool('ignore_case') ?? false, value };
}

/** By the kind of the wider condition: the kinds whose text tells that it holds. */
const COVERED: Readonly<Record<ComparisonKind, readonly ComparisonKind[]>> = {
  exact: ['exact'],
  prefix: ['exact', 'prefix'],
  suffix: ['exact', 'suffix'],
  contains: ['exact', 'prefix', 'suffix', 'contains'],
  regex: ['exact'],
};

/** Does `wide` hold of every text of which `narrow` holds? False where that is not proved. */
export function coversText(wide: TextCondition, narrow: TextCondition): boolean {
  if (!COVERED[wide.kind].includes(narrow.kind) || (narrow.ignoresCase && !wide.ignoresCase)) return false;
  return readStringMatcher(wide.value).matches?.(narrow.text) ?? false;
}
