/** Inputs of the client's certificate (Envoy: source/common/ssl/matching/inputs.h). */
import type { OtherNames } from '../../facts/connection';
import { hasClientCertificate, isUriText } from '../clientNames';
import { say, words, type Sentence } from '../../record/sentence';
import type { MatchContext } from '../matchContext';
import { ABSENT, NOT_AVAILABLE, textOrAbsent, type InputReading } from './inputReading';
import type { ReadInput } from './inputReader';

const SSL = 'envoy.extensions.matching.common_inputs.ssl.v3';

export const tlsInputs: readonly [string, ReadInput][] = [
  [`${SSL}.UriSanInput`, readUriSan],
  [
    `${SSL}.DnsSanInput`,
    (_, context) => readOther(words("the DNS names of the client's certificate"), context, ({ dns }) => dns.join(',')),
  ],
  [`${SSL}.SubjectInput`, (_, context) => readOther(words("the subject of the client's certificate"), context, ({ subject }) => subject)],
];

/** All URI SANs, joined by commas. Without TLS the data is not available. */
function readUriSan(_: unknown, { connection: { tls } }: MatchContext): InputReading {
  const what = words("the URI SANs of the client's certificate");
  if (!tls) return { what, value: NOT_AVAILABLE };
  return { what, value: tls.hasUnknownPrincipals === true ? { kind: 'unknown', missing: what } : textOrAbsent(tls.principals.join(',')) };
}

/** A request names a client by its URI SANs alone; an open file may hold the certificate. */
function readOther(what: Sentence, { connection: { tls } }: MatchContext, read: (names: OtherNames) => string | undefined): InputReading {
  if (!tls) return { what, value: NOT_AVAILABLE };
  if (!hasClientCertificate(tls)) return { what, value: ABSENT };
  const known = tls.otherNames && read(tls.otherNames);
  if (known !== undefined) return { what, value: textOrAbsent(known) };
  return { what, value: { kind: 'unknown', missing: say`${what}: a trace knows only its URI SANs`, excludes: isUriText } };
}
