/** Percent-encoding of what stands in a query (Envoy: source/common/http/utility.cc, Utility::PercentEncoding::urlEncode). */
import { encodeUtf8 } from '../../text/encoding';

/** All but letters, digits, `-`, `.`, `_` and `*` (observed with Envoy 1.40). */
export function percentEncode(value: string): string {
  const hex = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return Array.from(value, (letter) => (/[A-Za-z0-9\-._*]/.test(letter) ? letter : Array.from(encodeUtf8(letter), hex).join(''))).join('');
}
