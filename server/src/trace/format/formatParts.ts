/** The parts of a format string, read once and filled in (Envoy: FormatterImpl of source/common/formatter/substitution_formatter.cc). */
import { cutText } from './cutText';
import { formatOperator } from './formatOperator';
import { parseFormat, type FormatPart } from './parseFormat';
import type { FormatContext, FormatResult } from './formatContext';

/** Unknown as soon as one of its values is. */
export function formatParts(parts: readonly FormatPart[], context: FormatContext): FormatResult {
  let value = '';
  for (const part of parts) {
    if (part.kind === 'text') {
      value += part.text;
      continue;
    }
    const found = formatOperator(part, context);
    if (found.kind === 'unknown') return found;
    value += found.kind === 'absent' ? (context.absentAs ?? '') : cutText(found.value, part.maxLength);
  }
  return { kind: 'text', value };
}

const parsed = new Map<string, readonly FormatPart[]>();

/** Parsed once per text; the table is emptied when it grows past 2,000 texts. */
export function partsOf(text: string): readonly FormatPart[] {
  let parts = parsed.get(text);
  if (!parts) {
    if (parsed.size > 2_000) parsed.clear();
    parsed.set(text, (parts = parseFormat(text)));
  }
  return parts;
}
