/** `upstream_bind_config`: from which address a cluster's connections leave (Envoy: source/common/upstream/default_local_address_selector.cc). */
import type { ProxyScope } from '../../index/proxyScope';
import { canonicalIp } from '../../model/address';
import type { ConfigNode } from '../../schema/configNode';
import { keepsBack } from '../../schema/keptBack';

/**
 * The cluster's own, else the bootstrap's for all clusters; of several addresses the first of the destination's family, else the first.
 * Undefined where that is left to the kernel: none is bound, or the address of everything. `unknown`: the file leaves out, or keeps back, a part.
 */
export function boundSourceOf({ bootstrap }: ProxyScope, cluster: ConfigNode, destination: string | undefined): string | undefined {
  const config = cluster.get('upstream_bind_config') ?? bootstrap?.path('cluster_manager', 'upstream_bind_config');
  if (!config) return undefined;
  if (keepsBack(config)) return 'unknown';
  const more = [...config.list('extra_source_addresses'), ...config.list('additional_source_addresses')].map(
    (each) => each.get('address') ?? each,
  );
  const addresses = [config.get('source_address'), ...more].flatMap((address) => canonicalIp(address?.string('address') ?? '') ?? []);
  const isIpv6 = destination?.includes(':') === true;
  const chosen = addresses.find((ip) => destination !== undefined && ip.includes(':') === isIpv6) ?? addresses[0];
  return chosen === '0.0.0.0' || chosen === '::' ? undefined : chosen;
}
