/** `headers()` of a request in a script (Envoy: source/extensions/filters/http/lua/wrappers.cc HeaderMapWrapper). */
import {
  appendHeader,
  hasHeader,
  headerValues,
  knownHeader,
  markUnknownHeader,
  removeHeader,
  setHeader,
  unknownHeader,
} from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import { renderSentence, say, words, type Sentence } from '../../record/sentence';
import { makeHost, type LuaMethod } from '../../lua/luaHost';
import { certainAt } from './luaInfo';
import { numberAt, textAt } from '../../lua/luaNative';
import type { ScriptStream } from './scriptStream';
import {
  isUnknown,
  LuaError,
  LuaStop,
  unknownButTrue,
  unknownValue,
  type LuaHost,
  type LuaRun,
  type LuaValue,
  type UnknownValue,
} from '../../lua/luaValue';

/** What is shown for a value that is not known. */
const UNKNOWN_TEXT = '?';
const PSEUDO = [':authority', ':path', ':method', ':scheme'];

/** While a script goes through the headers it may neither change them nor go through them once more. */
interface Walk {
  isWalking: boolean;
}

export function requestHeadersHost(stream: ScriptStream): LuaHost {
  const walk: Walk = { isWalking: false };
  return makeHost(stream.life, headerMethods(stream, walk), {
    entries: (run) => {
      if (walk.isWalking) throw new LuaError('cannot create a second iterator before completing the first');
      walk.isWalking = true;
      return entriesOf(stream, run);
    },
    finish: () => {
      walk.isWalking = false;
    },
  });
}

function headerMethods(stream: ScriptStream, walk: Walk): Record<string, LuaMethod> {
  const modifying =
    (modify: LuaMethod): LuaMethod =>
    (given, run) => {
      if (walk.isWalking) throw new LuaError('header map cannot be modified while iterating');
      return modify(given, run);
    };
  return {
    get: (given) => readValue(stream, certainAt(given, 0)),
    getAtIndex: (given) => readValueAt(stream, given),
    getNumValues: (given) => countValues(stream, certainAt(given, 0)),
    add: modifying((given) => write(stream, given, true)),
    replace: modifying((given) => write(stream, given, false)),
    remove: modifying((given) => removeNamed(stream, certainAt(given, 0).toLowerCase())),
    setHttp1ReasonPhrase: () => [],
  };
}

function readValueAt({ http: { request } }: ScriptStream, given: readonly LuaValue[]): readonly LuaValue[] {
  const name = certainAt(given, 0);
  const values = knownHeader(request, name);
  if (values instanceof NotKnown) return [unknownValue(renderSentence(values.missing))];
  const value = values[numberAt(given, 1)];
  return value === undefined || value === '' ? [] : [value];
}

function write(stream: ScriptStream, given: readonly LuaValue[], isAdded: boolean): readonly LuaValue[] {
  const name = certainAt(given, 0).toLowerCase();
  if (name === '') return [];
  const value = valueAt(given);
  if (isUnknown(value)) {
    writeUnknown(stream, name, value, isAdded);
    return noteChange(stream, say`request header ${name} becomes what is not known: ${words(value.what)}`);
  }
  writeKnown(stream, name, value, isAdded);
  return noteChange(stream, isAdded ? say`request header ${name} gets ${value}` : say`request header ${name} becomes ${value}`);
}

function noteChange({ effects }: ScriptStream, what: Sentence): readonly LuaValue[] {
  effects.changesHeaders = true;
  effects.changes.push(what);
  return [];
}

function countValues({ http: { request } }: ScriptStream, name: string): readonly LuaValue[] {
  const values = knownHeader(request, name);
  return [values instanceof NotKnown ? unknownValue(renderSentence(values.missing)) : values.length];
}

/** Values of a repeated header are joined by commas. */
function readValue({ http: { request } }: ScriptStream, name: string): readonly LuaValue[] {
  const values = knownHeader(request, name);
  if (values instanceof NotKnown) {
    const what = renderSentence(values.missing);
    return [hasHeader(request, name) === true ? unknownButTrue(what) : unknownValue(what)];
  }
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

function removeNamed(stream: ScriptStream, name: string): readonly LuaValue[] {
  const { request } = stream.http;
  if (name === ':method' || name === ':path') throw new LuaStop(`what becomes of a request without ${name}`);
  if (name === ':authority' || name === 'host') request.authority = '';
  else removeHeader(request, name);
  return noteChange(stream, say`request header ${name} is removed`);
}

/** In the order of Envoy's map: pseudo headers first, then as they came; last what Envoy adds by itself. */
function entriesOf({ http: { request } }: ScriptStream, run: LuaRun): (readonly [LuaValue, LuaValue])[] {
  run.step(request.headers.length);
  const pseudo = PSEUDO.flatMap((name) => headerValues(request, name).map((value) => [name, value] as const));
  const valueOf = (name: string, value: string): LuaValue => (unknownHeader(request, name) ? unknownButTrue(`the header ${name}`) : value);
  const shown = request.headers.map(([name, value]) => [name, valueOf(name, value)] as const);
  const names = new Set(request.headers.map(([name]) => name));
  const hidden = [...(request.unknownHeaders?.keys() ?? [])].filter((name) => !names.has(name));
  return [...pseudo, ...shown, ...hidden.map((name) => [name, valueOf(name, '')] as const)];
}
