/** CEL conditions in matchers and RBAC policies (Envoy: source/extensions/matching/input_matchers/cel_matcher/matcher.cc, filters/common/expr/evaluator.cc). */
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { keepsBack } from '../../../schema/keptBack';
import { say, words, type Sentence } from '../../record/sentence';
import { no, unknown, YES, type Verdict } from '../../verdict';
import type { MatchContext } from '../matchContext';
import { celAttributes } from './celAttributes';
import { DEFAULT_CEL_OPTIONS, type CelExpression, type CelOptions } from './celExpression';
import { whyCelIsRefused } from './celRefusal';
import type { CelValue } from './celValue';
import { evaluateCel } from './evaluateCel';
import { parseCel } from './parseCel';
import { readCelTree } from './readCelTree';
import { whyCelIsFalse } from './whyCelIsFalse';
import type { PredicateResult } from '../predicateResult';

/** Tests `xds.type.matcher.v3.CelMatcher`. */
export function testCelMatcher(config: ConfigNode, context: MatchContext): PredicateResult {
  const verdict = testCel(config.get('expr_match') ?? config, context);
  return verdict.kind === 'yes' ? { kind: 'yes', because: words('the CEL expression holds') } : verdict;
}

/**
 * Tests a CEL condition: `xds.type.v3.CelExpression`, or a bare `Expr` (RBAC's `condition`). An error or no boolean counts as no.
 * `options`: the `cel_config` beside it.
 */
export function testCel(node: ConfigNode, context: MatchContext, options?: ConfigNode): Verdict {
  if (keepsBack(node)) return unknown(words('a CEL expression of which the file leaves out a part'), node);
  const refused = refusalOfCel(node, options);
  if (refused) return unknown(say`what a CEL expression says that Envoy refuses: ${refused}`, node);
  const attributes = celAttributes(context, 'request');
  const evaluate = (expression: CelExpression): CelValue => evaluateCel(expression, attributes, readCelOptions(options));
  const result = evaluate(expressionOf(node));
  switch (result.kind) {
    case 'unknown':
      return unknown(result.missing, node);
    case 'error':
      return no(say`the CEL expression fails: ${result.because}`, node);
    case 'value':
      return result.value === true ? YES : no(say`the CEL expression does not hold: ${whyCelIsFalse(expressionOf(node), evaluate)}`, node);
  }
}

/** Why Envoy refuses to load the condition; undefined where it takes it, or where the file leaves out a part of it. */
export function refusalOfCel(node: ConfigNode, options?: ConfigNode): Sentence | undefined {
  if (keepsBack(node)) return undefined;
  return options ? whyCelIsRefused(expressionOf(node), readCelOptions(options)) : plainRefusal(node).because;
}

const plainRefusal = memoizeByNode((node: ConfigNode) => ({ because: whyCelIsRefused(expressionOf(node), DEFAULT_CEL_OPTIONS) }));

/** `core.v3.CelExpressionConfig`. */
function readCelOptions(node: ConfigNode | undefined): CelOptions {
  if (!node) return DEFAULT_CEL_OPTIONS;
  const has = (field: string): boolean => node.bool(field) === true;
  return {
    stringConversion: has('enable_string_conversion'),
    stringConcat: has('enable_string_concat'),
    stringFunctions: has('enable_string_functions'),
  };
}

/** The value of an expression given as a text (`%CEL(…)%`), which may be written at any time of the request. */
export function evaluateCelText(text: string, context: MatchContext): CelValue {
  const expression = parsedText(text);
  const refused = whyCelIsRefused(expression, DEFAULT_CEL_OPTIONS);
  if (refused) return { kind: 'unknown', missing: say`what a CEL expression gives that Envoy refuses: ${refused}` };
  return evaluateCel(expression, celAttributes(context, context.http?.answer ? 'any' : 'text'));
}

/** Why Envoy refuses an expression that is given as a text; undefined where it takes it. `options`: the `cel_config` beside it. */
export function refusalOfCelText(text: string, options?: ConfigNode): Sentence | undefined {
  return whyCelIsRefused(parsedText(text), readCelOptions(options));
}

function parsedText(text: string): CelExpression {
  let expression = parsedTexts.get(text);
  if (!expression) {
    if (parsedTexts.size > 1_000) parsedTexts.clear();
    parsedTexts.set(text, (expression = parseCel(text)));
  }
  return expression;
}

const parsedTexts = new Map<string, CelExpression>();

const expressionOf: (node: ConfigNode) => CelExpression = memoizeByNode((node) => {
  const text = node.get('cel_expr_string')?.asString();
  if (text !== undefined) return parseCel(text);
  const parsed = ['cel_expr_parsed', 'cel_expr_checked', 'parsed_expr', 'checked_expr']
    .map((field) => node.get(field))
    .find((each) => each !== undefined);
  return readCelTree(parsed ? (parsed.get('expr') ?? parsed) : (node.get('expr') ?? node));
});
