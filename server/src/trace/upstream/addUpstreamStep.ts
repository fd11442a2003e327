/** How the connection to an upstream is put into words. */
import type { ConfigNode } from '../../schema/configNode';
import { sentTls, type ConnectionFacts, type TlsLayer } from '../facts/connection';
import { addStep, type Hop } from '../hop';
import { say, words, type Sentence } from '../record/sentence';
import type { SocketChoice } from './chooseTransportSocket';
import type { UpstreamHttp } from '../cluster/httpVersion';
import type { UpstreamSocket } from './readTransportSocket';

interface SentStep {
  readonly choice: Extract<SocketChoice, { kind: 'socket' }>;
  readonly socket: UpstreamSocket;
  readonly http: UpstreamHttp | undefined;
  readonly at: ConfigNode;
}

/** Says over which transport, with which SNI and ALPN, in which version, and why by this socket. */
export function addUpstreamStep(hop: Hop, connection: ConnectionFacts, { choice, socket, http, at }: SentStep): void {
  addStep(hop, {
    stage: 'upstream',
    decision: say`${transportWords(connection, socket)}${versionWords(http)}${headerWords(connection)}`,
    because: choice.because,
    at,
    rejected: choice.rejected,
  });
}

function transportWords(connection: ConnectionFacts, socket: UpstreamSocket): Sentence {
  const top = sentTls(connection);
  if (socket.opaque !== undefined) return say`the connection is wrapped by ${socket.opaque}, which is not known here`;
  if (socket.tls && top) return say`the connection is encrypted (TLS, ${nameWords(top)}, ${protocolWords(top)})`;
  if (socket.internal) return words('the connection stays inside this proxy and passes on metadata and filter state');
  return connection.destination?.kind === 'internal'
    ? words('the connection stays inside this proxy, and no metadata is passed on')
    : words('the bytes are sent as they are');
}

function nameWords({ sni, lost }: TlsLayer): Sentence {
  if (lost?.includes('sni') === true) return words('SNI not known: the file leaves it out');
  return sni === '' ? words('no SNI') : say`SNI ${sni}`;
}

function protocolWords({ alpn, lost }: TlsLayer): Sentence {
  return lost?.includes('alpn') === true ? words('ALPN not known: the file leaves it out') : say`ALPN ${alpn}`;
}

function headerWords({ layers: [top] }: ConnectionFacts): Sentence {
  if (top?.kind !== 'proxy_header') return words('');
  return top.source
    ? say`, behind a PROXY protocol header that announces ${top.source.ip}`
    : words(', behind a PROXY protocol header without addresses');
}

function versionWords(http: UpstreamHttp | undefined): Sentence {
  if (!http) return words('');
  return http.isNegotiated ? say`, HTTP version by ALPN, ${http.version} first` : say`, ${http.version}`;
}
