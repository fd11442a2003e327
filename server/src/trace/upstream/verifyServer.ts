/** Does the next proxy's certificate have a name that the sender expects? (Envoy: source/common/tls/cert_validator/default_validator.cc, matchSubjectAltName) */
import { shortProxy } from '../../model/summary/shortProxy';
import { fitsSubjectAltName, type CertificateNames } from '../matcher/clientNames';
import { outerTls, type ExpectedName, type TlsLayer } from '../facts/connection';
import { KEPT_BACK } from '../../schema/keptBack';
import { addStep, type Hop, type HopResult } from '../hop';
import { cannotTell, ending } from '../record/hopRecord';
import { say, words } from '../record/sentence';
import { no, unknown, YES, type Verdict } from '../verdict';
import { shownCertificate } from './ownCertificate';

/** Ends with `tls_error` where the names are known and none fits. A certificate that lies in a file elsewhere is taken to fit, one that the file has lost is not. */
export function verifyServer(hop: Hop): HopResult | undefined {
  const tls = outerTls(hop.connection);
  const context = hop.filterChain?.get('transport_socket')?.typed();
  if (!tls || context?.type.endsWith('.DownstreamTlsContext') !== true) return undefined;
  const certificate = shownCertificate(hop.proxy, context.node.get('common_tls_context'), tls.sni);
  if (!certificate.isPresented) return undefined;
  const { expects = [] } = tls;
  if (certificate.isUnknown && expects.length > 0) {
    if (certificate.isLost !== true) return undefined;
    return cannotTell(
      say`the names in the certificate of ${shortProxy(hop.proxy.id)}, which the file leaves out: the sender expects ${textsOf(expects)}`,
    );
  }
  const verdict = testServerNames(tls, certificate);
  if (verdict.kind === 'yes') return undefined;
  if (verdict.kind === 'unknown') return cannotTell(verdict.missing);
  addStep(hop, {
    stage: 'transport_socket',
    decision: words('the sender refuses our certificate'),
    because: verdict.because,
    at: context.node,
    rejected: expects.map(({ text, matcher }) => ({
      candidate: say`${text}`,
      because: words('no name of the certificate fits'),
      ...(matcher && { at: matcher }),
    })),
  });
  return ending('tls_error');
}

/** Does the sender take a certificate with these names? */
export function testServerNames({ expects, mayExpectMore }: TlsLayer, names: CertificateNames): Verdict {
  const fits = (expects ?? []).map((expected) => fitsName(expected, names));
  if (fits.includes(true)) return YES;
  if (mayExpectMore === true) return unknown(words('whom the sender expects: its file leaves out a part of the names'));
  if (!expects) return YES;
  if (expects.length === 0)
    return no(words('the sender knows no name that the certificate could have (subjectAltNames of the service), and takes none'));
  const known = [...names.principals, ...(names.otherNames?.dns ?? [])];
  if (fits.includes(undefined))
    return unknown(say`whether the certificate for ${known} has a name that the sender expects (${textsOf(expects)})`);
  return no(say`it is for ${known}, and the sender expects ${textsOf(expects)}`);
}

function fitsName({ text, matcher }: ExpectedName, names: CertificateNames): boolean | undefined {
  const plain = matcher ? matcher.asString() : text;
  if (plain === undefined) return matcher && fitsSubjectAltName(matcher, names);
  if (plain === KEPT_BACK) return undefined;
  const dns = names.otherNames?.dns ?? [];
  return names.principals.includes(plain) || dns.some((name) => name === plain || (!matcher && fitsWildcard(plain, name)));
}

/** `*.a.test` is good for one label (Envoy: common/tls/utility.cc dnsNameMatch). */
function fitsWildcard(text: string, name: string): boolean {
  const dot = text.indexOf('.');
  return name.startsWith('*.') && dot > 0 && text.slice(dot).toLowerCase() === name.slice(1).toLowerCase();
}

function textsOf(expects: readonly ExpectedName[]): string[] {
  return expects.map(({ text }) => text);
}
