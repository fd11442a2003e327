/** Substitution format strings (Envoy: source/common/formatter/substitution_formatter.cc and stream_info_formatter.cc). */
import { inlineText } from '../../model/dataSource';
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { keepsBack, KEPT_BACK } from '../../schema/keptBack';
import { say } from '../record/sentence';
import { formatJson } from './formatJson';
import { formatParts, partsOf } from './formatParts';
import type { FormatResult, FormatContext } from './formatContext';

/** Fills in a format string. Example: `%DYNAMIC_METADATA(tunnel:destination)%`. Unknown as soon as one of its values is. */
export function formatString(text: string, context: FormatContext): FormatResult {
  if (text === KEPT_BACK) return { kind: 'unknown', missing: say`a text that the dump keeps back` };
  if (!text.includes('%')) return { kind: 'text', value: text };
  return formatParts(partsOf(text), context);
}

/** Reads a `core.v3.SubstitutionFormatString` (text_format_source, text_format, json_format; omit_empty_values). */
export function formatSubstitution(node: ConfigNode, context: FormatContext): FormatResult {
  const filled: FormatContext = { ...context, absentAs: node.bool('omit_empty_values') === true ? '' : '-' };
  const json = node.get('json_format');
  if (json && !keepsBack(json)) return formatJson(json, filled);
  const text = formatTextOf(node);
  if (text === undefined) return { kind: 'unknown', missing: say`the text of a format string that is not written in the configuration` };
  return formatString(text, filled);
}

/** The text of a `core.v3.SubstitutionFormatString`; undefined where it stands elsewhere, or is JSON. */
export const formatTextOf: (node: ConfigNode) => string | undefined = memoizeByNode((node) => {
  const source = node.get('text_format_source');
  const inline = inlineText(source) ?? node.get('text_format')?.asString();
  if (inline !== undefined) return inline;
  return !source && !node.has('json_format') && !node.isIncomplete ? '' : undefined;
});
