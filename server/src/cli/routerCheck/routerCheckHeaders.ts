/** Header assertions of a router_check_tool test (RouterCheckTool::matchHeaderField). */
import type { ConfigNode } from '../../schema/configNode';
import { headerValues } from '../../trace/facts/httpRequest';
import { isJoinedInResponse, joinHeaderLines } from '../../trace/facts/joinedHeaders';
import { testHeaderValues } from '../../trace/http/routeMatch/headerMatcher';
import type { CheckedRoute } from './routerCheckRoute';

type ReadValues = (name: string) => readonly string[];

export function checkHeaders({ http, responseHeaders }: CheckedRoute, validate: ConfigNode): string[] {
  const ofRequest: ReadValues = (name) => headerValues(http.request, name);
  const lines = joinHeaderLines(responseHeaders, isJoinedInResponse);
  const ofResponse: ReadValues = (name) => lines.filter(([key]) => key === name.toLowerCase()).map(([, value]) => value);
  return [
    ...validate.list('request_header_matches').flatMap((matcher) => checkMatcher(matcher, ofRequest, 'request_header_matches')),
    ...validate.list('request_header_fields').flatMap((field) => checkField(field, ofRequest, 'request_header_fields')),
    ...validate.list('response_header_matches').flatMap((matcher) => checkMatcher(matcher, ofResponse, 'response_header_matches')),
    ...validate.list('response_header_fields').flatMap((field) => checkField(field, ofResponse, 'response_header_fields')),
  ];
}

/** The older form: the first value, compared as it is. */
function checkField(field: ConfigNode, read: ReadValues, testType: string): string[] {
  const expected = field.string('value');
  const actual = read(field.string('key'))[0] ?? '';
  return actual === expected ? [] : [`expected: [${expected}], actual: [${actual}], test type: ${testType}`];
}

function checkMatcher(matcher: ConfigNode, read: ReadValues, testType: string): string[] {
  const name = matcher.string('name');
  const values = read(name);
  if (testHeaderValues(matcher, values).kind === 'yes') return [];
  const inverts = matcher.bool('invert_match') === true;
  const kind = kindOf(matcher);
  if (kind === 'present_match')
    return [`expected: [has(${name}):${!inverts}], actual: [has(${name}):${inverts}], test type: ${testType}.${kind}`];
  const actual = `${name}: ${values[0] ?? 'NULL'}`;
  const exact = matcher.get('string_match')?.get('exact')?.asString();
  if (exact === undefined) return [`actual: [${actual}], test type: ${testType}.${kind}`];
  return [`expected: [${name}: ${exact}], actual: ${inverts ? 'NOT ' : ''}[${actual}], test type: ${testType}.${kind}`];
}

const KINDS = ['exact_match', 'safe_regex_match', 'range_match', 'prefix_match', 'suffix_match', 'contains_match'];
const PATTERNS = ['exact', 'prefix', 'suffix', 'safe_regex', 'contains', 'custom'];

/** The name of the specifier that is set, as the tool prints it. */
function kindOf(matcher: ConfigNode): string {
  const text = matcher.get('string_match');
  if (text) return `string_match.${PATTERNS.find((pattern) => text.has(pattern)) ?? 'match_pattern_not_set'}`;
  return KINDS.find((kind) => matcher.has(kind)) ?? 'present_match';
}
