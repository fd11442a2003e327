/** A request while a script works on it: a draft, so that a pass which is not taken leaves no trace. */
import type { HeaderChanges } from '../../../protocol/trace';
import { copyHttpRequest } from '../../facts/httpRequest';
import type { HttpStream, StreamAnswer } from '../../httpStream';
import type { Sentence } from '../../record/sentence';
import type { FilterCall } from '../filterCall';
import type { LuaLife } from '../../lua/luaHost';

export interface ScriptStream {
  readonly call: FilterCall;
  /** The draft: its request, its metadata and its filter state are copies. */
  readonly http: HttpStream;
  readonly life: LuaLife;
  readonly effects: ScriptEffects;
  /** The answer, while it passes: then the request is over. */
  readonly answer?: StreamAnswer;
}

/** What the script has done. */
export interface ScriptEffects {
  readonly changes: Sentence[];
  changesHeaders: boolean;
  clearsRoute: boolean;
  answer: ScriptAnswer | undefined;
  /** `setUpstreamOverrideHost` */
  host?: { readonly address: string; readonly isStrict: boolean };
}

export interface ScriptAnswer {
  readonly code: number;
  readonly body: string;
  readonly headers: [name: string, value: string][];
}

/** A copy of the stream to try a script on: what it changes counts when the way is taken. */
export function draftStream(call: FilterCall, answered?: StreamAnswer): ScriptStream {
  const { http } = call;
  const { set, append, remove, uncertain } = http.responseHeaders;
  const draft: HttpStream = {
    ...http,
    request: copyHttpRequest(http.request),
    metadata: new Map(http.metadata),
    filterState: new Map(http.filterState),
    responseHeaders: { set: [...set], append: [...append], remove: [...remove], ...(uncertain && { uncertain: [...uncertain] }) },
  };
  const effects: ScriptEffects = { changes: [], changesHeaders: false, clearsRoute: false, answer: undefined };
  return { call, http: draft, life: { waits: 0 }, effects, ...(answered && { answer: { ...answered } }) };
}

/** The draft becomes the request. */
export function takeDraft({ call, http }: ScriptStream): void {
  delete call.http.responseHeaders.uncertain;
  Object.assign(call.http.responseHeaders, http.responseHeaders);
  Object.assign(call.http.request, http.request);
  if (http.request.unknownHeaders === undefined) delete call.http.request.unknownHeaders;
  takeEntries(call.http.metadata, http.metadata);
  takeEntries(call.http.filterState, http.filterState);
}

function takeEntries<Value>(kept: Map<string, Value>, draft: ReadonlyMap<string, Value>): void {
  kept.clear();
  for (const [key, value] of draft) kept.set(key, value);
}

/** Where the answer's fate is open, the headers in which two passes differ are shown as uncertain. */
export function takeUncertain(one: ScriptStream, other: ScriptStream): void {
  const [ours, theirs] = [one.http.responseHeaders, other.http.responseHeaders];
  const names = new Set([...ours.set, ...ours.append, ...theirs.set, ...theirs.append].map(([name]) => name));
  const differing = [...names].filter((name) => changesOf(ours, name) !== changesOf(theirs, name));
  takeDraft(one);
  const { responseHeaders } = one.call.http;
  responseHeaders.uncertain = [...new Set([...(responseHeaders.uncertain ?? []), ...differing])];
}

function changesOf({ set, append, remove }: HeaderChanges, name: string): string {
  const isNamed = ([each]: readonly [string, string]): boolean => each === name;
  return JSON.stringify([set.filter(isNamed), append.filter(isNamed), remove.includes(name)]);
}

/** Equal texts, equal fates: in which order different headers were added is no difference. */
export function summariseDraft({ http, effects, answer }: ScriptStream): string {
  const { headers, unknownHeaders, ...request } = http.request;
  const sorted = headers
    .map(([name, value], index) => ({ name, value, index }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.index - b.index));
  return JSON.stringify([
    request,
    sorted.map(({ name, value }) => [name, value]),
    [...(unknownHeaders?.keys() ?? [])].sort(),
    [...http.metadata].sort(([a], [b]) => (a < b ? -1 : 1)),
    [...http.filterState].sort(([a], [b]) => (a < b ? -1 : 1)),
    effects.changesHeaders,
    effects.clearsRoute,
    effects.answer ?? null,
    effects.host ?? null,
    http.responseHeaders,
    answer?.code ?? null,
  ]);
}
