/** Base64 as Envoy reads it in headers (Envoy: source/common/common/base64.cc, Base64::decodeWithoutPadding). */
import { decodeBase64Text } from '../../text/encoding';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Bits of the last character that no byte takes, by how many characters the last group has. */
const LEFT_OVER = [0, 64, 15, 3];

/** The text; undefined where a character is none of the alphabet, or bits are left over that are not zero. Padding may be absent. */
export function decodeStrictBase64(text: string): string | undefined {
  const body = text.replace(/={1,2}$/, '');
  const last = ALPHABET.indexOf(body.at(-1) ?? '');
  const unused = LEFT_OVER[body.length % 4] ?? 0;
  if (last < 0 || unused === 64 || (last & unused) !== 0 || !/^[A-Za-z0-9+/]*$/.test(body)) return undefined;
  return decodeBase64Text(body);
}
