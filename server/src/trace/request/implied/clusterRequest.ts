/** What a trace that begins at a cluster sends: HTTP to the host that its name tells, and where the address comes with the connection, an address. */
import type { ProxyScope } from '../../../index/proxyScope';
import { parseIstioClusterName } from '../../../model/istio/istioNames';
import { ANY_IP, httpOf, type RequestDraft } from './requestDraft';

/** HTTP passes where bytes pass, and shows which version the cluster speaks. */
export function addCluster(draft: RequestDraft, proxy: ProxyScope, name: string): void {
  // Names such as `httproute/shop/rule/0` are no host.
  httpOf(draft).authority = (name.split('|').at(-1) ?? '').replace(/[^\w.:[\]-]+/g, '-');
  const cluster = proxy.byName.cluster.get(name)?.node;
  if (!cluster?.isEnum('type', 'ORIGINAL_DST', 4)) return;
  draft.ip = (/^inbound/i.test(name) ? proxy.proxyNode.ips[0] : undefined) ?? ANY_IP;
  draft.port = Number(parseIstioClusterName(name)?.port) || 80;
}
