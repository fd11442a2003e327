/** Ed25519 (RFC 8032), checked as BoringSSL does: without cofactor, and the point R by its bytes. */
import { bytesOf, integerOf, inverse, modulo, power } from './bigIntegers';
import { sha2 } from './sha2';

const PRIME = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** `key` has 32 bytes, the signature 64. */
export function verifyEdwards(key: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  const [start, end] = [signature.slice(0, 32), littleEndian(signature.slice(32))];
  const point = decodePoint(key);
  if (!point || end >= ORDER) return false;
  const factor = modulo(littleEndian(sha2(512, Uint8Array.from([...start, ...key, ...message]))), ORDER);
  const sum = add(multiply(basePoint(), end), multiply(negate(point), factor));
  return encodePoint(sum).every((byte, index) => start[index] === byte);
}

/** x = X/Z, y = Y/Z, xy = T/Z. */
interface Point {
  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
  readonly t: bigint;
}

const ZERO: Point = { x: 0n, y: 1n, z: 1n, t: 0n };

function littleEndian(bytes: Uint8Array): bigint {
  return integerOf(bytes.slice().reverse());
}

/** d of -x² + y² = 1 + dx²y²: -121665/121666. */
const D = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n;

/** y is 4/5, x even. */
function basePoint(): Point {
  return pointOf(modulo(4n * inverse(5n, PRIME), PRIME), 0n) ?? ZERO;
}

function decodePoint(bytes: Uint8Array): Point | undefined {
  const all = littleEndian(bytes);
  return pointOf(modulo(all & (2n ** 255n - 1n), PRIME), all >> 255n);
}

/** The point with that y and that lowest bit of x; undefined where there is none. */
function pointOf(y: bigint, sign: bigint): Point | undefined {
  const [above, below] = [modulo(y * y - 1n, PRIME), modulo(D * y * y + 1n, PRIME)];
  const square = modulo(above * inverse(below, PRIME), PRIME);
  const candidate = power(square, (PRIME + 3n) / 8n, PRIME);
  const root = [candidate, modulo(candidate * power(2n, (PRIME - 1n) / 4n, PRIME), PRIME)].find(
    (each) => modulo(each * each, PRIME) === square,
  );
  if (root === undefined) return undefined;
  const x = (root & 1n) === sign ? root : modulo(-root, PRIME);
  return { x, y, z: 1n, t: modulo(x * y, PRIME) };
}

function encodePoint({ x, y, z }: Point): Uint8Array {
  const shrink = inverse(z, PRIME);
  const [plainX, plainY] = [modulo(x * shrink, PRIME), modulo(y * shrink, PRIME)];
  return bytesOf(plainY | ((plainX & 1n) << 255n), 32).reverse();
}

function negate({ x, y, z, t }: Point): Point {
  return { x: modulo(-x, PRIME), y, z, t: modulo(-t, PRIME) };
}

function multiply(point: Point, factor: bigint): Point {
  let [sum, power2] = [ZERO, point];
  for (let rest = factor; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = add(sum, power2);
    power2 = add(power2, power2);
  }
  return sum;
}

function add(one: Point, other: Point): Point {
  const [a, b] = [modulo((one.y - one.x) * (other.y - other.x), PRIME), modulo((one.y + one.x) * (other.y + other.x), PRIME)];
  const [c, e] = [modulo(2n * D * one.t * other.t, PRIME), modulo(2n * one.z * other.z, PRIME)];
  const [f, g, h, i] = [b - a, e - c, e + c, b + a];
  return { x: modulo(f * g, PRIME), y: modulo(h * i, PRIME), z: modulo(g * h, PRIME), t: modulo(f * i, PRIME) };
}
