/** Whether the files may lack listeners: then the absence of one proves nothing. */
import { shortProxy } from '../../model/summary/shortProxy';
import type { ProxyScope } from '../../index/proxyScope';
import type { Resource } from '../../model/resources/resource';
import { readTyped, type ConfigNode } from '../../schema/configNode';
import { KEPT_BACK, lostField } from '../../schema/keptBack';
import { boundSocketsOf } from './boundListeners';
import { mayLack } from '../lostResources';
import { say, type Sentence } from '../record/sentence';

/** What is missing, or undefined where the files hold every listener of the proxy. */
export function listenersMayBeMissing(proxy: ProxyScope, wanted: Sentence): Sentence | undefined {
  const lost = lostListeners(proxy, wanted);
  if (lost) return lost;
  const listeners = listenersOf(proxy);
  if (listeners.length === 0 && proxy.kind !== 'bootstrap' && !hasListenerSection(proxy)) return holdsNone(proxy, wanted);
  const discovers = proxy.kind === 'bootstrap' && proxy.bootstrap?.path('dynamic_resources', 'lds_config') !== undefined;
  if (discovers && listeners.every(({ state }) => state === 'static'))
    return say`${wanted}: ${shortProxy(proxy.id)} gets listeners by LDS, and no open file has them`;
  return undefined;
}

/** What is missing where a dump has lost its listeners, or where they listen. `port`: a listener that is known to have another one does not matter. */
export function lostListeners(proxy: ProxyScope, wanted: Sentence, port?: number): Sentence | undefined {
  if (mayLack(proxy, 'listener')) return say`${wanted} of the proxy ${shortProxy(proxy.id)}: the file leaves out some of its listeners`;
  const listeners = listenersOf(proxy);
  const hidden = listeners.find(({ node }) => hidesAddress(node, port));
  if (hidden) return say`${wanted} of the proxy ${shortProxy(proxy.id)}: the file leaves out the address of listener ${hidden.name}`;
  return listeners.length === 0 && proxy.kind === 'dump' && !hasListenerSection(proxy) ? holdsNone(proxy, wanted) : undefined;
}

function holdsNone({ id }: ProxyScope, wanted: Sentence): Sentence {
  return say`${wanted}: the files of ${shortProxy(id)} hold no listeners; take a whole config_dump`;
}

function listenersOf({ resources }: ProxyScope): readonly Resource[] {
  return resources.filter(({ kind }) => kind === 'listener');
}

/** One of its addresses is kept back, or there may be more than the file has. */
function hidesAddress(listener: ConfigNode, port?: number): boolean {
  const mayBe = (known: number): boolean => port === undefined || known === 0 || known === port;
  const isHidden = boundSocketsOf(listener).some((socket) => socket.ip === KEPT_BACK && mayBe(socket.port));
  return isHidden || lostField(listener, ['additional_addresses']) !== undefined;
}

/** A dump with an empty ListenersConfigDump says that there are none. */
function hasListenerSection({ parts }: ProxyScope): boolean {
  return [...parts].some(({ node }) =>
    [node, ...node.list('configs')].some((section) => readTyped(section).type === 'envoy.admin.v3.ListenersConfigDump'),
  );
}
