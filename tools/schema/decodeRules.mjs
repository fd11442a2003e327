/** Turns the raw `validate.rules` option of a field (protoc-gen-validate) into the compact object that the schema table stores. */
import { readRaw } from './decodeDescriptors.mjs';

const utf8 = new TextDecoder();
const asDouble = (bits) => new Float64Array(BigUint64Array.of(bits).buffer)[0];
const asFloat = (bits) => new Float32Array(Uint32Array.of(bits).buffer)[0];
const bytesToText = (bytes) => utf8.decode(bytes);
const asBoolean = (value) => value !== 0n;
const asNumber = (value) => (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value));
const asSigned = (bits) => (value) => asNumber(BigInt.asIntN(bits, value));
const asZigzag = (value) => asNumber((value >> 1n) ^ -(value & 1n));
/** Seconds, as a number. */
const asDuration = (bytes) => {
  const raw = readRaw(bytes);
  return Number(BigInt.asIntN(64, raw.get(1)?.at(-1) ?? 0n)) + Number(BigInt.asIntN(64, raw.get(2)?.at(-1) ?? 0n)) / 1e9;
};

const numeric = (read) => ({
  1: ['const', read],
  2: ['lt', read],
  3: ['lte', read],
  4: ['gt', read],
  5: ['gte', read],
  6: ['in', read, 'list'],
  7: ['notIn', read, 'list'],
  8: ['ignoreEmpty', asBoolean],
});

const text = {
  1: ['const', bytesToText],
  2: ['minLen', asNumber],
  3: ['maxLen', asNumber],
  4: ['minBytes', asNumber],
  5: ['maxBytes', asNumber],
  6: ['pattern', bytesToText],
  7: ['prefix', bytesToText],
  8: ['suffix', bytesToText],
  9: ['contains', bytesToText],
  10: ['in', bytesToText, 'list'],
  11: ['notIn', bytesToText, 'list'],
  12: ['email', asBoolean],
  13: ['hostname', asBoolean],
  14: ['ip', asBoolean],
  15: ['ipv4', asBoolean],
  16: ['ipv6', asBoolean],
  17: ['uri', asBoolean],
  18: ['uriRef', asBoolean],
  19: ['len', asNumber],
  20: ['lenBytes', asNumber],
  21: ['address', asBoolean],
  22: ['uuid', asBoolean],
  23: ['notContains', bytesToText],
  24: ['wellKnownRegex', (value) => ['', 'HTTP_HEADER_NAME', 'HTTP_HEADER_VALUE'][Number(value)] ?? ''],
  25: ['strict', asBoolean],
  26: ['ignoreEmpty', asBoolean],
};

const bytes = {
  1: ['const', bytesToText],
  2: ['minLen', asNumber],
  3: ['maxLen', asNumber],
  4: ['pattern', bytesToText],
  5: ['prefix', bytesToText],
  6: ['suffix', bytesToText],
  7: ['contains', bytesToText],
  8: ['in', bytesToText, 'list'],
  9: ['notIn', bytesToText, 'list'],
  10: ['ip', asBoolean],
  11: ['ipv4', asBoolean],
  12: ['ipv6', asBoolean],
  13: ['len', asNumber],
  14: ['ignoreEmpty', asBoolean],
};

const enumeration = {
  1: ['const', asSigned(32)],
  2: ['definedOnly', asBoolean],
  3: ['in', asSigned(32), 'list'],
  4: ['notIn', asSigned(32), 'list'],
};
const repeated = {
  1: ['minItems', asNumber],
  2: ['maxItems', asNumber],
  3: ['unique', asBoolean],
  4: ['items', (value) => decodeRules(value)],
  5: ['ignoreEmpty', asBoolean],
};
const map = {
  1: ['minPairs', asNumber],
  2: ['maxPairs', asNumber],
  3: ['noSparse', asBoolean],
  4: ['keys', (value) => decodeRules(value)],
  5: ['values', (value) => decodeRules(value)],
  6: ['ignoreEmpty', asBoolean],
};
const any = { 1: ['required', asBoolean], 2: ['in', bytesToText, 'list'], 3: ['notIn', bytesToText, 'list'] };
const duration = {
  1: ['required', asBoolean],
  2: ['const', asDuration],
  3: ['lt', asDuration],
  4: ['lte', asDuration],
  5: ['gt', asDuration],
  6: ['gte', asDuration],
  7: ['in', asDuration, 'list'],
  8: ['notIn', asDuration, 'list'],
};
const timestamp = { 1: ['required', asBoolean], 7: ['ltNow', asBoolean], 8: ['gtNow', asBoolean] };
const message = { 1: ['skip', asBoolean], 2: ['required', asBoolean] };

/** validate.FieldRules: field number of the rule's kind → what its members mean. */
const KINDS = {
  1: numeric(asFloat),
  2: numeric(asDouble),
  3: numeric(asSigned(32)),
  4: numeric(asSigned(64)),
  5: numeric(asNumber),
  6: numeric(asNumber),
  7: numeric(asZigzag),
  8: numeric(asZigzag),
  9: numeric(asNumber),
  10: numeric(asNumber),
  11: numeric(asNumber),
  12: numeric(asNumber),
  13: { 1: ['const', asBoolean] },
  14: text,
  15: bytes,
  16: enumeration,
  17: message,
  18: repeated,
  19: map,
  20: any,
  21: duration,
  22: timestamp,
};

/** Packed repeated varints come as one bytes value. */
function listOf(values, read) {
  return values
    .flatMap((value) => (value instanceof Uint8Array && read !== bytesToText && read !== asDuration ? unpack(value) : [value]))
    .map(read);
}

function unpack(packed) {
  const values = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of packed) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte < 0x80) {
      values.push(value);
      value = 0n;
      shift = 0n;
    }
  }
  return values;
}

/**
 * @param {Uint8Array} encoded a serialized validate.FieldRules
 * @returns {Record<string, unknown>} one flat object: the field's own type says which kind of rule it is
 */
export function decodeRules(encoded) {
  const rules = {};
  for (const [kind, values] of readRaw(encoded)) {
    const members = KINDS[kind];
    if (!members) throw new Error(`validate.FieldRules has a kind ${kind} that decodeRules.mjs does not know`);
    for (const value of values)
      for (const [number, raw] of readRaw(value)) {
        const member = members[number];
        if (!member) throw new Error(`validate rule member ${kind}.${number} is not known`);
        const [name, read, list] = member;
        rules[name] = list ? listOf(raw, read) : read(raw.at(-1));
      }
  }
  return rules;
}
