/** What a trace that begins at a cluster sends: HTTP to the host that its name tells, and where the address comes with the connection, the proxy's own where it must be that. */
import type { ProxyScope } from '../../../index/proxyScope';
import { parseIstioClusterName } from '../../../model/istio/istioNames';
import { httpOf, type RequestDraft } from './requestDraft';

/** HTTP passes where bytes pass, and shows which version the cluster speaks. */
export function addCluster(draft: RequestDraft, proxy: ProxyScope, name: string): void {
  // Names such as `httproute/shop/rule/0` are no host.
  httpOf(draft).authority = (name.split('|').at(-1) ?? '').replace(/[^\w.:[\]-]+/g, '-');
  const cluster = proxy.byName.cluster.get(name)?.node;
  const [own] = proxy.proxyNode.ips;
  // Where any address will do, one that is made up would be shown as the endpoint.
  if (own === undefined || !cluster?.isEnum('type', 'ORIGINAL_DST', 4) || !/^inbound/i.test(name)) return;
  draft.ip = own;
  draft.port = Number(parseIstioClusterName(name)?.port) || 80;
}
