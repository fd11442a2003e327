/** Reads a google.protobuf.FileDescriptorSet without generated code: only what the schema table needs, custom options included. */

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/**
 * Splits a message into its raw fields: field number → values in order (bigint for varints and fixed64, number for fixed32, Uint8Array for bytes).
 * @param {Uint8Array} bytes
 * @returns {Map<number, (bigint | number | Uint8Array)[]>}
 */
export function readRaw(bytes) {
  const fields = new Map();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('descriptor set is cut off');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const value = (wireType) => {
    if (wireType === VARINT) return varint();
    if (wireType === FIXED64) return view.getBigUint64((at += 8) - 8, true);
    if (wireType === FIXED32) return view.getUint32((at += 4) - 4, true);
    if (wireType !== BYTES) throw new Error(`wire type ${wireType} is not expected in a descriptor set`);
    const length = Number(varint());
    return bytes.subarray(at, (at += length));
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    const list = fields.get(number) ?? [];
    list.push(value(tag & 7));
    fields.set(number, list);
  }
  return fields;
}

const utf8 = new TextDecoder();
const last = (raw, number) => raw.get(number)?.at(-1);
const text = (raw, number) => (raw.has(number) ? utf8.decode(last(raw, number)) : '');
const integer = (raw, number) => (raw.has(number) ? Number(last(raw, number)) : 0);
const nested = (raw, number, read) => (raw.get(number) ?? []).map((bytes) => read(readRaw(bytes)));
/** Options stay raw: number → values. Options split over several entries are merged, as protobuf does. */
const options = (raw, number) => {
  const parts = raw.get(number) ?? [];
  const merged = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((offset, part) => (merged.set(part, offset), offset + part.length), 0);
  return readRaw(merged);
};

const readField = (raw) => ({
  name: text(raw, 1),
  extendee: text(raw, 2),
  number: integer(raw, 3),
  label: integer(raw, 4),
  type: integer(raw, 5),
  typeName: text(raw, 6).replace(/^\./, ''),
  oneofIndex: raw.has(9) ? integer(raw, 9) : undefined,
  jsonName: text(raw, 10),
  proto3Optional: integer(raw, 17) === 1,
  options: options(raw, 8),
});

const readEnum = (raw) => ({
  name: text(raw, 1),
  values: nested(raw, 2, (value) => ({
    name: text(value, 1),
    number: Number(BigInt.asIntN(32, BigInt(integer(value, 2)))),
    options: options(value, 3),
  })),
  options: options(raw, 3),
});

const readMessage = (raw) => ({
  name: text(raw, 1),
  fields: nested(raw, 2, readField),
  messages: nested(raw, 3, readMessage),
  enums: nested(raw, 4, readEnum),
  extensions: nested(raw, 6, readField),
  options: options(raw, 7),
  oneofs: nested(raw, 8, (oneof) => ({ name: text(oneof, 1), options: options(oneof, 2) })),
});

/**
 * @param {Uint8Array} bytes a serialized FileDescriptorSet
 * @returns one entry per file, in the order of the set
 */
export function decodeDescriptors(bytes) {
  return nested(readRaw(bytes), 1, (raw) => ({
    name: text(raw, 1),
    package: text(raw, 2),
    messages: nested(raw, 4, readMessage),
    enums: nested(raw, 5, readEnum),
    extensions: nested(raw, 7, readField),
    syntax: text(raw, 12),
  }));
}
