/** Formats whose result is JSON (Envoy: source/common/formatter/substitution_formatter.cc, JsonFormatterImpl). Tried on 1.40. */
import type { ConfigNode } from '../../schema/configNode';
import { formatOperator } from './formatOperator';
import { cutText } from './cutText';
import { formatParts, partsOf } from './formatParts';
import { numberText } from './jsonText';
import type { FormatContext, FormatResult } from './formatContext';

type Unknown = Extract<FormatResult, { kind: 'unknown' }>;

/** JSON, undefined where it is left out. */
type Made = string | undefined | Unknown;

/**
 * `json_format`: one line, members in the order of their names. A text that is one operator alone keeps the type of its value, and is null where it
 * has none; where empty values are omitted nulls are left out, and structs of nothing else.
 */
export function formatJson(format: ConfigNode, context: FormatContext): FormatResult {
  const made = writeValue(format, context);
  return typeof made === 'object' ? made : { kind: 'text', value: `${made ?? '{}'}\n` };
}

function writeValue(node: ConfigNode, context: FormatContext): Made {
  if (node.isArray)
    return join(
      '[',
      node.items().map((item) => writeValue(item, context)),
      ']',
    );
  if (node.isObject) return writeStruct(node, context);
  const value = node.toValue();
  if (typeof value === 'string') return writeText(value, context);
  return typeof value === 'number' ? numberText(value) : value === null ? writeNull(context) : JSON.stringify(value);
}

function writeStruct(node: ConfigNode, context: FormatContext): Made {
  const entries = [...node.entries()].sort(([one], [other]) => (one < other ? -1 : 1));
  const members = entries.map(([key, child]) => {
    const made = writeValue(child, context);
    return typeof made === 'string' ? `${JSON.stringify(key)}:${made}` : made;
  });
  const isLeftOut = omits(context) && members.every((member) => member === undefined);
  return isLeftOut ? undefined : join('{', members, '}');
}

function writeText(text: string, context: FormatContext): Made {
  if (!text.includes('%')) return JSON.stringify(text);
  const parts = partsOf(text);
  const [only, ...others] = parts;
  if (others.length > 0 || only?.kind !== 'operator') return quote(formatParts(parts, context));
  const found = formatOperator(only, context);
  switch (found.kind) {
    case 'absent':
      return writeNull(context);
    case 'unknown':
      return found;
    case 'value':
      return found.json ?? JSON.stringify(cutText(found.value, only.maxLength));
  }
}

function quote(made: FormatResult): Made {
  return made.kind === 'text' ? JSON.stringify(made.value) : made;
}

function writeNull(context: FormatContext): Made {
  return omits(context) ? undefined : 'null';
}

function omits({ absentAs }: FormatContext): boolean {
  return absentAs !== '-';
}

function join(open: string, parts: readonly Made[], close: string): Made {
  const unknown = parts.find((part) => typeof part === 'object');
  return unknown ?? `${open}${parts.filter((part) => typeof part === 'string').join(',')}${close}`;
}
