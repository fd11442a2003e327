/** The `request_handle` of a script (Envoy: source/extensions/filters/http/lua/lua_filter.cc StreamHandleWrapper). */
import { parseIpPort } from '../../../model/address';
import { encodeUtf8 } from '../../../text/encoding';
import { isMissingCluster } from '../../cluster/findCluster';
import { setHeader } from '../../facts/httpRequest';
import { announcedLength } from '../../http/codec/announcedBody';
import { say, words } from '../../record/sentence';
import { lengthOfText } from '../../lua/applyLuaOperator';
import { answerHeadersHost, refuseToRespond } from './luaAnswerHeaders';
import { requestHeadersHost } from './luaHeaders';
import { makeHost, type LuaMethod } from '../../lua/luaHost';
import { certainAt, connectionInfoHost, metadataHost, sslHost, streamInfoHost } from './luaInfo';
import { inAnyOrder } from '../../lua/luaIteration';
import { luaOfMetadata } from './luaMetadata';
import { textAt } from '../../lua/luaNative';
import { routeConfigOf } from '../perRouteConfig';
import type { ScriptAnswer, ScriptStream } from './scriptStream';
import {
  isTable,
  isUnknown,
  LuaAnswered,
  LuaError,
  LuaStop,
  textOfLua,
  unknownButTrue,
  unknownValue,
  type LuaHost,
  type LuaRun,
  type LuaTable,
  type LuaValue,
} from '../../lua/luaValue';

/** Changes the draft as the script says. */
export function streamHandle(stream: ScriptStream): LuaHost {
  return makeHost(undefined, requestMethods(stream));
}

/** The `response_handle`: it changes the answer; what its body is only the running Envoy knows. */
export function answerHandle(stream: ScriptStream): LuaHost {
  const once = remember(stream);
  const stop: LuaMethod = () => {
    throw new LuaStop('the body of the answer');
  };
  return makeHost(undefined, {
    ...requestMethods(stream),
    headers: () => [once('headers', () => answerHeadersHost(stream))],
    body: stop,
    bodyChunks: stop,
    trailers: stop,
    respond: refuseToRespond,
    clearRouteCache: () => [],
  });
}

function requestMethods(stream: ScriptStream): Record<string, LuaMethod> {
  const { http, call, life, effects } = stream;
  const holders =
    (holder: () => LuaHost): LuaMethod =>
    () => [makeHost(life, { metadata: () => [holder()] })];
  const once = remember(stream);
  return {
    ...LOGGERS,
    headers: () => [once('headers', () => requestHeadersHost(stream))],
    body: (given, run) => readBody(stream, given, run),
    bodyChunks: (_, run) => [{ kind: 'native', name: 'bodyChunks', call: () => waitForEnd(stream, run) }],
    trailers: (_, run) => waitForEnd(stream, run),
    metadata: () => [once('metadata', () => metadataHost(stream, http.route))],
    route: holders(() => metadataHost(stream, http.route)),
    virtualHost: holders(() => metadataHost(stream, http.virtualHost)),
    streamInfo: () => [once('streamInfo', () => streamInfoHost(stream))],
    connectionStreamInfo: () => [connectionInfoHost(stream)],
    connection: () => [makeHost(life, { ssl: () => [sslHost(stream, call.hop.connection.tls)] })],
    filterContext: () => [filterContext(stream)],
    clearRouteCache: () => {
      effects.clearsRoute = true;
      return [];
    },
    respond: (given) => {
      effects.answer = readAnswer(given);
      throw new LuaAnswered();
    },
    httpCall: (given) => callService(stream, given),
    setUpstreamOverrideHost: (given) => {
      effects.host = readOverride(given);
      effects.changes.push(say`the host ${effects.host.address} is asked for`);
      return [];
    },
    base64Escape: (given) => [isUnknown(given[0]) ? unknownButTrue(given[0].what) : encodeBase64(textAt(given, 0))],
    timestamp: () => [unknownButTrue('the time')],
    timestampString: () => [unknownButTrue('the time')],
    importPublicKey: () => [unknownButTrue('a public key')],
    verifySignature: () => [unknownValue('whether the signature is right'), unknownValue('why the signature is wrong')],
  };
}

/** They take texts only, and decide nothing. */
const LOGGERS: Readonly<Record<string, LuaMethod>> = Object.fromEntries(
  ['logTrace', 'logDebug', 'logInfo', 'logWarn', 'logErr', 'logCritical'].map((name): [string, LuaMethod] => [
    name,
    (given) => {
      if (!isUnknown(given[0])) textAt(given, 0);
      return [];
    },
  ]),
);

/** Envoy gives the same object each time, until the script has waited. */
function remember({ life }: ScriptStream): (name: string, make: () => LuaHost) => LuaHost {
  const made = new Map<string, { readonly waits: number; readonly host: LuaHost }>();
  return (name, make) => {
    const before = made.get(name);
    if (before && before.waits === life.waits) return before.host;
    const host = make();
    made.set(name, { waits: life.waits, host });
    return host;
  };
}

