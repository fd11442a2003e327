/** `headers()` of an answer in a script: of an upstream's answer only what the configuration does to it is known. */
import type { HeaderChanges } from '../../../protocol/trace';
import { recordHeaderChange } from '../../http/recordHeaderChange';
import { say, words, type Sentence } from '../../record/sentence';
import { makeHost } from './luaHost';
import { certainAt } from './luaInfo';
import { textAt } from './language/luaNative';
import type { ScriptStream } from './scriptStream';
import { isUnknown, LuaError, LuaStop, unknownValue, type LuaHost, type LuaValue } from './language/luaValue';

const UNKNOWN_TEXT = '?';

export function answerHeadersHost(stream: ScriptStream): LuaHost {
  const change = (what: Sentence): readonly LuaValue[] => {
    stream.effects.changes.push(what);
    return [];
  };
  const write = (given: readonly LuaValue[], action: string): readonly LuaValue[] => {
    const name = certainAt(given, 0).toLowerCase();
    const value = given[1] ?? null;
    if (name === '') return [];
    if (name === ':status') return writeStatus(stream, certainAt(given, 1), change);
    const text = isUnknown(value) ? UNKNOWN_TEXT : textAt(given, 1);
    recordHeaderChange(
      stream.http.responseHeaders,
      { kind: 'add', name, value: text, action, isUnknown: isUnknown(value) },
      stream.answer?.isLocal,
    );
    return change(
      isUnknown(value)
        ? say`response header ${name} becomes what is not known: ${words(value.what)}`
        : say`response header ${name} becomes ${text}`,
    );
  };
  return makeHost(
    stream.life,
    {
      get: (given) => readHeader(stream, certainAt(given, 0).toLowerCase()),
      getAtIndex: () => [unknownValue("a header of the upstream's answer")],
      getNumValues: () => [unknownValue("a header of the upstream's answer", true)],
      add: (given) => write(given, 'APPEND_IF_EXISTS_OR_ADD'),
      replace: (given) => write(given, 'OVERWRITE_IF_EXISTS_OR_ADD'),
      remove: (given) => {
        const name = certainAt(given, 0).toLowerCase();
        recordHeaderChange(stream.http.responseHeaders, { kind: 'remove', name });
        return change(say`response header ${name} is removed`);
      },
      setHttp1ReasonPhrase: () => [],
    },
    {
      entries: () => {
        throw new LuaStop("the headers of the upstream's answer");
      },
    },
  );
}

function writeStatus({ answer }: ScriptStream, text: string, change: (what: Sentence) => readonly LuaValue[]): readonly LuaValue[] {
  const code = Number(text);
  if (!answer?.isLocal || !Number.isInteger(code) || code < 200 || code >= 600) throw new LuaStop("what becomes of the answer's status");
  answer.code = code;
  return change(say`the status becomes ${code}`);
}

/** Envoy's own headers, whose values are not followed. */
const OWN: ReadonlySet<string> = new Set(['content-type', 'content-length', 'location', 'date', 'server']);

function readHeader({ http, answer }: ScriptStream, name: string): readonly LuaValue[] {
  if (name === ':status')
    return [answer?.isLocal && answer.code !== undefined ? String(answer.code) : unknownValue("the status of the upstream's answer", true)];
  const { uncertain = [], remove } = http.responseHeaders;
  const set = valuesOf(http.responseHeaders, 'set', name);
  const appended = valuesOf(http.responseHeaders, 'append', name);
  const isBaseKnown = set.length > 0 || remove.includes(name) || (answer?.isLocal === true && !OWN.has(name));
  if (uncertain.includes(name) || !isBaseKnown) return [unknownValue(`the header ${name} of the answer`, set.length + appended.length > 0)];
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
