/** A host that the request itself names (Envoy: source/extensions/load_balancing_policies/override_host). */
import { parseIpPort, formatAddress } from '../../../model/address';
import { headerValues } from '../../facts/httpRequest';
import type { Hop } from '../../hop';
import { say } from '../../record/sentence';
import type { HostChoice } from './chooseHost';
import type { HostPool } from './hostPool';

/** The first of `override_host_sources` that names hosts: the first of those that the cluster has. undefined: the fallback policy picks. */
export function overriddenHost(hop: Hop, pool: HostPool): HostChoice | undefined {
  const policy = pool.balancing.overrideHost;
  if (!policy) return undefined;
  for (const source of policy.list('override_host_sources')) {
    const header = source.string('header');
    const key = source.get('metadata');
    const text = header
      ? hop.http && headerValues(hop.http.request, header)[0]
      : metadataText(
          hop,
          key?.string('key') ?? '',
          (key?.list('path') ?? []).map((each) => each.string('key')),
        );
    if (!text) continue;
    for (const wanted of text.split(',')) {
      const address = parseIpPort(wanted.trim());
      const name = address && formatAddress(address);
      const priority = pool.priorities.findIndex((hosts) => hosts.some((host) => host.text === name));
      const host = pool.priorities[priority]?.find((each) => each.text === name);
      if (host)
        return {
          kind: 'host',
          host,
          priority,
          because: header ? say`header ${header} names it` : say`metadata ${key?.string('key')} names it`,
          rejected: [],
        };
    }
    return undefined;
  }
  return undefined;
}

function metadataText(hop: Hop, namespace: string, path: readonly string[]): string | undefined {
  let value: unknown = hop.http?.metadata.get(namespace) ?? hop.connection.metadata.get(namespace);
  for (const key of path) value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
