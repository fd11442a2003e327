/** The `request_handle` of a script (Envoy: source/extensions/filters/http/lua/lua_filter.cc, wrappers.cc). */
import { appendHeader, headerValues, removeHeader, setHeader } from '../../facts/httpRequest';
import type { HttpStream } from '../../http/httpStream';
import { say, type Sentence } from '../../record/sentence';
import { setMetadata } from '../metadataWriter';
import { isUnknown, textOfLua, unknownValue, type LuaHost, type LuaValue } from './luaValue';
import { LuaAnswered, LuaStop } from './runLua';

/** What the script has done. */
export interface ScriptEffects {
  readonly changes: Sentence[];
  changesHeaders: boolean;
  clearsRoute: boolean;
  answer: ScriptAnswer | undefined;
}

export interface ScriptAnswer {
  readonly code: number;
  readonly body: string;
  readonly headers: [name: string, value: string][];
}

/** Changes the stream's request and metadata as the script says. */
export function streamHandle(http: HttpStream, effects: ScriptEffects): LuaHost {
  return host((method, parameters) => {
    switch (method) {
      case 'headers':
        return requestHeaders(http, effects);
      case 'streamInfo':
        return streamInfo(http, effects);
      case 'clearRouteCache':
        effects.clearsRoute = true;
        return null;
      case 'respond':
        effects.answer = readAnswer(parameters);
        throw new LuaAnswered();
      case 'setUpstreamOverrideHost':
        throw new LuaStop('the host that the script asks for');
      default:
        return LOGS.has(method) ? null : unknownValue(`what ${method} returns`);
    }
  });
}

const LOGS: ReadonlySet<string> = new Set(['logTrace', 'logDebug', 'logInfo', 'logWarn', 'logErr', 'logCritical']);

function host(call: LuaHost['call']): LuaHost {
  return { kind: 'host', call };
}

function requestHeaders({ request }: HttpStream, effects: ScriptEffects): LuaHost {
  const change = (what: Sentence): null => {
    effects.changesHeaders = true;
    effects.changes.push(what);
    return null;
  };
  return host((method, parameters) => {
    const name = certainText(parameters[0], 'the name of a header');
    switch (method) {
      case 'get': {
        const values = headerValues(request, name);
        return values.length === 0 ? null : values.join(',');
      }
      case 'getAtIndex':
        return headerValues(request, name)[Number(textOfLua(parameters[1]) ?? 0)] ?? null;
      case 'getNumValues':
        return headerValues(request, name).length;
      case 'remove':
        removeHeader(request, name);
        return change(say`request header ${name} is removed`);
      case 'add': {
        const value = certainText(parameters[1], `the value of header ${name}`);
        // A pseudo header has one value: what is added is joined to it.
        if (name.startsWith(':')) setHeader(request, name, [...headerValues(request, name), value].join(','));
        else appendHeader(request, name, value);
        return change(say`request header ${name} gets ${value}`);
      }
      case 'replace': {
        const value = certainText(parameters[1], `the value of header ${name}`);
        setHeader(request, name, value);
        return change(say`request header ${name} becomes ${value}`);
      }
      default:
        throw new LuaStop(`what ${method} does to the headers`);
    }
  });
}

const PROTOCOLS = { http1: 'HTTP/1.1', http2: 'HTTP/2', http3: 'HTTP/3' } as const;

function streamInfo(http: HttpStream, effects: ScriptEffects): LuaHost {
  return host((method) => {
    if (method === 'protocol') return PROTOCOLS[http.request.version];
    if (method === 'routeName') return http.route?.string('name') ?? '';
    if (method === 'dynamicMetadata') return dynamicMetadata(http, effects);
    return unknownValue(`what ${method} returns`);
  });
}

function dynamicMetadata(http: HttpStream, effects: ScriptEffects): LuaHost {
  return host((method, parameters) => {
    if (method !== 'set') return unknownValue('dynamic metadata');
    const [namespace, key] = [certainText(parameters[0], 'a namespace'), certainText(parameters[1], 'a key')];
    setMetadata(http, namespace, key, plainValue(parameters[2] ?? null, 0));
    effects.changes.push(say`metadata ${`${namespace}:${key}`} is set`);
    return null;
  });
}

function plainValue(value: LuaValue, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value.kind !== 'table' || depth > 50) throw new LuaStop(isUnknown(value) ? value.what : 'a value of metadata');
  const isList = [...value.entries.keys()].every((key, index) => key === index + 1);
  if (isList && value.entries.size > 0) return [...value.entries.values()].map((each) => plainValue(each, depth + 1));
  return Object.fromEntries([...value.entries].map(([key, each]) => [String(key), plainValue(each, depth + 1)]));
}

function certainText(value: LuaValue | undefined, what: string): string {
  const text = textOfLua(value);
  if (text !== undefined) return text;
  throw new LuaStop(value !== undefined && isUnknown(value) ? value.what : what);
}

function readAnswer([headers, body]: readonly LuaValue[]): ScriptAnswer {
  if (typeof headers !== 'object' || headers?.kind !== 'table') throw new LuaStop('the headers of the answer');
  const texts = [...headers.entries].map(([name, value]): [string, string] => [
    String(name),
    certainText(value, `header ${name} of the answer`),
  ]);
  const code = Number(texts.find(([name]) => name === ':status')?.[1]);
  if (!Number.isInteger(code) || code < 200) throw new LuaStop('the status of the answer');
  const text = body === undefined || body === null ? '' : certainText(body, 'the body of the answer');
  return { code, body: text, headers: texts.filter(([name]) => !name.startsWith(':')) };
}
