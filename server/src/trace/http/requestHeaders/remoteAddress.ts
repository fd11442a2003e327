/** Who the client is, by socket or X-Forwarded-For, and whether it is internal (Envoy: conn_manager_utility.cc, http/utility.cc getLastAddressFromXFF). */
import { cidrContains, makeCidr, readCidr, type CidrRange } from '../../../model/address';
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { lostField } from '../../../schema/keptBack';
import { appendHeader, headerValues, markUnknownHeader, unknownHeader, type HttpRequest } from '../../facts/httpRequest';
import { remoteAddress as peerAddress } from '../../facts/peerAddress';
import type { Hop } from '../../hop';
import type { HttpStream } from '../../httpStream';
import { words, type Sentence } from '../../record/sentence';
import { NotKnown } from '../../facts/notKnown';
import { detectOriginalIp, lastForwardedAddress, NO_SOURCE, type Detected } from './originalIpDetection';

export interface RemoteAddress {
  /** Undefined: the connection's own. `unknown`: by an X-Forwarded-For whose value is not known. */
  readonly address: { readonly ip: string; readonly port: number | undefined } | 'unknown' | undefined;
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
  const { address, mayBeInternal, missing, ...rest } = found;
  const fits = mayBeInternal && isInRanges(internalRanges(hop, http.manager), address);
  const isInternal = fits === true && missing === undefined;
  const isLost = mayBeInternal && address !== undefined && fits === false && lacksRanges(http.manager);
  const doubt = isLost ? LOST_RANGES : fits !== false && !isInternal ? missing : undefined;
  return { ...rest, address, isInternal, ...(doubt && { mayBeInternal: doubt }) };
}

/** Undefined: perhaps. */
function isInRanges(ranges: readonly CidrRange[], address: RemoteAddress['address']): boolean | undefined {
  if (address === 'unknown') return ranges.length > 0 ? undefined : false;
  return address !== undefined && ranges.some((range) => cidrContains(range, address.ip));
}

const LOST_RANGES = words('which addresses are internal: the file leaves out a part of internal_address_config');

interface Found extends Omit<RemoteAddress, 'isInternal' | 'mayBeInternal'> {
  /** Only a single address may be trusted to be internal. */
  readonly mayBeInternal: boolean;
  /** What there is to say to know the address, or whether it is the only one. */
  readonly missing?: Sentence;
}

const FORWARDED_FOR = 'x-forwarded-for';

/** `use_remote_address`: the socket's peer, or what the trusted hops before it say; the peer is added to X-Forwarded-For, if it has an IP. */
function bySocket(hop: Hop, { manager, request }: HttpStream): Found {
  const mayBeInternal = request.unknownHeaders?.has(FORWARDED_FOR) !== true && headerValues(request, FORWARDED_FOR).length === 0;
  const hidden = unknownHeader(request, FORWARDED_FOR);
  const hops = manager.number('xff_num_trusted_hops') ?? 0;
  const trusted = hops > 0 ? lastForwardedAddress(request, hops - 1).ip : undefined;
  const peer = peerAddress(hop.connection, hop.arrival);
  if (manager.bool('skip_xff_append') !== true) appendPeer(hop, request);
  if (hops > 0 && hidden) return { address: 'unknown', mayBeInternal, missing: hidden };
  const missing = hidden ?? (peer === 'unknown' ? NO_SOURCE : undefined);
  const address = trusted === undefined ? peer : { ip: trusted, port: 0 };
  return { address: address === 'none' ? undefined : address, mayBeInternal, ...(missing && { missing }) };
}

/** Otherwise the extensions are asked in turn; without any X-Forwarded-For is believed, when it has an address. */
function byForwardedFor(hop: Hop, { manager, request }: HttpStream): Found {
  const extensions = manager.list('original_ip_detection_extensions');
  const list = manager.get('original_ip_detection_extensions');
  if (list?.isIncomplete) return { address: undefined, mayBeInternal: false, unknownExtension: list };
  const hidden = unknownHeader(request, FORWARDED_FOR);
  if (extensions.length === 0 && hidden) return foundAt({ ip: new NotKnown(hidden), mayBeInternal: true });
  if (extensions.length === 0) return foundAt(lastForwardedAddress(request, manager.number('xff_num_trusted_hops') ?? 0));
  const peer = peerAddress(hop.connection, hop.arrival);
  for (const extension of extensions) {
    const detected = detectOriginalIp(extension, request, peer);
    if (!detected) return { address: undefined, mayBeInternal: false, unknownExtension: extension };
    if (detected.refusedWith !== undefined) return { address: undefined, mayBeInternal: false, refusedWith: detected.refusedWith };
    if (detected.appends) appendPeer(hop, request);
    if (detected.ip !== undefined) return foundAt(detected);
  }
  return { address: undefined, mayBeInternal: false };
}

function foundAt({ ip, mayBeInternal }: Pick<Detected, 'ip' | 'mayBeInternal'>): Found {
  if (ip instanceof NotKnown) return { address: 'unknown', mayBeInternal, missing: ip.missing };
  return { address: ip === undefined ? undefined : { ip, port: 0 }, mayBeInternal };
}

/** The socket's peer is added to X-Forwarded-For, if it has an IP. */
function appendPeer({ connection, arrival }: Hop, request: HttpRequest): void {
  const peer = peerAddress(connection, arrival);
  if (peer === 'unknown') markUnknownHeader(request, FORWARDED_FOR, NO_SOURCE);
  else if (peer !== 'none') appendHeader(request, FORWARDED_FOR, peer.ip);
}

/** Of the loopback one address alone, of fc00::/7 the half that is assigned (Envoy: source/common/network/utility.cc, isInternalAddress). */
const PRIVATE_RANGES: readonly CidrRange[] = [
  makeCidr('10.0.0.0', 8),
  makeCidr('172.16.0.0', 12),
  makeCidr('192.168.0.0', 16),
  makeCidr('127.0.0.1', 32),
  makeCidr('::1', 128),
  makeCidr('fd00::', 8),
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
