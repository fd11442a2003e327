/** CEL's arithmetic: both numbers must have the same type, integers have 64 bits (cel-cpp: runtime/standard/arithmetic_functions.cc). */
import { words } from '../../record/sentence';
import type { CelOptions } from './celExpression';
import { failed, isUint, known, type CelData, type CelValue } from './celValue';

export function negateCel(value: CelData | undefined): CelValue {
  if (typeof value === 'bigint') return checkInt(-value);
  return typeof value === 'number' ? known(-value) : failed(words('- needs a number'));
}

/** `+` joins texts and lists only where the configuration switches it on. */
export function addCel(a: CelData | undefined, b: CelData | undefined, options: CelOptions): CelValue {
  if (typeof a === 'string' && typeof b === 'string')
    return options.stringConcat ? known(a + b) : failed(words('Envoy joins no texts unless enable_string_concat says so'));
  return calculateCel('+', a, b);
}

/** `operator`: + - * / % */
export function calculateCel(operator: string, a: CelData | undefined, b: CelData | undefined): CelValue {
  if (typeof a === 'number' && typeof b === 'number')
    return operator === '%' ? failed(words('% needs integers')) : known(calculateDouble(operator, a, b));
  if (typeof a === 'bigint' && typeof b === 'bigint') return withInts(operator, { a, b }, checkInt);
  if (a !== undefined && b !== undefined && isUint(a) && isUint(b)) return withInts(operator, { a: a.uint, b: b.uint }, checkUint);
  return failed(words('the calculation needs two numbers of the same type'));
}

function calculateDouble(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    default:
      return a / b;
  }
}

function withInts(operator: string, { a, b }: { a: bigint; b: bigint }, check: (value: bigint) => CelValue): CelValue {
  switch (operator) {
    case '+':
      return check(a + b);
    case '-':
      return check(a - b);
    case '*':
      return check(a * b);
    default:
      if (b === 0n) return failed(words('a division by zero'));
      return check(operator === '/' ? a / b : a % b);
  }
}

const MAX_INT = 2n ** 63n;

function checkInt(value: bigint): CelValue {
  return value >= -MAX_INT && value < MAX_INT ? known(value) : failed(words('the integer is out of range'));
}

function checkUint(value: bigint): CelValue {
  return value >= 0n && value < 2n * MAX_INT ? known({ uint: value }) : failed(words('the integer is out of range'));
}
