/** Inputs of the client's certificate (Envoy: source/common/ssl/matching/inputs.h). */
import { say, words, type Sentence } from '../../record/sentence';
import type { MatchContext } from '../matchContext';
import { ABSENT, NOT_AVAILABLE, textOrAbsent, type InputReading } from './inputReading';
import type { ReadInput } from './readInput';

const SSL = 'envoy.extensions.matching.common_inputs.ssl.v3';

export const tlsInputs: readonly [string, ReadInput][] = [
  [`${SSL}.UriSanInput`, readUriSan],
  [`${SSL}.DnsSanInput`, (_, context) => readOther(words("the DNS names of the client's certificate"), context)],
  [`${SSL}.SubjectInput`, (_, context) => readOther(words("the subject of the client's certificate"), context)],
];

/** All URI SANs, joined by commas. Without TLS the data is not available. */
function readUriSan(_: unknown, { connection }: MatchContext): InputReading {
  const what = words("the URI SANs of the client's certificate");
  return { what, value: connection.tls ? textOrAbsent(connection.tls.principals.join(',')) : NOT_AVAILABLE };
}

/** A trace names a client by its URI SANs alone. */
function readOther(what: Sentence, { connection }: MatchContext): InputReading {
  if (!connection.tls) return { what, value: NOT_AVAILABLE };
  return {
    what,
    value: connection.tls.principals.length === 0 ? ABSENT : { kind: 'unknown', missing: say`${what}: a trace knows only its URI SANs` },
  };
}
