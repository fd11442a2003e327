/** Substitution format strings (Envoy: source/common/formatter/substitution_formatter.cc and stream_info_formatter.cc). */
import { inlineText } from '../../model/dataSource';
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { KEPT_BACK } from '../../schema/keptBack';
import { say, type Sentence } from '../record/sentence';
import type { MatchContext } from '../matcher/matchContext';
import { formatOperator } from './formatOperator';
import type { OperatorValue } from './operatorValue';
import { parseFormat, type FormatPart } from './parseFormat';

export type FormatResult = { readonly kind: 'text'; readonly value: string } | { readonly kind: 'unknown'; readonly missing: Sentence };

export interface FormatContext extends MatchContext {
  /** What stands for a value that is absent: `-`, or nothing where the configuration omits empty values (default). */
  readonly absentAs?: '' | '-';
}

/** Fills in a format string. Example: `%DYNAMIC_METADATA(tunnel:destination)%`. Unknown as soon as one of its values is. */
export function formatString(text: string, context: FormatContext): FormatResult {
  if (text === KEPT_BACK) return { kind: 'unknown', missing: say`a text that the dump keeps back` };
  if (!text.includes('%')) return { kind: 'text', value: text };
  let value = '';
  for (const part of partsOf(text)) {
    if (part.kind === 'text') {
      value += part.text;
      continue;
    }
    const found = formatOperator(part, context);
    if (found.kind === 'unknown') return found;
    value += textOf(found, context, part.maxLength);
  }
  return { kind: 'text', value };
}

/** Reads a `core.v3.SubstitutionFormatString` (text_format_source, text_format; omit_empty_values). JSON formats are unknown. */
export function formatSubstitution(node: ConfigNode, context: MatchContext): FormatResult {
  const text = formatTextOf(node);
  if (text === undefined) return { kind: 'unknown', missing: say`the text of a format string that is not written in the configuration` };
  return formatString(text, { ...context, absentAs: node.bool('omit_empty_values') === true ? '' : '-' });
}

/** The text of a `core.v3.SubstitutionFormatString`; undefined where it stands elsewhere, or is JSON. */
export const formatTextOf: (node: ConfigNode) => string | undefined = memoizeByNode((node) => {
  const source = node.get('text_format_source');
  const inline = inlineText(source) ?? node.get('text_format')?.asString();
  if (inline !== undefined) return inline;
  return !source && !node.has('json_format') && !node.isIncomplete ? '' : undefined;
});

function textOf(
  found: Exclude<OperatorValue, { kind: 'unknown' }>,
  { absentAs = '' }: FormatContext,
  maxLength: number | undefined,
): string {
  if (found.kind === 'absent') return absentAs;
  return maxLength === undefined ? found.value : found.value.slice(0, maxLength);
}

const parsed = new Map<string, readonly FormatPart[]>();

/** Parsed once per text; the table is emptied when it grows past 2,000 texts. */
function partsOf(text: string): readonly FormatPart[] {
  let parts = parsed.get(text);
  if (!parts) {
    if (parsed.size > 2_000) parsed.clear();
    parsed.set(text, (parts = parseFormat(text)));
  }
  return parts;
}
