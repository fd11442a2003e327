/** Primes: the table of Maglev has as many places as one. */

/** Up to the largest table that Envoy allows (5,000,011). */
export function isPrime(value: number): boolean {
  if (!Number.isInteger(value) || value < 2 || value > 5_000_011) return false;
  for (let factor = 2; factor * factor <= value; factor++) if (value % factor === 0) return false;
  return true;
}
