/** xxHash64 of a UTF-8 text, as Envoy's HashUtil::xxHash64 computes it. */
import { encodeUtf8 } from '../../text/encoding';

const MASK = (1n << 64n) - 1n;
const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;

/** An unsigned 64-bit number. */
export function xxHash64(text: string, seed: bigint): bigint {
  const bytes = encodeUtf8(text);
  const { hash: start, at: from } = bytes.length >= 32 ? hashStripes(bytes, seed) : { hash: wrap(seed + P5), at: 0 };
  let hash = wrap(start + BigInt(bytes.length));
  let at = from;
  for (; at + 8 <= bytes.length; at += 8) hash = wrap(rotate(hash ^ round(0n, readNumber(bytes, at, 8)), 27n) * P1 + P4);
  if (at + 4 <= bytes.length) {
    hash = wrap(rotate(hash ^ wrap(readNumber(bytes, at, 4) * P1), 23n) * P2 + P3);
    at += 4;
  }
  for (; at < bytes.length; at++) hash = wrap(rotate(hash ^ wrap(BigInt(bytes[at] ?? 0) * P5), 11n) * P1);
  return avalanche(hash);
}

function hashStripes(bytes: Uint8Array, seed: bigint): { hash: bigint; at: number } {
  const lanes = [wrap(seed + P1 + P2), wrap(seed + P2), wrap(seed), wrap(seed - P1)];
  let at = 0;
  for (; at + 32 <= bytes.length; at += 32)
    lanes.forEach((lane, index) => (lanes[index] = round(lane, readNumber(bytes, at + index * 8, 8))));
  const rotations = [1n, 7n, 12n, 18n];
  let hash = wrap(lanes.reduce((sum, lane, index) => sum + rotate(lane, rotations[index] ?? 0n), 0n));
  for (const lane of lanes) hash = wrap((hash ^ round(0n, lane)) * P1 + P4);
  return { hash, at };
}

function avalanche(hash: bigint): bigint {
  const first = wrap((hash ^ (hash >> 33n)) * P2);
  const second = wrap((first ^ (first >> 29n)) * P3);
  return second ^ (second >> 32n);
}

function round(lane: bigint, input: bigint): bigint {
  return wrap(rotate(wrap(lane + input * P2), 31n) * P1);
}

function rotate(value: bigint, bits: bigint): bigint {
  return wrap(value << bits) | (value >> (64n - bits));
}

function wrap(value: bigint): bigint {
  return value & MASK;
}

/** Little-endian. */
function readNumber(bytes: Uint8Array, at: number, size: number): bigint {
  let value = 0n;
  for (let index = size - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[at + index] ?? 0);
  return value;
}
