/** Changes the query of the request's path (Envoy: QueryParameterMutationAppend of header_mutation.cc, Utility::QueryParamsMulti). */
import type { ConfigNode } from '../../schema/configNode';
import { keepsBack } from '../../schema/keptBack';
import { formatString } from '../format/formatString';
import { APPEND_ACTIONS, type AppendAction } from '../http/route/headerOptions';
import { percentDecode } from '../matcher/inputs/httpInputs';
import { matchContextOf } from '../matcher/matchContext';
import { say, words, type Sentence } from '../record/sentence';
import type { FilterCall } from './filterCall';
import { percentEncode } from '../facts/percentEncode';

type Parameters = (readonly [name: string, value: string])[];

/**
 * Applies each `KeyValueMutation` (`append: {record or entry, action}`, `remove`): the query is read once and written once. Adds to `told` what
 * becomes of it; gives what is missing where a parameter is not known: then neither is the path.
 */
export function mutateQuery(call: FilterCall, mutations: readonly ConfigNode[], told: Sentence[]): Sentence | undefined {
  if (mutations.length === 0) return undefined;
  const { request } = call.http;
  const { base, parameters: before } = splitPath(request.path);
  let parameters = before;
  for (const mutation of mutations) {
    if (keepsBack(mutation)) return words('a query parameter of which the file leaves out, or keeps back, a part');
    const changed = changeQuery(call, mutation, parameters);
    if ('missing' in changed) return changed.missing;
    ({ parameters } = changed);
    told.push(...changed.told);
  }
  request.path = joinPath({ base, parameters });
  return undefined;
}

type ChangedQuery = { readonly parameters: Parameters; readonly told: readonly Sentence[] } | { readonly missing: Sentence };

function changeQuery({ hop }: FilterCall, mutation: ConfigNode, before: Parameters): ChangedQuery {
  const removed = mutation.get('remove')?.asString();
  const parameters = removed ? before.filter(([each]) => each !== removed) : before;
  const told = removed ? [say`query parameter ${removed} is removed`] : [];
  const append = mutation.get('append');
  const record = append?.get('record') ?? append?.get('entry');
  if (!append || !record) return { parameters, told };
  const name = record.string('key');
  const made = formatString(record.string('value'), { ...matchContextOf(hop), absentAs: '' });
  if (made.kind === 'unknown') return { missing: say`the value of query parameter ${name}: ${made.missing}` };
  const action = append.enumValue('action', APPEND_ACTIONS);
  return {
    parameters: change(parameters, action, [name, percentEncode(made.value)]),
    told: [...told, say`query parameter ${name} becomes ${made.value}`],
  };
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
