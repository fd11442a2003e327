/** Which part of a CEL expression is not true, with the values that make it so: asked of the evaluator itself, part by part. */
import { joinSentences, say, type Sentence } from '../../record/sentence';
import type { CelExpression } from './celExpression';
import type { CelData, CelValue } from './celValue';
import { celSource } from './celSource';
import { printCel } from './printCel';

type Evaluate = (expression: CelExpression) => CelValue;

/** For an expression that has given false, or no boolean. */
export function whyCelIsFalse(expression: CelExpression, evaluate: Evaluate): Sentence {
  if (expression.kind !== 'call') return tellValue(expression, evaluate);
  const [left, right] = expression.arguments;
  switch (expression.function) {
    case '_&&_': {
      const failing = expression.arguments.find((each) => isFalse(evaluate(each)));
      return failing ? whyCelIsFalse(failing, evaluate) : tellValue(expression, evaluate);
    }
    case '_||_':
      return joinSentences(expression.arguments.map((each) => whyCelIsFalse(each, evaluate)));
    case '!_':
      return left ? say`${celSource(left)} holds` : tellValue(expression, evaluate);
    default: {
      const verb = VERBS[expression.function];
      return verb && left && right ? compare([left, right], verb, evaluate) : tellValue(expression, evaluate);
    }
  }
}

type Verb = (expected: Sentence) => Sentence;

const VERBS: Readonly<Record<string, Verb | undefined>> = {
  '_==_': (expected) => say`must be ${expected}`,
  '_!=_': (expected) => say`must not be ${expected}`,
  '_<_': (expected) => say`must be below ${expected}`,
  '_<=_': (expected) => say`must be at most ${expected}`,
  '_>_': (expected) => say`must be above ${expected}`,
  '_>=_': (expected) => say`must be at least ${expected}`,
  '@in': (expected) => say`must be one of ${expected}`,
  startsWith: (expected) => say`must begin with ${expected}`,
  endsWith: (expected) => say`must end with ${expected}`,
  contains: (expected) => say`must contain ${expected}`,
  matches: (expected) => say`must match ${expected}`,
};

function compare([left, right]: readonly [CelExpression, CelExpression], verb: Verb, evaluate: Evaluate): Sentence {
  const container = verb === VERBS['@in'] ? evaluate(right) : undefined;
  if (container?.kind === 'value' && !Array.isArray(container.value)) return say`${celSource(right)} has no ${showValue(evaluate(left))}`;
  // A constant in front is what is expected, wherever it stands.
  const [asked, expected] = left.kind === 'literal' && right.kind !== 'literal' && verb === VERBS['_==_'] ? [right, left] : [left, right];
  return say`${celSource(asked)} is ${showValue(evaluate(asked))}, ${verb(showValue(evaluate(expected)))}`;
}

function tellValue(expression: CelExpression, evaluate: Evaluate): Sentence {
  const value = evaluate(expression);
  const isTest = expression.kind === 'field' && expression.test;
  return isTest && isFalse(value)
    ? say`there is no ${celSource({ ...expression, test: false })}`
    : say`${celSource(expression)} is ${showValue(value)}`;
}

function isFalse(value: CelValue): boolean {
  return value.kind === 'value' && value.value === false;
}

function showValue(value: CelValue): Sentence {
  if (value.kind === 'unknown') return say`not known`;
  return value.kind === 'error' ? say`an error (${value.because})` : showData(value.value);
}

function showData(data: CelData): Sentence {
  if (Array.isArray(data)) return say`${data.map((item) => printCel(item as CelData) ?? '…')}`;
  return say`${printCel(data) ?? 'a message'}`;
}
