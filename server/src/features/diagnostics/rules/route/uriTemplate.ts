/** Path templates that Envoy cannot read, and rewrites by template that do not fit them (source/extensions/path/uri_template_lib). */
import type { ConfigNode } from '../../../../schema/configNode';
import { readUriTemplate } from '../../../../trace/http/routeMatch/uriTemplate';
import { ROUTE } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

const MATCH = 'envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig';
const REWRITE = 'envoy.extensions.path.rewrite.uri_template.v3.UriTemplateRewriteConfig';
const MAX_VARIABLES = 5;

/** Literals and variables (parseRewritePattern). */
const REWRITE_PATTERN = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=*/]*(?:\{[A-Za-z]\w*\}[a-zA-Z0-9\-._~%!$&'()+,;:@=*/]*)*$/;

export const uriTemplate = refusalRule('uri-template', {
  [MATCH]: (config) => {
    const template = config.get('path_template');
    const wrong = template && describeWrong(template.asString() ?? '');
    return [template && wrong !== undefined ? errorAt(template, `The path template is invalid: ${wrong}.`) : undefined];
  },
  [ROUTE]: (route) => [checkRewrite(route)],
});

function describeWrong(text: string): string | undefined {
  if (text === '') return undefined;
  const template = readUriTemplate(text);
  if (!template)
    return 'it must begin with "/" and consist of literals, "*", "**" and "{name}" or "{name=pattern}", one of them between two slashes (names of at most 16 letters)';
  if (template.variables.length > MAX_VARIABLES) return `it has more than ${MAX_VARIABLES} variables`;
  if (new Set(template.variables).size < template.variables.length) return 'a variable stands in it twice';
  const rest = template.globs.indexOf('**');
  return rest >= 0 && rest < template.globs.length - 1 ? 'nothing after "**" may match any text' : undefined;
}

function checkRewrite(route: ConfigNode): Problem | undefined {
  const policy = route.path('route', 'path_rewrite_policy');
  const rewrite = policy?.typed();
  const prefix = [route.path('route', 'prefix_rewrite'), route.path('redirect', 'prefix_rewrite')].find((each) => each?.asString());
  if (prefix && route.path('match', 'path_match_policy'))
    return errorAt(prefix, '"prefix_rewrite" cannot be used where the path is matched by an extension ("path_match_policy").');
  if (!policy || rewrite?.type !== REWRITE) return undefined;
  const match = route.path('match', 'path_match_policy')?.typed();
  if (match?.type !== MATCH) return errorAt(policy, 'A rewrite by URI template needs a "path_match_policy" with a URI template.');
  const at = rewrite.node.get('path_template_rewrite');
  const text = at?.asString() ?? '';
  if (!at) return undefined;
  if (!text.startsWith('/') || text.includes('//') || !REWRITE_PATTERN.test(text))
    return errorAt(at, `The path template "${text}" is invalid.`);
  const template = readUriTemplate(match.node.string('path_template'));
  const unknown = [...text.matchAll(/\{(\w+)\}/g)]
    .map(([, name = '']) => name)
    .find((name) => template?.variables.includes(name) === false);
  return unknown === undefined ? undefined : errorAt(at, `The variable "${unknown}" does not stand in the path template of the match.`);
}
