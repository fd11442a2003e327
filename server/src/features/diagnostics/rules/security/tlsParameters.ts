/** Names of ciphers, curves and signature algorithms that Envoy's TLS library (BoringSSL) does not know (source/common/tls/context_impl.cc; each asked of Envoy 1.40). */
import type { ConfigNode } from '../../../../schema/configNode';
import { DOWNSTREAM_TLS, UPSTREAM_TLS } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt, warningAt } from '../../problem';
import type { Problem } from '../../rule';
import { typesAbove } from '../../typesAbove';
import { onceSecretsCome } from './awaitedSecrets';

const TLS = DOWNSTREAM_TLS.slice(0, DOWNSTREAM_TLS.lastIndexOf('.'));

export const tlsParameters = refusalRule('tls-parameters', {
  [`${TLS}.TlsParameters`]: (parameters) => {
    const isOfOneCertificate =
      parameters.parent?.isField('tls_certificates', 'tls_certificate') === true || parameters.enclosing('tls_certificates') !== undefined;
    // Of a client's certificate the names are not looked at.
    return isOfOneCertificate && typesAbove(parameters)[0] === UPSTREAM_TLS
      ? [versions(parameters, true)]
      : [...names(parameters), versions(parameters, isOfOneCertificate)];
  },
});

function names(parameters: ConfigNode): (Problem | undefined)[] {
  return [
    ...parameters.list('cipher_suites').map((item) => explain(item, wrongCiphers(item.asString() ?? ''), 'cipher suites')),
    ...parameters.list('ecdh_curves').map((item) => explain(item, wrongName(item, CURVES), 'ECDH curves')),
    ...parameters.list('signature_algorithms').map((item) => explain(item, wrongName(item, ALGORITHMS), 'signature algorithms')),
    ...parameters.list('compliance_policies').map(unknownPolicy),
  ];
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

const CIPHERS = words(
  `AES128-GCM-SHA256 AES256-GCM-SHA384 AES128-SHA AES256-SHA DES-CBC3-SHA ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256
   ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-RSA-AES256-GCM-SHA384 ECDHE-ECDSA-CHACHA20-POLY1305 ECDHE-RSA-CHACHA20-POLY1305
   ECDHE-PSK-CHACHA20-POLY1305 ECDHE-PSK-AES128-CBC-SHA ECDHE-PSK-AES256-CBC-SHA PSK-AES128-CBC-SHA PSK-AES256-CBC-SHA
   ECDHE-ECDSA-AES128-SHA ECDHE-RSA-AES128-SHA ECDHE-ECDSA-AES256-SHA ECDHE-RSA-AES256-SHA ECDHE-ECDSA-AES128-SHA256
   ECDHE-RSA-AES128-SHA256 ALL HIGH FIPS SHA SHA1 AES AES128 AES256 AESGCM CHACHA20 3DES kRSA kECDHE kEECDH EECDH ECDHE kPSK aRSA aECDSA
   ECDSA aPSK RSA PSK TLSv1 TLSv1.2 SSLv3 DEFAULT @STRENGTH`,
);
/** The names of RFC 5246 and later, which the library takes as well. */
const STANDARD_NAME = /^TLS_(?:ECDHE_)?(?:RSA|ECDSA|PSK)_WITH_/;
const CURVES = words('X25519 x25519 P-256 prime256v1 P-384 secp384r1 P-521 secp521r1 X25519MLKEM768 MLKEM1024');
const ALGORITHMS = words(
  `rsa_pkcs1_sha1 rsa_pkcs1_sha256 rsa_pkcs1_sha384 rsa_pkcs1_sha512 ecdsa_sha1 ecdsa_secp256r1_sha256 ecdsa_secp384r1_sha384
   ecdsa_secp521r1_sha512 rsa_pss_rsae_sha256 rsa_pss_rsae_sha384 rsa_pss_rsae_sha512 ed25519 rsa_pkcs1_sha256_legacy mldsa44 mldsa65 mldsa87`,
);
/** Pairs such as `ECDSA+SHA256`. */
const PAIR = /^(?:RSA|RSA-PSS|PSS|ECDSA)\+SHA(?:1|256|384|512)$/;

function explain(item: ConfigNode, name: string | undefined, what: string): Problem | undefined {
  return name === undefined
    ? undefined
    : onceSecretsCome(errorAt(item, `Failed to initialize the ${what}: "${name.slice(0, 80)}" is not known.`));
}

/** The first name that is unknown in `[A|B]:C:!D`. */
function wrongCiphers(text: string): string | undefined {
  return text
    .split(/[:[\]|]/)
    .flatMap((part) => part.replace(/^[-+!]/, '').split('+'))
    .find((name) => name !== '' && !CIPHERS.has(name) && !STANDARD_NAME.test(name));
}

function wrongName(item: ConfigNode, known: ReadonlySet<string>): string | undefined {
  return (item.asString() ?? '').split(':').find((name) => name !== '' && !known.has(name) && !(known === ALGORITHMS && PAIR.test(name)));
}

/** A number that stands for no policy passes the rules of its field. */
function unknownPolicy(policy: ConfigNode): Problem | undefined {
  const number = policy.asNumber() ?? 0;
  return number === 0 ? undefined : onceSecretsCome(errorAt(policy, `Unknown compliance policy: ${number}.`));
}

const VERSIONS = ['TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3'];

/** Refused of one certificate; of a whole context it is a connection that cannot be made all the same. */
function versions(parameters: ConfigNode, isOfOneCertificate: boolean): Problem | undefined {
  const numberOf = (field: string): number => {
    const text = parameters.string(field).toUpperCase();
    return /^\d+$/.test(text) ? Number(text) : VERSIONS.indexOf(text);
  };
  const [least, most] = [numberOf('tls_minimum_protocol_version'), numberOf('tls_maximum_protocol_version')];
  const at = parameters.get('tls_minimum_protocol_version');
  return at && most > 0 && least > most
    ? (isOfOneCertificate ? errorAt : warningAt)(at, 'The lowest version of TLS is above the highest: no handshake succeeds.')
    : undefined;
}
