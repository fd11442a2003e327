/** Base64, padded or not, as a UTF-8 text. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const DIGITS: ReadonlyMap<string, number> = new Map([
  ...ALPHABET.split('').map((digit, value) => [digit, value] as const),
  ['-', 62],
  ['_', 63],
]);

/** Undefined where the text is no base64 (standard or URL-safe alphabet); bytes that are no UTF-8 become U+FFFD or their Latin-1 letters. */
export function decodeBase64(text: string): string | undefined {
  const bytes = decodeBase64Bytes(text);
  if (!bytes) return undefined;
  const escaped = bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  try {
    return decodeURIComponent(escaped);
  } catch {
    return bytes.map((byte) => String.fromCharCode(byte)).join('');
  }
}

export function decodeBase64Bytes(text: string): number[] | undefined {
  const digits = text.replace(/={1,2}$/, '');
  if (digits.length % 4 === 1) return undefined;
  const bytes: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (let index = 0; index < digits.length; index++) {
    const value = DIGITS.get(digits.charAt(index));
    if (value === undefined) return undefined;
    buffer = ((buffer << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) bytes.push((buffer >> (bits -= 8)) & 0xff);
  }
  return bytes;
}
