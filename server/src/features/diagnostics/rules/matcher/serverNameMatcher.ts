/** Domains that the ServerNameMatcher refuses (source/extensions/common/matcher/domain_matcher.h). */
import type { ConfigNode } from '../../../../schema/configNode';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

export const serverNameMatcher = refusalRule('server-name-matcher', {
  'xds.type.matcher.v3.ServerNameMatcher': (matcher) => {
    const seen = new Set<string>();
    return matcher
      .list('domain_matchers')
      .flatMap((each) => each.list('domains'))
      .map((domain) => checkDomain(domain, seen));
  },
});

function checkDomain(domain: ConfigNode, seen: Set<string>): Problem | undefined {
  const text = domain.asString() ?? '';
  if (text === '') return errorAt(domain, 'Empty domain in ServerNameMatcher.');
  const isRepeated = seen.has(text);
  seen.add(text);
  if (isRepeated) return errorAt(domain, `Duplicate domain in ServerNameMatcher: "${text}".`);
  if (!text.includes('*') || text === '*') return undefined;
  if (!text.startsWith('*.') || text.length < 3)
    return errorAt(domain, `Invalid wildcard domain format: "${text}". Only "*" and "*.domain" patterns are supported.`);
  return text.indexOf('*', 1) > 0
    ? errorAt(domain, `Invalid wildcard domain format: "${text}". Multiple wildcards are not supported.`)
    : undefined;
}
