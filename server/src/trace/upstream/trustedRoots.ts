/** The root certificates of a proxy's mesh: what tells two meshes apart that call themselves by the same names. */
import type { ProxyScope } from '../../index/proxyScope';
import { inlineText } from '../../model/dataSource';
import { ztunnelMembers, type ZtunnelDump } from '../../model/ztunnel/ztunnelDump';
import { memoizeByObject } from '../../text/memoizeByObject';

/**
 * Of the secret ROOTCA, which istiod gives to every proxy of a mesh (istio/istio: security/pkg/nodeagent/cache, pkg/security RootCertReqResourceName);
 * of a Rust ztunnel what stands above its certificates. Each as its base64 text; empty where the files hold none.
 */
export const trustedRoots: (proxy: ProxyScope) => ReadonlySet<string> = memoizeByObject(({ ztunnel, byName }) => {
  if (ztunnel) return new Set(rootsOfZtunnel(ztunnel).flatMap(bodiesOf));
  const source = byName.secret.get('ROOTCA')?.node.path('validation_context', 'trusted_ca');
  return new Set(bodiesOf(inlineText(source) ?? ''));
});

/** True where both are known and have none in common: during a change of roots both are trusted for a while. */
export function trustsOthers(one: ProxyScope, other: ProxyScope): boolean {
  const [left, right] = [trustedRoots(one), trustedRoots(other)];
  return left.size > 0 && right.size > 0 && ![...left].some((root) => right.has(root));
}

/** istio/ztunnel: src/proxy/../identity/manager (certChain begins with the leaf; newer dumps list roots apart). */
function rootsOfZtunnel(dump: ZtunnelDump): string[] {
  const held = ztunnelMembers(dump, 'certificates').find((node) => node.list('certChain').length > 0);
  const above = held ? [...held.list('certChain').slice(1), ...held.list('rootCert')] : [];
  return above.map((each) => each.string('pem'));
}

function bodiesOf(pem: string): string[] {
  const blocks = pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g);
  return [...blocks].map(([, body = '']) => body.replace(/\s+/g, ''));
}
