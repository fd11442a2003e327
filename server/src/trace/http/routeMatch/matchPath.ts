/** The path specifier of a RouteMatch (Envoy: the RouteEntryImpl classes at the end of source/common/router/config_impl.cc). */
import { memoizeByNode, readTyped, type ConfigNode } from '../../../schema/configNode';
import { KEPT_BACK } from '../../../schema/keptBack';
import type { HttpRequest } from '../../facts/httpRequest';
import { pathWithoutQuery } from '../../matcher/pathMatcher';
import { compileRegex, fullMatch } from '../../matcher/regex';
import { say, words } from '../../record/sentence';
import { no, unknown, YES, type Verdict } from '../../verdict';
import { isConnectUdp } from '../isUpgrade';
import { readUriTemplate, type UriTemplate } from './uriTemplate';

/** The request's path in the forms that specifiers read; made once a request. */
export interface PathFacts {
  /** Without query and fragment. */
  readonly plain: string;
  /** The same without path parameters, where the route configuration ignores them. */
  readonly matched: string;
  /** CONNECT without a path: only connect_matcher routes take part. */
  readonly isAbsent: boolean;
}

export type PathSpecifier =
  | {
      readonly kind: 'prefix' | 'path' | 'separated';
      readonly text: string;
      readonly at: ConfigNode;
      readonly test: (path: string) => boolean;
    }
  | { readonly kind: 'regex'; readonly text: string; readonly at: ConfigNode; readonly test: (path: string) => boolean }
  | { readonly kind: 'template'; readonly text: string; readonly at: ConfigNode; readonly template: UriTemplate | undefined }
  | { readonly kind: 'connect'; readonly at: ConfigNode }
  | { readonly kind: 'custom'; readonly type: string; readonly at: ConfigNode }
  | { readonly kind: 'none' };

export type ParameterCut = 'none' | 'per_segment' | 'at_first';

/** 1.40 cuts per segment (`/a;p=1/b` is `/a/b`); with guard strip_path_parameters_per_segment off everything from the first `;` is cut. */
export function pathFactsOf(path: string, cut: ParameterCut): PathFacts {
  const plain = pathWithoutQuery(path);
  const semicolon = cut === 'none' ? -1 : plain.indexOf(';');
  const matched = semicolon < 0 ? plain : cut === 'per_segment' ? plain.replace(/;[^/]*/g, '') : plain.slice(0, semicolon);
  return { plain, matched, isAbsent: path === '' };
}

/** Reads which path specifier a RouteMatch has, once per node. */
export const readPathSpecifier: (match: ConfigNode) => PathSpecifier = memoizeByNode((match) => {
  const folds = match.bool('case_sensitive') === false;
  const fold = folds ? (text: string) => text.toLowerCase() : (text: string) => text;
  const prefix = match.get('prefix');
  if (prefix) {
    const text = prefix.asString() ?? '';
    const wanted = fold(text);
    return { kind: 'prefix', text, at: prefix, test: (path) => fold(path).startsWith(wanted) };
  }
  const path = match.get('path');
  if (path) {
    const text = path.asString() ?? '';
    const wanted = fold(text);
    return { kind: 'path', text, at: path, test: (found) => fold(found) === wanted };
  }
  const separated = match.get('path_separated_prefix');
  if (separated) {
    const text = separated.asString() ?? '';
    const wanted = fold(text);
    const test = (found: string): boolean => fold(found).startsWith(wanted) && (found.length === text.length || found[text.length] === '/');
    return { kind: 'separated', text, at: separated, test };
  }
  return readOtherSpecifier(match);
});

function readOtherSpecifier(match: ConfigNode): PathSpecifier {
  const regexNode = match.path('safe_regex', 'regex') ?? match.get('regex');
  if (regexNode) {
    const text = regexNode.asString() ?? '';
    const regex = compileRegex(text);
    return { kind: 'regex', text, at: regexNode, test: (path) => fullMatch(regex, path) };
  }
  const connect = match.get('connect_matcher');
  if (connect) return { kind: 'connect', at: connect };
  const policy = match.get('path_match_policy');
  if (!policy) return { kind: 'none' };
  const typed = policy.get('typed_config');
  const config = typed && readTyped(typed);
  if (config?.type !== 'envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig')
    return { kind: 'custom', type: config?.type ?? '', at: policy };
  const text = config.node.string('path_template');
  return { kind: 'template', text, at: policy, template: readUriTemplate(text) };
}

/** Tests the path; a route without specifier fits nothing (Envoy refuses it). */
export function testPathSpecifier(match: ConfigNode, request: HttpRequest, facts: PathFacts): Verdict {
  const specifier = readPathSpecifier(match);
  if (specifier.kind === 'connect') return testConnect(specifier.at, request);
  if (specifier.kind === 'none')
    return match.isIncomplete || match.get('safe_regex')?.isIncomplete === true
      ? unknown(words('which paths the route takes: the file leaves it out'), match)
      : no(words('it names no path'), match);
  if (facts.isAbsent) return no(words('the request has no path (CONNECT), only connect_matcher routes take it'), specifier.at);
  if ('text' in specifier && specifier.text === KEPT_BACK)
    return unknown(words('which paths the route takes: the dump keeps it back'), specifier.at);
  switch (specifier.kind) {
    case 'prefix':
      return specifier.test(facts.matched) ? YES : no(say`path is ${facts.matched}, must begin with ${specifier.text}`, specifier.at);
    case 'path':
      return specifier.test(facts.matched) ? YES : no(say`path is ${facts.matched}, must be ${specifier.text}`, specifier.at);
    case 'separated':
      return specifier.test(facts.matched)
        ? YES
        : no(say`path is ${facts.matched}, must be ${specifier.text} or go on with a slash`, specifier.at);
    case 'regex':
      return specifier.test(facts.matched)
        ? YES
        : no(say`path is ${facts.matched}, must match the regular expression ${specifier.text}`, specifier.at);
    case 'template':
      return specifier.template && fullMatch(specifier.template.regex, facts.plain)
        ? YES
        : no(say`path is ${facts.plain}, must fit the template ${specifier.text}`, specifier.at);
    case 'custom':
      return unknown(say`what the path matcher ${specifier.type} says`, specifier.at);
  }
}

function testConnect(at: ConfigNode, request: HttpRequest): Verdict {
  if (request.method === 'CONNECT' || isConnectUdp(request)) return YES;
  return no(say`method is ${request.method}, must be ${'CONNECT'}`, at);
}

/** The part of the path that `prefix_rewrite` replaces (Envoy: PathMatchCriterion::matcher; the whole path for regex and CONNECT). */
export function matchedPathOf(match: ConfigNode, path: string): string {
  const specifier = readPathSpecifier(match);
  return specifier.kind === 'prefix' || specifier.kind === 'path' || specifier.kind === 'separated'
    ? specifier.text
    : pathWithoutQuery(path);
}
