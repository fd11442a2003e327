/** What the runtime says of a key. */

export type RuntimeValue = string | number | boolean;

export interface RuntimeReading {
  readonly value: RuntimeValue | undefined;
  /** Who says so. Example: `request`, `bootstrap`, `default` */
  readonly from: 'request' | 'bootstrap' | 'default';
}

/** Holds when the drawn number modulo `denominator` is below `numerator`. */
export interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
  readonly from: RuntimeReading['from'];
  /** '' where the configuration names no key. */
  readonly runtimeKey: string;
}
