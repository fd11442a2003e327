/** envoy.filters.network.rbac (Envoy: source/extensions/filters/network/rbac/rbac_filter.cc). */
import type { Hop, HopResult } from '../../hop';
import { cannotTell } from '../../record/hopRecord';
import { words } from '../../record/sentence';
import type { NetworkFilterEntry } from '../networkFilters';

export function filterByRbac(hop: Hop, { config }: NetworkFilterEntry): HopResult | undefined {
  void hop;
  return config.node.has('rules') || config.node.has('matcher') ? cannotTell(words('what the RBAC filter decides')) : undefined;
}
