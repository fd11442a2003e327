/** ServerNameMatcher of a matcher tree (Envoy: source/extensions/common/matcher/domain_matcher.h). */
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { say } from '../../record/sentence';
import type { InputReading } from '../inputs/inputReading';
import { rejectItems } from '../matcherActions';
import type { FoundBranches } from './treeLookup';

const domainTableOf: (matcher: ConfigNode) => ReadonlyMap<string, ConfigNode> = memoizeByNode((matcher) => {
  const table = new Map<string, ConfigNode>();
  for (const item of matcher.list('domain_matchers')) {
    for (const domain of item.list('domains')) {
      const name = domain.asString();
      if (name !== undefined && !table.has(name)) table.set(name, item);
    }
  }
  return table;
});

/** Exact name, then `*.suffix` from the longest, then `*`; case counts. An absent or empty name has no branch. */
export function domainBranches(matcher: ConfigNode, { what, value }: InputReading): FoundBranches {
  const table = domainTableOf(matcher);
  const text = value.kind === 'text' ? value.text : undefined;
  const domains = !text ? [] : candidateDomains(text).filter((domain) => table.has(domain));
  const taken = new Set(domains.flatMap((domain) => table.get(domain)?.id ?? []));
  const container = matcher.get('domain_matchers') ?? matcher;
  const because = text === undefined ? say`${what} is absent` : say`${what} is ${text}, which is none of its domains`;
  return {
    kind: 'found',
    branches: domains.flatMap((domain) => {
      const onMatch = table.get(domain)?.get('on_match');
      return onMatch ? [{ onMatch, because: domain === text ? say`${what} is ${domain}` : say`${what} ${text} is under ${domain}` }] : [];
    }),
    rejected: rejectItems(container, taken, { because, field: 'domains' }),
    missed: because,
    container,
    retriesByItself: false,
  };
}

/** `a.b.c`, `*.b.c`, `*.c`, `*`. Names of more labels than DNS allows are cut short. */
function candidateDomains(name: string): string[] {
  const domains = [name];
  for (let dot = name.indexOf('.'); dot >= 0 && domains.length < 130; dot = name.indexOf('.', dot + 1)) domains.push(`*${name.slice(dot)}`);
  return [...domains, '*'];
}
