/** A CEL expression (Common Expression Language), as far as the trace evaluates it. */

export type CelExpression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'name'; readonly name: string }
  /** `operand.field`; `has(operand.field)` where `test` is set. */
  | { readonly kind: 'field'; readonly operand: CelExpression; readonly field: string; readonly test: boolean }
  /** Operators carry their names from the specification: `_==_`, `_&&_`, `_[_]`, `@in`, `!_`. A method's target is its first argument. */
  | { readonly kind: 'call'; readonly function: string; readonly arguments: readonly CelExpression[] }
  | { readonly kind: 'list'; readonly items: readonly CelExpression[] }
  /** Comprehensions, messages and whatever else is not evaluated. */
  | { readonly kind: 'unsupported'; readonly what: string };

export const MAX_CEL_DEPTH = 200;
