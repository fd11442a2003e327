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
  /** What matches any text, in its order: one segment, or any number of them. */
  readonly globs: readonly Glob[];
}

export type Glob = '*' | '**';

interface TemplateItem {
  readonly pattern: string;
  readonly rest: string;
  readonly variable?: string;
  readonly globs?: readonly Glob[];
  /** Text up to the end of the template may follow. */
  readonly takesSuffix?: boolean;
}

/** Reads a template; undefined where Envoy refuses it (uri_template_internal.cc parsePathPatternSyntax). */
export function readUriTemplate(template: string): UriTemplate | undefined {
  if (!template.startsWith('/')) return undefined;
  const items: TemplateItem[] = [];
  let pattern = '';
  for (let rest = template.slice(1); ; rest = rest.slice(1)) {
    pattern += '/';
    if (rest === '') return templateOf(pattern, items);
    const item = readItem(rest);
    if (!item) return undefined;
    pattern += item.pattern;
    items.push(item);
    rest = item.rest;
    if (rest === '') return templateOf(pattern, items);
    if (!rest.startsWith('/')) return item.takesSuffix && LITERAL.test(rest) ? templateOf(pattern + quoteLiteral(rest), items) : undefined;
  }
}

function templateOf(pattern: string, items: readonly TemplateItem[]): UriTemplate {
  return {
    regex: compileRegex(pattern),
    variables: items.flatMap(({ variable }) => variable ?? []),
    globs: items.flatMap(({ globs }) => globs ?? []),
  };
}

function readItem(text: string): TemplateItem | undefined {
  if (text.startsWith('**')) return { pattern: REST, rest: text.slice(2), globs: ['**'], takesSuffix: true };
  if (text.startsWith('*')) return { pattern: SEGMENT, rest: text.slice(1), globs: ['*'], takesSuffix: true };
  const end = text.indexOf('/');
  const segment = end < 0 ? text : text.slice(0, end);
  if (text.startsWith('{') || (segment.includes('{') && segment.includes('}'))) return readMixed(text);
  return LITERAL.test(segment) ? { pattern: quoteLiteral(segment), rest: text.slice(segment.length) } : undefined;
}

/** A variable with text before and behind it in its segment: `v{version}`, `{id}.json` (parseMixedVariableLiteral). */
function readMixed(text: string): TemplateItem | undefined {
  const [, before = '', inner = '', after = '', rest = ''] = /^([^{]*)\{([^}]*)\}([^/]*)(.*)$/su.exec(text) ?? [];
  const variable = readVariable(inner);
  if (!variable || [before, after].some((literal) => literal !== '' && !LITERAL.test(literal))) return undefined;
  return { ...variable, pattern: quoteLiteral(before) + variable.pattern + quoteLiteral(after), rest };
}

/** `name`, or `name=a/*`: literals and globs, joined by `/`. */
function readVariable(inner: string): Omit<TemplateItem, 'rest'> | undefined {
  const equals = inner.indexOf('=');
  const variable = equals < 0 ? inner : inner.slice(0, equals);
  if (!VARIABLE.test(variable)) return undefined;
  const parts = equals < 0 ? ['*'] : inner.slice(equals + 1).split('/');
  const patterns = parts.map((part) =>
    part === '*' ? SEGMENT : part === '**' ? REST : LITERAL.test(part) && !part.startsWith('*') ? quoteLiteral(part) : undefined,
  );
  if (patterns.includes(undefined)) return undefined;
  const globs = parts.filter((part): part is Glob => part === '*' || part === '**');
  return { pattern: `(?P<${variable}>${patterns.join('/')})`, variable, globs };
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
