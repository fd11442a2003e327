/** URI templates (Envoy: source/extensions/path/uri_template_lib): `*` one segment, `**` any number, `{name}`, `{name=pattern}`. */
import { compileRegex, type CompiledRegex } from '../../matcher/regex';

/** Characters that a glob takes; `%` stands for itself (nothing is decoded). */
const SEGMENT = "[a-zA-Z0-9-._~%!$&'()+,;:@=*]+";
const REST = "[a-zA-Z0-9-._~%!$&'()+,;:@=*/]*";
const LITERAL = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=*]+$/;
const VARIABLE = /^[a-zA-Z][a-zA-Z0-9_]{0,15}$/;

export interface UriTemplate {
  /** Matches a whole path without query. */
  readonly regex: CompiledRegex;
  /** Names of the variables, in the order of their groups. */
  readonly variables: readonly string[];
}

/** Reads a template; undefined where Envoy refuses it. */
export function readUriTemplate(template: string): UriTemplate | undefined {
  if (!template.startsWith('/')) return undefined;
  const variables: string[] = [];
  let pattern = '';
  for (let rest = template.slice(1); ;) {
    pattern += '/';
    const item = readItem(rest);
    if (!item) return rest === '' ? { regex: compileRegex(pattern), variables } : undefined;
    pattern += item.pattern;
    if (item.variable !== undefined) variables.push(item.variable);
    rest = item.rest;
    if (rest === '') return { regex: compileRegex(pattern), variables };
    if (rest.startsWith('/')) {
      rest = rest.slice(1);
      continue;
    }
    return LITERAL.test(rest) ? { regex: compileRegex(pattern + quoteLiteral(rest)), variables } : undefined;
  }
}

interface TemplateItem {
  readonly pattern: string;
  readonly rest: string;
  readonly variable?: string;
}

function readItem(text: string): TemplateItem | undefined {
  if (text.startsWith('**')) return { pattern: REST, rest: text.slice(2) };
  if (text.startsWith('*')) return { pattern: SEGMENT, rest: text.slice(1) };
  if (text.startsWith('{')) return readVariable(text);
  const end = text.indexOf('/');
  const literal = end < 0 ? text : text.slice(0, end);
  return LITERAL.test(literal) ? { pattern: quoteLiteral(literal), rest: text.slice(literal.length) } : undefined;
}

/** `{name}` or `{name=a/{*}/b}`: literals and globs, joined by `/`. */
function readVariable(text: string): TemplateItem | undefined {
  const close = text.indexOf('}');
  if (close < 0) return undefined;
  const inner = text.slice(1, close);
  const equals = inner.indexOf('=');
  const variable = equals < 0 ? inner : inner.slice(0, equals);
  if (!VARIABLE.test(variable)) return undefined;
  if (equals < 0) return { pattern: `(?P<${variable}>${SEGMENT})`, rest: text.slice(close + 1), variable };
  const parts = inner.slice(equals + 1).split('/');
  const patterns = parts.map((part) =>
    part === '*' ? SEGMENT : part === '**' ? REST : LITERAL.test(part) && !part.startsWith('*') ? quoteLiteral(part) : undefined,
  );
  if (patterns.includes(undefined)) return undefined;
  return { pattern: `(?P<${variable}>${patterns.join('/')})`, rest: text.slice(close + 1), variable };
}

/** As Envoy quotes them: `*` of a literal stays an operator of the expression. */
function quoteLiteral(literal: string): string {
  return literal.replace(/[$()+.]/g, '\\$&');
}

/** UriTemplateRewriteConfig: the new path with the template's variables filled in; undefined where either does not fit. */
export function rewriteByTemplate(path: string, template: UriTemplate, rewrite: string): string | undefined {
  if (template.regex.kind === 'invalid') return undefined;
  const matcher = template.regex.pattern.matcher(path);
  if (!matcher.matches()) return undefined;
  return rewrite.replace(/\{([^}]*)\}/g, (_, name: string) => {
    const group = template.variables.indexOf(name);
    return group < 0 ? '' : (matcher.group(group + 1) ?? '');
  });
}
