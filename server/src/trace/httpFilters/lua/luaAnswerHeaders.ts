/** `headers()` of an answer in a script: of an upstream's answer only what the configuration does to it is known. */
import type { HeaderChanges } from '../../../protocol/trace';
import { recordHeaderChange } from '../../http/recordHeaderChange';
import { say, words, type Sentence } from '../../record/sentence';
import { makeHost, type LuaMethod } from '../../lua/luaHost';
import { certainAt } from './luaInfo';
import { textAt } from '../../lua/luaNative';
import type { ScriptStream } from './scriptStream';
import { isUnknown, LuaError, LuaStop, unknownButTrue, unknownValue, type LuaHost, type LuaValue } from '../../lua/luaValue';

const UNKNOWN_TEXT = '?';

export function answerHeadersHost(stream: ScriptStream): LuaHost {
  const methods: Record<string, LuaMethod> = {
    get: (given) => readHeader(stream, certainAt(given, 0).toLowerCase()),
    getAtIndex: () => [unknownValue("a header of the upstream's answer")],
    getNumValues: () => [unknownButTrue("a header of the upstream's answer")],
    add: (given) => write(stream, given, 'APPEND_IF_EXISTS_OR_ADD'),
    replace: (given) => write(stream, given, 'OVERWRITE_IF_EXISTS_OR_ADD'),
    remove: (given) => {
      const name = certainAt(given, 0).toLowerCase();
      recordHeaderChange(stream.http.responseHeaders, { kind: 'remove', name });
      return noteChange(stream, say`response header ${name} is removed`);
    },
    setHttp1ReasonPhrase: () => [],
  };
  return makeHost(stream.life, methods, {
    entries: () => {
      throw new LuaStop("the headers of the upstream's answer");
    },
  });
}

function write(stream: ScriptStream, given: readonly LuaValue[], action: string): readonly LuaValue[] {
  const name = certainAt(given, 0).toLowerCase();
  const value = given[1] ?? null;
  if (name === '') return [];
  if (name === ':status') return writeStatus(stream, certainAt(given, 1));
  const text = isUnknown(value) ? UNKNOWN_TEXT : textAt(given, 1);
  const change = { kind: 'add', name, value: text, action, isUnknown: isUnknown(value) } as const;
  recordHeaderChange(stream.http.responseHeaders, change, stream.answer?.isLocal);
  return noteChange(
    stream,
    isUnknown(value)
      ? say`response header ${name} becomes what is not known: ${words(value.what)}`
      : say`response header ${name} becomes ${text}`,
  );
}

function noteChange({ effects }: ScriptStream, what: Sentence): readonly LuaValue[] {
  effects.changes.push(what);
  return [];
}

function writeStatus(stream: ScriptStream, text: string): readonly LuaValue[] {
  const { answer } = stream;
  const code = Number(text);
  if (!answer?.isLocal || !Number.isInteger(code) || code < 200 || code >= 600) throw new LuaStop("what becomes of the answer's status");
  answer.code = code;
  return noteChange(stream, say`the status becomes ${code}`);
}

/** Envoy's own headers, whose values are not followed. */
const OWN: ReadonlySet<string> = new Set(['content-type', 'content-length', 'location', 'date', 'server']);

function readHeader({ http, answer }: ScriptStream, name: string): readonly LuaValue[] {
  if (name === ':status')
    return [answer?.isLocal && answer.code !== undefined ? String(answer.code) : unknownButTrue("the status of the upstream's answer")];
  const { uncertain = [], remove } = http.responseHeaders;
  const set = valuesOf(http.responseHeaders, 'set', name);
  const appended = valuesOf(http.responseHeaders, 'append', name);
  const isBaseKnown = set.length > 0 || remove.includes(name) || (answer?.isLocal === true && !OWN.has(name));
  const isThere = set.length + appended.length > 0;
  if (uncertain.includes(name) || !isBaseKnown) return [(isThere ? unknownButTrue : unknownValue)(`the header ${name} of the answer`)];
  const values = [...set, ...appended];
  return values.length === 0 ? [] : [values.join(',')];
}

function valuesOf(changes: HeaderChanges, list: 'set' | 'append', name: string): string[] {
  return changes[list].filter(([each]) => each === name).map(([, value]) => value);
}

/** Only the way of the request may be answered. */
export function refuseToRespond(): never {
  throw new LuaError('respond not currently supported in the response path');
}
