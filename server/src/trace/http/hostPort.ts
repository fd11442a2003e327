/** The port in a Host header (Envoy: HeaderUtility::getPortStart of source/common/http/header_utility.cc). */

/** Index of the `:` before the port; -1 where there is none. IPv6 addresses in brackets keep their colons. */
export function portStart(host: string): number {
  const colon = host.lastIndexOf(':');
  if (colon < 0) return -1;
  const bracket = host.lastIndexOf(']');
  // An IPv6 address without port: the last colon is inside the brackets.
  if (bracket >= 0 && colon < bracket) return -1;
  return colon + 1 > host.length ? -1 : colon;
}

/** The port as a number; undefined where there is none. */
export function portOf(host: string): number | undefined {
  const start = portStart(host);
  const text = start < 0 ? '' : host.slice(start + 1);
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** The host of an authority: what stands before a port, or all where that is none (Envoy: Utility::parseAuthority). */
export function hostOf(authority: string): string {
  const [, before = '', port = ''] = /^(.*):(\d+)$/.exec(authority) ?? [];
  const host = port !== '' && Number(port) <= 65535 ? before : authority;
  return host.replace(/^\[(.*)\]$/, '$1');
}
