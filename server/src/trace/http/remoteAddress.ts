/** Who the client is, by socket or X-Forwarded-For, and whether it is internal (Envoy: conn_manager_utility.cc, http/utility.cc getLastAddressFromXFF). */
import { canonicalIp, cidrContains, makeCidr, readCidr, type CidrRange } from '../../model/address';
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { headerValues, setHeader, type HttpRequest } from '../facts/httpRequest';
import type { Hop } from '../hop';
import type { HttpStream } from './httpStream';

export interface RemoteAddress {
  /** Undefined: the connection's own. */
  readonly address: { readonly ip: string; readonly port: number | undefined } | undefined;
  readonly isInternal: boolean;
}

export function readRemoteAddress(hop: Hop, http: HttpStream): RemoteAddress {
  const found = http.manager.bool('use_remote_address') === true ? bySocket(hop, http) : byForwardedFor(http);
  const ranges = internalRanges(hop, http.manager);
  const { address, mayBeInternal } = found;
  const isInternal = mayBeInternal && address !== undefined && ranges.some((range) => cidrContains(range, address.ip));
  return { address, isInternal };
}

interface Found {
  readonly address: RemoteAddress['address'];
  /** Only a single address may be trusted to be internal. */
  readonly mayBeInternal: boolean;
}

/** `use_remote_address`: the socket's peer, or what the trusted hops before it say; the peer is added to X-Forwarded-For. */
function bySocket({ connection }: Hop, { manager, request }: HttpStream): Found {
  const mayBeInternal = headerValues(request, 'x-forwarded-for').length === 0;
  const hops = manager.number('xff_num_trusted_hops') ?? 0;
  const trusted = hops > 0 ? lastForwardedAddress(request, hops - 1)?.address : undefined;
  if (manager.bool('skip_xff_append') !== true && connection.source) appendForwardedFor(request, connection.source.ip);
  return { address: trusted ?? connection.source, mayBeInternal };
}

/** Otherwise X-Forwarded-For is believed, when it has an address. */
function byForwardedFor({ manager, request }: HttpStream): Found {
  const extensions = manager.list('original_ip_detection_extensions');
  if (extensions.length > 0) return byExtensions(extensions, request);
  const found = lastForwardedAddress(request, manager.number('xff_num_trusted_hops') ?? 0);
  return { address: found?.address, mayBeInternal: found?.isSingle ?? false };
}

const XFF_CONFIG = 'envoy.extensions.http.original_ip_detection.xff.v3.XffConfig';
const CUSTOM_HEADER = 'envoy.extensions.http.original_ip_detection.custom_header.v3.CustomHeaderConfig';

/** The first extension that finds an address. */
function byExtensions(extensions: readonly ConfigNode[], request: HttpRequest): Found {
  for (const extension of extensions) {
    const config = extension.typed();
    if (config?.type === XFF_CONFIG) {
      const found = lastForwardedAddress(request, config.node.number('xff_num_trusted_hops') ?? 0);
      if (found) return { address: found.address, mayBeInternal: found.isSingle };
    }
    if (config?.type === CUSTOM_HEADER) {
      const ip = canonicalIp(headerValues(request, config.node.string('header_name'))[0] ?? '');
      if (ip !== undefined)
        return { address: { ip, port: 0 }, mayBeInternal: config.node.bool('allow_extension_to_set_address_as_trusted') === true };
    }
  }
  return { address: undefined, mayBeInternal: false };
}

/** The last address but `skip`, and whether it is the only one; undefined where there is none. */
function lastForwardedAddress(
  request: HttpRequest,
  skip: number,
): { address: { ip: string; port: number }; isSingle: boolean } | undefined {
  const header = headerValues(request, 'x-forwarded-for').join(',');
  if (header === '') return undefined;
  const addresses = header.split(',');
  const ip = canonicalIp((addresses[addresses.length - 1 - skip] ?? '').trim());
  return ip === undefined ? undefined : { address: { ip, port: 0 }, isSingle: addresses.length === 1 };
}

function appendForwardedFor(request: HttpRequest, ip: string): void {
  const before = headerValues(request, 'x-forwarded-for');
  setHeader(request, 'x-forwarded-for', [...before, ip].join(','));
}

const PRIVATE_RANGES: readonly CidrRange[] = [
  makeCidr('10.0.0.0', 8),
  makeCidr('172.16.0.0', 12),
  makeCidr('192.168.0.0', 16),
  makeCidr('127.0.0.0', 8),
  makeCidr('::1', 128),
  makeCidr('fc00::', 7),
];

/** Without `internal_address_config` nobody is internal since 1.33; before, and with `unix_sockets` alone, the private ranges are. */
function internalRanges({ proxy }: Hop, manager: ConfigNode): readonly CidrRange[] {
  const config = manager.get('internal_address_config');
  if (!config) return isBefore133(proxy.proxyNode.version) ? PRIVATE_RANGES : [];
  const ranges = readRanges(config);
  return ranges.length === 0 && config.bool('unix_sockets') === true ? PRIVATE_RANGES : ranges;
}

function isBefore133(version: readonly [number, number, number] | undefined): boolean {
  return version !== undefined && (version[0] < 1 || (version[0] === 1 && version[1] < 33));
}

const readRanges: (config: ConfigNode) => readonly CidrRange[] = memoizeByNode((config) =>
  config.list('cidr_ranges').flatMap((range) => readCidr(range) ?? []),
);
