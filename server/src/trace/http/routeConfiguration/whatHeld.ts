/** Why a route takes a request, in words: which of its conditions held, by what the request has. */
import type { ConfigNode } from '../../../schema/configNode';
import { headerValues } from '../../facts/httpRequest';
import { joinSentences, say, words, type Sentence } from '../../record/sentence';
import type { HttpStream } from '../httpStream';
import { readPathSpecifier, type PathFacts } from '../routeMatch/matchPath';

/** What of the route's match held, shortly. */
export function whatHeld(route: ConfigNode, http: HttpStream, path: PathFacts): Sentence {
  const match = route.get('match');
  const specifier = match && readPathSpecifier(match);
  const rest = match ? conditionsHeld(match, http) : words('');
  switch (specifier?.kind) {
    case 'prefix':
    case 'separated':
      return say`path ${path.matched} begins with ${specifier.text}${rest}`;
    case 'path':
      return say`path is ${specifier.text}${rest}`;
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

/** The header and query conditions that held, with what the request has. */
function conditionsHeld(match: ConfigNode, { request }: HttpStream): Sentence {
  const headers = match.list('headers').map((matcher) => {
    const name = matcher.string('name').toLowerCase();
    const values = headerValues(request, name);
    return values.length === 0 ? say`header ${name} is not there` : say`header ${name} is ${values}`;
  });
  const queries = match.list('query_parameters').map((matcher) => say`query parameter ${matcher.string('name')} fits`);
  const held = [...headers, ...queries];
  return held.length === 0 ? words('') : say`, ${joinSentences(held)}`;
}
