/** ECDSA over the curves of NIST (FIPS 186-5, SEC 1), in Jacobian coordinates. */
import { integerOf, inverse, modulo } from './bigIntegers';

export type Curve = 'P-256' | 'P-384' | 'P-521';

interface CurveNumbers {
  readonly prime: bigint;
  /** y² = x³ - 3x + b. */
  readonly b: bigint;
  /** The base point. */
  readonly x: bigint;
  readonly y: bigint;
  readonly order: bigint;
}

export interface EllipticKey {
  readonly curve: Curve;
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}

/** Half of the signature is `r`, half `s`, whatever its length. A key beside its curve verifies nothing. */
export function verifyElliptic(key: EllipticKey, signature: Uint8Array, hashed: Uint8Array): boolean {
  const curve = CURVES[key.curve];
  const half = Math.floor(signature.length / 2);
  const [r, s] = [integerOf(signature.slice(0, half)), integerOf(signature.slice(half, half * 2))];
  const isNumber = (value: bigint): boolean => value > 0n && value < curve.order;
  if (!isNumber(r) || !isNumber(s) || !isOnCurve(key)) return false;
  const factor = inverse(s, curve.order);
  const base: Point = { x: curve.x, y: curve.y, z: 1n };
  const sum = combine(
    [
      { point: base, factor: modulo(numberOfHash(hashed, curve.order) * factor, curve.order) },
      { point: { x: integerOf(key.x), y: integerOf(key.y), z: 1n }, factor: modulo(r * factor, curve.order) },
    ],
    curve.prime,
  );
  if (sum.z === 0n) return false;
  const x = modulo(sum.x * inverse(modulo(sum.z * sum.z, curve.prime), curve.prime), curve.prime);
  return modulo(x, curve.order) === r;
}

/** Is the key a point of its curve? Envoy leaves out keys that are not. */
export function isOnCurve(key: EllipticKey): boolean {
  const { prime, b } = CURVES[key.curve];
  const [x, y] = [integerOf(key.x), integerOf(key.y)];
  return x < prime && y < prime && modulo(y * y - (x * x * x - 3n * x + b), prime) === 0n;
}

/** As many bits as the order has. */
function numberOfHash(hashed: Uint8Array, order: bigint): bigint {
  const surplus = hashed.length * 8 - order.toString(2).length;
  return surplus > 0 ? integerOf(hashed) >> BigInt(surplus) : integerOf(hashed);
}

/** x = X/Z², y = Y/Z³; Z is 0 at infinity. */
interface Point {
  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
}

const INFINITY: Point = { x: 1n, y: 1n, z: 0n };

/** The sum of points times their factors, one doubling a bit for all of them. */
function combine(terms: readonly { readonly point: Point; readonly factor: bigint }[], prime: bigint): Point {
  const bits = Math.max(...terms.map(({ factor }) => factor.toString(2).length));
  let sum = INFINITY;
  for (let bit = bits - 1; bit >= 0; bit--) {
    sum = double(sum, prime);
    for (const { point, factor } of terms) if ((factor >> BigInt(bit)) & 1n) sum = add(sum, point, prime);
  }
  return sum;
}

function double({ x, y, z }: Point, prime: bigint): Point {
  if (z === 0n || y === 0n) return INFINITY;
  const [square, slope] = [modulo(y * y, prime), modulo(3n * (x - z * z) * (x + z * z), prime)];
  const middle = modulo(4n * x * square, prime);
  const newX = modulo(slope * slope - 2n * middle, prime);
  return { x: newX, y: modulo(slope * (middle - newX) - 8n * square * square, prime), z: modulo(2n * y * z, prime) };
}

function add(one: Point, other: Point, prime: bigint): Point {
  if (one.z === 0n) return other;
  if (other.z === 0n) return one;
  const [squareOne, squareOther] = [modulo(one.z * one.z, prime), modulo(other.z * other.z, prime)];
  const [leftX, rightX] = [modulo(one.x * squareOther, prime), modulo(other.x * squareOne, prime)];
  const [leftY, rightY] = [modulo(one.y * squareOther * other.z, prime), modulo(other.y * squareOne * one.z, prime)];
  if (leftX === rightX) return leftY === rightY ? double(one, prime) : INFINITY;
  const [step, rise] = [rightX - leftX, rightY - leftY];
  const square = modulo(step * step, prime);
  const [cube, middle] = [modulo(square * step, prime), modulo(leftX * square, prime)];
  const newX = modulo(rise * rise - cube - 2n * middle, prime);
  return { x: newX, y: modulo(rise * (middle - newX) - leftY * cube, prime), z: modulo(step * one.z * other.z, prime) };
}

const CURVES: Readonly<Record<Curve, CurveNumbers>> = {
  'P-256': {
    prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
    y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  'P-384': {
    prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    x: 0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
    y: 0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
  'P-521': {
    prime: 2n ** 521n - 1n,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
    x: 0xc6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66n,
    y: 0x11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650n,
    order:
      0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  },
};
