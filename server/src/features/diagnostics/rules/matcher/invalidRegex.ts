/** A regular expression that RE2 refuses. */
import type { ConfigNode } from '../../../../schema/configNode';
import { compileRegex } from '../../../../trace/matcher/regex';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

export const invalidRegex = refusalRule('invalid-regex', {
  'envoy.type.matcher.v3.RegexMatcher': (matcher) => [checkRegex(matcher.get('regex'))],
  'xds.type.matcher.v3.RegexMatcher': (matcher) => [checkRegex(matcher.get('regex'))],
});

function checkRegex(node: ConfigNode | undefined): Problem | undefined {
  const text = node?.asString();
  if (!node || text === undefined) return undefined;
  const compiled = compileRegex(text);
  return compiled.kind === 'invalid' ? errorAt(node, `RE2 refuses this regular expression: ${compiled.message}.`) : undefined;
}
