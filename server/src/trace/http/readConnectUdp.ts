/** CONNECT-UDP (RFC 9298): the path says where the datagrams go (Envoy: source/common/http/header_utility.cc, rewriteAuthorityForConnectUdp). */
import { canonicalIp } from '../../model/address';
import type { HttpRequest } from '../facts/httpRequest';
import { addStep, type Hop } from '../hop';
import { percentDecode } from '../matcher/inputs/httpInputs';
import { say, words } from '../record/sentence';

/** The host becomes that of the path; false where the path names none. */
export function readConnectUdp(hop: Hop, request: HttpRequest): boolean {
  const [, host = '', port = ''] = /^\/\.well-known\/masque\/udp\/([^/]+)\/([^/]+)\/$/.exec(request.path) ?? [];
  const target = percentDecode(host);
  if (host === '' || /[^\x21-\x7e]/.test(request.path) || target.includes('%')) return false;
  const isIpv6 = target.includes(':') && canonicalIp(target) !== undefined;
  request.authority = `${isIpv6 ? `[${target}]` : target}:${percentDecode(port)}`;
  addStep(hop, {
    stage: 'http_connection',
    decision: say`the host becomes ${request.authority}`,
    because: words('the path of a CONNECT-UDP names it'),
    at: hop.http?.manager,
  });
  return true;
}
