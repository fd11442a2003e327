/** SHA-256, SHA-384 and SHA-512 (FIPS 180-4) on big integers: the core has no platform's cryptography, and tokens are short. */

export type ShaBits = 256 | 384 | 512;

interface Variant {
  /** Bits of a word. */
  readonly word: bigint;
  readonly rounds: number;
  /** Rotations of the four functions; the last of the small ones is a shift. */
  readonly big: readonly (readonly [bigint, bigint, bigint])[];
  readonly small: readonly (readonly [bigint, bigint, bigint])[];
  /** Of the square roots, the first that makes the initial state. */
  readonly first: number;
}

/** The hash of a message, `bits / 8` bytes. */
export function sha2(bits: ShaBits, message: Uint8Array): Uint8Array {
  const variant = VARIANTS[bits];
  const wordBytes = Number(variant.word) / 8;
  const padded = pad(message, wordBytes * 16);
  const roots = rootConstants();
  let state = roots.square.slice(variant.first, variant.first + 8).map((root) => root >> (64n - variant.word));
  for (let at = 0; at < padded.length; at += wordBytes * 16) {
    const words = Array.from({ length: 16 }, (_, index) => readWord(padded, at + index * wordBytes, wordBytes));
    state = digestBlock(words, { state, constants: roots.cube }, variant);
  }
  const hex = state.map((word) => word.toString(16).padStart(wordBytes * 2, '0')).join('');
  return Uint8Array.from({ length: bits / 8 }, (_, index) => parseInt(hex.slice(index * 2, index * 2 + 2), 16));
}

/** HMAC (RFC 2104). */
export function hmacSha2(bits: ShaBits, key: Uint8Array, message: Uint8Array): Uint8Array {
  const size = bits === 256 ? 64 : 128;
  const short = key.length > size ? sha2(bits, key) : key;
  const mixed = (byte: number): number[] => Array.from({ length: size }, (_, index) => (short[index] ?? 0) ^ byte);
  return sha2(bits, Uint8Array.from([...mixed(0x5c), ...sha2(bits, Uint8Array.from([...mixed(0x36), ...message]))]));
}

function pad(message: Uint8Array, block: number): Uint8Array {
  const tail = block / 8;
  const length = Math.ceil((message.length + 1 + tail) / block) * block;
  const padded = new Uint8Array(length);
  padded.set(message);
  padded[message.length] = 0x80;
  let rest = message.length * 8;
  for (let at = length - 1; rest > 0; at--, rest = Math.floor(rest / 256)) padded[at] = rest % 256;
  return padded;
}

function readWord(bytes: Uint8Array, at: number, length: number): bigint {
  let word = 0n;
  for (let index = at; index < at + length; index++) word = (word << 8n) | BigInt(bytes[index] ?? 0);
  return word;
}

interface BlockInput {
  readonly state: readonly bigint[];
  readonly constants: readonly bigint[];
}

function digestBlock(words: bigint[], { state, constants: cube }: BlockInput, { word, rounds, big, small }: Variant): bigint[] {
  const mask = (1n << word) - 1n;
  const rotate = (value: bigint, by: bigint): bigint => ((value >> by) | (value << (word - by))) & mask;
  const mix = (value: bigint, by: readonly [bigint, bigint, bigint] | undefined, shifts: boolean): bigint => {
    if (!by) return value;
    return rotate(value, by[0]) ^ rotate(value, by[1]) ^ (shifts ? value >> by[2] : rotate(value, by[2]));
  };
  for (let at = 16; at < rounds; at++) {
    const [far, before] = [mix(words[at - 15] ?? 0n, small[0], true), mix(words[at - 2] ?? 0n, small[1], true)];
    words.push(((words[at - 16] ?? 0n) + far + (words[at - 7] ?? 0n) + before) & mask);
  }
  let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = state;
  for (const [round, each] of words.entries()) {
    const constant = (cube[round] ?? 0n) >> (64n - word);
    const first = h + mix(e, big[1], false) + ((e & f) ^ (~e & mask & g)) + constant + each;
    const second = mix(a, big[0], false) + ((a & b) ^ (a & c) ^ (b & c));
    [a, b, c, d, e, f, g, h] = [(first + second) & mask, a, b, c, (d + first) & mask, e, f, g];
  }
  return [a, b, c, d, e, f, g, h].map((value, index) => (value + (state[index] ?? 0n)) & mask);
}

let constants: { readonly cube: readonly bigint[]; readonly square: readonly bigint[] } | undefined;

/** The first 64 bits of the fractions of the primes' cube roots and square roots; made when the first token asks for them. */
function rootConstants(): { readonly cube: readonly bigint[]; readonly square: readonly bigint[] } {
  if (constants) return constants;
  const primes = firstPrimes(80);
  constants = {
    cube: primes.map((prime) => fractionOfRoot(prime, 3n)),
    square: primes.slice(0, 16).map((prime) => fractionOfRoot(prime, 2n)),
  };
  return constants;
}

const WIDE = {
  word: 64n,
  rounds: 80,
  big: [
    [28n, 34n, 39n],
    [14n, 18n, 41n],
  ],
  small: [
    [1n, 8n, 7n],
    [19n, 61n, 6n],
  ],
} as const;

const VARIANTS: Readonly<Record<ShaBits, Variant>> = {
  256: {
    word: 32n,
    rounds: 64,
    big: [
      [2n, 13n, 22n],
      [6n, 11n, 25n],
    ],
    small: [
      [7n, 18n, 3n],
      [17n, 19n, 10n],
    ],
    first: 0,
  },
  384: { ...WIDE, first: 8 },
  512: { ...WIDE, first: 0 },
};

function firstPrimes(count: number): bigint[] {
  const primes: bigint[] = [];
  for (let each = 2n; primes.length < count; each++) if (primes.every((prime) => each % prime !== 0n)) primes.push(each);
  return primes;
}

/** 64 bits after the point of the prime's `degree`-th root, found by halving. */
function fractionOfRoot(prime: bigint, degree: bigint): bigint {
  const scaled = prime << (64n * degree);
  let [low, high] = [0n, prime << 64n];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** degree <= scaled) low = middle;
    else high = middle;
  }
  return low & ((1n << 64n) - 1n);
}
