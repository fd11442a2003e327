/** Whether the files may lack listeners: then the absence of one proves nothing. */
import type { Snapshot } from '../../index/buildSnapshot';
import type { ProxyScope } from '../../index/proxyScope';
import { readTyped, type ConfigNode } from '../../schema/configNode';
import type { Hop } from '../hop';
import { KEPT_BACK, lostField } from '../../schema/keptBack';
import { boundSocketsOf } from '../request/boundListeners';
import { mayLack } from '../lostResources';
import { cannotTell, type Ending } from '../record/hopRecord';
import { say, type Sentence } from '../record/sentence';

/** What is missing, or undefined where the files hold every listener of the proxy. */
export function listenersMayBeMissing({ proxy, snapshot }: Pick<Hop, 'proxy' | 'snapshot'>, wanted: Sentence): Ending | undefined {
  const listeners = proxy.resources.filter(({ kind }) => kind === 'listener');
  if (mayLack(proxy, 'listener')) return cannotTell(say`${wanted} of the proxy ${proxy.id}: the file leaves out some of its listeners`);
  const hidden = listeners.find(({ node }) => hidesAddress(node));
  if (hidden) return cannotTell(say`${wanted} of the proxy ${proxy.id}: the file leaves out the address of listener ${hidden.name}`);
  if (listeners.length === 0 && proxy.kind !== 'bootstrap' && !hasListenerSection(proxy, snapshot))
    return cannotTell(say`${wanted}: the files of ${proxy.id} hold no listeners; take a whole config_dump`);
  const discovers = proxy.kind === 'bootstrap' && proxy.bootstrap?.path('dynamic_resources', 'lds_config') !== undefined;
  if (discovers && listeners.every(({ state }) => state === 'static'))
    return cannotTell(say`${wanted}: ${proxy.id} gets listeners by LDS, and no open file has them`);
  return undefined;
}

/** One of its addresses is kept back, or there may be more than the file has. */
function hidesAddress(listener: ConfigNode): boolean {
  return boundSocketsOf(listener).some(({ ip }) => ip === KEPT_BACK) || lostField(listener, ['additional_addresses']) !== undefined;
}

/** A dump with an empty ListenersConfigDump says that there are none. */
function hasListenerSection({ uris }: ProxyScope, { documents }: Snapshot): boolean {
  const parts = uris.flatMap((uri) => documents.get(uri)?.parts ?? []);
  return parts.some(({ node }) =>
    [node, ...node.list('configs')].some((section) => readTyped(section).type === 'envoy.admin.v3.ListenersConfigDump'),
  );
}
