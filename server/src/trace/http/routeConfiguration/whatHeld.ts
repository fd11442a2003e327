/** Why a route takes a request, in words: which of its conditions held, by what the request has. */
import type { ConfigNode } from '../../../schema/configNode';
import { headerValues, type HttpRequest } from '../../facts/httpRequest';
import { joinSentences, say, words, type Sentence } from '../../record/sentence';
import type { HttpStream } from '../../httpStream';
import { cookieValue } from '../routeMatch/cookieMatcher';
import { readPathSpecifier, type PathFacts } from '../routeMatch/matchPath';
import { firstQueryValues, nameQueryParameter } from '../routeMatch/queryParameterMatcher';

/** What of the route's match held, shortly. */
export function whatHeld(route: ConfigNode, http: HttpStream, path: PathFacts): Sentence {
  const match = route.get('match');
  const specifier = match && readPathSpecifier(match);
  const rest = match ? conditionsHeld(match, http.request) : words('');
  switch (specifier?.kind) {
    case 'prefix':
    case 'separated':
      return say`path ${path.matched} begins with ${specifier.text}${caseAside(path.matched, specifier.text)}${rest}`;
    case 'path':
      return say`path is ${path.matched}${caseAside(path.matched, specifier.text)}${rest}`;
    case 'regex':
      return say`path ${path.matched} matches ${specifier.text}${rest}`;
    case 'template':
      return say`path ${path.plain} fits the template ${specifier.text}${rest}`;
    case 'connect':
      return say`the method is ${'CONNECT'}${rest}`;
    default:
      return words('its conditions hold');
  }
}

/** The path has the text in other letters: `case_sensitive` is false. */
function caseAside(path: string, text: string): Sentence {
  return path.startsWith(text) ? words('') : words(' (case_sensitive is false)');
}

/** The other conditions that held, with what the request has; what it has of metadata, filter state and certificates goes without saying. */
function conditionsHeld(match: ConfigNode, request: HttpRequest): Sentence {
  const grpc = match.has('grpc') ? [say`the content type is gRPC`] : [];
  const cookies = match.list('cookies').map((matcher) => cookieHeld(matcher.string('name'), request));
  const held = [...grpc, ...headersHeld(match, request), ...queriesHeld(match, request), ...cookies];
  return held.length === 0 ? words('') : say`, ${joinSentences(held)}`;
}

function headersHeld(match: ConfigNode, request: HttpRequest): Sentence[] {
  return match.list('headers').map((matcher) => {
    const name = matcher.string('name').toLowerCase();
    const values = headerValues(request, name);
    return values.length === 0 ? say`header ${name} is not there` : say`header ${name} is ${values}`;
  });
}

function queriesHeld(match: ConfigNode, request: HttpRequest): Sentence[] {
  if (!match.has('query_parameters')) return [];
  const query = firstQueryValues(request.path);
  return match.list('query_parameters').map((matcher) => {
    const name = matcher.string('name');
    const value = query.get(name);
    return value === undefined ? say`query parameter ${name} is not there` : say`${nameQueryParameter(name, query)} is ${value}`;
  });
}

function cookieHeld(name: string, request: HttpRequest): Sentence {
  const value = cookieValue(request, name);
  return value === undefined ? say`cookie ${name} is not there` : say`cookie ${name} is ${value}`;
}
