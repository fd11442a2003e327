/** Where a request starts that somebody types while looking at a file: at its proxy, unless what was typed says another. */
import type { TraceRequest } from '../../protocol/trace';
import { ownersOf, ownersSeenFrom } from '../upstream/addressOwners';
import type { Snapshot } from '../../index/snapshot';
import { takesOutbound } from './chooseProxy';
import { readPeer } from './firstConnection';

/** The request with its start, where the file or the owner of the source tells one. `uri`: the file at hand. */
export function startAtHand(snapshot: Snapshot, request: TraceRequest, uri: string): TraceRequest {
  const here = snapshot.proxies.find(({ uris }) => uris.includes(uri));
  // Notes, or a resource of Istio's: then source and destination decide, as on the command line.
  if (request.start || !here) return request;
  const { source, capture } = request.connection;
  const ip = capture === 'inbound' || capture === 'none' ? undefined : readPeer(source)?.ip;
  const owners = ip === undefined ? [] : ownersSeenFrom(here, ip, ownersOf(snapshot, ip));
  const senders = owners.map(({ proxy }) => proxy).filter(takesOutbound);
  if (senders.length === 0 || senders.includes(here)) return { ...request, start: { proxy: uri } };
  const [sender, ...others] = senders;
  return sender && others.length === 0 ? { ...request, start: { proxy: sender.id } } : request;
}
