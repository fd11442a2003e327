/** Path rewrites (Envoy: RouteEntryImplBase::finalizePathHeader of source/common/router/config_impl.cc). */
import { readTyped, type ConfigNode } from '../../../schema/configNode';
import { keepsBack, KEPT_BACK } from '../../../schema/keptBack';
import { formatString } from '../../format/formatString';
import type { Hop } from '../../hop';
import { matchContextOf } from '../../matcher/matchContext';
import { pathWithoutQuery } from '../../matcher/pathMatcher';
import { compileRegex, replaceAll } from '../../matcher/regex';
import { say } from '../../record/sentence';
import { matchedPathOf } from '../routeMatch/matchPath';
import { readUriTemplate, rewriteByTemplate } from '../routeMatch/uriTemplate';
import type { FormatResult } from '../../format/formatContext';

/** The new path with its query; undefined where it stays as it is. */
export function rewritePath(
  hop: Hop,
  path: string,
  { action, match }: { action: ConfigNode; match: ConfigNode | undefined },
): FormatResult | undefined {
  const formatted = rewriteByFormat(hop, path, action);
  if (formatted) return formatted.kind === 'text' && formatted.value === '' ? undefined : formatted;
  const policy = action.get('path_rewrite_policy');
  if (policy) return rewriteByPolicy(path, policy, match);
  if (action.string('prefix_rewrite') === KEPT_BACK) return { kind: 'unknown', missing: say`a path that the dump keeps back` };
  const regex = action.get('regex_rewrite');
  if (regex && keepsBack(regex))
    return { kind: 'unknown', missing: say`what ${'regex_rewrite'} does, of which the file leaves out a part` };
  return textOrNothing(rewriteByPrefixOrRegex(path, { action, match }));
}

/** `path_rewrite`: a format in place of the path; undefined where there is none, '' where it gives nothing. */
function rewriteByFormat(hop: Hop, path: string, action: ConfigNode): FormatResult | undefined {
  const format = action.string('path_rewrite');
  if (format === '') return undefined;
  const made = formatString(format, { ...matchContextOf(hop), absentAs: '' });
  return made.kind === 'text' && made.value !== '' ? { kind: 'text', value: replacePath(path, made.value) } : made;
}

/** `prefix_rewrite` replaces what was matched, by its length; `regex_rewrite` works on the whole path without query. */
export function rewriteByPrefixOrRegex(
  path: string,
  { action, match }: { action: ConfigNode; match: ConfigNode | undefined },
): string | undefined {
  const prefix = action.string('prefix_rewrite');
  if (prefix !== '') return prefix + path.slice(match ? matchedPathOf(match, path).length : 0);
  const regex = action.get('regex_rewrite');
  if (!regex) return undefined;
  const pattern = regex.path('pattern', 'regex')?.asString() ?? '';
  const changed = replaceAll(compileRegex(pattern), pathWithoutQuery(path), regex.string('substitution'));
  return changed === '' ? undefined : replacePath(path, changed);
}

function replacePath(path: string, changed: string): string {
  return changed + path.slice(pathWithoutQuery(path).length);
}

function textOrNothing(value: string | undefined): FormatResult | undefined {
  return value === undefined ? undefined : { kind: 'text', value };
}

function rewriteByPolicy(path: string, policy: ConfigNode, match: ConfigNode | undefined): FormatResult | undefined {
  const typed = policy.get('typed_config');
  const config = typed && readTyped(typed);
  const matched = match?.path('path_match_policy', 'typed_config');
  const template = matched && readUriTemplate(readTyped(matched).node.string('path_template'));
  if (config?.type !== 'envoy.extensions.path.rewrite.uri_template.v3.UriTemplateRewriteConfig' || !template)
    return { kind: 'unknown', missing: say`the path that the rewriter ${config?.type ?? ''} makes` };
  const changed = rewriteByTemplate(pathWithoutQuery(path), template, config.node.string('path_template_rewrite'));
  return changed === undefined || changed === '' ? undefined : { kind: 'text', value: replacePath(path, changed) };
}
