/** Inputs of the connection (Envoy: source/extensions/matching/network/common/inputs.h, application_protocol/config.cc). */
import { say, words, type Sentence } from '../../record/sentence';
import { isLocalSource } from '../../facts/isLocalSource';
import type { MatchContext } from '../matchContext';
import { ABSENT, textOrAbsent, type InputReading, type InputValue } from './inputReading';
import type { ReadInput } from './readInput';

const NETWORK = 'envoy.extensions.matching.common_inputs.network.v3';

export const connectionInputs: readonly [string, ReadInput][] = [
  [
    `${NETWORK}.DestinationIPInput`,
    (_, { connection }) =>
      destination(words('destination IP'), connection.destination?.kind === 'ip' ? connection.destination.ip : undefined),
  ],
  [
    `${NETWORK}.DestinationPortInput`,
    (_, { connection }) =>
      destination(words('destination port'), connection.destination?.kind === 'ip' ? String(connection.destination.port) : undefined),
  ],
  [`${NETWORK}.SourceIPInput`, (_, context) => peer(words('source IP'), sourceOf(context)?.ip, 'its source address')],
  [`${NETWORK}.SourcePortInput`, (_, context) => peer(words('source port'), portText(sourceOf(context)?.port), 'its source port')],
  [
    `${NETWORK}.DirectSourceIPInput`,
    (_, { connection }) => peer(words('direct source IP'), (connection.directSource ?? connection.source)?.ip, 'its source address'),
  ],
  [`${NETWORK}.SourceTypeInput`, readSourceType],
  [`${NETWORK}.ServerNameInput`, (_, { connection }) => ({ what: words('server name (SNI)'), value: textOrAbsent(connection.serverName) })],
  [
    `${NETWORK}.TransportProtocolInput`,
    (_, { connection }) => ({ what: words('transport protocol'), value: textOrAbsent(connection.transportProtocol) }),
  ],
  [`${NETWORK}.ApplicationProtocolInput`, readApplicationProtocols],
  [`${NETWORK}.FilterStateInput`, (config, context) => readFilterState(config.string('key'), context)],
  [`${NETWORK}.NetworkNamespaceInput`, readNetworkNamespace],
];

function destination(what: Sentence, text: string | undefined): InputReading {
  return { what, value: textOrAbsent(text) };
}

function peer(what: Sentence, text: string | undefined, missing: string): InputReading {
  return {
    what,
    value:
      text === undefined
        ? { kind: 'unknown', missing: say`where the connection comes from: give ${words(missing)}` }
        : { kind: 'text', text },
  };
}

function portText(port: number | undefined): string | undefined {
  return port === undefined ? undefined : String(port);
}

/** In HTTP the stream's remote address counts (after X-Forwarded-For). */
function sourceOf({ connection, http }: MatchContext): { ip: string; port: number | undefined } | undefined {
  return http?.remote ?? connection.source;
}

function readSourceType(_: unknown, { connection }: MatchContext): InputReading {
  const local = isLocalSource(connection);
  const value: InputValue =
    local === undefined
      ? { kind: 'unknown', missing: words('where the connection comes from: give its source address') }
      : local
        ? { kind: 'text', text: 'local' }
        : ABSENT;
  return { what: words('source type'), value };
}

/** Each offered protocol in single quotes, joined by commas: `'h2','http/1.1'`. */
function readApplicationProtocols(_: unknown, { connection }: MatchContext): InputReading {
  return {
    what: words('application protocols'),
    value: textOrAbsent(connection.applicationProtocols.map((protocol) => `'${protocol}'`).join(',')),
  };
}

export function readFilterState(key: string, { connection, http }: MatchContext): InputReading {
  const found = http?.filterState.get(key) ?? connection.filterState.get(key);
  const what = say`filter state ${key}`;
  if (!found) return { what, value: ABSENT };
  return {
    what,
    value: found.unknown
      ? { kind: 'unknown', missing: say`the filter state ${key}, which an opaque filter sets` }
      : { kind: 'text', text: found.value },
  };
}

function readNetworkNamespace(_: unknown, { hop }: MatchContext): InputReading {
  const path = hop.listener?.path('address', 'socket_address')?.string('network_namespace_filepath');
  return { what: words('network namespace'), value: textOrAbsent(path) };
}
