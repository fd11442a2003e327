/** What a route asks for beside the path, and when one such condition follows from another. */
import { snakeCase, type ConfigNode } from '../../schema/configNode';
import { coversText, readTextCondition, type TextCondition } from './textConditions';

export interface RequestCondition {
  /** All that it says. Equal conditions are one. */
  readonly says: string;
  /** The field of RouteMatch and the name that is looked at; undefined where only equal conditions are compared. */
  readonly subject: string | undefined;
  readonly text: TextCondition | undefined;
}

/** Each thing that a RouteMatch asks for, except for its path and its share of requests. */
export function requestConditions(match: ConfigNode): RequestCondition[] {
  return match.entries().flatMap(([key, value]) => {
    const field = snakeCase(key);
    if (PATHS.has(field)) return [];
    return (value.isArray ? value.items() : [value]).map((item) => readCondition(field, item));
  });
}

const PATHS = new Set([
  'prefix',
  'path',
  'safe_regex',
  'regex',
  'connect_matcher',
  'path_separated_prefix',
  'path_match_policy',
  'case_sensitive',
  'runtime_fraction',
]);

function readCondition(field: string, item: ConfigNode): RequestCondition {
  const says = `${field}: ${JSON.stringify(item.toValue())}`;
  const isPlain =
    (field === 'headers' || field === 'query_parameters') && !item.bool('invert_match') && !item.bool('treat_missing_header_as_empty');
  if (!isPlain) return { says, subject: undefined, text: undefined };
  const name = item.string('name');
  const text = readTextCondition(item.get('string_match'));
  const isPresence = item.bool('present_match') === true || item.entries().every(([key]) => key === 'name');
  const isText = text !== undefined || TEXTS.some((kind) => item.has(kind));
  return { says, subject: isPresence || isText ? `${field} ${field === 'headers' ? name.toLowerCase() : name}` : undefined, text };
}

/** Kinds of HeaderMatcher that hold of no absent header. */
const TEXTS = ['string_match', 'exact_match', 'prefix_match', 'suffix_match', 'contains_match', 'safe_regex_match', 'range_match'];

/** Is each of the conditions among the others, or does it follow from one of them? */
export function follow(conditions: readonly RequestCondition[], from: readonly RequestCondition[]): boolean {
  return conditions.every((wide) => from.some((narrow) => followsFrom(wide, narrow)));
}

function followsFrom(wide: RequestCondition, narrow: RequestCondition): boolean {
  if (wide.says === narrow.says) return true;
  if (wide.subject === undefined || wide.subject !== narrow.subject) return false;
  if (wide.text) return narrow.text !== undefined && coversText(wide.text, narrow.text);
  return isMerePresence(wide);
}

function isMerePresence({ says }: RequestCondition): boolean {
  return !TEXTS.some(
    (kind) => says.includes(`"${kind}"`) || says.includes(`"${kind.replace(/_./g, (pair) => pair.slice(1).toUpperCase())}"`),
  );
}
