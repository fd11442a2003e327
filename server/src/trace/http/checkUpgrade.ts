/** May the request switch protocols (Envoy: HttpConnectionManagerConfig::createUpgradeFilterChain, conn_manager_impl.cc upgradeRejected)? */
import type { ConfigNode } from '../../schema/configNode';
import { joinAllFilters } from '../httpFilters/runHttpFilters';
import { keepsBack } from '../../schema/keptBack';
import { mayLackEntries } from '../../schema/mayLackEntries';
import { addStep, type Hop, type HopResult } from '../hop';
import { say, type Sentence } from '../record/sentence';
import type { HttpStream } from '../httpStream';
import { upgradeTypeOf } from './isUpgrade';
import { cannotTell } from '../record/hopRecord';
import { localReply } from './localReply/localReply';

/** 403 when neither the route nor the connection manager allows the upgrade. Without a route the router's 404 comes first. */
export function checkUpgrade(hop: Hop, http: HttpStream): HopResult | undefined {
  const type = upgradeTypeOf(http.request);
  if (type === undefined) return undefined;
  const onRoute = findUpgrade(http.route?.get('route'), type);
  const onManager = findUpgrade(http.manager, type);
  const routeSays = onRoute && onRoute.bool('enabled') !== false;
  const managerSays = onManager && onManager.bool('enabled') !== false;
  const hidden = [http.route?.get('route'), http.manager].find((holder) => holder && hidesUpgrades(holder));
  if (hidden && (!(routeSays ?? managerSays) || (type === 'CONNECT' && onRoute?.has('connect_config') !== true)))
    return cannotTell(say`whether the upgrade to ${type} is allowed: the file leaves out a part of upgrade_configs`);
  const isAllowed = routeSays ?? managerSays ?? false;
  if (isAllowed) {
    if (onManager && mayLackEntries(onManager, 'filters'))
      return cannotTell(say`the HTTP filters of the upgrade to ${type}, which the file leaves out`);
    const own = onManager?.list('filters') ?? [];
    if (own.length > 0) http.httpFilters = own;
    addStep(hop, {
      stage: 'http_connection',
      decision: say`the upgrade to ${type} is allowed`,
      because: say`upgrade_configs has it`,
      at: routeSays ? onRoute : onManager,
    });
    return undefined;
  }
  if (!http.route && http.redirectsToTls !== true) return undefined;
  addStep(hop, {
    stage: 'http_connection',
    decision: say`the upgrade to ${type} is refused`,
    because: reasonOf(onRoute, onManager),
    at: onRoute ?? onManager ?? http.route,
  });
  const answer = localReply(hop, 'local_reply', { code: 403, details: 'upgrade_failed' });
  joinAllFilters(hop, http);
  return answer;
}

function hidesUpgrades(holder: ConfigNode): boolean {
  const configs = holder.get('upgrade_configs');
  return configs !== undefined && keepsBack(configs);
}

function reasonOf(onRoute: ConfigNode | undefined, onManager: ConfigNode | undefined): Sentence {
  if (onRoute) return say`the route switches it off`;
  return onManager
    ? say`the connection manager switches it off, and the route does not switch it on`
    : say`neither the route nor the connection manager has it in upgrade_configs`;
}

function findUpgrade(holder: ConfigNode | undefined, type: string): ConfigNode | undefined {
  return holder?.list('upgrade_configs').find((config) => config.string('upgrade_type').toLowerCase() === type.toLowerCase());
}
