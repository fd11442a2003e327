/** `core.v3.Address` as a value, and IP texts as comparable values (ipaddr.js). */
import ipaddr from 'ipaddr.js';
import type { ConfigNode } from '../schema/configNode';
import { MAX_PORT } from '../protocol/maxPort';

export type Address =
  | { readonly kind: 'ip'; readonly ip: string; readonly port: number }
  /** A host name where Envoy resolves one (STRICT_DNS, LOGICAL_DNS, dynamic forward proxy). */
  | { readonly kind: 'dns'; readonly host: string; readonly port: number }
  | { readonly kind: 'pipe'; readonly path: string }
  | { readonly kind: 'internal'; readonly listener: string; readonly endpointId: string };

/** Reads `core.v3.Address`; undefined where none of its kinds is there. */
export function readAddress(node: ConfigNode | undefined): Address | undefined {
  const socket = node?.get('socket_address');
  if (socket) {
    const address = socket.string('address');
    const port = socket.number('port_value') ?? 0;
    const ip = canonicalIp(address);
    return ip === undefined ? { kind: 'dns', host: address, port } : { kind: 'ip', ip, port };
  }
  const pipe = node?.get('pipe');
  if (pipe) return { kind: 'pipe', path: pipe.string('path') };
  const internal = node?.get('envoy_internal_address');
  if (internal) return { kind: 'internal', listener: internal.string('server_listener_name'), endpointId: internal.string('endpoint_id') };
  return undefined;
}

/** Whether a `core.v3.SocketAddress` is one of datagrams. */
export function isUdpSocket(socket: ConfigNode | undefined): boolean {
  return socket?.isEnum('protocol', 'UDP', 1) ?? false;
}

/** `10.0.0.1:80`, `[::1]:80`, `/run/x.sock`, `internal:LISTENER/ENDPOINT_ID`, `dns:host:port`: the spelling of the trace contract. */
export function formatAddress(address: Address): string {
  switch (address.kind) {
    case 'ip':
      return joinHostPort(address.ip, address.port);
    case 'dns':
      return `dns:${address.host}:${address.port}`;
    case 'pipe':
      return address.path;
    case 'internal':
      return `internal:${address.listener}/${address.endpointId}`;
  }
}

/** As a person reads it: a host name without the contract's mark. */
export function labelOfAddress(address: Address): string {
  return address.kind === 'dns' ? `${address.host}:${address.port}` : formatAddress(address);
}

/** `10.0.0.1:80`, `[::1]:80`. */
export function joinHostPort(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/** The network of `bits` that an address is in, as CIDR; undefined where the length fits no such address. */
export function networkOf(ip: string, bits: number): string | undefined {
  try {
    const kind = ip.includes(':') ? ipaddr.IPv6 : ipaddr.IPv4;
    return `${kind.networkAddressFromCIDR(`${ip}/${bits}`).toString()}/${bits}`;
  } catch {
    return undefined;
  }
}

/** Reads `ip:port` or `[ip6]:port`; undefined when it is neither. */
export function parseIpPort(text: string): { kind: 'ip'; ip: string; port: number } | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  if (!match) return undefined;
  const ip = canonicalIp(match[1] ?? match[2] ?? '');
  const port = Number(match[3]);
  return ip === undefined || port > MAX_PORT ? undefined : { kind: 'ip', ip, port };
}

/** Four decimal numbers up to 255 without leading zeros. */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** The shortest text of an IP address (IPv6 compressed and lower-cased); undefined when it is none. IPv4 must have four decimal parts. */
export function canonicalIp(text: string): string | undefined {
  if (IPV4.test(text)) return text;
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return undefined;
  const parsed = ipaddr.IPv6.parse(text);
  return endWithIpv4(parsed) ?? parsed.toString();
}

/** An address that maps one of IPv4 ends with its four parts, as `inet_ntop` of the C library writes it. Example: `::ffff:10.0.0.1` */
function endWithIpv4({ parts }: ipaddr.IPv6): string | undefined {
  const [sixth = 0, high = 0, low = 0] = parts.slice(5);
  const isMapped = sixth === 0xffff || (sixth === 0 && high !== 0);
  if (!isMapped || parts.slice(0, 5).some((part) => part !== 0)) return undefined;
  const ipv4 = [high >> 8, high & 255, low >> 8, low & 255].join('.');
  return sixth === 0 ? `::${ipv4}` : `::ffff:${ipv4}`;
}

export interface CidrRange {
  readonly bits: number;
  readonly address: ipaddr.IPv4 | ipaddr.IPv6;
  /** Normalised text. Example: `10.0.0.0/8` */
  readonly text: string;
}

/** Reads `core.v3.CidrRange`; a missing length is 0 (proto3); undefined when the prefix is no IP. */
export function readCidr(node: ConfigNode): CidrRange | undefined {
  const ip = canonicalIp(node.string('address_prefix'));
  if (ip === undefined) return undefined;
  return makeCidr(ip, node.number('prefix_len') ?? 0);
}

/** A range by an IP and a length, which is held within what the family has. */
export function makeCidr(ip: string, length: number): CidrRange {
  const address = ipaddr.parse(ip);
  const bits = Math.max(0, Math.min(length, address.kind() === 'ipv4' ? 32 : 128));
  return { address, bits, text: `${ip}/${bits}` };
}

/** True when the range has the IP (same family only, as Envoy's CidrRange::isInRange). */
export function cidrContains(range: CidrRange, ip: string): boolean {
  const parsed = parsedIp(ip);
  if (!parsed || parsed.kind() !== range.address.kind()) return false;
  return parsed.match([range.address, range.bits] as [ipaddr.IPv4, number] & [ipaddr.IPv6, number]);
}

const parsedIps = new Map<string, ipaddr.IPv4 | ipaddr.IPv6 | undefined>();

/** Parsed once; the table is emptied when it grows past 10,000 texts. */
function parsedIp(ip: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (parsedIps.has(ip)) return parsedIps.get(ip);
  if (parsedIps.size > 10_000) parsedIps.clear();
  const parsed = canonicalIp(ip) === undefined ? undefined : ipaddr.parse(ip);
  parsedIps.set(ip, parsed);
  return parsed;
}

export function isLoopback(ip: string): boolean {
  // Most addresses are none, and show it.
  return (ip.startsWith('127.') || ip.includes(':')) && parsedIp(ip)?.range() === 'loopback';
}
