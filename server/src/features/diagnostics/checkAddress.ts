/** An address that Envoy must be able to use as it stands (source/common/network/resolver_impl.cc, address_impl.cc). */
import { canonicalIp } from '../../model/address';
import type { ConfigNode } from '../../schema/configNode';
import { errorAt } from './problem';
import type { Problem } from './rule';

const REVERSE = 'envoy.resolvers.reverse_connection';
const RESOLVERS = ['', 'envoy.ip', REVERSE];
/** sockaddr_un's path without the byte that ends it. */
const PIPE_LENGTH = 107;

/** What is wrong with a `core.v3.Address`; `hint` is added to what a host name is refused with. */
export function checkAddress(address: ConfigNode | undefined, hint = ''): Problem | undefined {
  if (!address || address.isIncomplete) return undefined;
  const socket = address.get('socket_address');
  const pipe = address.get('pipe');
  if (socket) return checkSocket(socket, hint);
  if (pipe) return checkPipe(pipe);
  return address.has('envoy_internal_address') ? undefined : errorAt(address, 'An address must be set.');
}

function checkSocket(socket: ConfigNode, hint: string): Problem | undefined {
  const resolver = socket.get('resolver_name');
  const name = resolver?.asString() ?? '';
  if (resolver && !RESOLVERS.includes(name)) return errorAt(resolver, `Unknown address resolver "${name.slice(0, 80)}".`);
  if (name === REVERSE) return wrongReverseAddress(socket);
  const port = socket.get('named_port');
  if (port) return errorAt(port, `Envoy's IP resolver cannot handle a named port here: give a number.${hint}`);
  const text = socket.get('address');
  const value = text?.asString() ?? '';
  return text && value !== '' && canonicalIp(withoutScope(value)) === undefined
    ? errorAt(text, `Malformed IP address: "${value.slice(0, 80)}".${hint}`)
    : undefined;
}

/** `rc://NODE:CLUSTER:TENANT@REMOTE_CLUSTER:COUNT` (source/extensions/bootstrap/reverse_tunnel, reverse_connection_resolver.cc). */
const REVERSE_ADDRESS = /^rc:\/\/[^:@]+:[^:@]+:[^:@]*@[^:@]+:\s*\+?\d+\s*$/;

function wrongReverseAddress(socket: ConfigNode): Problem | undefined {
  const [text, port] = [socket.get('address'), socket.get('port_value')];
  if (port && (port.asNumber() ?? 0) !== 0) return errorAt(port, 'Only port 0 is supported for reverse connections.');
  return text && !REVERSE_ADDRESS.test(text.asString() ?? '')
    ? errorAt(
        text,
        'The address of reverse connections must be "rc://NODE:CLUSTER:TENANT@REMOTE_CLUSTER:COUNT", where only the tenant may be empty.',
      )
    : undefined;
}

/** `fe80::1%eth0` names the interface of a link-local address. */
function withoutScope(text: string): string {
  return text.includes(':') ? text.replace(/%[\w.-]+$/, '') : text;
}

function checkPipe(pipe: ConfigNode): Problem | undefined {
  const path = pipe.get('path');
  const text = path?.asString() ?? '';
  const mode = pipe.get('mode');
  if (path && text.length > PIPE_LENGTH) return errorAt(path, `A path of a Unix domain socket has at most ${PIPE_LENGTH} bytes.`);
  if (path && text.includes('\0') && !text.startsWith('@')) return errorAt(path, 'A path of a Unix domain socket has no null characters.');
  return mode && text.startsWith('@') && (mode.asNumber() ?? 0) !== 0
    ? errorAt(mode, 'The mode of an abstract socket cannot be set.')
    : undefined;
}
