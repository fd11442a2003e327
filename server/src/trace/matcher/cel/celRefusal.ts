/** Expressions that Envoy refuses when it loads them (Envoy: extensions/filters/common/expr/evaluator.cc createBuilder: comprehensions are off). */
import { say, words, type Sentence } from '../../record/sentence';
import { compileRegex } from '../regex';
import { hasCelFunction } from './celFunctions';
import type { CelExpression, CelOptions } from './celExpression';

/** Why Envoy cannot create the expression; undefined where it can. */
export function whyCelIsRefused(expression: CelExpression, options: CelOptions): Sentence | undefined {
  switch (expression.kind) {
    case 'comprehension':
      return words('Envoy has comprehensions (all, exists, filter, map) switched off');
    case 'malformed':
      return say`it cannot be parsed: ${words(expression.what)}`;
    case 'field':
      return whyCelIsRefused(expression.operand, options);
    case 'list':
      return firstOf(expression.items, options);
    case 'map':
      return firstOf(expression.entries.flat(), options);
    case 'call':
      return whyCallIsRefused(expression, options);
    case 'literal':
    case 'name':
    case 'unsupported':
      return undefined;
  }
}

function firstOf(expressions: readonly CelExpression[], options: CelOptions): Sentence | undefined {
  for (const each of expressions) {
    const because = whyCelIsRefused(each, options);
    if (because) return because;
  }
  return undefined;
}

/** How many operands the standard functions have, the target of a method counted in. */
const ARGUMENTS: Readonly<Record<string, readonly number[] | undefined>> = {
  ...Object.fromEntries('size type dyn bool bytes double duration int timestamp uint'.split(' ').map((name) => [name, [1]])),
  ...Object.fromEntries('contains startsWith endsWith matches'.split(' ').map((name) => [name, [2]])),
};

function whyCallIsRefused(call: Extract<CelExpression, { kind: 'call' }>, options: CelOptions): Sentence | undefined {
  if (!hasCelFunction(call.function, options)) return say`Envoy has no CEL function ${call.function}`;
  const counts = ARGUMENTS[call.function];
  if (counts && !counts.includes(call.arguments.length))
    return say`Envoy has no CEL function ${call.function} with ${call.arguments.length} operands`;
  const pattern = call.function === 'matches' ? call.arguments[1] : undefined;
  if (pattern?.kind === 'literal' && typeof pattern.value === 'string' && compileRegex(pattern.value).kind === 'invalid')
    return say`RE2 does not take the regular expression ${pattern.value}`;
  return firstOf(call.arguments, options);
}
