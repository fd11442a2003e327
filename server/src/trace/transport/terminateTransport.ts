/** The chain's transport socket meets the client's bytes: TLS is terminated, passed through, or fails (Envoy: source/common/tls, extensions/transport_sockets). */
import { messageOfExtensionName } from '../../schema/walk/messagePlan';
import type { ConfigNode, TypedConfig } from '../../schema/configNode';
import { addStep, type Hop, type HopResult } from '../hop';
import { cannotTell, ending } from '../record/hopRecord';
import { say, words } from '../record/sentence';
import { terminateTls } from './terminateTls';

const SOCKETS = 'envoy.extensions.transport_sockets';

/** Takes the TLS layer off, or ends with `tls_error`. */
export function terminateTransport(hop: Hop): HopResult | undefined {
  const chain = hop.filterChain;
  const socket = chain?.get('transport_socket');
  // Before transport sockets, TLS was a field of the chain.
  const old = chain?.get('tls_context');
  if (old) return terminateTls(hop, old, old);
  if (!socket) return passRaw(hop, chain);
  return unwrap(hop, socket, readSocket(socket), 0);
}

function readSocket(socket: ConfigNode): TypedConfig {
  const typed = socket.typed();
  if (typed && typed.type !== '') return typed;
  const name = socket.string('name');
  const type =
    messageOfExtensionName(name) ||
    (name.endsWith('raw_buffer')
      ? `${SOCKETS}.raw_buffer.v3.RawBuffer`
      : name.endsWith('tls')
        ? `${SOCKETS}.tls.v3.DownstreamTlsContext`
        : '');
  return { type, node: typed?.node ?? socket.get('config') ?? socket };
}

function unwrap(hop: Hop, socket: ConfigNode, { type, node }: TypedConfig, depth: number): HopResult | undefined {
  switch (type) {
    case `${SOCKETS}.tls.v3.DownstreamTlsContext`:
      return terminateTls(hop, node, socket);
    case `${SOCKETS}.quic.v3.QuicDownstreamTransport`:
      return terminateTls(hop, node.get('downstream_tls_context') ?? node, socket);
    case `${SOCKETS}.raw_buffer.v3.RawBuffer`:
      return passRaw(hop, socket);
    case `${SOCKETS}.starttls.v3.StartTlsConfig`:
      // starttls_socket.h, protocol()
      hop.connection.socketProtocol = 'starttls';
      addStep(hop, {
        stage: 'transport_socket',
        decision: words('the connection begins in plaintext'),
        because: words('the transport socket waits for a filter to start TLS'),
        at: socket,
      });
      return undefined;
    case `${SOCKETS}.tap.v3.Tap`:
    case `${SOCKETS}.tcp_stats.v3.Config`: {
      const inner = node.get('transport_socket');
      if (inner && depth < 10) return unwrap(hop, inner, readSocket(inner), depth + 1);
      return cannotTell(say`the transport socket inside ${type}`);
    }
    case '':
      if (isLost(socket)) return cannotTell(words('the transport socket of the chain, which the file leaves out'));
      return cannotTell(say`what the transport socket ${socket.string('name')} does`);
    default:
      return cannotTell(say`what the transport socket ${type} does`);
  }
}

function isLost(socket: ConfigNode): boolean {
  return socket.isIncomplete || socket.get('typed_config')?.isIncomplete === true;
}

/** Without TLS the bytes are left as they are; QUIC cannot do without. */
function passRaw(hop: Hop, at: ConfigNode | undefined): HopResult | undefined {
  const top = hop.connection.layers[0];
  if (top?.kind !== 'tls') return undefined;
  if (top.quic) return ending('tls_error');
  addStep(hop, {
    stage: 'transport_socket',
    decision: words("the client's TLS is not terminated"),
    because: words('the chain has no TLS transport socket'),
    ...(at && { at }),
  });
  return undefined;
}
