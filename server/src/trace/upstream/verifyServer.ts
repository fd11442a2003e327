/** Does the next proxy's certificate have a name that the sender expects? (Envoy: source/common/tls/cert_validator/default_validator.cc, matchSubjectAltName) */
import { outerTls, type ExpectedName } from '../facts/connection';
import { addStep, type Hop, type HopResult } from '../hop';
import { readStringMatcher } from '../matcher/stringMatcher';
import { ending } from '../record/hopRecord';
import { say, words } from '../record/sentence';
import { ownCertificate } from './ownCertificate';

/** Ends with `tls_error` where the names are known and none fits; a certificate that the files do not show is taken to fit. */
export function verifyServer(hop: Hop): HopResult | undefined {
  const expects = outerTls(hop.connection)?.expects ?? [];
  const context = hop.filterChain?.get('transport_socket')?.typed();
  if (expects.length === 0 || context?.type.endsWith('.DownstreamTlsContext') !== true) return undefined;
  const certificate = ownCertificate(hop.proxy, context.node.get('common_tls_context'));
  const names = [...certificate.principals, ...certificate.dns];
  if (!certificate.isPresented || certificate.isUnknown || expects.some((expected) => names.some((name) => fitsName(expected, name))))
    return undefined;
  addStep(hop, {
    stage: 'transport_socket',
    decision: words('the sender refuses our certificate'),
    because: say`it is for ${names}, and the sender expects ${expects.map(({ text }) => text)}`,
    at: context.node,
    rejected: expects.map(({ text, matcher }) => ({
      candidate: say`${text}`,
      because: words('no name of the certificate fits'),
      ...(matcher && { at: matcher }),
    })),
  });
  return ending('tls_error');
}

/** Does a name of a certificate fit? A custom matcher may. */
export function fitsName({ text, matcher }: ExpectedName, name: string): boolean {
  const plain = matcher ? matcher.asString() : text;
  if (plain !== undefined) return plain === name;
  const read = matcher && readStringMatcher(matcher);
  return !read || read.matches === null || read.matches(name);
}
