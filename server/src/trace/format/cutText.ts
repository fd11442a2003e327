/** `%COMMAND:LENGTH%` (Envoy: SubstitutionFormatUtils::truncate of source/common/formatter/substitution_format_utility.cc). */
import { decodeUtf8, encodeUtf8 } from '../../text/encoding';

/** The length counts bytes. */
export function cutText(text: string, maxLength: number | undefined): string {
  if (maxLength === undefined || text.length * 3 <= maxLength) return text;
  const bytes = encodeUtf8(text);
  return bytes.length <= maxLength ? text : decodeUtf8(bytes.subarray(0, maxLength));
}
