/** The nine criteria of filter_chain_match in Envoy's order. */
import { outerTls, type ConnectionFacts } from '../facts/connection';
import { isLocalSource } from '../facts/isLocalSource';
import { mayBeEphemeral, remoteAddress } from '../facts/peerAddress';
import { say, words } from '../record/sentence';
import type { ChainGroup } from './chainGroup';
import { taken, type Branch, type Criterion } from './criterion';
import { destinationIp, directSourceIp, sourceIp } from './rangeCriteria';
import type { SourceType } from './filterChain';
import type { ChainFacts } from './chainFacts';

export const criteria: readonly Criterion[] = [
  {
    field: 'destination_port',
    what: 'destination port',
    lookUp: byDestinationPort,
    asks: ({ destinationPort }) => (destinationPort === 0 ? [] : [String(destinationPort)]),
  },
  destinationIp,
  {
    field: 'server_names',
    what: 'server name (SNI)',
    lookUp: byServerName,
    asks: ({ serverNames }) => serverNames.map((name) => (name.startsWith('.') ? `*${name}` : name)),
    wouldDo: ({ serverNames }, { connection }) => serverNames.some((name) => name.startsWith('.') && connection.serverName.endsWith(name)),
  },
  {
    field: 'transport_protocol',
    what: 'transport protocol',
    lookUp: byTransportProtocol,
    asks: ({ transportProtocol }) => (transportProtocol === '' ? [] : [transportProtocol]),
  },
  {
    field: 'application_protocols',
    what: 'application protocol',
    lookUp: byApplicationProtocol,
    asks: ({ applicationProtocols }) => applicationProtocols,
    wouldDo: ({ applicationProtocols }, { connection }) =>
      applicationProtocols.some((protocol) => connection.applicationProtocols.includes(protocol)),
  },
  directSourceIp,
  { field: 'source_type', what: 'source type', lookUp: bySourceType, asks: ({ sourceType }) => (sourceType === 'ANY' ? [] : [sourceType]) },
  sourceIp,
  { field: 'source_ports', what: 'source port', lookUp: bySourcePort, asks: ({ sourcePorts }) => sourcePorts.map(String) },
];

/** A port that any chain names shuts out the chains that name none. */
function byDestinationPort(group: ChainGroup, { connection, arrival }: ChainFacts): Branch {
  const branches = group.branches('destination_port', ({ destinationPort }) => [destinationPort], 0);
  const { destination } = connection;
  if (!destination && arrival.kind !== 'internal' && branches.size > (branches.has(0) ? 1 : 0))
    return { kind: 'unknown', missing: words('the destination of the connection: give it as IP:PORT') };
  if (destination?.kind !== 'ip') return taken(branches.get(0), words('the destination has no port'));
  return taken(branches.get(destination.port) ?? branches.get(0), say`destination port is ${String(destination.port)}`);
}

/** Exact, then wildcards from the longest, then the chains without names. */
function byServerName(group: ChainGroup, { connection }: ChainFacts): Branch {
  const branches = group.branches('server_names', ({ serverNames }) => serverNames, '');
  const name = connection.serverName;
  if (name === '')
    return taken(
      branches.get(''),
      words(isUnread(connection) ? 'no listener filter reads which server the client names (tls_inspector)' : 'the client names no server'),
    );
  const value = say`server name is ${name}`;
  const exact = branches.get(name);
  if (exact) return taken(exact, value);
  for (let dot = name.indexOf('.', 1); dot >= 0 && dot < name.length - 1; dot = name.indexOf('.', dot + 1)) {
    const wildcard = branches.get(name.slice(dot));
    if (wildcard) return taken(wildcard, value);
  }
  return taken(branches.get(''), value);
}

function byTransportProtocol(group: ChainGroup, { connection }: ChainFacts): Branch {
  const branches = group.branches('transport_protocol', ({ transportProtocol }) => [transportProtocol], '');
  const unread = words(isUnread(connection) ? ', for no listener filter looks for TLS (tls_inspector)' : '');
  const value = say`transport protocol is ${connection.transportProtocol}${unread}`;
  return taken(branches.get(connection.transportProtocol) ?? branches.get(''), value);
}

/** The client speaks TLS, and nobody has read its ClientHello: Envoy takes the connection for plain bytes. */
function isUnread(connection: ConnectionFacts): boolean {
  return connection.transportProtocol === 'raw_buffer' && outerTls(connection) !== undefined;
}

/** The first of the client's protocols that any chain names. */
function byApplicationProtocol(group: ChainGroup, { connection }: ChainFacts): Branch {
  const branches = group.branches('application_protocols', ({ applicationProtocols }) => applicationProtocols, '');
  const offered = connection.applicationProtocols;
  const value = offered.length === 0 ? words('no application protocol is known') : say`application protocols are ${offered}`;
  for (const protocol of offered) {
    const branch = branches.get(protocol);
    if (branch) return taken(branch, value);
  }
  return taken(branches.get(''), value);
}

/** Where any chain asks for the connection's own type, only those count. */
function bySourceType(group: ChainGroup, { connection, arrival }: ChainFacts): Branch {
  const branches = group.branches<SourceType>('source_type', ({ sourceType }) => [sourceType], 'ANY');
  const local = isLocalSource(connection, arrival);
  if (local === undefined) {
    if (branches.size > 1 || !branches.has('ANY'))
      return { kind: 'unknown', missing: words('where the connection comes from (its source), by which the filter chain is chosen') };
    return taken(branches.get('ANY'), words('the source does not matter'));
  }
  const type: SourceType = local ? 'SAME_IP_OR_LOOPBACK' : 'EXTERNAL';
  return taken(
    branches.get(type) ?? branches.get('ANY'),
    local ? words('the connection is local') : words('the connection is from elsewhere'),
  );
}

function bySourcePort(group: ChainGroup, { connection, arrival }: ChainFacts): Branch {
  const branches = group.branches('source_ports', ({ sourcePorts }) => sourcePorts, 0);
  const source = remoteAddress(connection, arrival);
  if (source === 'none') return taken(branches.get(0), words('the source has no port'));
  const port = source === 'unknown' ? undefined : source.port;
  if (port !== undefined) return taken(branches.get(port) ?? branches.get(0), say`source port is ${String(port)}`);
  const asked = [...branches.keys()].some((key) => typeof key === 'number' && mayBeEphemeral(key));
  if (!asked) return taken(branches.get(0), words('no source port is given, so the kernel has picked one'));
  return {
    kind: 'unknown',
    missing: words('the source port of the connection, by which the filter chain is chosen: give the source as IP:PORT'),
  };
}
