/** `original_ip_detection_extensions` (Envoy: source/extensions/http/original_ip_detection/{xff,custom_header}, source/common/http/utility.cc). */
import { canonicalIp, cidrContains, readCidr } from '../../../model/address';
import type { ConfigNode } from '../../../schema/configNode';
import { headerValues, knownHeader, type HttpRequest } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { PeerAddress } from '../../facts/peerAddress';
import { statusCodeOf } from '../../facts/statusCode';
import { words } from '../../record/sentence';

export interface Detected {
  /** Undefined: none found. */
  readonly ip: string | NotKnown | undefined;
  readonly mayBeInternal: boolean;
  /** The peer is added to x-forwarded-for. */
  readonly appends: boolean;
  /** The request is refused with this status. */
  readonly refusedWith?: number;
}

interface ForwardedAddress extends Pick<Detected, 'mayBeInternal'> {
  readonly ip: string | undefined;
}

/** What is missing where the socket's peer is not known. */
export const NO_SOURCE = words("the client's address: give the connection's source");

const NONE = { ip: undefined, mayBeInternal: false, appends: false } as const;
const XFF_CONFIG = 'envoy.extensions.http.original_ip_detection.xff.v3.XffConfig';
const CUSTOM_HEADER = 'envoy.extensions.http.original_ip_detection.custom_header.v3.CustomHeaderConfig';

/** Asks one extension; `peer` is the connection's own. Undefined: an extension that we do not know, or one that may refuse the request. */
export function detectOriginalIp(extension: ConfigNode, request: HttpRequest, peer: PeerAddress): Detected | undefined {
  const config = extension.typed();
  if (config?.type === XFF_CONFIG) return byXffConfig(config.node, request, peer);
  return config?.type === CUSTOM_HEADER ? byCustomHeader(config.node, request) : undefined;
}

function byXffConfig(config: ConfigNode, request: HttpRequest, peer: PeerAddress): Detected {
  const appends = config.bool('skip_xff_append') === false;
  const trusted = (config.get('xff_trusted_cidrs')?.list('cidrs') ?? []).flatMap((range) => readCidr(range) ?? []);
  const isTrusted = (ip: string): boolean => trusted.some((range) => cidrContains(range, ip));
  if (trusted.length > 0 && peer === 'unknown') return { ip: new NotKnown(NO_SOURCE), mayBeInternal: true, appends: true };
  // Where the peer itself is not trusted Envoy adds it, whatever skip_xff_append says.
  if (trusted.length > 0 && (typeof peer !== 'object' || !isTrusted(peer.ip))) return { ...NONE, appends: true };
  const values = knownHeader(request, 'x-forwarded-for');
  if (values instanceof NotKnown) return { ip: values, mayBeInternal: true, appends };
  if (trusted.length === 0) return { ...lastForwardedAddress(request, config.number('xff_num_trusted_hops') ?? 0), appends };
  return { ...lastUntrustedAddress(request, isTrusted), appends };
}

/** The last address but `skip`; only a single one may be internal. */
export function lastForwardedAddress(request: HttpRequest, skip: number): ForwardedAddress {
  const addresses = headerValues(request, 'x-forwarded-for').join(',').split(',');
  const ip = canonicalIp((addresses[addresses.length - 1 - skip] ?? '').trim());
  return { ip, mayBeInternal: ip !== undefined && addresses.length === 1 };
}

const MAX_ENTRIES = 20;

/** From the end the first that is not trusted; where all are, the very first. */
function lastUntrustedAddress(request: HttpRequest, isTrusted: (ip: string) => boolean): ForwardedAddress {
  const entries = headerValues(request, 'x-forwarded-for').join(',').split(',');
  if (entries.length > MAX_ENTRIES) return NONE;
  let last: string | undefined;
  for (const entry of entries.reverse()) {
    const ip = canonicalIp(entry.trim());
    if (ip === undefined) return NONE;
    last = ip;
    if (!isTrusted(ip)) break;
  }
  return { ip: last, mayBeInternal: entries.length === 1 };
}

function byCustomHeader(config: ConfigNode, request: HttpRequest): Detected | undefined {
  const values = knownHeader(request, config.string('header_name'));
  const mayBeInternal = config.bool('allow_extension_to_set_address_as_trusted') === true;
  const reject = config.get('reject_with_status');
  if (values instanceof NotKnown) return reject ? undefined : { ip: values, mayBeInternal, appends: false };
  const ip = canonicalIp(values[0] ?? '');
  if (ip !== undefined) return { ip, mayBeInternal, appends: false };
  return reject ? { ...NONE, refusedWith: errorCode(reject) } : NONE;
}

/** Only errors are taken; everything else is 403 (CustomHeaderIPDetection::toErrorCode). */
function errorCode(status: ConfigNode): number {
  const code = statusCodeOf(status) ?? 0;
  return code >= 400 && code <= 511 ? code : 403;
}
