/** `headers()` of a request in a script (Envoy: source/extensions/filters/http/lua/wrappers.cc HeaderMapWrapper). */
import { appendHeader, headerValues, markUnknownHeader, removeHeader, setHeader, unknownHeader } from '../../facts/httpRequest';
import { renderSentence, say, words, type Sentence } from '../../record/sentence';
import { makeHost } from './luaHost';
import { certainAt } from './luaInfo';
import { numberAt, textAt } from './language/luaNative';
import type { ScriptStream } from './scriptStream';
import {
  isUnknown,
  LuaError,
  LuaStop,
  unknownValue,
  type LuaHost,
  type LuaRun,
  type LuaValue,
  type UnknownValue,
} from './language/luaValue';

/** What is shown for a value that is not known. */
const UNKNOWN_TEXT = '?';
const PSEUDO = [':authority', ':path', ':method', ':scheme'];

export function requestHeadersHost(stream: ScriptStream): LuaHost {
  const { request } = stream.http;
  let isWalking = false;
  const change = (what: Sentence): readonly LuaValue[] => {
    stream.effects.changesHeaders = true;
    stream.effects.changes.push(what);
    return [];
  };
  const checkModifiable = (): void => {
    if (isWalking) throw new LuaError('header map cannot be modified while iterating');
  };
  const write = (given: readonly LuaValue[], isAdded: boolean): readonly LuaValue[] => {
    checkModifiable();
    const name = certainAt(given, 0).toLowerCase();
    if (name === '') return [];
    const value = valueAt(given);
    if (isUnknown(value)) writeUnknown(stream, name, value, isAdded);
    else writeKnown(stream, name, value, isAdded);
    return change(
      isUnknown(value)
        ? say`request header ${name} becomes what is not known: ${words(value.what)}`
        : isAdded
          ? say`request header ${name} gets ${value}`
          : say`request header ${name} becomes ${value}`,
    );
  };
  return makeHost(
    stream.life,
    {
      get: (given) => readValue(stream, certainAt(given, 0)),
      getAtIndex: (given) => {
        const name = certainAt(given, 0);
        const missing = unknownHeader(request, name);
        if (missing) return [unknownValue(renderSentence(missing))];
        const value = headerValues(request, name)[numberAt(given, 1)];
        return value === undefined || value === '' ? [] : [value];
      },
      getNumValues: (given) => [headerValues(request, certainAt(given, 0)).length],
      add: (given) => write(given, true),
      replace: (given) => write(given, false),
      remove: (given) => {
        checkModifiable();
        return removeNamed(stream, certainAt(given, 0).toLowerCase(), change);
      },
      setHttp1ReasonPhrase: () => [],
    },
    {
      entries: (run) => {
        if (isWalking) throw new LuaError('cannot create a second iterator before completing the first');
        isWalking = true;
        return entriesOf(stream, run);
      },
      finish: () => {
        isWalking = false;
      },
    },
  );
}

/** Values of a repeated header are joined by commas. */
function readValue({ http: { request } }: ScriptStream, name: string): readonly LuaValue[] {
  const missing = unknownHeader(request, name);
  if (missing) return [unknownValue(renderSentence(missing), true)];
  const values = headerValues(request, name);
  return values.length === 0 ? [] : [values.join(',')];
}

function valueAt(given: readonly LuaValue[]): string | UnknownValue {
  const value = given[1] ?? null;
  return isUnknown(value) ? value : textAt(given, 1);
}

function writeKnown({ http: { request } }: ScriptStream, name: string, value: string, isAdded: boolean): void {
  if (/[\0\r\n]/.test(value) || (name.startsWith(':') && !PSEUDO.includes(name)) || !/^:?[-!#$%&'*+.^_`|~0-9a-z]+$/.test(name))
    throw new LuaStop(`what becomes of the header ${name}, which no upstream takes`);
  const isPseudo = name.startsWith(':') || name === 'host';
  // A pseudo header has one value: what is added is joined to it.
  if (isPseudo && isAdded) setHeader(request, name, [...headerValues(request, name), value].join(','));
  else if (isAdded) appendHeader(request, name, value.replace(/^ +/, ''));
  else setHeader(request, name, isPseudo ? value : value.replace(/^ +/, ''));
}

function writeUnknown({ http: { request } }: ScriptStream, name: string, { what }: UnknownValue, isAdded: boolean): void {
  if (name.startsWith(':') || name === 'host') throw new LuaStop(what);
  if (isAdded) appendHeader(request, name, UNKNOWN_TEXT);
  else setHeader(request, name, UNKNOWN_TEXT);
  markUnknownHeader(request, name, words(what));
}

function removeNamed(
  { http: { request } }: ScriptStream,
  name: string,
  change: (what: Sentence) => readonly LuaValue[],
): readonly LuaValue[] {
  if (name === ':method' || name === ':path') throw new LuaStop(`what becomes of a request without ${name}`);
  if (name === ':authority' || name === 'host') request.authority = '';
  else removeHeader(request, name);
  return change(say`request header ${name} is removed`);
}

/** In the order of Envoy's map: pseudo headers first, then as they came; last what Envoy adds by itself. */
function entriesOf({ http: { request } }: ScriptStream, run: LuaRun): (readonly [LuaValue, LuaValue])[] {
  run.step(request.headers.length);
  const pseudo = PSEUDO.flatMap((name) => headerValues(request, name).map((value) => [name, value] as const));
  const valueOf = (name: string, value: string): LuaValue =>
    unknownHeader(request, name) ? unknownValue(`the header ${name}`, true) : value;
  const shown = request.headers.map(([name, value]) => [name, valueOf(name, value)] as const);
  const names = new Set(request.headers.map(([name]) => name));
  const hidden = [...(request.unknownHeaders?.keys() ?? [])].filter((name) => !names.has(name));
  return [...pseudo, ...shown, ...hidden.map((name) => [name, valueOf(name, '')] as const)];
}