/** Envoy takes an IP only, with a port or without. */
function readOverride(given: readonly LuaValue[]): { address: string; isStrict: boolean } {
  const address = certainAt(given, 0);
  const strict = given[1] ?? null;
  if (isUnknown(strict)) throw new LuaStop(strict.what);
  if (!parseIpPort(address) && !parseIpPort(`${address}:0`)) throw new LuaError('host is not a valid IP address');
  return { address, isStrict: strict === true };
}

/** Does a body follow? */
function hasBody({ http: { request } }: ScriptStream, run: LuaRun): boolean {
  const length = announcedLength(request);
  return length === undefined ? run.guess('whether the request has a body') : length > 0;
}

function readBody(stream: ScriptStream, [always]: readonly LuaValue[], run: LuaRun): readonly LuaValue[] {
  const isThere = hasBody(stream, run);
  if (isThere) stream.life.waits++;
  else if (always !== true) return [];
  const { request } = stream.http;
  const length = isThere ? announcedLength(request) : 0;
  const body: LuaHost = makeHost(stream.life, {
    length: () => [length ?? unknownButTrue('the length of the body')],
    getBytes: () => [length === 0 ? '' : unknownButTrue('the body of the request')],
    setBytes: (given) => {
      const text = given[0] ?? null;
      const size = isUnknown(text) ? undefined : lengthOfText(textAt(given, 0));
      if (size === undefined) throw new LuaStop('the length of the new body');
      setHeader(request, 'content-length', String(size));
      stream.effects.changes.push(words('the body is replaced'));
      return [size];
    },
  });
  return [body];
}

/** The next part of the body, or the trailers: while the script waits the headers go on, and it can change nothing more. */
function waitForEnd(stream: ScriptStream, run: LuaRun): readonly LuaValue[] {
  if (hasBody(stream, run)) throw new LuaAnswered();
  return [];
}

/** The route's own values for the script, all of them where it has a configuration of its own; else the filter's. */
function filterContext({ call, life }: ScriptStream): LuaHost {
  const context = (routeConfigOf(call.http, call.name)?.node ?? call.config).get('filter_context');
  return makeHost(
    life,
    {
      get: (given) => {
        const found = context?.entry(textAt(given, 0));
        return found ? [luaOfMetadata(found.toValue())] : [];
      },
    },
    { entries: (run) => inAnyOrder(context?.entries().map(([key, value]) => [key, luaOfMetadata(value.toValue())] as const) ?? [], run) },
  );
}

/** One that nobody waits for changes nothing; the answer of the other is not known. */
function callService(stream: ScriptStream, given: readonly LuaValue[]): readonly LuaValue[] {
  const cluster = certainAt(given, 0);
  const [, , , options, flag] = given;
  const asynchronous = isTable(options) ? options.entries.get('asynchronous') : flag;
  if (asynchronous === true) return [];
  const { hop } = stream.call;
  if (isMissingCluster(hop, cluster)) throw new LuaError('http call cluster invalid. Must be configured');
  if (!hop.proxy.byName.cluster.has(cluster)) throw new LuaStop(`whether there is a cluster ${cluster}, which the script calls`);
  stream.life.waits++;
  const what = `what cluster ${cluster} answers to the script`;
  return [unknownButTrue(what), unknownValue(what)];
}

function readAnswer([headers = null, body = null]: readonly LuaValue[]): ScriptAnswer {
  if (isUnknown(headers)) throw new LuaStop(headers.what);
  if (!isTable(headers)) throw new LuaError('bad argument #1 to respond (table expected)');
  const texts = headerTexts(headers);
  const code = Number(texts.find(([name]) => name === ':status')?.[1] ?? '');
  if (!Number.isInteger(code) || code < 200 || code >= 600) throw new LuaError(':status must be between 200-599');
  if (isUnknown(body)) throw new LuaStop(body.what);
  return { code, body: body === null ? '' : textAt([body], 0), headers: texts.filter(([name]) => !name.startsWith(':')) };
}

/** A table of texts; a value may be a list of them. */
function headerTexts(headers: LuaTable): [string, string][] {
  return [...headers.entries].flatMap(([key, value]) => {
    const name = textOfLua(key);
    if (name === undefined) throw new LuaError('string expected');
    const values = isTable(value) ? [...value.entries.values()] : [value];
    return values.map((each): [string, string] => [name.toLowerCase(), certainAt([each], 0)]);
  });
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function encodeBase64(text: string): string {
  const bytes = encodeUtf8(text);
  let encoded = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.subarray(at, at + 3);
    const sextets = [a >> 2, ((a & 3) << 4) | ((b ?? 0) >> 4), (((b ?? 0) & 15) << 2) | ((c ?? 0) >> 6), (c ?? 0) & 63];
    encoded += sextets
      .map((sextet, index) => (index > (c === undefined ? (b === undefined ? 1 : 2) : 3) ? '=' : (BASE64[sextet] ?? '')))
      .join('');
  }
  return encoded;
}
