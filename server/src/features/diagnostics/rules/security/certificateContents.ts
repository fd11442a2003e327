/** What a certificate itself must be for Envoy to use it: its key, and for a server its names and its OCSP staple (source/common/tls/context_impl.cc, server_context_impl.cc). */
import { readCertificates, type Certificate } from '../../../../model/certificate';
import { inlineText } from '../../../../model/dataSource';
import type { ConfigNode } from '../../../../schema/configNode';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { onceSecretsCome } from './awaitedSecrets';

/** The shortest RSA key, in bits. */
const RSA_BITS = 2048;
const CURVES = ['P-256', 'P-384', 'P-521'];

/** The key in the first certificate of a `certificate_chain`. */
export function checkPublicKey(chain: ConfigNode | undefined): Problem | undefined {
  const key = chain && firstOf(chain)?.publicKey;
  const wrong =
    key?.kind === 'RSA' && key.bits < RSA_BITS
      ? `only RSA certificates with ${RSA_BITS}-bit or larger keys are supported, and this one has ${key.bits}`
      : key?.kind === 'EC' && !CURVES.includes(key.curve ?? '')
        ? `only ${CURVES.join(', ')} are supported as the curves of ECDSA certificates`
        : undefined;
  return chain && wrong !== undefined ? onceSecretsCome(errorAt(chain, `Failed to load the certificate chain: ${wrong}.`)) : undefined;
}

/** What a server's own `tls_certificates` lack, of a `DownstreamTlsContext`. */
export function checkServed(context: ConfigNode): (Problem | undefined)[] {
  const needsStaple = context.isEnum('ocsp_staple_policy', 'MUST_STAPLE', 2);
  return (context.get('common_tls_context')?.list('tls_certificates') ?? []).flatMap((certificate) => {
    const chain = certificate.get('certificate_chain');
    const first = chain && firstOf(chain);
    return [
      chain && first && !isNamed(first)
        ? onceSecretsCome(errorAt(chain, 'The certificate of a server has neither a subject CN nor SAN names.'))
        : undefined,
      lacksStaple(certificate, needsStaple, first?.mustStaple ?? false),
    ];
  });
}

function lacksStaple(certificate: ConfigNode, isDemanded: boolean, isMustStaple: boolean): Problem | undefined {
  if (certificate.isIncomplete || certificate.has('ocsp_staple')) return undefined;
  if (isMustStaple)
    return onceSecretsCome(errorAt(certificate, 'An OCSP response ("ocsp_staple") is required for a must-staple certificate.'));
  return isDemanded
    ? onceSecretsCome(errorAt(certificate, 'The OCSP response ("ocsp_staple") that "ocsp_staple_policy" requires is missing.'))
    : undefined;
}

function firstOf(chain: ConfigNode): Certificate | undefined {
  const [first] = readCertificates(inlineText(chain) ?? '', 1);
  return first;
}

function isNamed({ commonName, uris, dns, ips }: Certificate): boolean {
  return commonName !== '' || [uris, dns, ips].some(({ length }) => length > 0);
}
