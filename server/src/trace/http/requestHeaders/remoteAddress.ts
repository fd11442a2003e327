/** Who the client is, by socket or X-Forwarded-For, and whether it is internal (Envoy: conn_manager_utility.cc, http/utility.cc getLastAddressFromXFF). */
import { cidrContains, makeCidr, readCidr, type CidrRange } from '../../../model/address';
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { lostField } from '../../../schema/keptBack';
import { headerValues, markUnknownHeader, setHeader, type HttpRequest } from '../../facts/httpRequest';
import { remoteAddress as peerAddress } from '../../facts/peerAddress';
import type { Hop } from '../../hop';
import type { HttpStream } from '../httpStream';
import { words, type Sentence } from '../../record/sentence';
import { detectOriginalIp, lastForwardedAddress, type Detected } from './originalIpDetection';

export interface RemoteAddress {
  /** Undefined: the connection's own. */
  readonly address: { readonly ip: string; readonly port: number | undefined } | undefined;
  readonly isInternal: boolean;
  /** What is missing where it may be internal all the same. */
  readonly mayBeInternal?: Sentence;
  /** An extension that finds no address refuses the request with this status. */
  readonly refusedWith?: number;
  /** An extension that we do not know may find another address. */
  readonly unknownExtension?: ConfigNode;
}

/** The socket's peer is the client, not what x-forwarded-for says. */
export function usesRemoteAddress({ manager }: HttpStream): boolean {
  return manager.bool('use_remote_address') === true;
}

export function readRemoteAddress(hop: Hop, http: HttpStream): RemoteAddress {
  const found = usesRemoteAddress(http) ? bySocket(hop, http) : byForwardedFor(hop, http);
  const ranges = internalRanges(hop, http.manager);
  const { address, mayBeInternal, ...rest } = found;
  const isInternal = mayBeInternal && address !== undefined && ranges.some((range) => cidrContains(range, address.ip));
  const isUndecided = mayBeInternal && address !== undefined && !isInternal && lacksRanges(http.manager);
  return { ...rest, address, isInternal, ...(isUndecided && { mayBeInternal: LOST_RANGES }) };
}

const LOST_RANGES = words('which addresses are internal: the file leaves out a part of internal_address_config');

/** What is missing where the socket's peer is not known. */
export const NO_SOURCE = words("the client's address: give the connection's source");

interface Found extends Omit<RemoteAddress, 'isInternal' | 'mayBeInternal'> {
  /** Only a single address may be trusted to be internal. */
  readonly mayBeInternal: boolean;
}

/** `use_remote_address`: the socket's peer, or what the trusted hops before it say; the peer is added to X-Forwarded-For, if it has an IP. */
function bySocket({ connection, arrival }: Hop, { manager, request }: HttpStream): Found {
  const mayBeInternal = headerValues(request, 'x-forwarded-for').length === 0;
  const hops = manager.number('xff_num_trusted_hops') ?? 0;
  const trusted = hops > 0 ? lastForwardedAddress(request, hops - 1).ip : undefined;
  if (manager.bool('skip_xff_append') !== true) {
    const peer = peerAddress(connection, arrival);
    if (peer === 'unknown') markUnknownHeader(request, 'x-forwarded-for', NO_SOURCE);
    else if (peer !== 'none') appendForwardedFor(request, peer.ip);
  }
  return { address: trusted === undefined ? connection.source : { ip: trusted, port: 0 }, mayBeInternal };
}

/** Otherwise the extensions are asked in turn; without any X-Forwarded-For is believed, when it has an address. */
function byForwardedFor({ connection }: Hop, { manager, request }: HttpStream): Found {
  const extensions = manager.list('original_ip_detection_extensions');
  const list = manager.get('original_ip_detection_extensions');
  if (list?.isIncomplete) return { address: undefined, mayBeInternal: false, unknownExtension: list };
  if (extensions.length === 0) return foundAt(lastForwardedAddress(request, manager.number('xff_num_trusted_hops') ?? 0));
  const peer = connection.source?.ip;
  for (const extension of extensions) {
    const detected = detectOriginalIp(extension, request, peer);
    if (!detected) return { address: undefined, mayBeInternal: false, unknownExtension: extension };
    if (detected.refusedWith !== undefined) return { address: undefined, mayBeInternal: false, refusedWith: detected.refusedWith };
    if (detected.appends && peer !== undefined) appendForwardedFor(request, peer);
    if (detected.ip !== undefined) return foundAt(detected);
  }
  return { address: undefined, mayBeInternal: false };
}

function foundAt({ ip, mayBeInternal }: Pick<Detected, 'ip' | 'mayBeInternal'>): Found {
  return { address: ip === undefined ? undefined : { ip, port: 0 }, mayBeInternal };
}

function appendForwardedFor(request: HttpRequest, ip: string): void {
  const before = headerValues(request, 'x-forwarded-for');
  setHeader(request, 'x-forwarded-for', [...before, ip].filter((text) => text !== '').join(','));
}

const PRIVATE_RANGES: readonly CidrRange[] = [
  makeCidr('10.0.0.0', 8),
  makeCidr('172.16.0.0', 12),
  makeCidr('192.168.0.0', 16),
  makeCidr('127.0.0.0', 8),
  makeCidr('::1', 128),
  makeCidr('fc00::', 7),
];

/** Without `internal_address_config` nobody is internal since 1.33; before, and with one that has no ranges, the private ranges are. */
function internalRanges({ proxy }: Hop, manager: ConfigNode): readonly CidrRange[] {
  const config = manager.get('internal_address_config');
  if (!config) return isBefore133(proxy.proxyNode.version) ? PRIVATE_RANGES : [];
  const ranges = readRanges(config);
  return ranges.length === 0 && config.list('cidr_ranges').length === 0 ? PRIVATE_RANGES : ranges;
}

function lacksRanges(manager: ConfigNode): boolean {
  return lostField(manager, ['internal_address_config']) !== undefined;
}

function isBefore133(version: readonly [number, number, number] | undefined): boolean {
  return version !== undefined && (version[0] < 1 || (version[0] === 1 && version[1] < 33));
}

const readRanges: (config: ConfigNode) => readonly CidrRange[] = memoizeByNode((config) =>
  config.list('cidr_ranges').flatMap((range) => readCidr(range) ?? []),
);
