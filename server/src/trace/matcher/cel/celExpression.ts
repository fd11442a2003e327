/** A CEL expression (Common Expression Language), as far as the trace evaluates it. */
import type { CelBytes, CelDuration, CelTimestamp, CelUint } from './celValue';

export type CelExpression =
  | {
      readonly kind: 'literal';
      readonly value: string | bigint | number | boolean | null | CelUint | CelBytes | CelTimestamp | CelDuration;
    }
  | { readonly kind: 'name'; readonly name: string }
  /** `operand.field`; `has(operand.field)` where `test` is set. */
  | { readonly kind: 'field'; readonly operand: CelExpression; readonly field: string; readonly test: boolean }
  /** Operators carry their names from the specification: `_==_`, `_&&_`, `_[_]`, `@in`, `!_`. A method's target is its first argument. */
  | { readonly kind: 'call'; readonly function: string; readonly arguments: readonly CelExpression[] }
  | { readonly kind: 'list'; readonly items: readonly CelExpression[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [key: CelExpression, value: CelExpression])[] }
  /** `all`, `exists`, `map` …: Envoy refuses them when it loads the expression. */
  | { readonly kind: 'comprehension' }
  /** Text that is no CEL: Envoy refuses it, too. */
  | { readonly kind: 'malformed'; readonly what: string }
  /** Messages and whatever else is not evaluated here. */
  | { readonly kind: 'unsupported'; readonly what: string };

/** What the expression's configuration switches on (core.v3.CelExpressionConfig); Envoy's default is none of it. */
export interface CelOptions {
  readonly stringConversion: boolean;
  readonly stringConcat: boolean;
  readonly stringFunctions: boolean;
}

export const DEFAULT_CEL_OPTIONS: CelOptions = { stringConversion: false, stringConcat: false, stringFunctions: false };

export const MAX_CEL_DEPTH = 200;
