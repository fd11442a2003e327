/** Changes the query of the request's path (Envoy: QueryParameterMutationAppend of header_mutation.cc, Utility::QueryParamsMulti). */
import type { ConfigNode } from '../../schema/configNode';
import { formatString } from '../format/formatString';
import { APPEND_ACTIONS, type AppendAction } from '../http/route/headerOptions';
import { percentDecode } from '../matcher/inputs/httpInputs';
import { matchContextOf } from '../matcher/matchContext';
import { say, type Sentence } from '../record/sentence';
import type { FilterCall } from './filterCall';
import { percentEncode } from '../facts/percentEncode';

type Parameters = (readonly [name: string, value: string])[];

/** Applies each `KeyValueMutation` (`append: {record or entry, action}`, `remove`): the query is read once and written once. */
export function mutateQuery({ hop, http: { request } }: FilterCall, mutations: readonly ConfigNode[]): Sentence[] {
  if (mutations.length === 0) return [];
  const { base, parameters: before } = splitPath(request.path);
  const context = { ...matchContextOf(hop), absentAs: '' } as const;
  let parameters = before;
  const told: Sentence[] = [];
  for (const mutation of mutations) {
    const removed = mutation.get('remove')?.asString();
    if (removed) {
      parameters = parameters.filter(([each]) => each !== removed);
      told.push(say`query parameter ${removed} is removed`);
    }
    const append = mutation.get('append');
    const record = append?.get('record') ?? append?.get('entry');
    if (!append || !record) continue;
    const [name, text] = [record.string('key'), record.string('value')];
    const made = formatString(text, context);
    const value = made.kind === 'text' ? made.value : text;
    parameters = change(parameters, append.enumValue('action', APPEND_ACTIONS), [name, percentEncode(value)]);
    told.push(say`query parameter ${name} becomes ${value}`);
  }
  request.path = joinPath({ base, parameters });
  return told;
}

/** `KeyValueAppendAction`, whose values are those of headers. */
function change(parameters: Parameters, action: AppendAction | undefined, added: readonly [name: string, value: string]): Parameters {
  const exists = parameters.some(([name]) => name === added[0]);
  const others = parameters.filter(([name]) => name !== added[0]);
  switch (action) {
    case 'ADD_IF_ABSENT':
      return exists ? parameters : [...parameters, added];
    case 'OVERWRITE_IF_EXISTS_OR_ADD':
      return [...others, added];
    case 'OVERWRITE_IF_EXISTS':
      return exists ? [...others, added] : parameters;
    case 'APPEND_IF_EXISTS_OR_ADD':
    case undefined:
      return [...parameters, added];
  }
}

interface PathParts {
  readonly base: string;
  readonly parameters: Parameters;
}

function splitPath(path: string): PathParts {
  const question = path.indexOf('?');
  if (question < 0) return { base: path, parameters: [] };
  const parameters = path
    .slice(question + 1)
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
      // As Envoy 1.40 does: what is decoded here is written back as it is.
      return [percentDecode(name), percentDecode(value)] as const;
    });
  return { base: path.slice(0, question), parameters };
}

/** Takes a parameter off; the others are written back in the order of their names. */
export function removeQueryParameter(path: string, name: string): string {
  const parts = splitPath(path);
  return joinPath({ ...parts, parameters: parts.parameters.filter(([each]) => each !== name) });
}

/** Envoy keeps parameters sorted by name. */
function joinPath({ base, parameters }: PathParts): string {
  if (parameters.length === 0) return base;
  const sorted = [...parameters].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `${base}?${sorted.map(([name, value]) => `${name}=${value}`).join('&')}`;
}
