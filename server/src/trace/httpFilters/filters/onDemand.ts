/** envoy.filters.http.on_demand (Envoy: source/extensions/filters/http/on_demand/on_demand_update.cc). */
import type { HopResult } from '../../hop';
import { say, words } from '../../record/sentence';
import { leaveOpen, pass, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';

/** Fetches what is missing: a cluster by ODCDS here; virtual hosts (VHDS) are waited for when the route is looked up. */
export function runOnDemand(call: FilterCall): HopResult | undefined {
  const { hop, http, config } = call;
  const odcds = (routeConfigOf(http, call.name)?.node ?? config).get('odcds');
  const name = http.clusterName;
  if (!odcds || name === undefined || name === '' || hop.proxy.byName.cluster.has(name))
    return pass(call, { because: words('the virtual host and the cluster are there already') });
  return leaveOpen(call, say`whether ODCDS delivers the cluster ${name}`, { at: odcds });
}
