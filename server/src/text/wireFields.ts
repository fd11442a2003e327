/** Protobuf's wire format (https://protobuf.dev/programming-guides/encoding), as far as a field and what it holds. */
import { decodeUtf8 } from './encoding';

export interface WireField {
  readonly number: number;
  /** Of a varint; 0 for other fields. */
  readonly value: number;
  /** Of a text, bytes or a message; empty for other fields. */
  readonly bytes: Uint8Array;
}

const VARINT = 0;
const FIXED_64 = 1;
const DELIMITED = 2;
const FIXED_32 = 5;

/** The fields of a message in the order of its bytes; undefined for bytes that are none. */
export function readWireFields(bytes: Uint8Array): WireField[] | undefined {
  const fields: WireField[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = readVarint(bytes, at);
    if (!tag || tag.value < 8) return undefined;
    const wire = tag.value % 8;
    const isCounted = wire === VARINT || wire === DELIMITED;
    const given = isCounted ? readVarint(bytes, tag.end) : { value: FIXED_SIZES[wire] ?? NaN, end: tag.end };
    if (!given || Number.isNaN(given.value)) return undefined;
    const end = wire === VARINT ? given.end : given.end + given.value;
    if (end > bytes.length) return undefined;
    const number = Math.floor(tag.value / 8);
    const isDelimited = wire === DELIMITED;
    fields.push({ number, value: wire === VARINT ? given.value : 0, bytes: isDelimited ? bytes.subarray(given.end, end) : NO_BYTES });
    at = end;
  }
  return fields;
}

/** The texts of a repeated field. */
export function textFields(fields: readonly WireField[], number: number): string[] {
  return fields.filter((each) => each.number === number).map(({ bytes }) => decodeUtf8(bytes));
}

/** The last text of that field, '' without one. */
export function textField(fields: readonly WireField[], number: number): string {
  const field = fields.findLast((each) => each.number === number);
  return field ? decodeUtf8(field.bytes) : '';
}

/** The last varint of that field, 0 without one. */
export function numberField(fields: readonly WireField[], number: number): number {
  return fields.findLast((each) => each.number === number)?.value ?? 0;
}

/** The messages of that field; bytes that are no message are left out. */
export function messageFields(fields: readonly WireField[], number: number): WireField[][] {
  return fields.filter((each) => each.number === number).flatMap(({ bytes }) => [readWireFields(bytes) ?? []]);
}

const NO_BYTES = new Uint8Array(0);
const FIXED_SIZES: Readonly<Record<number, number>> = { [FIXED_64]: 8, [FIXED_32]: 4 };

/** Numbers beyond 2^53 lose their last bits. */
function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let length = 0; length < 10; length++) {
    const byte = bytes[start + length];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * length);
    if (byte < 0x80) return { value, end: start + length + 1 };
  }
  return undefined;
}
