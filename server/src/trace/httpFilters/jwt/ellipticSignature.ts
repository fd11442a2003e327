/** ECDSA over the curves of NIST (FIPS 186-5, SEC 1), as jwt_verify_lib takes keys and signatures. */
import { p256, p384, p521 } from '@noble/curves/nist.js';

export type Curve = 'P-256' | 'P-384' | 'P-521';

export interface EllipticKey {
  readonly curve: Curve;
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}

const CURVES = { 'P-256': p256, 'P-384': p384, 'P-521': p521 } as const;

/** Half of the signature is `r`, half `s`, whatever its length. A key beside its curve verifies nothing. */
export function verifyElliptic(key: EllipticKey, signature: Uint8Array, hashed: Uint8Array): boolean {
  const point = pointOf(key);
  const half = Math.floor(signature.length / 2);
  const numbers = joinNumbers(key.curve, signature.slice(0, half), signature.slice(half, half * 2));
  if (!point || !numbers) return false;
  return attempt(() => CURVES[key.curve].verify(numbers, hashed, point, { prehash: false, lowS: false })) ?? false;
}

/** Is the key a point of its curve? Envoy leaves out keys that are not. */
export function isOnCurve(key: EllipticKey): boolean {
  const point = pointOf(key);
  return point !== undefined && attempt(() => CURVES[key.curve].Point.fromBytes(point)) !== undefined;
}

/** The point as SEC 1 writes it, uncompressed. */
function pointOf({ curve, x, y }: EllipticKey): Uint8Array | undefined {
  const numbers = joinNumbers(curve, x, y);
  return numbers && Uint8Array.from([4, ...numbers]);
}

/** Two numbers of the curve's length; undefined where one is longer. */
function joinNumbers(curve: Curve, ...numbers: readonly Uint8Array[]): Uint8Array | undefined {
  const { length } = CURVES[curve].Point.Fn.toBytes(1n);
  const joined = new Uint8Array(length * numbers.length);
  for (const [index, number] of numbers.entries()) {
    const first = number.findIndex((byte) => byte !== 0);
    const digits = first < 0 ? new Uint8Array(0) : number.subarray(first);
    if (digits.length > length) return undefined;
    joined.set(digits, length * (index + 1) - digits.length);
  }
  return joined;
}

/** The library throws what it does not take. */
function attempt<Value>(run: () => Value): Value | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
