/** Texts of `core.v3.DataSource`. */
import type { ConfigNode } from '../schema/configNode';
import { KEPT_BACK } from '../schema/keptBack';
import { decodeBase64Text } from '../text/encoding';

/** The fields of which one is given. */
export const DATA_SOURCE_FIELDS = ['filename', 'inline_bytes', 'inline_string', 'environment_variable'];

/** The text that stands in the configuration itself; undefined where it lies in a file or a variable, is kept back, or is no text. */
export function inlineText(source: ConfigNode | undefined): string | undefined {
  const text = source?.get('inline_string')?.asString();
  const bytes = source?.get('inline_bytes')?.asString();
  if (text === KEPT_BACK || bytes === KEPT_BACK) return undefined;
  return text ?? (bytes === undefined ? undefined : decodeBase64Text(bytes));
}

/** Where the text stands; undefined where it is not in the configuration. */
export function inlineNode(source: ConfigNode | undefined): ConfigNode | undefined {
  return source?.get('inline_string') ?? source?.get('inline_bytes');
}
