/** Inputs of the connection (Envoy: source/extensions/matching/network/common/inputs.h, application_protocol/config.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { say, words, type Sentence } from '../../record/sentence';
import { isLocalSource } from '../../facts/isLocalSource';
import { directAddress, localAddress, mayBeEphemeral, type PeerAddress } from '../../facts/peerAddress';
import type { ConnectionFacts } from '../../facts/connection';
import { fieldOfState, plainState } from '../../facts/filterStateObject';
import type { Arrival } from '../../hop';
import { clientOf, type MatchContext } from '../matchContext';
import { ABSENT, textOrAbsent, type InputReading } from './inputReading';
import type { ReadInput } from './inputReader';

const NETWORK = 'envoy.extensions.matching.common_inputs.network.v3';

export const connectionInputs: readonly [string, ReadInput][] = [
  [`${NETWORK}.DestinationIPInput`, (_, { connection, hop }) => peer(words('destination IP'), localAddress(connection, hop.arrival), 'ip')],
  [`${NETWORK}.DestinationPortInput`, (_, { connection, hop }) => readDestinationPort(connection, hop.arrival)],
  [`${NETWORK}.SourceIPInput`, (_, context) => peer(words('source IP'), clientOf(context), 'ip')],
  [`${NETWORK}.SourcePortInput`, (_, context) => peer(words('source port'), clientOf(context), 'port')],
  [
    `${NETWORK}.DirectSourceIPInput`,
    (_, { connection, hop }) => peer(words('direct source IP'), directAddress(connection, hop.arrival), 'ip'),
  ],
  [`${NETWORK}.SourceTypeInput`, readSourceType],
  [`${NETWORK}.ServerNameInput`, (_, { connection }) => ({ what: words('server name (SNI)'), value: textOrAbsent(connection.serverName) })],
  [
    `${NETWORK}.TransportProtocolInput`,
    (_, { connection }) => ({ what: words('transport protocol'), value: textOrAbsent(connection.transportProtocol) }),
  ],
  [`${NETWORK}.ApplicationProtocolInput`, readApplicationProtocols],
  [`${NETWORK}.FilterStateInput`, readFilterState],
  [`${NETWORK}.NetworkNamespaceInput`, readNetworkNamespace],
];

/** Known where only the IP is not. */
function readDestinationPort(connection: ConnectionFacts, arrival: Pick<Arrival, 'kind'>): InputReading {
  const what = words('destination port');
  const { destination } = connection;
  if (destination?.kind === 'ip') return { what, value: { kind: 'text', text: String(destination.port) } };
  return peer(what, localAddress(connection, arrival), 'port');
}

function peer(what: Sentence, from: PeerAddress, part: 'ip' | 'port'): InputReading {
  if (from === 'none') return { what, value: ABSENT };
  const value = from === 'unknown' ? undefined : from[part];
  if (value === undefined) {
    const excludes = from === 'unknown' ? undefined : (text: string) => !mayBeEphemeral(Number(text));
    return { what, value: { kind: 'unknown', missing: say`the ${what}: give the connection's addresses`, ...(excludes && { excludes }) } };
  }
  return { what, value: { kind: 'text', text: String(value) } };
}

function readSourceType(_: unknown, { connection, hop }: MatchContext): InputReading {
  const what = words('source type');
  const local = isLocalSource(connection, hop.arrival);
  if (local === undefined) return { what, value: { kind: 'unknown', missing: say`the ${what}: give the connection's addresses` } };
  return { what, value: local ? { kind: 'text', text: 'local' } : ABSENT };
}

/** Each offered protocol in single quotes, joined by commas: `'h2','http/1.1'`. */
function readApplicationProtocols(_: unknown, { connection }: MatchContext): InputReading {
  return {
    what: words('application protocol list'),
    value: textOrAbsent(connection.applicationProtocols.map((protocol) => `'${protocol}'`).join(',')),
  };
}

/** `key`, or its `field`: of the request first, else of the connection (Envoy: StreamInfo::FilterState, whose parent is the connection's). */
export function readFilterState(config: ConfigNode, { connection, http }: MatchContext): InputReading {
  const key = config.string('key');
  const field = config.string('field');
  const found = http?.filterState.get(key) ?? connection.filterState.get(key);
  const what = field === '' ? say`filter state ${key}` : say`the field ${field} of the filter state ${key}`;
  if (!found) return { what, value: ABSENT };
  if (found.unknown) return { what, value: { kind: 'unknown', missing: say`the filter state ${key}, which an opaque filter sets` } };
  const text = field === '' ? plainState(key, found) : fieldOfState(key, found, field);
  return { what, value: text === undefined ? ABSENT : { kind: 'text', text } };
}

function readNetworkNamespace(_: unknown, { hop }: MatchContext): InputReading {
  const path = hop.listener?.path('address', 'socket_address')?.string('network_namespace_filepath');
  return { what: words('network namespace'), value: textOrAbsent(path) };
}
