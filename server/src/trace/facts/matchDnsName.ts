/** Names of hosts in certificates (Envoy: source/common/tls/utility.cc dnsNameMatch, RFC 6125 6.4). */

/** Does the name of a certificate, whose first label may hold one `*`, stand for the host? The case does not count. */
export function matchDnsName(host: string, certified: string): boolean {
  const [wanted, given] = [host.toLowerCase(), certified.toLowerCase()];
  if (wanted === given) return true;
  const [label, ...rest] = wanted.split('.');
  const [pattern, ...domain] = given.split('.');
  if (label === undefined || pattern === undefined || rest.length === 0 || pattern.startsWith('xn--')) return false;
  return rest.join('.') === domain.join('.') && !domain.join('.').includes('*') && matchLabel(label, pattern);
}

function matchLabel(label: string, pattern: string): boolean {
  if (pattern === '*') return true;
  const [before, behind, ...more] = pattern.split('*');
  if (before === undefined || behind === undefined || more.length > 0) return false;
  return pattern.length <= label.length + 1 && label.startsWith(before) && label.endsWith(behind);
}
