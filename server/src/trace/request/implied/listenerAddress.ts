/** The address that a client of a listener asks for. */
import { readAddress } from '../../../model/address';
import type { ProxyScope } from '../../../index/proxyScope';
import type { ConfigNode } from '../../../schema/configNode';
import { clusterHostsOf } from '../../cluster/discovery/clusterHosts';
import { boundSocketsOf, captureOf, isInternalListener } from '../../listener/boundListeners';
import { ownAddress } from '../resolveHost';
import { ANY_IP, type RequestDraft } from './requestDraft';

/** A bound listener's own address; what an intercepting or handed-over one may stand for; what a host's metadata brings to an internal one. */
export function addListenerAddress(draft: RequestDraft, proxy: ProxyScope, listener: ConfigNode): void {
  if (isInternalListener(listener)) return addInternal(draft, proxy, listener);
  const capture = captureOf(listener);
  const [socket] = boundSocketsOf(listener);
  if (capture === 'inbound') {
    draft.ip = proxy.proxyNode.ips[0] ?? ANY_IP;
    draft.port = firstPort(listener) ?? 80;
  } else if (capture === 'outbound') {
    draft.ip = ANY_IP;
    draft.port = 80;
  } else if (socket) {
    const own = ownAddress(proxy, socket);
    draft.ip = own.ip;
    draft.port = own.port;
  } else {
    const address = readAddress(listener.get('address'));
    if (address?.kind !== 'ip') return;
    draft.ip = address.ip === '0.0.0.0' || address.ip === '::' ? ANY_IP : address.ip;
    draft.port = address.port;
  }
}

/** The first port that a chain asks for; not the listener's own, which only catches loops. */
function firstPort(listener: ConfigNode): number | undefined {
  const own = boundSocketsOf(listener)[0]?.port;
  for (const chain of listener.list('filter_chains')) {
    const port = chain.get('filter_chain_match')?.number('destination_port');
    if (port !== undefined && port !== own) return port;
  }
  return undefined;
}

const MAX_CLUSTERS = 2_000;

const ORIGINAL_DST = 'envoy.filters.listener.original_dst';

/** The metadata of the first endpoint that leads to the listener; where none does, an address that its original_dst filter restores. */
function addInternal(draft: RequestDraft, proxy: ProxyScope, listener: ConfigNode): void {
  draft.metadata = metadataOfEndpoint(proxy, listener.string('name'));
  if (draft.metadata || listener.has('filter_chain_matcher')) return;
  if (listener.list('listener_filters').some((filter) => filter.typed()?.type.endsWith('.OriginalDst') === true))
    draft.metadata = { [ORIGINAL_DST]: { local: `${ANY_IP}:80` } };
}

function metadataOfEndpoint(proxy: ProxyScope, name: string): Record<string, unknown> | undefined {
  let count = 0;
  for (const { node } of proxy.byName.cluster.values()) {
    if (++count > MAX_CLUSTERS) return undefined;
    const answer = clusterHostsOf(proxy, node);
    const hosts = answer.kind === 'hosts' ? answer.priorities.flat() : [];
    const host = hosts.find(({ address }) => address.kind === 'internal' && address.listener === name);
    const metadata = host?.metadata?.get('filter_metadata');
    if (!host) continue;
    const passed = node.get('transport_socket')?.typed()?.node.list('passthrough_metadata') ?? [];
    const entries = passed.flatMap((each) => {
      const value = metadata?.entry(each.string('name'));
      return value ? [[each.string('name'), value.toValue()] as const] : [];
    });
    if (entries.length > 0) return Object.fromEntries(entries);
  }
  return undefined;
}
