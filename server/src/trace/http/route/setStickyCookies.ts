/** Cookies that a hash policy gives to clients without them (Envoy: Utility::makeSetCookieValue of source/common/http/utility.cc). */
import { keepsBack } from '../../../schema/keptBack';
import { loadBalancingOf } from '../../cluster/balancing/loadBalancing';
import { milliseconds } from '../grpcTimeout';
import type { Hop } from '../../hop';
import { httpProtocolOptions } from '../../cluster/httpVersion';
import type { HttpStream } from '../../httpStream';
import { doubtHeader, recordHeaderChange } from '../recordHeaderChange';
import { makeCookies, type MadeCookie } from './hashOfRequest';

/** Only a load balancer that hashes asks for the hash, and only an upstream's answer carries the cookie. */
export function setStickyCookies(hop: Hop, http: HttpStream): void {
  const cluster = hop.proxy.byName.cluster.get(http.clusterName ?? '')?.node;
  const own = cluster && httpProtocolOptions(cluster);
  const holder = own?.has('hash_policy') === true ? own : http.route?.get('route');
  const policies = holder?.get('hash_policy');
  if (!holder || !policies || !cluster || http.answer?.isLocal !== false || loadBalancingOf(cluster).picker !== 'hash') return;
  if (keepsBack(policies)) doubtHeader(http.responseHeaders, 'set-cookie');
  for (const made of makeCookies(hop, http, holder.list('hash_policy')))
    recordHeaderChange(http.responseHeaders, {
      kind: 'add',
      name: 'set-cookie',
      value: writeCookie(made),
      action: 'APPEND_IF_EXISTS_OR_ADD',
      isUnknown: made.value === undefined,
    });
}

function writeCookie({ policy, value = '?' }: MadeCookie): string {
  const cookie = policy.get('cookie');
  const seconds = Math.floor((milliseconds(cookie?.get('ttl')) ?? 0) / 1000);
  const path = cookie?.string('path') ?? '';
  const attributes = (cookie?.list('attributes') ?? []).map((each) => {
    const text = each.string('value');
    return text === '' ? each.string('name') : `${each.string('name')}=${text}`;
  });
  const parts = [`${cookie?.string('name') ?? ''}="${value}"`];
  if (seconds > 0) parts.push(`Max-Age=${seconds}`);
  if (path !== '') parts.push(`Path=${path}`);
  return [...parts, ...attributes, 'HttpOnly'].join('; ');
}
