/** Objects of filter state: what their factories take, and how they are read (Envoy: StreamInfo::FilterState::ObjectFactory). Tried on 1.40. */
import { canonicalIp, joinHostPort, parseIpPort } from '../../model/address';
import { wordTable } from '../../text/wordTable';
import type { FilterStateValue } from './connection';

interface ObjectType {
  /** The object's text; undefined where none is made of that. */
  readonly read: (text: string) => string | undefined;
  /** How the object is printed as JSON (serializeAsProto). */
  readonly json?: 'text' | 'literal';
  /** It has no text (serializeAsString), whatever it does. */
  readonly isSilent?: boolean;
  /** `ip` and `port` (getField). */
  readonly hasFields?: boolean;
}

const STRING: ObjectType = { read: (text) => text, json: 'text' };
const NAME: ObjectType = { read: (text) => text };
const ADDRESS: ObjectType = { read: (text) => (parseIpPort(text) ? text : undefined), hasFields: true };
const NUMBER: ObjectType = { read: readNumber, json: 'literal' };

const TYPES: Readonly<Record<string, ObjectType>> = wordTable({
  'envoy.string': STRING,
  'envoy.hashable_string': STRING,
  'envoy.upstream.dynamic_host': STRING,
  'envoy.upstream.dynamic_port': NUMBER,
  'envoy.ratelimit.hits_addend': NUMBER,
  'envoy.tcp_proxy.per_connection_idle_timeout_ms': { read: readNumber, json: 'text' },
  'envoy.bool': { read: readBoolean, json: 'literal' },
  'envoy.tcp_proxy.disable_tunneling': { read: (text) => String(text === 'true'), json: 'literal' },
  'envoy.tcp_proxy.cluster': NAME,
  'envoy.network.network_namespace': NAME,
  'envoy.network.upstream_server_name': NAME,
  'envoy.network.upstream_subject_alt_names': NAME,
  'envoy.network.application_protocols': { read: (text) => text, isSilent: true },
  'envoy.network.ip': { read: readIp },
  'envoy.network.transport_socket.original_dst_address': ADDRESS,
  'envoy.filters.listener.original_dst.local_ip': ADDRESS,
  'envoy.filters.listener.original_dst.remote_ip': ADDRESS,
});

/** What an object made of the text says; undefined where its factory makes none. Example: `10.1.2.3:0` of `10.1.2.3`, by `envoy.network.ip` */
export function stateText(factory: string, text: string): string | undefined {
  return typeOf(factory).read(text);
}

/** `%FILTER_STATE(key:PLAIN)%`, and what matchers compare; undefined where the object has no text. */
export function plainState(key: string, state: FilterStateValue): string | undefined {
  return typeOf(state.factory ?? key).isSilent === true ? undefined : state.value;
}

/** `%FILTER_STATE(key)%`: as JSON; undefined where the object is no message. */
export function typedState(key: string, state: FilterStateValue): string | undefined {
  const { json } = typeOf(state.factory ?? key);
  return json && (json === 'text' ? JSON.stringify(state.value) : state.value);
}

/** `%FILTER_STATE(key:FIELD:name)%`; undefined where the object has no such field. */
export function fieldOfState(key: string, state: FilterStateValue, name: string): string | undefined {
  const address = typeOf(state.factory ?? key).hasFields === true ? parseIpPort(state.value) : undefined;
  if (!address) return undefined;
  return name === 'ip' ? address.ip : name === 'port' ? String(address.port) : undefined;
}

/** Objects of factories that are not known, and those that filters write by themselves, are texts. */
function typeOf(factory: string): ObjectType {
  return TYPES[factory] ?? STRING;
}

/** absl::SimpleAtoi */
function readNumber(text: string): string | undefined {
  const digits = /^\s*\+?(\d+)\s*$/.exec(text)?.[1];
  return digits && String(Number(digits));
}

/** absl::SimpleAtob */
function readBoolean(text: string): string | undefined {
  if (/^(?:true|t|yes|y|1)$/i.test(text)) return 'true';
  return /^(?:false|f|no|n|0)$/i.test(text) ? 'false' : undefined;
}

/** The port is 0. */
function readIp(text: string): string | undefined {
  const ip = canonicalIp(text);
  return ip && joinHostPort(ip, 0);
}
