/** Which virtual hosts a wanted host nearly has: a slip of the finger is looked for among thousands of them. No decision of Envoy's. */
import type { ConfigNode } from '../../../schema/configNode';

export interface NearHost {
  readonly virtualHost: ConfigNode;
  /** The nearest first. */
  readonly domains: readonly string[];
}

/** Those with the nearest domains first, else in file order. */
export function nearestDomains(virtualHosts: readonly ConfigNode[], host: string): NearHost[] {
  const ranked = virtualHosts.map((virtualHost) => {
    const domains = virtualHost.list('domains').map((domain) => domain.asString() ?? '');
    const near = domains.map((text) => ({ text, shared: sharedEnds(text.toLowerCase(), host) })).sort(byShared);
    return { virtualHost, domains: near.map(({ text }) => text), shared: near[0]?.shared ?? 0 };
  });
  return ranked.sort(byShared);
}

function byShared(one: { readonly shared: number }, other: { readonly shared: number }): number {
  return other.shared - one.shared;
}

/** How many letters two names have alike at their beginning and at their end: what a slip leaves. */
function sharedEnds(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let start = 0;
  while (start < most && one.charCodeAt(start) === other.charCodeAt(start)) start++;
  let end = 0;
  while (end < most - start && one.charCodeAt(one.length - 1 - end) === other.charCodeAt(other.length - 1 - end)) end++;
  return start + end;
}
