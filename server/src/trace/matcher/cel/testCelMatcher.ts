/** CEL conditions in matchers and RBAC policies (Envoy: source/extensions/matching/input_matchers/cel_matcher/matcher.cc, filters/common/expr/evaluator.cc). */
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { say, words, type Sentence } from '../../record/sentence';
import { no, unknown, YES, type Verdict } from '../../verdict';
import type { MatchContext } from '../matchContext';
import type { PredicateResult } from '../testPredicate';
import { celAttributes } from './celAttributes';
import type { CelExpression } from './celExpression';
import { evaluateCel, type CelValue } from './evaluateCel';
import { parseCel } from './parseCel';
import { readCelTree } from './readCelTree';

/** Tests `xds.type.matcher.v3.CelMatcher`. */
export function testCelMatcher(config: ConfigNode, context: MatchContext): PredicateResult {
  const verdict = testCel(config.get('expr_match') ?? config, context);
  return verdict.kind === 'yes' ? { kind: 'yes', because: words('the CEL expression holds') } : verdict;
}

/** Tests a CEL condition: `xds.type.v3.CelExpression`, or a bare `Expr` (RBAC's `condition`, `checked_condition`). An error or no boolean counts as no. */
export function testCel(node: ConfigNode, context: MatchContext): Verdict {
  const result = evaluateCel(expressionOf(node), celAttributes(context));
  switch (result.kind) {
    case 'unknown':
      return unknown(result.missing, node);
    case 'error':
      return no(say`the CEL expression fails: ${result.because}`, node);
    case 'value':
      return result.value === true ? YES : no(words('the CEL expression does not hold'), node);
  }
}

/** The value of an expression given as a text (`%CEL(…)%`). */
export function evaluateCelText(text: string, context: MatchContext): CelValue | { readonly kind: 'unknown'; readonly missing: Sentence } {
  let expression = parsedTexts.get(text);
  if (!expression) {
    if (parsedTexts.size > 1_000) parsedTexts.clear();
    parsedTexts.set(text, (expression = parseCel(text)));
  }
  return evaluateCel(expression, celAttributes(context));
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
