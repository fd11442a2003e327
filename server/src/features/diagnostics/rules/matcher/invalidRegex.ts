/** A regular expression that RE2 refuses, or one whose case is to be ignored (source/common/common/matchers.h). */
import type { ConfigNode } from '../../../../schema/configNode';
import { compileRegex } from '../../../../trace/matcher/regex';
import { refusalRule } from '../../messageRule';
import { ruleErrorAt } from '../../typesAbove';
import type { Problem } from '../../rule';

export const invalidRegex = refusalRule('invalid-regex', {
  'envoy.type.matcher.v3.RegexMatcher': (matcher) => [checkRegex(matcher.get('regex'))],
  'xds.type.matcher.v3.RegexMatcher': (matcher) => [checkRegex(matcher.get('regex'))],
  'envoy.type.matcher.v3.StringMatcher': (matcher) => [ignoredCase(matcher)],
  'xds.type.matcher.v3.StringMatcher': (matcher) => [ignoredCase(matcher)],
});

function checkRegex(node: ConfigNode | undefined): Problem | undefined {
  const text = node?.asString();
  if (!node || text === undefined) return undefined;
  const compiled = compileRegex(text);
  return compiled.kind === 'invalid' ? ruleErrorAt(node, `RE2 refuses this regular expression: ${compiled.message}.`) : undefined;
}

function ignoredCase(matcher: ConfigNode): Problem | undefined {
  const ignores = matcher.get('ignore_case');
  return ignores?.asBoolean() && matcher.has('safe_regex')
    ? ruleErrorAt(ignores, '"ignore_case" has no effect on a regular expression: write (?i) in it.')
    : undefined;
}
