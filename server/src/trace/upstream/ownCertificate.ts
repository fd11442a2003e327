/** Who we are to the next proxy: the URI names of the client certificate that a TLS context presents. */
import type { ProxyScope } from '../../index/proxyScope';
import { readCertificates, type Certificate } from '../../model/certificate';
import { inlineText } from '../../model/dataSource';
import type { ConfigNode } from '../../schema/configNode';
import { KEPT_BACK, lostField } from '../../schema/keptBack';
import type { OtherNames } from '../facts/connection';
import { getOrMake } from '../../text/getOrMake';
import { memoizeByObject } from '../../text/memoizeByObject';

export interface OwnCertificate {
  readonly isPresented: boolean;
  /** Example: `spiffe://cluster.local/ns/default/sa/sleep`; [] also where the certificate cannot be read. */
  readonly principals: readonly string[];
  /** DNS names. */
  readonly dns: readonly string[];
  readonly ips: readonly string[];
  readonly emails: readonly string[];
  /** All that it says beside its URI names, where a file holds it. */
  readonly otherNames?: OtherNames;
  /** A certificate is presented whose names the files do not tell. */
  readonly isUnknown: boolean;
  /** They would, had the file not lost it. */
  readonly isLost?: boolean;
}

type Names = Pick<Certificate, 'uris' | 'dns'> & Partial<Pick<Certificate, 'ips' | 'emails' | 'subject'>>;

const NONE: OwnCertificate = { isPresented: false, principals: [], dns: [], ips: [], emails: [], isUnknown: false };

/** Of a `CommonTlsContext`: the inline certificate, the SDS secret in the dump, the secret's SPIFFE name, or the proxy's service account. */
export function ownCertificate(proxy: ProxyScope, common: ConfigNode | undefined): OwnCertificate {
  if (!common) return NONE;
  // Thousands of clusters present the same secret.
  const sds = common.has('tls_certificates') ? undefined : common.list('tls_certificate_sds_secret_configs')[0]?.string('name');
  const key = sds === undefined ? `${common.tree.uri} ${common.id}` : `secret ${sds}`;
  return getOrMake(certificatesOf(proxy), key, () => find(proxy, common));
}

const certificatesOf = memoizeByObject((_proxy: ProxyScope) => new Map<string, OwnCertificate>());

/**
 * Of several certificates that a listener has, the one that the client's SNI names, exactly or by a wildcard; else the first
 * (Envoy: source/common/tls/default_tls_certificate_selector.cc).
 */
export function shownCertificate(proxy: ProxyScope, common: ConfigNode | undefined, sni: string): OwnCertificate {
  const certificates = common?.list('tls_certificates') ?? [];
  if (certificates.length < 2 || sni === '') return ownCertificate(proxy, common);
  const all = certificates.map(namesOf);
  const wildcard = sni.replace(/^[^.]*/, '*');
  const named = [sni, wildcard].flatMap((name) => all.filter((names) => names?.dns.includes(name)))[0];
  if (named) return presented(named);
  return all.includes(undefined) ? presented(undefined) : presented(all[0]);
}

function find(proxy: ProxyScope, common: ConfigNode): OwnCertificate {
  const inline = common.list('tls_certificates')[0];
  if (inline) return presented(namesOf(inline), isLost(inline));
  const reference = common.list('tls_certificate_sds_secret_configs')[0];
  if (reference) {
    const name = reference.string('name');
    const secret = proxy.byName.secret.get(name)?.node;
    const certificate = secret?.get('tls_certificate');
    const names = (certificate && namesOf(certificate)) ?? principalOfName(name) ?? principalOfNode(proxy, name);
    return presented(names, reference.isIncomplete || name === KEPT_BACK || isLost(certificate ?? secret));
  }
  if (LISTS.some((field) => common.get(field)?.isIncomplete)) return presented(undefined, true);
  return common.has('tls_certificate_provider_instance') || common.has('custom_tls_certificate_selector') ? presented(undefined) : NONE;
}

const LISTS = ['tls_certificates', 'tls_certificate_sds_secret_configs'];

/** Of a `TlsCertificate`, or of the secret that has none; its key is always kept back. */
function isLost(holder: ConfigNode | undefined): boolean {
  return holder !== undefined && lostField(holder, ['certificate_chain']) !== undefined;
}

function presented(names: Names | undefined, isLost = false): OwnCertificate {
  const { uris = [], dns = [], ips = [], emails = [], subject } = names ?? {};
  const otherNames = subject === undefined ? {} : { otherNames: { dns, ips, emails, subject: printSubject(subject) } };
  return {
    isPresented: true,
    principals: uris,
    dns,
    ips,
    emails,
    ...otherNames,
    isUnknown: names === undefined,
    isLost: isLost && names === undefined,
  };
}

/** `O=Shop, CN=web` is CN=web,O=Shop to Envoy (RFC 2253); undefined where something in it is quoted. */
function printSubject(subject: string): string | undefined {
  return /[\\"+#<>;]/.test(subject) ? undefined : subject.split(', ').reverse().join(',');
}

/** The names of a `TlsCertificate`; undefined where it is redacted, in a file, or unreadable. */
function namesOf(certificate: ConfigNode): Names | undefined {
  const chain = certificate.get('certificate_chain');
  const text = inlineText(chain);
  return text === undefined ? undefined : readCertificates(text, 1)[0];
}

/** Ztunnels of 2022 name their secrets by identity, pod and uid: `spiffe://…~pod~uid`. */
function principalOfName(name: string): Names | undefined {
  return name.startsWith('spiffe://') ? { uris: [name.split('~')[0] ?? name], dns: [] } : undefined;
}

/** Istio's secret `default` is the proxy's own identity (istio/istio: security/pkg/nodeagent, pilot/pkg/model/context.go). */
function principalOfNode(proxy: ProxyScope, name: string): Names | undefined {
  const { metadata, namespace, id } = proxy.proxyNode;
  const account = metadata?.string('SERVICE_ACCOUNT');
  if (name !== 'default' || !account || !namespace) return undefined;
  const domain = metadata?.string('TRUST_DOMAIN') || /\.svc\.(.+)$/.exec(id)?.[1] || 'cluster.local';
  return { uris: [`spiffe://${domain}/ns/${namespace}/sa/${account}`], dns: [] };
}
