/** Texts as Lua has them: bytes. Here a text is UTF-8 that was decoded; what is no UTF-8 cannot be told. */
import { decodeUtf8, encodeUtf8 } from '../../text/encoding';
import { isAscii } from './luaNative';
import { unknownButTrue, type LuaValue } from './luaValue';

/** One character a byte. */
export function bytesOfText(text: string): string {
  return isAscii(text) ? text : Array.from(encodeUtf8(text), (byte) => String.fromCharCode(byte)).join('');
}

/** The text of so many bytes; unknown where they are no UTF-8. */
export function textOfBytes(bytes: string): LuaValue {
  if (isAscii(bytes)) return bytes;
  const text = decodeUtf8(Uint8Array.from(bytes, (letter) => letter.charCodeAt(0)));
  return bytesOfText(text) === bytes ? text : unknownButTrue('a text that is no UTF-8');
}
