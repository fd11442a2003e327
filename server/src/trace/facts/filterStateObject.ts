/** Objects of filter state: what their factories take, and how they are read (Envoy: StreamInfo::FilterState::ObjectFactory). Tried on 1.40. */
import { canonicalIp, joinHostPort, parseIpPort } from '../../model/address';
import { isJsonObject, readJson } from '../../protocol/jsonValue';
import { wordTable } from '../../text/wordTable';
import type { FilterStateValue } from './connection';

interface ObjectType {
  /** Envoy's class of the object: who reads one asks for it by its class (FilterState::getDataReadOnly). */
  readonly kind: string;
  /** The object's text; undefined where none is made of that. */
  readonly read: (text: string) => string | undefined;
  /** How the object is printed as JSON (serializeAsProto). */
  readonly json?: 'text' | 'literal';
  /** It has no text (serializeAsString), whatever it does. */
  readonly isSilent?: boolean;
  /** A part of it (getField). */
  readonly field?: (text: string, name: string) => string | undefined;
}

/** Where the listener filter of the PROXY protocol keeps what a header tells beside the addresses. */
export const TLV_STATE = 'envoy.network.proxy_protocol.tlv';

const STRING: ObjectType = { kind: 'StringAccessor', read: (text) => text, json: 'text' };
const ADDRESS: ObjectType = { kind: 'AddressObject', read: (text) => (parseIpPort(text) ? text : undefined), field: fieldOfAddress };
const NUMBER: ObjectType = { kind: 'UInt32Accessor', read: readNumber, json: 'literal' };
const LARGE_NUMBER: ObjectType = { kind: 'UInt64Accessor', read: readNumber, json: 'text' };
const BOOLEAN: ObjectType = { kind: 'BoolAccessor', read: readBoolean, json: 'literal' };
const named = (kind: string): ObjectType => ({ kind, read: (text) => text });

const TYPES: Readonly<Record<string, ObjectType>> = wordTable({
  'envoy.string': STRING,
  'envoy.hashable_string': STRING,
  'envoy.upstream.dynamic_host': STRING,
  'envoy.upstream.dynamic_port': NUMBER,
  'envoy.ratelimit.hits_addend': NUMBER,
  'envoy.tcp_proxy.per_connection_idle_timeout_ms': LARGE_NUMBER,
  'envoy.bool': BOOLEAN,
  'envoy.tcp_proxy.disable_tunneling': { ...BOOLEAN, read: (text) => String(text === 'true') },
  'envoy.tcp_proxy.cluster': named('PerConnectionCluster'),
  'envoy.network.network_namespace': named('DownstreamNetworkNamespace'),
  'envoy.network.upstream_server_name': named('UpstreamServerName'),
  'envoy.network.upstream_subject_alt_names': named('UpstreamSubjectAltNames'),
  'envoy.network.application_protocols': { ...named('ApplicationProtocols'), isSilent: true },
  'envoy.network.ip': { kind: 'IPAddressObject', read: readIp },
  'envoy.network.transport_socket.original_dst_address': ADDRESS,
  'envoy.filters.listener.original_dst.local_ip': ADDRESS,
  'envoy.filters.listener.original_dst.remote_ip': ADDRESS,
  [TLV_STATE]: { kind: 'TlvFilterStateObject', read: () => undefined, json: 'literal', field: fieldOfObject },
});

/** What an object made of the text says; undefined where its factory makes none. Example: `10.1.2.3:0` of `10.1.2.3`, by `envoy.network.ip` */
export function stateText(factory: string, text: string): string | undefined {
  return typeOf(factory).read(text);
}

type States = ReadonlyMap<string, FilterStateValue>;

/** The object of a key for a reader that knows what such a key holds: one of another class is none to it. Example: an `envoy.string` at `envoy.tcp_proxy.cluster` */
export function objectAt(states: States, key: string): FilterStateValue | undefined {
  return objectLike(states, key, key);
}

/** The text of a key for a reader that asks for a text, whatever the key is called. */
export function stringAt(states: States, key: string): FilterStateValue | undefined {
  return objectLike(states, key, 'envoy.string');
}

/** Of an object that no factory made it is not asked what it is. */
function objectLike(states: States, key: string, factory: string): FilterStateValue | undefined {
  const state = states.get(key);
  const isSuch = state?.factory === undefined || typeOf(state.factory).kind === typeOf(factory).kind;
  return isSuch ? state : undefined;
}

interface Stateful {
  readonly filterState: States;
}

/** The same where the request's own state is asked first, then that of its connection. */
export function objectOfStream(
  { http, connection }: { readonly http?: Stateful | undefined; readonly connection: Stateful },
  key: string,
): FilterStateValue | undefined {
  return objectAt((http?.filterState.has(key) ? http : connection).filterState, key);
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
  return typeOf(state.factory ?? key).field?.(state.value, name);
}

function fieldOfAddress(text: string, name: string): string | undefined {
  const address = parseIpPort(text);
  if (!address) return undefined;
  return name === 'ip' ? address.ip : name === 'port' ? String(address.port) : undefined;
}

function fieldOfObject(text: string, name: string): string | undefined {
  const fields = readJson(text);
  const found = isJsonObject(fields) && Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof found === 'string' ? found : undefined;
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
